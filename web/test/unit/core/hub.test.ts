// Several users of one Worker: what each hears, and what the end of the Worker means to whom.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { startCore } from "../../../src/core/client.ts";
import { Hub, type Session, type SessionListener, startPatience } from "../../../src/core/hub.ts";
import type { FromWorker, Said, ToWorker } from "../../../src/core/messages.ts";
import type { LinkListener } from "../../../src/core/spawn.ts";
import type { CheckResult } from "../../../src/model/verdict.ts";

interface Started {
  readonly name: string;
  readonly posted: ToWorker[];
  readonly listener: LinkListener;
  closed: boolean;
}

const patience = 5000;
const urls = { wasm: "https://example.com/core.wasm" };
const tokens = { kind: "call", id: 1, call: { name: "tokens", args: "x" } } as const;
let workers: Started[];
let hub: Hub;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  workers = [];
  hub = new Hub((listener, name) => {
    const started: Started = { name, posted: [], listener, closed: false };
    workers.push(started);
    return {
      post: (message) => void started.posted.push(message),
      close: () => {
        started.closed = true;
      },
    };
  }, patience);
});

afterEach(() => mock.timers.reset());

function worker(): Started {
  const last = workers.at(-1);
  assert.ok(last);
  return last;
}

const say = (message: FromWorker) => worker().listener.message(message);

interface Heard {
  readonly session: Session;
  readonly said: (Said | string)[];
}

function join(name = "checker", more: Partial<SessionListener> = {}, wasm = urls): Heard {
  const said: (Said | string)[] = [];
  const session = hub.join(name, wasm, {
    message: (message) => said.push(message),
    ended: (reason, own) => said.push(`${reason}, ${own ? "own" : "another's"}`),
    ...more,
  });
  return { session, said };
}

/** Has the next users find a Worker that is there. Its own user asks nothing. */
function startReady(): void {
  join();
  say({ kind: "ready" });
}

/** Lets seconds pass one by one, as they do; in one go, timers that timers set would count from its end. */
const pass = (seconds: number) => {
  for (let i = 0; i < seconds; i++) mock.timers.tick(1000);
};

/** The ids that the Worker knows its calls by, oldest first. */
const ids = () => worker().posted.flatMap((message) => (message.kind === "call" ? [message.id] : []));

test("users of one kind share a Worker, and who comes late hears that it is ready", async () => {
  const first = join();
  const early = join();
  join("demo model");
  join("checker", {}, { wasm: "https://example.com/other.wasm" });
  assert.deepEqual(
    workers.map(({ name, posted }) => [name, posted.map(({ kind }) => kind).join()]),
    [
      ["checker", "open"],
      ["demo model", "open"],
      ["checker", "open"],
    ],
  );
  const [shared] = workers as [Started];
  shared.listener.message({ kind: "ready" });
  const late = join();
  assert.deepEqual([first.said, early.said, late.said], [[{ kind: "ready" }], [{ kind: "ready" }], []]);
  await Promise.resolve();
  assert.deepEqual(late.said, [{ kind: "ready" }]);
  assert.equal(workers.length, 3);
});

test("an answer reaches the one who asked, under the id it was asked by", () => {
  const [a, b] = [join(), join()];
  a.session.post(tokens);
  b.session.post(tokens);
  const asked = worker().posted.flatMap((message) => (message.kind === "call" ? [message.session] : []));
  assert.equal(new Set(asked).size, 2);
  const [ofA, ofB] = ids() as [number, number];
  say({ kind: "answer", id: ofB, value: [] });
  say({ kind: "refused", id: ofA, reason: "no" });
  say({ kind: "answer", id: ofA, value: [] }); // twice
  assert.deepEqual(a.said, [{ kind: "refused", id: 1, reason: "no" }]);
  assert.deepEqual(b.said, [{ kind: "answer", id: 1, value: [] }]);
});

