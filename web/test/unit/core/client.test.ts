import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { startCore } from "../../../src/core/client.ts";
import { Hub } from "../../../src/core/hub.ts";
import { maxTextUnits } from "../../../src/core/limits.ts";
import type { FromWorker, ToWorker } from "../../../src/core/messages.ts";
import type { Core } from "../../../src/core/protocol.ts";
import type { Link, LinkListener } from "../../../src/core/spawn.ts";
import type { CheckResult, TextEdit } from "../../../src/model/verdict.ts";

type CallMessage = Extract<ToWorker, { kind: "call" }>;

/** A Worker that does what the test says, and nothing by itself. */
class FakeWorker implements Link {
  readonly posted: ToWorker[] = [];
  readonly #listener: LinkListener;
  closed = false;

  constructor(listener: LinkListener) {
    this.#listener = listener;
  }

  post(message: ToWorker): void {
    this.posted.push(message);
  }

  close(): void {
    this.closed = true;
  }

  get calls(): CallMessage[] {
    return this.posted.filter((message) => message.kind === "call");
  }

  /** The calls named so, oldest first. */
  named(name: string): CallMessage[] {
    return this.calls.filter(({ call }) => call.name === name);
  }

  say(message: FromWorker): void {
    this.#listener.message(message);
  }

  crash(reason: string): void {
    this.#listener.crash(reason);
  }

  answer(call: CallMessage | undefined, value: unknown): void {
    assert.ok(call, "there is no such call");
    this.say({ kind: "answer", id: call.id, value: value as CheckResult });
  }
}

const patience = 5000;
let workers: FakeWorker[];
let results: number[];
let core: Core;

/** The result of a check, told apart by its micros. */
function verdict(micros: number): CheckResult {
  return { ok: true, issues: [], changes: [], members: [], dialect: "json", micros };
}

function worker(): FakeWorker {
  const last = workers.at(-1);
  assert.ok(last);
  return last;
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  workers = [];
  results = [];
  core = startCore({
    wasmUrl: "https://example.com/core.wasm",
    hub: new Hub((listener) => {
      const fake = new FakeWorker(listener);
      workers.push(fake);
      return fake;
    }, patience),
  });
  core.onResult(({ micros }) => results.push(micros));
});

afterEach(() => {
  core.close();
  mock.timers.reset();
});

test("nothing is asked before the core has arrived, and then the newest text", () => {
  assert.equal(core.state, "loading");
  core.setText("a");
  core.change([{ from: 1, to: 1, insert: "b" }]);
  assert.deepEqual(worker().posted, [{ kind: "open", wasm: "https://example.com/core.wasm" }]);
  worker().say({ kind: "ready" });
  assert.equal(core.state, "ready");
  assert.deepEqual(
    worker().calls.map(({ sync, call }) => [sync, call.name]),
    [[{ kind: "text", text: "ab" }, "check"]],
  );
});

test("no check without a text", () => {
  worker().say({ kind: "ready" });
  assert.equal(worker().calls.length, 0);
});

test("a burst of changes costs one further check, and only the changes cross", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  for (const insert of ["a", "b", "c"]) core.change([{ from: 0, to: 0, insert }]);
  assert.equal(worker().calls.length, 1, "one check at a time");
  worker().answer(worker().calls[0], verdict(1));
  assert.equal(worker().calls.length, 2);
  assert.deepEqual(worker().calls[1]?.sync, {
    kind: "changes",
    batches: [[{ from: 0, to: 0, insert: "cba" }]],
  });
  worker().answer(worker().calls[1], verdict(2));
  assert.deepEqual(results, [2], "the first verdict was about an old text");
});

test("what is typed while a check is under way crosses as one change, however much it is", () => {
  const start = "x".repeat(100_000);
  core.setText(start);
  worker().say({ kind: "ready" });
  const typed = "a quick brown fox jumps over it ".repeat(100);
  [...typed].forEach((insert, i) => {
    core.change([{ from: 7 + i, to: 7 + i, insert }], start.slice(0, 7) + typed.slice(0, i + 1) + start.slice(7));
  });
  core.change([{ from: 0, to: 1, insert: "" }]);
  worker().answer(worker().calls[0], verdict(1));
  assert.deepEqual(worker().calls[1]?.sync, {
    kind: "changes",
    batches: [[{ from: 7, to: 7, insert: typed }], [{ from: 0, to: 1, insert: "" }]],
  });
  worker().say({ kind: "resync", id: worker().calls[1]?.id ?? 0 });
  const whole = worker().calls[2]?.sync;
  assert.ok(whole?.kind === "text" && whole.text === (start.slice(0, 7) + typed + start.slice(7)).slice(1));
});

