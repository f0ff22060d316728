import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptRun } from "../../../src/keep/records.ts";
import { RestoredRun } from "../../../src/keep/restored-run.ts";
import type { RunSnapshot } from "../../../src/model/answer.ts";
import type { Timed } from "../../../src/net/recording/format.ts";
import { Recorder } from "../../../src/net/recording/recorder.ts";
import { startRun } from "../../../src/net/run.ts";
import { type Answering, answering, request, TestClock } from "../net/support.ts";
import { run } from "./records.ts";

const chunk = (text: string, more = "") =>
  `data: {"model": "made-up", "choices": [{"index": 0, "text": ${JSON.stringify(text)}${more}}]}\n\n`;
const end = ', "finish_reason": "stop"';
const logprobs = ', "logprobs": {"tokens": ["a"], "token_logprobs": [-0.5], "top_logprobs": [{"a": -0.5}]}';

/** Runs once, with a read each second, and gives what a page would keep of it. */
async function lived(reads: readonly string[], how: Answering & { readonly stopped?: true } = {}) {
  const clock = new TestClock();
  const recorder = new Recorder({ title: "m", profile: "vllm" });
  let seen = 0;
  const timed = (function* () {
    for (const read of reads) {
      clock.advance(1000);
      seen++;
      yield read;
    }
  })();
  const { fetch } = answering(timed, { headers: { "Content-Type": "text/event-stream" }, ...how });
  const going = startRun({
    request,
    key: "",
    fetch,
    expect: { choices: 1, stream: true },
    record: recorder,
    clock,
    profile: "vllm",
  });
  if (how.end === "hang") {
    while (seen < reads.length || going.snapshot().choices.length === 0)
      await new Promise((resolve) => setImmediate(resolve));
    if (how.stopped) going.stop();
  } else await going.finished;
  const snapshot = going.snapshot();
  const { end: ending, ...about } = recorder.about();
  const kept: KeptRun = run({
    ...about,
    startedAt: snapshot.timing.startedAt,
    end: ending ?? null,
    outcome: snapshot.outcome ?? null,
    problem: snapshot.problem ?? null,
  });
  const stored = recorder.reader()([]);
  return { snapshot, kept: structuredClone(kept), stored };
}

/** What two snapshots have to agree in. */
function content({ version: _, events, choices, ...rest }: RunSnapshot) {
  return {
    ...rest,
    choices: choices.map(({ tokens, tokenCount, ...choice }) => ({ ...choice, tokens: tokens.slice(0, tokenCount) })),
    events: events.recent(),
    total: events.total,
  };
}

async function restored(kept: KeptRun, stored: readonly Timed[]): Promise<RunSnapshot> {
  const again = new RestoredRun(kept, async () => stored);
  const first = again.snapshot();
  assert.equal(first.phase, "done", "it is no run that is under way");
  assert.deepEqual([first.outcome, first.problem], [kept.outcome ?? "ended-early", first.problem]);
  let changes = 0;
  again.onChange(() => changes++);
  const snapshot = await again.finished;
  assert.equal(changes, 1);
  assert.equal(again.snapshot(), snapshot);
  assert.ok(snapshot.version > first.version);
  return snapshot;
}

const done = "data: [DONE]\n\n";

test("a run that has ended is what it was: text, tokens, times, events, ending", async () => {
  const cases: [string, readonly string[], Answering & { stopped?: true }][] = [
    ["complete", [chunk("a", logprobs), chunk("b", end), done], {}],
    ["a character cut in two", [chunk("a"), ...cut(chunk("é 🙂", end)), done], {}],
    ["ended early", [chunk("a")], {}],
    ["empty", [], {}],
    ["broken", [chunk("a")], { end: "break" }],
    [
      "refused",
      ['{"error": {"message": "too much"}}'],
      { status: 429, headers: { "Content-Type": "application/json", "Retry-After": "7" } },
    ],
    ["redirected", [], { status: 302, headers: { Location: "https://b.example" } }],
    [
      "in one piece",
      ['{"choices": [{"text": "a", "finish_reason": "length"}]}'],
      { headers: { "Content-Type": "application/json" } },
    ],
    ["stopped", [chunk("a"), chunk("b")], { end: "hang", stopped: true }],
  ];
  for (const [name, reads, how] of cases) {
    const { snapshot, kept, stored } = await lived(reads, how);
    assert.equal(snapshot.phase, "done", name);
    assert.deepEqual(content(await restored(kept, stored)), content(snapshot), name);
  }
});

function cut(text: string): string[] {
  return [text.slice(0, 60), text.slice(60)];
}

test("a run that was cut is there as far as it came, and says so; one that had all is whole", async () => {
  const { snapshot, kept, stored } = await lived([chunk("one "), chunk("two")], { end: "hang" });
  assert.deepEqual([snapshot.phase, kept.outcome, kept.end], ["streaming", null, null]);
  const half = await restored(kept, stored);
  assert.equal(half.choices[0]?.text, "one two");
  assert.deepEqual([half.outcome, half.problem?.title], ["ended-early", "Cut by a reload"]);
  assert.equal(half.timing.firstTokenMs, snapshot.timing.firstTokenMs);

  const whole = await restored({ ...kept, end: null, outcome: null }, [
    ...stored,
    { ms: 3000, bytes: new TextEncoder().encode(done) },
  ]);
  assert.deepEqual([whole.outcome, whole.problem], ["complete", undefined]);

  const unanswered = await restored(run({ response: null, end: null, outcome: null }), []);
  assert.deepEqual(
    [unanswered.outcome, unanswered.problem?.title, unanswered.notes],
    ["ended-early", "Cut by a reload", []],
  );
});

test("where nobody answered, what was found then counts, with its checks", async () => {
  const problem = {
    title: "Not reached",
    detail: "d",
    advice: [],
    checklist: [{ label: "l", state: "bad" as const, detail: "d" }],
  };
  const snapshot = await restored(run({ response: null, outcome: "failed", problem }), []);
  assert.deepEqual([snapshot.outcome, snapshot.problem, snapshot.status], ["failed", problem, undefined]);
});

test("an answer that cannot be loaded, or has odd headers, leaves its run", async () => {
  const kept = run({
    response: {
      status: 200,
      headers: [
        ["bad name\n", "x"],
        ["ok", "\u0000"],
      ],
      headMs: 1,
    },
  });
  const lost = new RestoredRun(kept, () => Promise.reject(new Error("closed")));
  const snapshot = await lost.read();
  assert.deepEqual([snapshot.outcome, snapshot.choices], ["complete", []]);
  assert.equal(JSON.parse(JSON.stringify(lost.recorder)).request.body, "{}", "it can be saved");
});
