import assert from "node:assert/strict";
import { test } from "node:test";
import type { Issue, Position } from "../../../src/core/protocol.ts";
import { subjectOf, wordsOf } from "../../../src/editor/issue-words.ts";
import { faultOf, reached } from "../../../src/endpoint/address.ts";
import { endpointChoices, profileChoices } from "../../../src/endpoint/endpoints.ts";
import { describeCounts, plural } from "../../../src/state.ts";

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

const address = {
  base: "https://h.example",
  completions: "https://h.example/v1/completions",
  models: "https://h.example/v1/models",
  origin: "https://h.example",
  host: "h.example",
  notes: [],
};

test("what the core says of a base is a sentence, and nothing before it says anything", () => {
  assert.equal(faultOf({ fault: "base URL is missing" }), "Base URL is missing.");
  assert.equal(faultOf(address), "");
  assert.equal(faultOf(undefined), "");
  assert.equal(reached(address), address);
  assert.equal(reached({ fault: "base URL is missing" }), undefined);
  assert.equal(reached(undefined), undefined);
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