test("a profile is sent once, and makes older verdicts stale", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  core.setProfile("openai");
  worker().answer(worker().calls[0], verdict(1));
  assert.deepEqual(results, []);
  assert.equal(worker().calls[1]?.profile, "openai");
  worker().answer(worker().calls[1], verdict(2));
  core.change([{ from: 0, to: 0, insert: "y" }]);
  assert.equal(worker().calls[2]?.profile, undefined);
  assert.deepEqual(results, [2]);
});

test("an unknown profile is told and the next one heals it", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  worker().say({ kind: "refused", id: worker().calls[0]?.id ?? 0, reason: 'no profile "x"' });
  assert.deepEqual([core.state, core.reason], ["failed", 'no profile "x"']);
  core.setProfile("openai");
  worker().answer(worker().calls[1], verdict(1));
  assert.deepEqual([core.state, core.reason, results], ["ready", "", [1]]);
});

test("the whole text is sent where a change cuts a surrogate pair", () => {
  core.setText("😀");
  worker().say({ kind: "ready" });
  worker().answer(worker().calls[0], verdict(1));
  core.change([{ from: 1, to: 2, insert: "" }]);
  assert.deepEqual(worker().calls[1]?.sync, { kind: "text", text: "\ud83d" });
});

test("changes against several places of one text give the right text", () => {
  core.setText("0123456789");
  core.change([
    { from: 1, to: 2, insert: "one" },
    { from: 5, to: 5, insert: "!" },
    { from: 8, to: 10, insert: "" },
  ]);
  worker().say({ kind: "ready" });
  assert.deepEqual(worker().calls[0]?.sync, { kind: "text", text: "0one234!567" });
});

test("text that is too long for the core does not cross", () => {
  core.setText(" ".repeat(maxTextUnits + 1));
  worker().say({ kind: "ready" });
  assert.deepEqual(worker().calls[0]?.sync, { kind: "too-long" });
});

test("a Worker that lost the text gets all of it", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  worker().answer(worker().calls[0], verdict(1));
  core.change([{ from: 1, to: 1, insert: "y" }]);
  worker().say({ kind: "resync", id: worker().calls[1]?.id ?? 0 });
  assert.deepEqual(worker().calls[2]?.sync, { kind: "text", text: "xy" });
  worker().answer(worker().calls[2], verdict(2));
  assert.deepEqual(results, [1, 2]);
});

test("an edit is asked again when the text changed meanwhile", async () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  const edits = core.edit({ op: "format" });
  core.change([{ from: 0, to: 0, insert: "y" }]);
  const [first] = worker().named("edit");
  worker().answer(first, [{ start: 0, end: 1, start16: 0, end16: 1, text: "old" } satisfies TextEdit]);
  const [, second] = worker().named("edit");
  assert.deepEqual(second?.sync, { kind: "changes", batches: [[{ from: 0, to: 0, insert: "y" }]] });
  worker().answer(second, []);
  assert.deepEqual(await edits, []);
});

test("an edit is not dropped, however often the text changes meanwhile", async () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  const edits = core.edit({ op: "set", path: "/user", value: '"u"' });
  for (let i = 0; i < 100; i++) {
    core.change([{ from: 0, to: 0, insert: "y" }]);
    worker().answer(worker().named("edit")[i], []);
  }
  const wanted: TextEdit[] = [{ start: 0, end: 1, start16: 0, end16: 1, text: "z" }];
  worker().answer(worker().named("edit")[100], wanted);
  assert.deepEqual(await edits, wanted);
});

test("a request is built from the text at the moment of asking", async () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  const built = core.build({ base: "https://example.com", hasKey: false, force: false });
  core.change([{ from: 0, to: 0, insert: "y" }]);
  const wire = { method: "POST", url: "u", headers: [], body: "x" };
  worker().answer(worker().named("build")[0], wire);
  assert.deepEqual(await built, wire);
  assert.equal(worker().named("build").length, 1);
});

test("a refused call rejects with the core's words", async () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  const built = core.build({ base: "nowhere", hasKey: false, force: false });
  worker().say({ kind: "refused", id: worker().named("build")[0]?.id ?? 0, reason: "base URL is missing" });
  await assert.rejects(built, new Error("base URL is missing"));
});

