import assert from "node:assert/strict";
import { test } from "node:test";
import { countFixes, describeCounts } from "../../../src/model/counts.ts";
import type { CheckResult, Fix, Issue } from "../../../src/model/verdict.ts";
import { capitalized, plural } from "../../../src/model/words.ts";

test("fixes that take something away are counted apart from those of Fix all", () => {
  const fixes: (Partial<Fix> | undefined)[] = [{ title: "a" }, undefined, { title: "b", removes: "x" }, { title: "c" }];
  const issues = fixes.map((fix) => (fix ? { fix } : {}) as Issue);
  assert.deepEqual(countFixes({ issues } as unknown as CheckResult), { safe: 2, toDecide: 1 });
  assert.deepEqual(countFixes(undefined), { safe: 0, toDecide: 0 });
});

test("counts are said in words", () => {
  assert.equal(describeCounts({ errors: 0, warnings: 0, hints: 0 }), "no problems");
  assert.equal(describeCounts({ errors: 2, warnings: 0, hints: 1 }), "2 errors, 1 hint");
  assert.equal(capitalized(describeCounts({ errors: 0, warnings: 0, hints: 0 })), "No problems");
  assert.equal(plural(1234, "event"), "1,234 events");
});
