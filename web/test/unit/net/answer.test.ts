import assert from "node:assert/strict";
import { test } from "node:test";
import { Answer } from "../../../src/net/accumulate.ts";
import { readFinish } from "../../../src/net/finish.ts";
import { readTokens } from "../../../src/net/logprobs.ts";
import { runOf } from "./support.ts";

const of = (...choices: readonly unknown[]) => ({ choices });

test("finish reasons", () => {
  const rows: readonly (readonly [unknown, string | undefined])[] = [
    [null, undefined],
    [undefined, undefined],
    ["", undefined],
    [0, undefined],
    [{}, undefined],
    ["stop", "stop"],
    ["eos", "stop"],
    ["eos_token", "stop"],
    ["stop_sequence", "stop"],
    ["length", "length"],
    ["content_filter", "filtered"],
    ["tool_calls", "tool"],
    ["function_call", "tool"],
    ["abort", "aborted"],
    ["cancelled", "aborted"],
    ["error", "error"],
    ["repetition", "other"],
    ["constructor", "other"],
    ["__proto__", "other"],
  ];
  for (const [raw, kind] of rows) {
    const finish = readFinish(raw);
    assert.equal(finish?.kind, kind, String(raw));
    if (finish !== undefined) assert.equal(finish.raw, raw);
  }
});

test("a finish reason is not taken back by a later chunk without one", () => {
  const answer = new Answer();
  answer.add(of({ index: 0, text: "a", finish_reason: "stop" }));
  answer.add(of({ index: 0, text: "", finish_reason: null }));
  assert.equal(answer.choices()[0]?.finish?.kind, "stop");
});

test("prompts × n, interleaved and out of order", () => {
  const answer = new Answer();
  for (const index of [3, 0, 2, 1, 0, 3]) answer.add(of({ index, text: String(index) }));
  assert.deepEqual(
    answer.choices().map(({ index, text, chunkCount }) => [index, text, chunkCount]),
    [
      [0, "00", 2],
      [1, "1", 1],
      [2, "2", 1],
      [3, "33", 2],
    ],
  );
  assert.equal(answer.unfinished(4), 4);
  assert.equal(answer.unfinished(6), 6);
});

test("usage wherever it comes: the last one that says something", () => {
  const answer = new Answer();
  answer.add({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } });
  assert.deepEqual(answer.usage, { promptTokens: 0, completionTokens: 0, totalTokens: 0 });
  answer.add({ usage: { prompt_tokens: 5, completion_tokens: 2 } });
  answer.add({ choices: [], usage: null });
  answer.add({ choices: [], usage: { completion_tokens: -1, prompt_tokens: "7", total_tokens: 1.5 } });
  assert.deepEqual(answer.usage, { promptTokens: 5, completionTokens: 2 });
});

test("logprobs: parallel arrays", () => {
  const [first, second] = readTokens(
    {
      logprobs: {
        tokens: ["a", "b"],
        token_logprobs: [null, -0.5],
        top_logprobs: [null, { z: -3, b: -0.5, c: -1 }],
        text_offset: [0, 1],
      },
    },
    {},
  );
  assert.deepEqual(first, { text: "a", logprob: null, top: [], offset: 0 });
  assert.deepEqual(second, {
    text: "b",
    logprob: -0.5,
    offset: 1,
    top: [
      { text: "b", logprob: -0.5 },
      { text: "c", logprob: -1 },
      { text: "z", logprob: -3 },
    ],
  });
});

test("logprobs: content list", () => {
  assert.deepEqual(
    readTokens(
      {
        logprobs: {
          content: [
            {
              id: 7,
              token: "é",
              logprob: -1,
              bytes: [195, 169],
              top_logprobs: [
                { token: "é", logprob: -1 },
                { token: "e", logprob: -0.5 },
              ],
            },
          ],
        },
      },
      {},
    ),
    [
      {
        text: "é",
        logprob: -1,
        bytes: [195, 169],
        id: 7,
        top: [
          { text: "e", logprob: -0.5 },
          { text: "é", logprob: -1 },
        ],
      },
    ],
  );
});

test("logprobs: Together's arrays, bare numbers and token objects", () => {
  assert.deepEqual(readTokens({ logprobs: { token_ids: [7], tokens: ["a"], token_logprobs: [-1] } }, {}), [
    { text: "a", logprob: -1, top: [], id: 7 },
  ]);
  assert.deepEqual(readTokens({ logprobs: -0.25 }, { token: { id: 7, text: "a", logprob: 0 } }), [
    { text: "a", logprob: -0.25, top: [], id: 7 },
  ]);
  assert.deepEqual(readTokens({ logprobs: null }, { token: { id: 7, text: "a", logprob: -2 } }), [
    { text: "a", logprob: -2, top: [], id: 7 },
  ]);
  // Not asked for: 0 stands for nothing, not for certainty.
  assert.deepEqual(readTokens({ logprobs: null }, { token: { id: 7, text: "a", logprob: 0 } }), []);
});

test("logprobs: none, and logprobs: 0 of the request", () => {
  for (const logprobs of [undefined, null, {}, [], "x", true]) assert.deepEqual(readTokens({ logprobs }, {}), []);
  assert.deepEqual(readTokens({ logprobs: { tokens: ["a"], token_logprobs: [-1], top_logprobs: null } }, {}), [
    { text: "a", logprob: -1, top: [] },
  ]);
});

