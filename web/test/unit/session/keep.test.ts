import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import { openDatabase } from "../../../src/keep/database.ts";
import type { Changes, KeepStore } from "../../../src/keep/store.ts";
import type { KeptBox } from "../../../src/model/kept-box.ts";
import type { CheckResult } from "../../../src/model/verdict.ts";
import { Recorder } from "../../../src/net/recording/recorder.ts";
import { startRun } from "../../../src/net/run.ts";
import type { EndpointSession, LastingEndpoint } from "../../../src/session/endpoint.ts";
import { type KeepPlace, KeepSession } from "../../../src/session/keep.ts";
import type { RunSession } from "../../../src/session/runs.ts";
import type { TextSession } from "../../../src/session/text.ts";
import type { RunEntry } from "../../../src/state/runs.ts";
import { Store } from "../../../src/state/store.ts";
import { request, TestClock } from "../net/support.ts";

const verdict: CheckResult = { ok: true, issues: [], changes: [], members: [], dialect: "json", micros: 1 };
const foreign = { ...verdict, issues: [{ code: "pasted-request" }] } as unknown as CheckResult;

/** The entries of a storage. */
class Memory {
  readonly entries = new Map<string, string>();
  get length(): number {
    return this.entries.size;
  }
  key = (index: number) => [...this.entries.keys()][index] ?? null;
  getItem = (name: string) => this.entries.get(name) ?? null;
  setItem = (name: string, value: string) => void this.entries.set(name, value);
  removeItem = (name: string) => void this.entries.delete(name);
}

/** One visit of a page: the session, and in the place of all others what it asks of them. */
class Visit {
  readonly store = new Store();
  readonly page = new EventTarget();
  readonly text = {
    text: "example",
    selection: { from: 0, to: 0 },
    opened: false,
    keysSeen: new Set<string>(),
    begin: (text: string) => {
      this.text.text = text;
    },
    replace: (text: string) => this.become(text),
  };
  lasting: LastingEndpoint = { id: "demo", base: "", profile: "atoma" };
  keys: string[] = [];
  /** The key that the core finds in a text that is no request. */
  keyInText = "";
  /** What stands in the form and not in the text. */
  boxes: readonly KeptBox[] = [];
  resets = 0;
  /** What was written, in turn. */
  readonly written: Changes[] = [];
  fault: Error | undefined;
  readonly session: KeepSession;

  constructor(place: Partial<KeepPlace> = {}) {
    const endpoints = {
      resume: (endpoint: LastingEndpoint) => {
        this.lasting = endpoint;
      },
    };
    Object.defineProperties(endpoints, { lasting: { get: () => this.lasting }, keys: { get: () => this.keys } });
    const runs = {
      resume: (entries: readonly RunEntry[], shownId: number) => this.store.change({ runs: { entries, shownId } }),
    };
    this.session = new KeepSession(
      {
        store: this.store,
        core: { import: async () => ({ key: this.keyInText }) } as unknown as Core,
        text: this.text as unknown as TextSession,
        endpoints: endpoints as unknown as EndpointSession,
        runs: runs as unknown as RunSession,
      },
      {
        name: "/ ",
        textGiven: false,
        endpointGiven: false,
        again: false,
        typed: () => false,
        boxes: () => this.boxes,
        resumeBoxes: (boxes) => {
          this.boxes = boxes;
        },
        reset: () => void this.resets++,
        local: new Memory() as unknown as Storage,
        session: new Memory() as unknown as Storage,
        locks: undefined,
        open: async (lost) => this.#watched(await openDatabase(lost)),
        page: this.page,
        ...place,
      },
    );
  }

  /** A change of the text, with the verdict on it. */
  become(text: string, result = verdict): void {
    this.text.text = text;
    this.store.change({ editor: { checked: false } });
    this.store.change({ text: { result }, editor: { checked: true } });
  }

  /** The page is left, and another visit of the tab begins. */
  leave(): void {
    this.page.dispatchEvent(new Event("pagehide"));
    this.session.close();
  }

  #watched(store: KeepStore): KeepStore {
    const { fault, written } = { fault: () => this.fault, written: this.written };
    return new Proxy(store, {
      get: (target, name) => {
        if (name !== "write") return (target[name as keyof KeepStore] as (() => unknown) | undefined)?.bind(target);
        return async (changes: Changes) => {
          const wrong = fault();
          if (wrong) throw wrong;
          await target.write(changes);
          written.push(changes);
        };
      },
    });
  }
}

