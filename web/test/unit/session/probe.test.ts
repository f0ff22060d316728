import assert from "node:assert/strict";
import { test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import { faultOf, reached } from "../../../src/model/address.ts";
import { stringValue } from "../../../src/model/json-value.ts";
import type { ProbeArgs, ProbeQuestion, ProbeStep } from "../../../src/model/probe.ts";
import type { Fetch } from "../../../src/model/request.ts";
import { type Clock, systemClock } from "../../../src/net/clock.ts";
import { startRun } from "../../../src/net/run.ts";
import { type ProbeHost, ProbeSession } from "../../../src/session/probe.ts";
import type { ProbeState } from "../../../src/state/probe.ts";
import { headerFault, lacksKey } from "../../../src/state/ready.ts";
import { Store } from "../../../src/state/store.ts";

const base = "https://a.example";
const ids = ["a", "b", "c", "d"];

/** A core that wants four requests, two at a time. */
class Probed {
  readonly store = new Store();
  readonly asked: ProbeArgs[] = [];
  readonly waited: number[] = [];
  readonly sent: { readonly id: string; readonly headers: Record<string, string> }[] = [];
  readonly saved: [string, string][] = [];
  used = "";
  open = 0;
  most = 0;
  readonly session: ProbeSession;

  constructor(answer: (id: string, times: number) => Promise<Response> | Response) {
    const core = { probe: async (args: ProbeArgs) => this.#step(args) } as unknown as Core;
    const times = new Map<string, number>();
    const fetch: Fetch = async (url, init) => {
      assert.equal(url, `${base}/v1/completions`);
      const { id } = JSON.parse(String(init.body)) as { id: string };
      this.sent.push({ id, headers: init.headers as Record<string, string> });
      this.most = Math.max(this.most, ++this.open);
      times.set(id, 1 + (times.get(id) ?? 0));
      const aborted = new Promise<never>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      });
      try {
        return await Promise.race([answer(id, times.get(id) ?? 0), aborted]);
      } finally {
        this.open--;
      }
    };
    const host: ProbeHost = {
      located: async () => {},
      keyFor: () => "sk-secret-of-a",
      headersFor: () => [{ name: "x-own", value: "own-value-1" }],
      fetchFor: () => fetch,
      rulesOf: ({ profile }) => `${profile}@1.2`,
      useFindings: (_, profile) => {
        this.used = profile;
      },
    };
    let now = 0;
    const clock: Clock = {
      ...systemClock,
      now: () => now,
      sleep: (ms, signal) => {
        // The bound of an answer never comes.
        if (ms > 30_000)
          return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
        this.waited.push(ms);
        now += ms;
        return Promise.resolve();
      },
    };
    this.session = new ProbeSession(this.store, core, host, {
      startRun,
      clock,
      reached,
      faultOf,
      stringValue,
      lacksKey,
      headerFault,
      saveAs: (name, json) => this.saved.push([name, json]),
    });
    const address = { base, completions: `${base}/v1/completions`, models: "", origin: base, host: "a", notes: [] };
    this.store.change({ endpoint: { address, models: ["m"] } });
  }

  get state(): ProbeState {
    const { probe } = this.store.state.endpoint;
    assert.ok(probe);
    return probe;
  }

  #step(args: ProbeArgs): ProbeStep {
    this.asked.push(args);
    const answered = args.answers.map(({ id }) => id);
    const question = (id: string): ProbeQuestion => ({
      id,
      why: "",
      body: JSON.stringify({ id }),
      stream: false,
      answer: "",
    });
    const left = ids.filter((id) => !answered.includes(id));
    return {
      limits: { atOnce: 2, timeMs: 60_000, waitMs: 120_000, bytes: 1 << 20 },
      pauseMs: args.limited?.retryAfterMs ?? 0,
      budget: { requests: args.options.requests || ids.length, tokens: 16, all: 9 },
      next: args.stopped ? [] : left.slice(0, 2).map(question),
      done: left.length === 0,
      end: args.stopped ? "stopped" : "",
      account: `${answered.length} were answered`,
      rows: [],
      requests: answered.map(question),
      ...(args.whole ? { report: "{}", profile: '{"name":"x"}' } : {}),
    };
  }
}

function whole(text: string): Response {
  return Response.json({ choices: [{ index: 0, text, finish_reason: "stop" }] });
}

test("nothing is sent before consent; then two at a time, with key and own headers, each once", async () => {
  const probed = new Probed((id) => whole(id));
  await probed.session.does({ act: "open" });
  assert.equal(probed.state.phase, "asking");
  assert.deepEqual([probed.state.model, probed.state.rules], ["m", "demo@1.2"]);
  assert.equal(probed.sent.length, 0);
  await probed.session.does({ act: "start", model: " other " });
  assert.deepEqual(probed.sent.map(({ id }) => id).sort(), ids);
  assert.equal(probed.most, 2);
  const headers = probed.sent.map(({ headers }) => [headers.Authorization, headers["x-own"]]);
  assert.deepEqual(headers, Array(4).fill(["Bearer sk-secret-of-a", "own-value-1"]));
  const last = probed.asked.at(-1);
  assert.deepEqual([last?.model, last?.whole, last?.stopped], ["other", true, false]);
  assert.deepEqual(
    last?.answers.map(({ answer }) => [answer.status, answer.complete]),
    Array(4).fill([200, true]),
  );
  assert.equal(probed.state.phase, "over");
  await probed.session.does({ act: "use" });
  assert.equal(probed.used, '{"name":"x"}');
  assert.ok(!JSON.stringify([probed.store.state, probed.asked]).includes("secret"));
});