test("who leaves has its answers of the demo cancelled, and no other's; the last one ends the Worker", () => {
  const [a, b] = [join(), join()];
  for (const { session } of [a, b]) session.post({ kind: "demo", id: 1, body: "{}" });
  a.session.close();
  const cancelled = () => worker().posted.filter(({ kind }) => kind === "demo-cancel");
  assert.deepEqual(cancelled(), [{ kind: "demo-cancel", id: 1 }]);
  for (const id of [1, 2]) say({ kind: "demo-head", id, status: 200, headers: [] });
  assert.deepEqual([a.said.length, b.said.length], [0, 1]);
  a.session.post(tokens);
  assert.deepEqual(ids(), []);
  assert.equal(worker().closed, false);
  b.session.close();
  b.session.close();
  assert.deepEqual([worker().closed, cancelled().length], [true, 1]);
  join();
  assert.equal(workers.length, 2);
});

for (const [how, end] of [
  ["crashes", () => worker().listener.crash("boom")],
  ["dies in Go", () => say({ kind: "dead", reason: "boom" })],
] as const) {
  test(`a Worker that ${how} is everybody's loss, the fault of the one whose call came first`, () => {
    const again: Heard[] = [];
    const rejoin = { ended: () => void again.push(join()) };
    const a = join("checker", rejoin);
    const b = join("checker", rejoin);
    const c = join();
    b.session.post(tokens);
    a.session.post(tokens);
    const old = worker();
    end();
    assert.deepEqual([old.closed, workers.length, again.length], [true, 2, 2], "one new Worker for both");
    assert.deepEqual(c.said, ["boom, another's"]);
    old.listener.message({ kind: "ready" });
    old.listener.crash("late");
    for (const { session } of [a, b, c]) session.close();
    assert.deepEqual([again.flatMap(({ said }) => said), worker().closed], [[], false], "the old one counts no more");
  });
}

test("nobody is to blame where nothing was asked", () => {
  const [a, b] = [join(), join()];
  worker().listener.crash("boom");
  assert.deepEqual([a.said, b.said], [["boom, own"], ["boom, own"]]);
});

test("a core that cannot be loaded is told to all, and the next user tries again", () => {
  const [a, b] = [join(), join()];
  say({ kind: "failed", reason: "offline" });
  assert.deepEqual(
    [a.said, b.said],
    [[{ kind: "failed", reason: "offline" }], [{ kind: "failed", reason: "offline" }]],
  );
  assert.equal(worker().closed, true);
  join();
  assert.equal(workers.length, 2);
});

test("the time that the Worker works for one is none that another waits in vain", () => {
  startReady();
  const [a, b] = [join(), join()];
  for (let i = 0; i < 3; i++) a.session.post({ ...tokens, id: i });
  b.session.post(tokens);
  for (let i = 0; i < 3; i++) {
    mock.timers.tick(patience - 1);
    say({ kind: "answer", id: ids()[i] as number, value: [] });
  }
  mock.timers.tick(patience - 1);
  assert.equal(b.said.length, 0);
  a.session.close();
  mock.timers.tick(1);
  assert.deepEqual(b.said, [`no answer for ${patience / 1000} s, own`]);
});

test("a Worker that hangs on the call of one that left is given up for those who wait", () => {
  startReady();
  const [a, b] = [join(), join()];
  a.session.post(tokens);
  b.session.post(tokens);
  a.session.close();
  mock.timers.tick(patience);
  assert.deepEqual([a.said, b.said], [[], [`no answer for ${patience / 1000} s, another's`]]);
});