test("logprobs: bytes of part of a character, equal and prototype-named tokens, −9999, a whole vocabulary", () => {
  const [part] = readTokens({ logprobs: { tokens: ["bytes:\\xe2\\x80"], token_logprobs: [-1] } }, {});
  assert.deepEqual(part?.bytes, [0xe2, 0x80]);
  const top = JSON.parse('{"__proto__":-1,"constructor":-2,"toString":-9999.0}');
  const [named] = readTokens({ logprobs: { tokens: ["__proto__"], token_logprobs: [-1], top_logprobs: [top] } }, {});
  assert.deepEqual(
    named?.top.map(({ text }) => text),
    ["__proto__", "constructor", "toString"],
  );
  const vocabulary = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`t${i}`, -i]));
  const [all] = readTokens({ logprobs: { tokens: ["t0"], token_logprobs: [0], top_logprobs: [vocabulary] } }, {});
  assert.equal(all?.top.length, 64);
  assert.equal(all?.top[0]?.text, "t0");
});

test("logprobs of wrong types are skipped one by one", () => {
  assert.deepEqual(
    readTokens(
      {
        logprobs: {
          tokens: [1, null, "a", {}],
          token_logprobs: ["x", 1, Number.NaN, 2],
          top_logprobs: [0, 0, { b: "x", c: null, d: -1 }],
          text_offset: [0, 0, -5],
          token_ids: [1, 1, 0.5],
        },
      },
      {},
    ),
    [{ text: "a", logprob: null, top: [{ text: "d", logprob: -1 }] }],
  );
  assert.deepEqual(
    readTokens(
      {
        logprobs: {
          content: [
            null,
            5,
            {},
            { token: 5 },
            { token: "a", bytes: [256], logprob: "x", id: -1, top_logprobs: [1, { token: "q" }] },
          ],
        },
      },
      {},
    ),
    [{ text: "a", logprob: null, top: [] }],
  );
});

// Every value in every place: nothing throws, and nothing comes of it.
const odd: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "x",
  "",
  [],
  [[]],
  {},
  { a: 1 },
  [null],
  JSON.parse('{"__proto__":{"text":"x"}}'),
];

test("wrong types everywhere", () => {
  const places: readonly ((value: unknown) => unknown)[] = [
    (value) => value,
    (value) => ({ choices: value }),
    (value) => ({ choices: [value] }),
    (value) => ({ choices: [{ text: value }] }),
    (value) => ({ choices: [{ index: value, text: "a" }] }),
    (value) => ({ choices: [{ finish_reason: value }] }),
    (value) => ({ choices: [{ delta: value, message: value }] }),
    (value) => ({ choices: [{ delta: { content: value } }] }),
    (value) => ({ choices: [{ logprobs: value }] }),
    (value) => ({ choices: [{ logprobs: { tokens: value, content: value } }] }),
    (value) => ({
      choices: [
        {
          logprobs: { tokens: ["a"], token_logprobs: value, top_logprobs: value, text_offset: value, token_ids: value },
        },
      ],
    }),
    (value) => ({ choices: [{ logprobs: { content: [value] } }] }),
    (value) => ({ usage: value }),
    (value) => ({ usage: { prompt_tokens: value } }),
    (value) => ({ model: value, token: value, prompt: value }),
  ];
  for (const place of places) {
    for (const value of odd) {
      const answer = new Answer();
      answer.add(place(value));
      for (const { index, text } of answer.choices()) {
        assert.ok(Number.isSafeInteger(index) && index >= 0);
        assert.equal(typeof text, "string");
      }
    }
  }
});

test("wrong types in a stream: never a fault of the page", async () => {
  const events = odd.flatMap((value) => [
    value,
    { choices: value },
    { error: value },
    { detail: value },
    { message: value },
  ]);
  for (const event of events) {
    const run = await runOf([`data: ${JSON.stringify(event)}\n\n`, `event: error\ndata: ${JSON.stringify(event)}\n\n`]);
    assert.equal(run.outcome, "failed");
    assert.notEqual(run.problem?.title, "The page failed");
    const whole = await runOf([JSON.stringify(event)], { status: 500 });
    assert.equal(whole.problem?.status, 500);
    assert.notEqual(whole.problem?.title, "The page failed");
  }
});

test("a prototype is never touched", () => {
  const answer = new Answer();
  answer.add(JSON.parse('{"__proto__":{"choices":[{"text":"x"}]},"constructor":{"prototype":{"y":1}}}'));
  assert.deepEqual(answer.choices(), []);
  assert.equal("y" in {}, false);
});

test("deep nesting ends nothing", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const run = await runOf([
    `data: {"choices":[{"text":"a","finish_reason":"stop"}],"x":${deep}}\n\n`,
    `data: ${'{"error":'.repeat(50_000)}1${"}".repeat(50_000)}\n\n`,
  ]);
  assert.equal(run.outcome, "failed");
  assert.equal(run.choices[0]?.text, "a");
  assert.notEqual(run.problem?.title, "The page failed");
  const raw = `${'{"error":{"message":"m","metadata":{"raw":'.repeat(50_000)}1${"}}}".repeat(50_000)}`;
  assert.equal((await runOf([raw], { status: 500 })).problem?.status, 500);
});

test("indexes can be huge, choices cannot be endless", () => {
  const answer = new Answer();
  answer.add(of({ index: 2 ** 52, text: "far" }, { index: 2 ** 60, text: "unsafe" }));
  assert.deepEqual(
    answer.choices().map(({ index }) => index),
    [1, 2 ** 52],
  );
  for (let index = 0; index < 10_000; index++) answer.add(of({ index, text: "a" }));
  assert.equal(answer.choiceCount, 4_096);
  assert.deepEqual(answer.notes.codes, ["index-odd", "choices-left-out"]);
  assert.match(answer.notes.sentences[1] ?? "", /more than 4096 choices/);
});

test("a note is told once", () => {
  const answer = new Answer();
  for (let i = 0; i < 1_000; i++) answer.add(5);
  assert.deepEqual(answer.notes.codes, ["event-skipped"]);
  assert.equal(answer.notes.sentences.length, 1);
});
