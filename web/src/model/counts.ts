import type { CheckResult } from "./verdict.ts";
import { plural } from "./words.ts";

/** How many issues of each severity stand in the newest verdict. */
export function countIssues(result: CheckResult | undefined): { errors: number; warnings: number; hints: number } {
  const counts = { errors: 0, warnings: 0, hints: 0 };
  for (const issue of result?.issues ?? []) {
    if (issue.severity === "error") counts.errors++;
    else if (issue.severity === "warning") counts.warnings++;
    else counts.hints++;
  }
  return counts;
}

/** How many issues "Fix all" mends, and how many have a fix that takes something away, which is for a person to decide. */
export function countFixes(result: CheckResult | undefined): { safe: number; toDecide: number } {
  const counts = { safe: 0, toDecide: 0 };
  for (const { fix } of result?.issues ?? []) {
    if (fix?.removes !== undefined) counts.toDecide++;
    else if (fix) counts.safe++;
  }
  return counts;
}

/** "2 errors, 1 hint"; "no problems" where there is none. */
export function describeCounts(counts: { errors: number; warnings: number; hints: number }): string {
  const parts: string[] = [];
  if (counts.errors) parts.push(plural(counts.errors, "error"));
  if (counts.warnings) parts.push(plural(counts.warnings, "warning"));
  if (counts.hints) parts.push(plural(counts.hints, "hint"));
  return parts.length ? parts.join(", ") : "no problems";
}
