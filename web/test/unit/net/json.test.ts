import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingText } from "../../../src/net/growing-text.ts";
import { isOpen, parseTolerant } from "../../../src/net/json.ts";

test("numbers that JSON does not have become strings, and only where they stand for numbers", () => {
  for (const [text, value] of [
    ['{"a":NaN,"b":[Infinity,-Infinity,-inf,INF]}', { a: "NaN", b: ["Infinity", "-Infinity", "-inf", "INF"] }],
    ['{"NaN":"NaN, Infinity","a":nan}', { NaN: "NaN, Infinity", a: "nan" }],
    ['["a\\"NaN",NaN,"\\\\",NaN]', ['a"NaN', "NaN", "\\", "NaN"]],
    ["NaN", "NaN"],
  ] as const)
    assert.deepEqual(parseTolerant(text), { value, mended: true }, text);
  assert.deepEqual(parseTolerant('{"a":"NaN"}'), { value: { a: "NaN" } });
  for (const text of ["", "nano", "{a:NaN}", "[NaN1]", '["NaN', "[+Infinity]", "[NaN,]", 'data "NaN'])
    assert.equal(parseTolerant(text), undefined, text);
});

test("what was cut is told from what is damaged", () => {
  for (const text of ['{"a":1', '{"a":"}', '["\\"', "[[]", '{"a":"\\\\"', '{"a":[}']) assert.ok(isOpen(text), text);
  for (const text of ["", "{}", '{"a":oops}', '{"a":"]"}}', "]", "words"]) assert.ok(!isOpen(text), text);
});

test("halves of a character find together across pieces, and what stays alone is U+FFFD", () => {
  for (const [pieces, text, whole] of [
    [["a\ud83d", "\ude00b"], "a😀b", true],
    [["\ud83d", "", "\ude00"], "😀", true],
    [["\ud83d", "x"], "\ufffdx", false],
    [["\ude00"], "\ufffd", false],
    [["\ud83d", "\ud83d", "\ude00"], "\ufffd😀", false],
    [["a\ud83d"], "a\ufffd", false],
    [["😀", "é"], "😀é", true],
  ] as const) {
    const growing = new GrowingText();
    const all = pieces.map((piece) => {
      const fine = growing.add(piece);
      assert.ok(growing.text.isWellFormed());
      return fine;
    });
    assert.equal(growing.end() && all.every(Boolean), whole, text);
    assert.equal(growing.text, text);
  }
});
