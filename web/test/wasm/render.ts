// What the core finds in a text, as core/cases_test.go writes it into the cases.

import type { Change, Issue } from "../../src/model/verdict.ts";

/** An issue as the cases write it, with its fix. */
export function issueLines({ span, severity, path, message, code, fix }: Issue): string {
  const member = path.replace(/^\//, "");
  const place = `${span.start.line}:${span.start.column}`;
  const line = `${place}: ${severity}: ${member && `${quoted(member)}: `}${message} [${code}]\n`;
  return fix ? `${line}  fix: ${fix.title}\n` : line;
}

/** A change as the cases write it. */
export function changeLine({ path, message, kind }: Change): string {
  return `${path.replace(/^\//, "")}: ${message} [${kind}]\n`;
}

/** As core's Issue.String quotes a path that would break the line. */
function quoted(member: string): string {
  return /\p{C}|(?! )\p{Z}/u.test(member) ? JSON.stringify(member) : member;
}
