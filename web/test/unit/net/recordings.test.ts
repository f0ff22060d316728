import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { FinishKind, Outcome } from "../../../src/model/answer.ts";
import { openRecording } from "../../../src/net/recording/open.ts";
import { startRun } from "../../../src/net/run.ts";
import { atEverySplit, request, TestClock } from "./support.ts";

// Tests run in web/.
const folder = "test/recordings";

interface Expected {
  readonly outcome: Outcome;
  readonly texts: readonly string[];
  readonly finishes: readonly (FinishKind | null)[];
  readonly usage?: readonly [prompt: number, completion: number, total: number];
  readonly problem?: RegExp;
  /** Tokens of the first choice. */
  readonly tokens?: readonly (readonly [text: string, logprob: number | null, alternatives: number])[];
  readonly note?: RegExp;
}

const recordings: Readonly<Record<string, Expected>> = {
  "openai.sse": { outcome: "complete", texts: ["\n\nThe quick brown fox 🦊"], finishes: ["stop"], usage: [5, 6, 11] },
  "openai-logprobs.sse": {
    outcome: "complete",
    texts: ["Blue sky"],
    finishes: ["length"],
    tokens: [
      ["Blue", -0.25, 2],
      [" sky", -0.5, 2],
      ["bytes:\\xf0\\x9f", -1.5, 0],
    ],
  },
  "openai-error.sse": {
    outcome: "failed",
    texts: ["Once upon"],
    finishes: [null],
    problem: /had an error while processing/,
  },
  "vllm.sse": {
    outcome: "complete",
    texts: ["Red apple", "Green fishs"],
    finishes: ["stop", "length"],
    usage: [8, 6, 14],
  },
  "vllm-logprobs.sse": {
    outcome: "complete",
    texts: ["Say hi there"],
    finishes: ["length"],
    tokens: [
      ["Say", null, 0],
      [" hi", -2, 2],
      [" there", -9999, 1],
    ],
  },
  "vllm-error.sse": {
    outcome: "failed",
    texts: ["Partial"],
    finishes: [null],
    problem: /EngineCore encountered.*status 500/s,
  },
  "atoma.sse": { outcome: "complete", texts: ["Deep sea life"], finishes: ["stop"], usage: [4, 3, 7] },
  "atoma-cut.sse": { outcome: "ended-early", texts: ["Deep sea"], finishes: [null], problem: /no finish reason/ },
  "atoma-error.sse": { outcome: "failed", texts: ["Deep"], finishes: [null], problem: /aborted by engine/ },
  "llamacpp.sse": { outcome: "complete", texts: ["Hello wörld"], finishes: ["stop"], usage: [1, 2, 3] },
  "llamacpp-logprobs.sse": {
    outcome: "complete",
    texts: ["Hello"],
    finishes: ["length"],
    usage: [1, 2, 3],
    tokens: [
      ["Hel", -0.125, 2],
      ["lo", -0.75, 2],
    ],
  },
  "llamacpp-error.sse": { outcome: "failed", texts: ["Hello"], finishes: [null], problem: /context shift is disabled/ },
  "llamacpp-error-field.sse": { outcome: "failed", texts: ["Hello"], finishes: [null], problem: /slot unavailable/ },
  "ollama.sse": { outcome: "complete", texts: ["One, two"], finishes: ["stop"], usage: [7, 3, 10] },
  "ollama-error.sse": { outcome: "ended-early", texts: ["One"], finishes: [null], problem: /no finish reason/ },
  "ollama-native.ndjson": {
    outcome: "failed",
    texts: [],
    finishes: [],
    problem: /one JSON object per line/,
    note: /per line/,
  },
  "sglang.sse": { outcome: "complete", texts: ["Warm rain"], finishes: ["stop"], usage: [3, 3, 6] },
  "sglang-logprobs.sse": {
    outcome: "complete",
    texts: ["Warm rain"],
    finishes: ["length"],
    tokens: [
      ["Warm", -0.5, 2],
      [" rain", -0.25, 2],
    ],
  },
  "sglang-error.sse": { outcome: "failed", texts: ["Warm"], finishes: [null], problem: /request was aborted/ },
  "tgi.sse": { outcome: "complete", texts: ["Cold snow falls"], finishes: ["stop"], usage: [2, 3, 5] },
  "tgi-error.sse": { outcome: "failed", texts: ["Cold"], finishes: [null], problem: /CUDA out of memory.*status 424/s },
  "together.sse": { outcome: "complete", texts: ["Tall tree"], finishes: ["stop"], usage: [6, 3, 9] },
  "together-logprobs.sse": {
    outcome: "complete",
    texts: ["Tall tree"],
    finishes: ["length"],
    tokens: [
      ["Tall", -0.5, 0],
      [" tree", -0.125, 0],
    ],
  },
  "together-error.sse": { outcome: "failed", texts: ["Tall"], finishes: [null], problem: /Internal server error/ },
  "together.json": {
    outcome: "complete",
    texts: [" tall tree", " old oak"],
    finishes: ["stop", "length"],
    usage: [1, 4, 5],
    tokens: [
      [" tall", -0.5, 0],
      [" tree", -0.25, 0],
    ],
    note: /echoed prompt/,
  },
  "fireworks.sse": { outcome: "complete", texts: ["Soft wind"], finishes: ["stop"], usage: [2, 2, 4] },
  "fireworks-logprobs.sse": {
    outcome: "complete",
    texts: ["Soft wind"],
    finishes: ["length"],
    tokens: [
      ["Soft", -0.5, 2],
      [" wind", -0.25, 2],
    ],
  },
  "fireworks-error.sse": { outcome: "failed", texts: ["Soft"], finishes: ["error"], problem: /finish reason “error”/ },
  "openrouter.sse": { outcome: "complete", texts: ["Long road"], finishes: ["stop"], usage: [2, 2, 4] },
  "openrouter-error.sse": { outcome: "failed", texts: ["Long"], finishes: ["error"], problem: /Provider disconnected/ },
  "openrouter-error.json": {
    outcome: "failed",
    texts: [],
    finishes: [],
    problem: /Provider returned error.*“model is overloaded”/s,
  },
};