test("a text that ends two Workers is left alone; the other element's is checked by the third", async () => {
  const results: string[] = [];
  const cores = ["bad", "good"].map((text) => {
    const core = startCore({ hub, wasmUrl: urls.wasm, profile: text });
    core.onResult(({ micros }) => results.push(`${text} ${micros}`));
    core.setText(text);
    return core;
  });
  const [bad, good] = cores as [ReturnType<typeof startCore>, ReturnType<typeof startCore>];
  for (let i = 0; i < 2; i++) {
    say({ kind: "ready" });
    worker().listener.crash("boom");
  }
  assert.match(bad.reason, /twice on this text/);
  assert.equal(good.state, "restarting");
  assert.equal(workers.length, 3);
  say({ kind: "ready" });
  const calls = worker().posted.filter((message) => message.kind === "call");
  assert.deepEqual(
    calls.map(({ sync, profile }) => [sync, profile]),
    [[{ kind: "text", text: "good" }, "good"]],
  );
  const value: CheckResult = { ok: true, issues: [], changes: [], members: [], dialect: "json", micros: 1 };
  say({ kind: "answer", id: calls[0]?.id ?? 0, value });
  assert.deepEqual([good.state, bad.state, results], ["ready", "failed", ["good 1"]]);
  bad.setText("better");
  assert.equal(workers.length, 3, "it joins the Worker that is there");
  await Promise.resolve();
  const more = worker().posted.filter((message) => message.kind === "call");
  assert.deepEqual([more.at(-1)?.sync, more.at(-1)?.profile], [{ kind: "text", text: "better" }, "bad"]);
  for (const core of cores) core.close();
  assert.equal(worker().closed, true);
});

test("a Worker that hangs while it starts is given up; one that says that it lives is not", () => {
  const [a, b] = [join(), join()];
  for (let i = 0; i < 3; i++) {
    pass(startPatience - 1);
    say({ kind: "hello" });
  }
  pass(startPatience - 1);
  assert.deepEqual([a.said, worker().closed], [[], false]);
  pass(1);
  for (const { said } of [a, b]) assert.deepEqual(said, [`no answer for ${startPatience} s, own`]);
  assert.equal(worker().closed, true);
});

test("a Worker that is there has no start to be watched, and one that ended none either", () => {
  const { session, said } = join();
  say({ kind: "ready" });
  pass(3 * startPatience);
  assert.deepEqual([workers.length, said], [1, [{ kind: "ready" }]]);
  session.close();
  join().session.close();
  pass(3 * startPatience);
  assert.equal(workers.length, 2);
});

test("time in which the page is not seen is none in which it waits for a start", () => {
  const page = { hidden: true };
  Object.assign(globalThis, { document: page });
  try {
    join();
    pass(10 * startPatience);
    assert.equal(workers.length, 1);
    page.hidden = false;
    assert.equal(worker().closed, false);
    pass(startPatience);
    assert.equal(worker().closed, true);
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
});

test("a Worker that hangs while it starts is replaced once, and what failed starts when it is asked to", async () => {
  const cores = ["a", "b"].map((text) => {
    const core = startCore({ hub, wasmUrl: urls.wasm });
    core.setText(text);
    return core;
  });
  const states = () => cores.map(({ state }) => state);
  const [a, b] = cores as [ReturnType<typeof startCore>, ReturnType<typeof startCore>];
  a.retry();
  pass(startPatience);
  assert.deepEqual(
    [states(), workers.map(({ closed }) => closed)],
    [
      ["loading", "loading"],
      [true, false],
    ],
  );
  pass(startPatience);
  assert.deepEqual(
    [states(), workers.map(({ closed }) => closed)],
    [
      ["failed", "failed"],
      [true, true],
    ],
  );
  assert.match(a.reason, /could not be started/);
  await assert.rejects(a.tokens("x"), /could not be started/);
  a.retry();
  a.retry();
  assert.deepEqual([states(), a.reason, workers.length], [["loading", "failed"], "", 3]);
  say({ kind: "ready" });
  b.retry();
  await Promise.resolve();
  assert.deepEqual([states(), workers.length], [["ready", "ready"], 3]);
  const texts = worker().posted.flatMap((message) => (message.kind === "call" ? [message.sync] : []));
  assert.deepEqual(texts, [
    { kind: "text", text: "a" },
    { kind: "text", text: "b" },
  ]);
  for (const core of cores) core.close();
});