test("a core that cannot be loaded fails for good, with its reason", async () => {
  const early = core.tokens("x");
  worker().say({ kind: "failed", reason: "You are offline." });
  assert.deepEqual([core.state, core.reason], ["failed", "You are offline."]);
  await assert.rejects(early, new Error("You are offline."));
  await assert.rejects(core.tokens("x"), new Error("You are offline."));
  core.setText("y");
  assert.equal(workers.length, 1);
});

for (const [how, end] of [
  ["crashed", (fake: FakeWorker) => fake.crash("boom")],
  ["died in Go", (fake: FakeWorker) => fake.say({ kind: "dead", reason: "boom" })],
  ["hung", () => mock.timers.tick(patience)],
] as const) {
  test(`a Worker that ${how} is replaced, and its calls are repeated`, async () => {
    core.setText("x");
    worker().say({ kind: "ready" });
    const tokens = core.tokens("abc");
    const first = worker();
    end(first);
    assert.equal(core.state, "restarting");
    assert.notEqual(core.reason, "");
    assert.equal(first.closed, true);
    assert.equal(workers.length, 2);
    worker().say({ kind: "ready" });
    assert.deepEqual(
      worker()
        .calls.map(({ call }) => call.name)
        .sort(),
      ["check", "tokens"],
    );
    assert.deepEqual(worker().calls[0]?.sync, { kind: "text", text: "x" }, "the new Worker gets the text first");
    worker().answer(worker().named("check")[0], verdict(7));
    worker().answer(worker().named("tokens")[0], []);
    assert.deepEqual([core.state, core.reason, results, await tokens], ["ready", "", [7], []]);
    first.answer({ ...(first.calls[0] as CallMessage) }, verdict(8));
    assert.deepEqual(results, [7], "what the old one still says does not count");
  });
}

test("a text that ends two Workers is left alone until it changes", async () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  const tokens = core.tokens("abc");
  worker().crash("boom");
  worker().say({ kind: "ready" });
  worker().crash("boom");
  assert.equal(workers.length, 2, "no third Worker");
  assert.equal(core.state, "failed");
  assert.match(core.reason, /twice on this text/);
  await assert.rejects(tokens, /twice on this text/);
  await assert.rejects(core.tokens("abc"), /twice on this text/);
  core.change([{ from: 0, to: 1, insert: "y" }]);
  assert.equal(workers.length, 3);
  assert.equal(core.state, "restarting");
  worker().say({ kind: "ready" });
  assert.deepEqual(worker().calls[0]?.sync, { kind: "text", text: "y" });
  worker().answer(worker().calls[0], verdict(3));
  assert.deepEqual([core.state, results], ["ready", [3]]);
});

test("an edit of a text that ended two Workers starts one more, and ends with it", async () => {
  core.setText("x");
  for (let i = 0; i < 2; i++) {
    worker().say({ kind: "ready" });
    worker().crash("boom");
  }
  const first = core.edit({ op: "format" });
  assert.deepEqual([workers.length, core.state], [3, "restarting"]);
  worker().say({ kind: "ready" });
  worker().crash("boom");
  await assert.rejects(first, /twice on this text/);
  assert.equal(workers.length, 3);
  const second = core.edit({ op: "format" });
  worker().say({ kind: "ready" });
  assert.deepEqual(worker().calls[0]?.sync, { kind: "text", text: "x" });
  worker().answer(worker().named("edit")[0], []);
  worker().answer(worker().named("check")[0], verdict(4));
  assert.deepEqual([await second, core.state, results], [[], "ready", [4]]);
});

test("typing while a Worker is replaced checks the newest text once", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  worker().crash("boom");
  core.change([{ from: 1, to: 1, insert: "y" }]);
  worker().say({ kind: "ready" });
  assert.deepEqual(
    worker().calls.map(({ sync }) => sync),
    [{ kind: "text", text: "xy" }],
  );
});

test("the watchdog waits while answers come, and rests when nothing is asked", () => {
  core.setText("x");
  worker().say({ kind: "ready" });
  mock.timers.tick(patience - 1);
  core.change([{ from: 0, to: 0, insert: "y" }]);
  worker().answer(worker().calls[0], verdict(1));
  mock.timers.tick(patience - 1);
  worker().answer(worker().calls[1], verdict(2));
  mock.timers.tick(10 * patience);
  assert.deepEqual([core.state, workers.length], ["ready", 1]);
});

test("closing ends the Worker and every call", async () => {
  core.setText("x");
  const tokens = core.tokens("abc");
  core.close();
  assert.equal(worker().closed, true);
  await assert.rejects(tokens, /closed/);
  await assert.rejects(core.tokens("abc"), /closed/);
});
