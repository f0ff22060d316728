import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import type { Detected } from "../../../src/model/detected.ts";
import type { CheckResult } from "../../../src/model/verdict.ts";
import type { EndpointSession } from "../../../src/session/endpoint.ts";
import { RunSession } from "../../../src/session/runs.ts";
import type { TextSession } from "../../../src/session/text.ts";
import { demoEndpoint, type EndpointChoice } from "../../../src/state/choices.ts";
import { running } from "../../../src/state/runs.ts";
import { Store } from "../../../src/state/store.ts";

const ok: CheckResult = { ok: true, issues: [], changes: [], members: [], dialect: "json", micros: 1 };
const bad: CheckResult = {
  ...ok,
  ok: false,
  issues: [
    {
      code: "x",
      severity: "error",
      path: "/n",
      field: "n",
      rule: "",
      span: { start: { byte: 0, utf16: 0, line: 3, column: 1 }, end: { byte: 1, utf16: 1, line: 3, column: 2 } },
      message: "got 300, want at most 128",
    },
  ],
};

function endpoint(base: string): EndpointChoice {
  return { ...demoEndpoint(), id: base, base };
}

/** A session whose text, core and servers do what the test says. */
class Sending {
  readonly store = new Store();
  /** What reached a server: whose, where to, and the Authorization header. */
  readonly received: string[] = [];
  readonly remembered: string[] = [];
  /** What the core says of the text, once the test calls it. */
  judge: (result: CheckResult) => void = () => {};
  /** What servers answer with. */
  status = 200;
  /** What the form holds that cannot be read. */
  unread = "";
  readonly session: RunSession;

  constructor() {
    const core = {
      onState: () => () => {},
      build: async ({ base }: { base: string }) => ({ method: "POST", url: `${base}/v1`, headers: [], body: "{}" }),
    } as unknown as Core;
    const endpoints = {
      headersFor: () => [],
      keyFor: ({ base }: EndpointChoice) => `key-of-${new URL(base).host}`,
      fetchFor:
        ({ base }: EndpointChoice) =>
        async (url: string, init: RequestInit) => {
          this.received.push(`${base}: ${url} ${new Headers(init.headers).get("Authorization")}`);
          if (this.status !== 200) return new Response("{}", { status: this.status });
          return new Response('data: {"choices": [{"text": "a", "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n', {
            headers: { "Content-Type": "text/event-stream" },
          });
        },
      remember: ({ base }: EndpointChoice) => this.remembered.push(base),
      located: () => Promise.resolve(),
    } as unknown as EndpointSession;
    const verdict = new Promise<CheckResult>((resolve) => {
      this.judge = resolve;
    });
    const text = { settled: () => verdict } as unknown as TextSession;
    this.session = new RunSession(this.store, core, text, endpoints, () => this.unread);
  }

  choose(base: string): void {
    this.store.change({ endpoint: { chosen: endpoint(base) } });
  }

  /** Resolves when Send has done what it does. */
  sent(): Promise<void> {
    return new Promise((resolve) => {
      const end = this.store.subscribe(({ runs }) => {
        if (runs.sending) return;
        end();
        resolve();
      });
    });
  }
}

let sending: Sending;

beforeEach(() => {
  // Nobody looks at the page here.
  Object.assign(globalThis, { requestAnimationFrame: () => 1, cancelAnimationFrame: () => {} });
  sending = new Sending();
  sending.choose("https://a.example");
});

afterEach(() => {
  sending.session.close();
  for (const name of ["requestAnimationFrame", "cancelAnimationFrame"]) Reflect.deleteProperty(globalThis, name);
});

test("a request goes where it was sent to, with that server's key, whatever is chosen meanwhile", async () => {
  const { store, session, received, remembered } = sending;
  session.actions.send(false);
  assert.equal(store.state.runs.sending, true);
  sending.choose("https://b.example");
  const sent = sending.sent();
  sending.judge(ok);
  await sent;
  await store.state.runs.entries[0]?.run.finished;
  assert.deepEqual(received, ["https://a.example: https://a.example/v1 Bearer key-of-a.example"]);
  assert.deepEqual(remembered, ["https://a.example"]);
});

test("a server that wants a key is the one that was asked, and no other that is chosen meanwhile", async () => {
  const { store, session } = sending;
  const found = { kind: "x", version: "", models: [{ id: "m" }], refused: false } as unknown as Detected;
  store.change({ endpoint: { found } });
  sending.status = 401;
  const refused = async (meanwhile: string) => {
    sending.choose("https://a.example");
    session.actions.send(false);
    const sent = sending.sent();
    sending.judge(ok);
    await sent;
    sending.choose(meanwhile);
    await store.state.runs.entries[0]?.run.finished;
    return store.state.endpoint.found?.refused;
  };
  assert.equal(await refused("https://b.example"), false);
  assert.equal(await refused("https://a.example"), true);
});

test("sending changes nothing that the form reads of the text and the endpoint", async () => {
  const { store, session } = sending;
  const before = store.state;
  session.actions.send(false);
  const sent = sending.sent();
  sending.judge(ok);
  await sent;
  await store.state.runs.entries[0]?.run.finished;
  for (const name of ["text", "endpoint", "core", "editor"] as const)
    assert.equal(store.state[name], before[name], name);
  assert.equal(store.state.view.tab, "answer");
  assert.equal(running(store.state.runs), false);
  assert.equal(store.state.runs.shownId, store.state.runs.entries[0]?.id);
});

test("a text with errors is refused with the first of them, and sent where one insists", async () => {
  const { store, session, received } = sending;
  sending.judge(bad);
  const refused = sending.sent();
  session.actions.send(false);
  assert.equal(store.state.runs.sending, true);
  await refused;
  assert.deepEqual(store.state.runs.refusal, {
    message: "Not sent: 1 error to mend. The first, in line 3: n: got 300, want at most 128.",
    canForce: true,
  });
  assert.deepEqual(received, []);
  const sent = sending.sent();
  session.actions.send(true);
  await sent;
  await store.state.runs.entries[0]?.run.finished;
  assert.equal(store.state.runs.refusal, undefined);
  assert.equal(received.length, 1);
});

test("a form that holds what cannot be read is told before anything is sent", async () => {
  const { store, session, received } = sending;
  sending.unread = "Seed in the form is no number.";
  sending.judge(ok);
  const refused = sending.sent();
  session.actions.send(false);
  await refused;
  assert.deepEqual(store.state.runs.refusal, { message: `Not sent: ${sending.unread}`, canForce: true });
  assert.deepEqual(received, []);
  const sent = sending.sent();
  session.actions.send(true);
  await sent;
  await store.state.runs.entries[0]?.run.finished;
  assert.equal(received.length, 1);
});
