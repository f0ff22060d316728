import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCounts } from "../../../src/model/counts.ts";
import { capitalized, plural } from "../../../src/model/words.ts";

test("counts are said in words", () => {
  assert.equal(describeCounts({ errors: 0, warnings: 0, hints: 0 }), "no problems");
  assert.equal(describeCounts({ errors: 2, warnings: 0, hints: 1 }), "2 errors, 1 hint");
  assert.equal(capitalized(describeCounts({ errors: 0, warnings: 0, hints: 0 })), "No problems");
  assert.equal(plural(1234, "event"), "1,234 events");
});
