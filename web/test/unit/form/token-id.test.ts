import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenFault } from "../../../src/form/token-id.ts";

test("a token id is digits, and in the table once", () => {
  const entries = [["50256", "-100"]] as const;
  for (const fine of ["", "  ", "0", "318", " 318 ", "9223372036854775807"])
    assert.equal(tokenFault(fine, entries), "");
  for (const bad of ["abc", "-1", "1.5", "1e3", "٣", "12345678901234567890", "3 4"])
    assert.match(tokenFault(bad, entries), /want the number of a token/, bad);
  assert.match(tokenFault("50256", entries), /in the table already/);
  assert.match(tokenFault("050256", entries), /in the table already/);
});
