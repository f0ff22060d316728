import assert from "node:assert/strict";
import { test } from "node:test";
import { subjectOf, wordsOf } from "../../../src/model/issue-words.ts";
import type { Issue, Position } from "../../../src/model/verdict.ts";

const start: Position = { byte: 0, utf16: 0, line: 1, column: 1 };

function issue(path: string, field: string, message: string): Issue {
  return { code: "x", severity: "error", path, field, rule: "", span: { start, end: start }, message };
}

test("an issue says what it is about unless its message does", () => {
  for (const [path, field, message, words] of [
    ["/topP", "top_p", "got 1.5, want at most 1", "topP: got 1.5, want at most 1"],
    ["/n", "n", "got 3, want at most 1", "n: got 3, want at most 1"],
    ["/prompt/2", "prompt", "got 7, want a text", "prompt[2]: got 7, want a text"],
    ["/logit_bias/50256", "logit_bias", "got 101", "logit_bias[50256]: got 101"],
    ["/stop/0", "stop", 'got the text "json([\\"stop\\"])"', 'stop[0]: got the text "json([\\"stop\\"])"'],
    ["/a~1b/c~0d", "", "is odd", "a/b.c~d: is odd"],
    ["/stream_options", "stream_options", "stream_options needs stream: true", "stream_options needs stream: true"],
    ["/streamOptions", "stream_options", "stream_options needs stream: true", "stream_options needs stream: true"],
    ["", "", "the text is empty", "the text is empty"],
  ] as const)
    assert.equal(wordsOf(issue(path, field, message)), words);
  assert.equal(subjectOf(issue(`/${"x".repeat(500)}`, "", "is long")).length, 61);
});
