import assert from "node:assert/strict";
import { test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import type { RunSnapshot } from "../../../src/model/answer.ts";
import { type Comparison, type Scoring, wireAnswer } from "../../../src/model/findings.ts";
import type { CheckResult } from "../../../src/model/verdict.ts";
import { startRun } from "../../../src/net/run.ts";
import { Comparisons } from "../../../src/session/compare.ts";
import { type ScoreHost, scorePrompts } from "../../../src/session/score.ts";
import type { RunEntry } from "../../../src/state/runs.ts";
import { request } from "../net/support.ts";

const whole = {
  model: "m",
  system_fingerprint: "fp",
  choices: [
    {
      index: 0,
      text: "ab",
      finish_reason: "length",
      logprobs: {
        tokens: ["a", "b"],
        token_logprobs: [null, Number.NEGATIVE_INFINITY],
        top_logprobs: [null, { b: -0.5 }],
        text_offset: [0, 1],
      },
    },
  ],
  usage: { prompt_tokens: 2, completion_tokens: 0, total_tokens: 2 },
};
const written = JSON.stringify(whole).replace("[null,null]", "[null,-Infinity]");

function ran(body: string, status = 200): Promise<RunSnapshot> {
  const expect = { choices: 1, stream: false };
  return startRun({ request, key: "", expect, fetch: async () => new Response(body, { status }) }).finished;
}

test("an answer crosses to the core whole, in numbers that JSON has", async () => {
  assert.deepEqual(JSON.parse(JSON.stringify(wireAnswer(await ran(written), false))), {
    status: 200,
    complete: true,
    streamed: false,
    model: "m",
    fingerprint: "fp",
    choices: [
      {
        index: 0,
        text: "ab",
        finish: "length",
        tokens: [
          { text: "a", logprob: null, top: [], offset: 0 },
          { text: "b", logprob: -9999, top: [{ text: "b", logprob: -0.5 }], offset: 1 },
        ],
      },
    ],
    usage: { promptTokens: 2, completionTokens: 0, totalTokens: 2 },
    notes: ["no-json-numbers"],
  });
});

test("an answer is held to the one that the same request had before", async () => {
  const asked: Comparison[] = [];
  const core = {
    compare: async (each: Comparison) => {
      asked.push(each);
      return [];
    },
  } as unknown as Core;
  const comparisons = new Comparisons(core);
  const sent = { url: "u", body: "{}", profile: "demo", stream: false };
  const snapshot = await ran(written);
  assert.deepEqual(await comparisons.of(sent, snapshot), []);
  await comparisons.of({ ...sent, body: '{"n":1}' }, snapshot);
  await comparisons.of(sent, snapshot);
  assert.deepEqual(
    asked.map(({ previous }) => previous?.fingerprint),
    [undefined, undefined, "fp"],
  );
  await comparisons.of({ ...sent, body: '{"n":2}' }, snapshot, true);
  await comparisons.of({ ...sent, body: '{"n":2}' }, snapshot);
  await comparisons.of(sent, snapshot, true);
  assert.ok(
    asked.splice(3).every(({ previous }) => previous === undefined),
    "one of another time is held to its request alone",
  );
  assert.equal(await comparisons.of(sent, await ran("no", 500)), undefined, "a refusal is no answer");
  const long = { ...snapshot, choices: snapshot.choices.map((choice) => ({ ...choice, text: "x".repeat(5_000_000) })) };
  assert.equal(await comparisons.of(sent, long), undefined);
  assert.equal(asked.length, 3);
});

function verdict(fields: Record<string, string>): CheckResult {
  const members = Object.entries(fields).map(([field, json]) => ({ field, json }));
  return { ok: true, issues: [], changes: [], dialect: "json", micros: 1, members } as unknown as CheckResult;
}

class Host implements ScoreHost {
  readonly ended = new AbortController().signal;
  readonly most = 20;
  readonly sentBodies: string[] = [];
  readonly groups: (readonly number[] | undefined)[] = [];
  begun = 0;
  answer = written;
  async score({ text, answer }: Omit<Scoring, "profile">) {
    const preflight = { verdict: "yes", needs: [] } as const;
    if (text === "bad") return { why: "It is bad.", preflight };
    return answer === undefined ? { body: JSON.stringify({ max_tokens: 0, text }), preflight } : { preflight };
  }
  send(body: string): RunEntry {
    this.sentBodies.push(body);
    const run = startRun({
      request: { ...request, body },
      key: "",
      expect: { choices: 1, stream: false },
      fetch: async () => new Response(this.answer),
    });
    return { id: this.sentBodies.length, run } as unknown as RunEntry;
  }
  found(entry: RunEntry, { group }: { readonly group?: readonly number[] }) {
    this.groups[entry.id] = group;
  }
  sent() {
    this.begun++;
  }
}

test("each prompt is scored by a request of its own, and all know each other", async () => {
  const host = new Host();
  await scorePrompts(verdict({ model: '"m"', prompt: '["a","b"]' }), host);
  assert.deepEqual(host.sentBodies, ['{"max_tokens":0,"text":"a"}', '{"max_tokens":0,"text":"b"}']);
  assert.deepEqual(host.groups.slice(1), [
    [1, 2],
    [1, 2],
  ]);
});

test("scoring ends with the first answer that is not whole", async () => {
  const host = new Host();
  host.answer = "<html>";
  await scorePrompts(verdict({ model: '"m"', prompt: '["a","b"]' }), host);
  assert.equal(host.sentBodies.length, 1);
  assert.deepEqual(host.groups, []);
});

test("what cannot be scored is refused in words", async () => {
  const host = new Host();
  await assert.rejects(scorePrompts(verdict({ prompt: "[1,2]" }), host), /the prompt is no text/);
  await assert.rejects(scorePrompts(verdict({ prompt: '"bad"' }), host), /It is bad\. Nothing was sent\./);
  const many = JSON.stringify(Array.from({ length: 21 }, () => "x"));
  await assert.rejects(scorePrompts(verdict({ prompt: many }), host), /at most 20 prompts at once, and there are 21/);
  assert.equal(host.begun, 0);
});
