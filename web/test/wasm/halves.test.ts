// A Worker's host of a core in two halves: what it answers before the second is there, and what happens when that does not
// come.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mock, type TestContext, test } from "node:test";
import { EngineHost } from "../../src/core/engine-host.ts";
import { NotPublished } from "../../src/core/fetch-published.ts";
import type { Call, FromWorker, Sync } from "../../src/core/messages.ts";
import { setting } from "./support.ts";

const folder = dirname(setting("PLAYGROUND_WASM"));
const compile = (form: string) => WebAssembly.compile(readFileSync(join(folder, form)));
const modules = { core: compile("core.wasm"), rest: compile("rest.wasm") };
const halved = WebAssembly.Module.exports(await modules.core).some(({ name }) => name === "rest");

const good = '{"model":"m","prompt":["x"],"max_tokens":5}';
/** The first half has to give up on it. */
const command = `curl http://localhost:8000/v1/completions -d '${good}'`;
const check: Call = { name: "check", args: null };
const whole = (text: string): Sync => ({ kind: "text", text });
const change: Sync = { kind: "changes", batches: [[{ from: 0, to: 0, insert: " " }]] };

/** Waits through as many turns of the loop as nothing here takes. */
async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    assert.ok(turns < 100_000, "it does not come about");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A host whose second half comes when the test says so. */
class Story {
  readonly said: FromWorker[] = [];
  readonly asked: string[] = [];
  readonly host: EngineHost;
  #come: (() => void)[] = [];
  #fail: ((reason: Error) => void)[] = [];
  #id = 0;

  constructor() {
    this.host = new EngineHost(
      (message) => this.said.push(message),
      (url) => {
        this.asked.push(url);
        if (url !== "rest") return modules.core;
        return new Promise((resolve, reject) => {
          this.#come.push(() => resolve(modules.rest));
          this.#fail.push(reject);
        });
      },
    );
  }

  static async open(t: TestContext): Promise<Story> {
    const story = new Story();
    t.after(() => story.host.close());
    await story.host.receive({ kind: "open", wasm: "core", rest: "rest" });
    return story;
  }

  /** Sends a call; its number. What comes of it stands in `said`, then or later. */
  async call(call: Call, sync?: Sync): Promise<number> {
    const id = ++this.#id;
    const more = sync && { sync, ...(sync.kind === "text" && { profile: "" }) };
    let received = false;
    void this.host.receive({ kind: "call", session: 1, id, call, ...more }).then(() => {
      received = true;
    });
    await until(() => received);
    return id;
  }

