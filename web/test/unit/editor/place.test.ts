import assert from "node:assert/strict";
import { test } from "node:test";
import { openAtEnd, type Place, placeAtEnd } from "../../../src/editor/place.ts";

/** Path, kind, key, quote and where the word begins, in one readable line. */
function place(text: string): string | undefined {
  const found: Place | undefined = placeAtEnd(text);
  if (!found) return undefined;
  const { path, kind, key, quote, from } = found;
  return [path.join("/"), kind, key, quote, text.slice(from)].join("|");
}

test("a key is expected after a brace and after a comma", () => {
  assert.equal(place("{"), "|key|||");
  assert.equal(place('{"mo'), '|key||"|"mo');
  assert.equal(place("{ 'mo"), "|key||'|'mo");
  assert.equal(place('{"model": "x", te'), "|key|||te");
  assert.equal(place("let value: CompletionRequest = {\n  top"), "|key|||top");
});

test("a value is expected after a colon, with its key", () => {
  assert.equal(place('{"model": '), "|value|model||");
  assert.equal(place('{"model": "dem'), '|value|model|"|"dem');
  assert.equal(place("{stream: tr"), "|value|stream||tr");
});

test("containers on the way are in the path", () => {
  assert.equal(place('{"stream_options": {"inc'), 'stream_options|key||"|"inc');
  assert.equal(place('{"stop": ["a", "b'), 'stop|value||"|"b');
  assert.equal(place('{"stop": ["a"], "x": {"y": [{'), "x/y/[]|key|||");
  assert.equal(place('{"stream_options": {}, "'), '|key||"|"');
});

test("brackets, quotes and colons in strings and comments do not count", () => {
  assert.equal(place('{"a": "}]:,\\" {", "b'), '|key||"|"b');
  assert.equal(place("{// a: {\n'b': /* } */ 1, c"), "|key|||c");
});

test("nothing is offered in comments and outside of brackets", () => {
  for (const text of ["", "model", '{"a": 1}', "{ // mo", "{ /* mo", "}}}"]) assert.equal(place(text), undefined, text);
});

test("a string left open ends with its line", () => {
  assert.equal(place('{"model": "x\n "te'), '|value|model|"|"te');
  assert.equal(place('{"model": "x\n, "te'), '|key||"|"te');
});

test("a text breaks off in code, in a comment, or in a string with or without an escape", () => {
  assert.deepEqual(openAtEnd('{"a\\"": '), { kind: "code" });
  assert.deepEqual(openAtEnd('{"a": "x'), { kind: "string", quote: '"', escaped: false });
  assert.deepEqual(openAtEnd('{"a": "x\\'), { kind: "string", quote: '"', escaped: true });
  assert.deepEqual(openAtEnd('{"a": "x\\\\'), { kind: "string", quote: '"', escaped: false });
  assert.deepEqual(openAtEnd("'it"), { kind: "string", quote: "'", escaped: false });
  assert.deepEqual(openAtEnd("{ // it's"), { kind: "comment" });
  assert.deepEqual(openAtEnd("{ /* it's */"), { kind: "code" });
  assert.deepEqual(openAtEnd("{ /*/"), { kind: "comment" });
  assert.deepEqual(openAtEnd(""), { kind: "code" });
});

test("every beginning of a text has an answer", () => {
  const text = `import x from "y"; let v: T = { 'a\\'b': [1, {c: /* d */ "e\\u0041"}], // f\n g: -1.5e3, "h": {"i": null} };`;
  for (let end = 0; end <= text.length; end++) {
    const found = placeAtEnd(text.slice(0, end));
    if (found) assert.ok(found.from >= 0 && found.from <= end);
  }
});