/** Waits for what timers and the store bring about. */
async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const drafts = (visit: Visit) => visit.written.flatMap(({ drafts = [] }) => drafts);

let visits: Visit[] = [];

async function begin(place: Partial<KeepPlace> = {}): Promise<Visit> {
  const visit = new Visit(place);
  visits.push(visit);
  await visit.session.begin();
  return visit;
}

beforeEach(() => {
  visits = [];
});

afterEach(async () => {
  for (const { session } of visits) session.close();
  const store = await openDatabase(() => {});
  await store.clear();
  store.close();
});

test("what nobody touched is not kept; what was typed comes back in the same tab", async () => {
  const session = new Memory() as unknown as Storage;
  const first = await begin({ session });
  first.page.dispatchEvent(new Event("pagehide"));
  first.become("typed");
  first.lasting = { id: "other", base: "http://a.example", profile: "vllm" };
  first.leave();
  await until(() => drafts(first).length > 0);
  assert.ok(drafts(first).every(({ text }) => text === "typed"));

  const second = await begin({ session });
  assert.equal(second.text.text, "typed");
  assert.deepEqual(second.lasting, first.lasting);
  second.leave();
  assert.deepEqual(second.written, [], "what is there already is not written again");
  const third = await begin({ session, endpointGiven: true });
  assert.deepEqual([third.text.text, third.lasting.id], ["typed", "demo"]);
});

test("what stands in the form and not in the text comes back, without a key, and goes with the draft of its tab", async () => {
  const session = new Memory() as unknown as Storage;
  const seed = { path: "/seed", text: "abc", title: "Seed", why: "This is no number.", fixes: [] };
  const first = await begin({ session });
  first.keys = ["secret-0123456789"];
  first.boxes = [seed, { ...seed, path: "/n", text: "secret-0123456789" }];
  first.session.boxesChanged();
  const boxes = [seed, { ...seed, path: "/n", text: "*".repeat(17) }];
  await until(() => drafts(first)[0]);
  assert.deepEqual(drafts(first)[0]?.boxes, boxes, "written before the page is left");
  first.leave();

  const second = await begin({ session });
  assert.deepEqual(second.boxes, boxes);
  second.leave();
  const third = await begin({ session, typed: () => true });
  assert.deepEqual(third.boxes, [], "what is typed first stays alone");
  third.session.actions.restoreDraft(third.store.state.keep.offer?.id ?? "");
  await until(() => third.boxes.length === 2);
});

test("a text that is given or typed first goes before a draft, which is offered and not overwritten", async () => {
  for (const place of [{ textGiven: true }, { typed: () => true }]) {
    const session = new Memory() as unknown as Storage;
    const first = await begin({ session });
    first.become("a draft of before");
    first.leave();
    await until(() => drafts(first)[0]);
    const second = await begin({ session, ...place });
    assert.equal(second.text.text, "example");
    const offer = second.store.state.keep.offer;
    assert.equal(offer?.beginning, "a draft of before");
    second.become("something new");
    await until(() => drafts(second)[0]);
    assert.notEqual(drafts(second)[0]?.id, offer?.id);
    second.session.actions.restoreDraft(offer?.id ?? "");
    await until(() => second.text.text === "a draft of before");
  }
});

test("a key that only the core knows of is not in a draft", async () => {
  const visit = await begin();
  visit.keyInText = "no-pattern-knows-this";
  visit.become("call(no-pattern-knows-this)", foreign);
  const [draft] = await until(() => (drafts(visit).length > 0 ? drafts(visit) : undefined));
  assert.deepEqual([draft?.text, draft?.masked], [`call(${"*".repeat(21)})`, true]);
});

test("no key of the vault is in a draft, nor in a base URL", async () => {
  const visit = await begin();
  visit.keys = ["a-long-key-of-a-server", "ollama"];
  visit.lasting = { id: "other", base: "http://a.example/a-long-key-of-a-server", profile: "vllm" };
  visit.become("ollama: a-long-key-of-a-server");
  const draft = await until(() => drafts(visit)[0]);
  assert.deepEqual([draft.text, draft.endpoint.base], [`ollama: ${"*".repeat(22)}`, ""]);
});