  /** The second half arrives, once it was asked for. */
  async come(): Promise<void> {
    await until(() => this.#come.length > 0);
    for (const come of this.#come.splice(0)) come();
    this.#fail = [];
  }

  async fail(reason: Error): Promise<void> {
    await until(() => this.#fail.length > 0);
    for (const fail of this.#fail.splice(0)) fail(reason);
    this.#come = [];
  }

  /** What was said of a message, once something was. */
  async about(id: number): Promise<FromWorker> {
    const of = (message: FromWorker) => "id" in message && message.id === id;
    await until(() => this.said.some(of));
    return this.said.find(of) as FromWorker;
  }

  kinds(): string[] {
    return this.said.map((message) => ("id" in message ? `${message.kind} ${message.id}` : message.kind));
  }
}

const halves = { skip: halved ? false : "the toolchain did not allow for halves" };

test("a text is checked without the second half, which is asked for when somebody has typed", halves, async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const story = await Story.open(t);
  await story.call(check, whole(good));
  await story.call({ name: "edit", args: { op: "set", path: "/n", value: "2" } });
  await story.call({ name: "base", args: "localhost:8000" });
  assert.deepEqual(story.asked, ["core"]);
  await story.call(check, change);
  mock.timers.tick(900);
  await story.call(check, change);
  mock.timers.tick(900);
  await story.call(check, change);
  assert.deepEqual(story.asked, ["core"], "not while one types");
  mock.timers.tick(1000);
  await until(() => story.asked.length > 1);
  assert.deepEqual(story.asked, ["core", "rest"]);
  assert.deepEqual(story.kinds(), [
    "hello",
    "ready",
    "answer 1",
    "answer 2",
    "answer 3",
    "answer 4",
    "answer 5",
    "answer 6",
  ]);
  await story.come();
  const imported = await story.call({ name: "import", args: command });
  assert.equal((await story.about(imported)).kind, "answer");
  assert.deepEqual(story.asked, ["core", "rest"]);
});

test("rules that an element begins with are looked up before what is asked behind", halves, async (t) => {
  const story = await Story.open(t);
  const nothing = { model: "", options: { seed: 0 }, answers: [], stopped: false, whole: false };
  await story.call({ name: "probe", args: { ...nothing, profile: "vllm" } }, whole(good));
  await story.call(check);
  assert.deepEqual(story.kinds(), ["hello", "ready", "answer 1", "answer 2"]);
  assert.deepEqual(story.asked, ["core"]);
});

test("a call that needs the second half waits for it, and nothing waits behind it", halves, async (t) => {
  const story = await Story.open(t);
  await story.call(check, whole(good));
  const imported = await story.call({ name: "import", args: command });
  const tokens = await story.call({ name: "tokens", args: "Once upon" });
  const checked = await story.call(check);
  assert.deepEqual(story.kinds(), ["hello", "ready", "answer 1", `answer ${checked}`]);
  await story.come();
  const answer = await story.about(imported);
  assert.equal(answer.kind === "answer" && (answer.value as { kind: string }).kind, "curl");
  assert.equal((await story.about(tokens)).kind, "answer");
  assert.deepEqual(story.asked, ["core", "rest"]);
});

test("what was asked of a text that is another one by then is asked again", halves, async (t) => {
  const story = await Story.open(t);
  await story.call(check, whole(good));
  const args = { base: "http://localhost:8000", hasKey: false, headers: [], force: true, language: "python-openai" };
  const code = await story.call({ name: "snippet", args });
  await story.call(check, change);
  await story.come();
  assert.deepEqual(await story.about(code), { kind: "resync", id: code });
  const again = await story.call({ name: "snippet", args }, whole(good));
  assert.equal((await story.about(again)).kind, "answer");
});

test("a text that the first half cannot judge is asked for again when both are there", halves, async (t) => {
  const story = await Story.open(t);
  const first = story.call(check, whole(command));
  await first;
  const behind = story.call(check, change);
  assert.deepEqual(story.kinds(), ["hello", "ready"], "what follows waits for the new instance");
  await story.come();
  assert.equal((await story.about(await first)).kind, "resync");
  assert.equal((await story.about(await behind)).kind, "resync", "it has no text yet");
  const again = await story.about(await story.call(check, whole(command)));
  assert.ok(again.kind === "answer" && JSON.stringify(again.value).includes("pasted-request"));
});

test("a second half that does not come is told, asked for anew, and ends nothing", halves, async (t) => {
  const story = await Story.open(t);
  await story.call(check, whole(good));
  const imported = await story.call({ name: "import", args: command });
  await story.fail(new NotPublished("A part of the checker is not there any more."));
  const refused = { kind: "refused", reason: "A part of the checker is not there any more.", lost: true };
  assert.deepEqual(await story.about(imported), { ...refused, id: imported });
  const judged = story.call(check, whole(command));
  await judged;
  assert.deepEqual(story.asked, ["core", "rest", "rest"]);
  await story.fail(new Error("You are offline."));
  assert.deepEqual(await story.about(await judged), { kind: "refused", id: await judged, reason: "You are offline." });
  const checked = await story.call(check, whole(good));
  assert.equal((await story.about(checked)).kind, "answer", "the first half goes on");
  const third = story.call(check, whole(command));
  await third;
  await story.come();
  assert.equal((await story.about(await third)).kind, "resync");
  assert.deepEqual(story.asked, ["core", "rest", "rest", "rest"]);
});

test("typing asks once for a second half that does not come", halves, async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const story = await Story.open(t);
  await story.call(check, whole(good));
  await story.call(check, change);
  mock.timers.tick(1000);
  await story.fail(new Error("You are offline."));
  for (let n = 0; n < 3; n++) {
    mock.timers.tick(1000);
    assert.equal((await story.about(await story.call(check, change))).kind, "answer");
  }
  assert.deepEqual(story.asked, ["core", "rest"]);
  const imported = await story.call({ name: "import", args: command });
  await story.come();
  assert.equal((await story.about(imported)).kind, "answer");
});

test("a request to the demo model waits for the second half, unless it is cancelled", halves, async (t) => {
  const story = await Story.open(t);
  const body = JSON.stringify({ model: "demo-fast", prompt: ["Once"], max_tokens: 3 });
  await story.host.receive({ kind: "demo", id: 1, body });
  await story.host.receive({ kind: "demo", id: 2, body });
  await story.host.receive({ kind: "demo-cancel", id: 1 });
  await story.come();
  assert.deepEqual(await story.about(2), { ...(await story.about(2)), kind: "demo-head", status: 200 });
  assert.ok(!story.kinds().some((kind) => kind.endsWith(" 1")), "nobody waits for the first");
  await story.host.receive({ kind: "demo-cancel", id: 2 });
});

test("it says that it lives while it waits", halves, async (t) => {
  const story = await Story.open(t);
  mock.timers.enable({ apis: ["setInterval"] });
  t.after(() => mock.timers.reset());
  const tokens = await story.call({ name: "tokens", args: "x" }, whole(good));
  const hellos = () => story.said.filter(({ kind }) => kind === "hello").length;
  await until(() => story.asked.includes("rest"));
  const before = hellos();
  // The patience of whoever waits is five seconds (hub.ts).
  mock.timers.tick(10_000);
  assert.ok(hellos() >= before + 4, `${hellos() - before} in ten seconds`);
  await story.come();
  await story.about(tokens);
  const after = hellos();
  mock.timers.tick(10_000);
  assert.equal(hellos(), after, "and not when it does not");
});
