import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCounts } from "../../../src/model/counts.ts";
import { subjectOf, wordsOf } from "../../../src/model/issue-words.ts";
import type { Issue, Position } from "../../../src/model/verdict.ts";
import { plural } from "../../../src/model/words.ts";
import { baseFault, completeBase, endpointChoices, profileChoices } from "../../../src/state/choices.ts";

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

test("counts are said in words", () => {
  assert.equal(describeCounts({ errors: 0, warnings: 0, hints: 0 }), "no problems");
  assert.equal(describeCounts({ errors: 2, warnings: 0, hints: 1 }), "2 errors, 1 hint");
  assert.equal(plural(1234, "event"), "1,234 events");
});

test("a base URL without its scheme gets the likely one", () => {
  for (const [typed, base] of [
    [" localhost:8000 ", "http://localhost:8000"],
    ["localhost", "http://localhost"],
    ["127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"],
    ["192.168.1.7:8000", "http://192.168.1.7:8000"],
    ["[::1]:8000", "http://[::1]:8000"],
    ["gpu-box:8000", "http://gpu-box:8000"],
    ["api.example.com/v1", "https://api.example.com/v1"],
    ["http://api.example.com", "http://api.example.com"],
    ["ftp://api.example.com", "ftp://api.example.com"],
    ["nonsense", "nonsense"],
    ["two words.com", "two words.com"],
    ["user:secret@example.com", "user:secret@example.com"],
    ["", ""],
  ] as const)
    assert.equal(completeBase(typed), base, typed);
});

test("a base URL that requests cannot go to is told for what it lacks", () => {
  assert.match(baseFault("  "), /Enter the server's base URL/);
  assert.match(baseFault("ftp://x"), /http:\/\/ or https:\/\//);
  assert.match(baseFault("nonsense"), /no complete URL/);
  assert.match(baseFault("https://user:secret@x"), /user name and password/);
  assert.equal(baseFault("https://x/v1"), "");
});

test("the chooser has the gateway first and one's own servers last", () => {
  const remembered = [{ base: "http://gpu-box:8000", profile: "vllm" }];
  const choices = endpointChoices("api.example.com", "http://127.0.0.1:8080", remembered);
  assert.equal(choices[0]?.id, "gateway");
  assert.equal(choices[0]?.base, "http://127.0.0.1:8080");
  assert.match(choices[0]?.title ?? "", /api\.example\.com/);
  assert.equal(choices.at(-1)?.title, "gpu-box:8000");
  assert.equal(choices.at(-1)?.profile, "vllm");
  assert.deepEqual(
    choices.filter((choice) => choice.editable).map((choice) => choice.id),
    ["other"],
  );
  assert.equal(new Set(choices.map((choice) => choice.id)).size, choices.length);
  assert.ok(!endpointChoices("", "", []).some((choice) => choice.id === "gateway"));
});

test("every profile has a name of its own", () => {
  const titles = profileChoices().map((choice) => choice.title);
  assert.equal(new Set(titles).size, titles.length);
  assert.equal(profileChoices()[0]?.profile, "portable");
});