test("a full store is told, and everything is written once there is room", async () => {
  const visit = await begin();
  visit.fault = new DOMException("full", "QuotaExceededError");
  visit.become("one");
  assert.match(await until(() => visit.store.state.keep.trouble), /no room left/);
  visit.session.actions.dismissTrouble();
  visit.become("two");
  visit.fault = undefined;
  await until(() => drafts(visit).some(({ text }) => text === "two"));
  await until(() => visit.store.state.keep.trouble === "");

  const none = await begin({ open: () => Promise.reject(new DOMException("private", "InvalidStateError")) });
  assert.match(none.store.state.keep.trouble, /no place to keep drafts/);
  none.become("goes on");
});

test("off erases and writes nothing more; clearing empties the storages but for the choice", async () => {
  const local = new Memory();
  const session = new Memory();
  const visit = await begin({ local: local as unknown as Storage, session: session as unknown as Storage });
  visit.become("one");
  await until(() => drafts(visit)[0]);
  visit.session.actions.keepDrafts(false);
  const store = await openDatabase(() => {});
  await until(async () => (await store.drafts("/ ")).length === 0);
  visit.become("two");
  visit.leave();
  assert.deepEqual(await store.drafts("/ "), []);

  const off = await begin({ local: local as unknown as Storage, session: session as unknown as Storage });
  assert.equal(off.store.state.keep.on, false);
  local.setItem("completion-playground.theme", "dark");
  local.setItem("of others", "stays");
  session.setItem("completion-playground.key https://a.example", "k");
  off.session.actions.clearAll();
  await until(() => off.resets > 0);
  assert.deepEqual([...local.entries.keys()].sort(), ["completion-playground.keep", "of others"]);
  assert.equal(session.length, 0);
  store.close();
});

test("a growing answer is written piece by piece, each byte once, and its text not with it", async () => {
  const visit = await begin();
  visit.become("the text");
  await until(() => drafts(visit)[0]);
  const clock = new TestClock();
  const recorder = new Recorder({ title: "m", profile: "vllm" });
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
  });
  const run = startRun({
    request,
    key: "",
    fetch: async () => new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    expect: { choices: 1, stream: true },
    record: recorder,
    clock,
  });
  const entry = {
    id: 1,
    run,
    model: "m",
    endpoint: "e",
    prompts: ["p"],
    perPrompt: 1,
    recorder,
    recording: undefined,
    time: "",
  };
  visit.store.change({ runs: { entries: [entry], shownId: 1 } });
  const pieces = () => visit.written.flatMap(({ pieces = [] }) => pieces);
  let sent = 0;
  for (let round = 1; round <= 3; round++) {
    for (let i = 0; i < 500; i++) {
      const chunk = new TextEncoder().encode('data: {"choices": [{"index": 0, "text": "word "}]}\n\n');
      sent += chunk.byteLength;
      controller?.enqueue(chunk);
      await new Promise((resolve) => setImmediate(resolve));
      visit.store.change({ runs: { tick: round * 1000 + i } });
    }
    await until(() => pieces().reduce((sum, { bytes }) => sum + bytes.byteLength, 0) === sent);
  }
  const most = pieces().length;
  assert.ok(most <= 30, `${most} pieces for 1,500 chunks`);
  assert.deepEqual(
    pieces().map(({ number }) => number),
    pieces().map((_, i) => i),
  );
  assert.ok(drafts(visit).length <= 3, "the draft is not written with every piece");
  const heads = visit.written.flatMap(({ runs = [] }) => runs);
  assert.ok(heads.length <= 3, `${heads.length} heads`);
  assert.equal(heads.at(-1)?.end, null);

  // Cut now, it is there as far as it came, in the same tab and in the same place.
  visit.page.dispatchEvent(new Event("beforeunload"));
  controller?.error(new TypeError("network error"));
  await run.finished;
  visit.leave();
  const store = await openDatabase(() => {});
  const [kept] = await until(async () =>
    (await store.runs(heads[0]?.draft ?? "")).length > 0 ? store.runs(heads[0]?.draft ?? "") : undefined,
  );
  assert.deepEqual(
    [kept?.end, kept?.outcome],
    [null, null],
    "what the browser broke as it left is no failure of the server",
  );
  store.close();
});