test("each recording has its row", () => {
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(recordings).sort());
});

for (const [file, expected] of Object.entries(recordings)) {
  const content = new Uint8Array(readFileSync(`${folder}/${file}`));
  const server = file.replace(/[-.].*/, "");
  const type = file.endsWith(".sse")
    ? "text/event-stream"
    : file.endsWith(".json")
      ? "application/json"
      : "application/x-ndjson";

  test(`${file}: ${expected.outcome}, however it is cut`, async () => {
    const run = await atEverySplit(
      content,
      { headers: { "content-type": type } },
      {
        profile: server,
        expect: { choices: Math.max(1, expected.texts.length), stream: file.endsWith(".sse") },
      },
    );
    assert.equal(run.outcome, expected.outcome);
    assert.deepEqual(
      run.choices.map(({ text }) => text),
      expected.texts,
    );
    assert.deepEqual(
      run.choices.map(({ finish }) => finish?.kind ?? null),
      expected.finishes,
    );
    assert.deepEqual(
      run.usage && [run.usage.promptTokens, run.usage.completionTokens, run.usage.totalTokens],
      expected.usage,
    );
    if (expected.problem === undefined) assert.equal(run.problem, undefined);
    else assert.match(run.problem?.detail ?? "", expected.problem);
    const tokens = run.choices[0]?.tokens.map(({ text, logprob, top }) => [text, logprob, top.length]) ?? [];
    assert.deepEqual(tokens, expected.tokens ?? []);
    if (expected.note === undefined) assert.deepEqual(run.notes, []);
    else assert.match(run.notes.join("\n"), expected.note);
  });

  test(`${file}: opened as a file`, async () => {
    const recording = openRecording(content);
    const run = await startRun({
      request,
      key: "",
      fetch: recording.replay({ timing: "at-once" }),
      expect: recording.expect,
      clock: new TestClock(),
    }).finished;
    assert.equal(run.outcome, expected.outcome);
    assert.deepEqual(
      run.choices.map(({ text }) => text),
      expected.texts,
    );
  });
}