test("all fields of the server's own can be asked about, and the cost is told before", async () => {
  const probed = new Probed((id) => whole(id));
  await probed.session.does({ act: "open" });
  assert.equal(probed.state.step.budget.requests, 4);
  await probed.session.does({ act: "all", all: true });
  assert.deepEqual([probed.state.all, probed.state.step.budget.requests], [true, 9]);
  await probed.session.does({ act: "all", all: false });
  assert.deepEqual([probed.state.all, probed.state.step.budget.requests], [false, 4]);
  await probed.session.does({ act: "all", all: true });
  assert.equal(probed.sent.length, 0);
  await probed.session.does({ act: "start", model: "m" });
  assert.equal(probed.asked.at(-1)?.options.requests, 9);
});

test("what was in the way of a probe is looked at again when its window opens again", async () => {
  const probed = new Probed((id) => whole(id));
  const { store } = probed;
  const chosen = { ...store.state.endpoint.chosen, keyNeeded: "yes" as const, title: "A" };
  store.change({ endpoint: { chosen, headers: [{ name: "x-own", hasValue: false, fault: "" }] } });
  await probed.session.does({ act: "open" });
  assert.equal(probed.state.trouble, "A wants an API key.", "a header without a value is no key");
  store.change({ endpoint: { hasKey: true } });
  await probed.session.does({ act: "open" });
  assert.equal(probed.state.trouble, "");
  await probed.session.does({ act: "start", model: "m" });
  await probed.session.does({ act: "save" });
  assert.deepEqual(probed.saved, [["probe-report.json", "{}"]]);
  store.change({ endpoint: { hasKey: false } });
  await probed.session.does({ act: "open" });
  assert.equal(probed.state.phase, "over", "one that was begun stays");
});

test("a server's own words for a refusal go along, and nothing of the page's", async () => {
  const said = (id: string) =>
    id === "b" ? Response.json({ error: { message: "n is too large" } }, { status: 400 }) : whole(id);
  const probed = new Probed((id) => (id === "c" ? new Response("<html></html>", { status: 502 }) : said(id)));
  await probed.session.does({ act: "open" });
  await probed.session.does({ act: "start", model: "m" });
  const errors = (probed.asked.at(-1)?.answers ?? []).map(({ id, answer }) => [id, answer.error] as const);
  assert.deepEqual(
    new Map(errors),
    new Map([
      ["a", undefined],
      ["b", "n is too large"],
      ["c", "The gateway did not get an answer"],
      ["d", undefined],
    ]),
  );
});

test("a rate limit is waited for, is no answer, and ends the probe where it lasts", async () => {
  const limit = (seconds: number) => new Response("{}", { status: 503, headers: { "Retry-After": String(seconds) } });
  const probed = new Probed((id, times) => (id === "b" && times < 3 ? limit(3) : whole(id)));
  await probed.session.does({ act: "open" });
  await probed.session.does({ act: "start", model: "m" });
  assert.deepEqual(probed.waited, [1000, 1000, 1000, 1000, 1000, 1000]);
  assert.deepEqual(
    probed.asked
      .at(-1)
      ?.answers.map(({ id }) => id)
      .sort(),
    ids,
  );
  assert.equal(probed.sent.filter(({ id }) => id === "b").length, 3);

  const lasting = new Probed((id) =>
    id === "a" ? new Response("{}", { status: 429, headers: { "Retry-After": "900" } }) : whole(id),
  );
  await lasting.session.does({ act: "open" });
  await lasting.session.does({ act: "start", model: "m" });
  assert.deepEqual(lasting.waited, []);
  assert.equal(lasting.asked.at(-1)?.answers.find(({ id }) => id === "a")?.answer.status, 429);
});

test("a stop cuts what is under way, keeps what was answered, and can be taken back", async () => {
  const held: (() => void)[] = [];
  const probed = new Probed((id) =>
    id === "a" || held.length === 2 ? whole(id) : new Promise((resolve) => held.push(() => resolve(whole(id)))),
  );
  await probed.session.does({ act: "open" });
  const over = probed.session.does({ act: "start", model: "m" });
  while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await probed.session.does({ act: "stop" });
  await over;
  assert.equal(probed.open, 0, "nothing is left under way");
  assert.equal(probed.state.step.end, "stopped");
  assert.deepEqual(
    probed.asked.at(-1)?.answers.map(({ id }) => id),
    ["a"],
  );
  await probed.session.does({ act: "start", model: "another" });
  assert.deepEqual(
    probed.asked
      .at(-1)
      ?.answers.map(({ id }) => id)
      .sort(),
    ids,
  );
  assert.equal(probed.asked.at(-1)?.model, "m", "the model of what was answered");
});

test("a key in an answer stands nowhere, and an answer that is too long is none", async () => {
  const long = "x".repeat(1 << 21);
  const probed = new Probed((id) => (id === "a" ? whole("sk-secret-of-a") : id === "b" ? whole(long) : whole(id)));
  await probed.session.does({ act: "open" });
  await probed.session.does({ act: "start", model: "m" });
  const { answers } = probed.asked.at(-1) as ProbeArgs;
  assert.equal(answers.find(({ id }) => id === "b")?.answer.complete, false);
  assert.ok(!JSON.stringify(answers).includes("sk-secret"));
});
