import assert from "node:assert/strict";
import { test } from "node:test";
import { stringAt, written, writtenAt } from "../../../src/model/json-string.ts";

const values = ["", "plain", 'say "hi"', "back\\slash\\\\", "line\nend", "é \u{1F600} \ud83d", "[1, 2]"];

test("each string of a list is found, however it is written", () => {
  for (const json of [JSON.stringify(values), JSON.stringify(values, null, 2)]) {
    values.forEach((value, i) => {
      const range = stringAt(json, i);
      assert.ok(range);
      assert.equal(JSON.parse(json.slice(range.from, range.to)), value);
    });
    assert.equal(stringAt(json, values.length), undefined);
  }
  assert.deepEqual(stringAt('"lone"', 0), { from: 0, to: 6 });
  assert.equal(stringAt("[]", 0), undefined);
  assert.equal(stringAt('["open', 0), undefined);
});

test("cutting a literal at a place gives the value cut there", () => {
  for (const literal of [...values.map((value) => JSON.stringify(value)), '"\\u0041\\/\\b\\u00e9x"']) {
    const value = JSON.parse(literal) as string;
    const offsets = Array.from({ length: value.length + 1 }, (_, i) => i);
    writtenAt(literal, offsets).forEach((at, i) => {
      // Halves of a pair that is written as one are no text of their own, but have a place.
      assert.equal(JSON.parse(`${literal.slice(0, at)}"`), value.slice(0, i));
    });
    assert.deepEqual(writtenAt(literal, [value.length + 5]), [literal.length - 1]);
  }
});

test("what is written is read again", () => {
  for (const value of values) assert.equal(JSON.parse(`"${written(value)}"`), value);
});
