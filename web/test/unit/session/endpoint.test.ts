import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import type { Addresses, BaseFault } from "../../../src/model/address.ts";
import type { DetectArgs } from "../../../src/model/detected.ts";
import { EndpointSession } from "../../../src/session/endpoint.ts";
import { Store } from "../../../src/state/store.ts";

const nothingGiven = {
  endpoint: undefined,
  profile: undefined,
  schema: undefined,
  models: [],
  gateway: "",
  demo: true,
};

before(() => Object.assign(globalThis, { location: { origin: "https://page.example" } }));
after(() => Reflect.deleteProperty(globalThis, "location"));

/** A session whose core says what a base stands for only when the test lets it. */
class Located {
  readonly store = new Store();
  readonly session: EndpointSession;
  /** What was sent to servers. */
  readonly asked: RequestInit[] = [];
  readonly #answers = new Map<string, (address: Addresses | BaseFault) => void>();

  constructor() {
    const core = {
      setProfile: () => {},
      detect: async ({ base, answers }: DetectArgs) => ({
        title: "",
        models: [],
        next: answers.length === 0 ? [{ path: "/v1/models", url: `${base}/v1/models`, bytes: 1000 }] : [],
        deadlineMs: 10_000,
      }),
      base: (typed: string) => new Promise((resolve) => this.#answers.set(typed, resolve)),
    } as unknown as Core;
    this.session = new EndpointSession(this.store, core, {
      demo: fetch,
      network: async (_, init) => {
        this.asked.push(init);
        return Response.json({ data: [{ id: "m" }] });
      },
      given: nothingGiven,
      lasting: false,
    });
    this.session.begin();
  }

  /** The core says what this base is; one without a dot in it is none. */
  async answer(base: string): Promise<void> {
    const completions = `${base}/v1/completions`;
    const address = { base, completions, models: `${base}/v1/models`, origin: base, host: base, notes: [] };
    this.#answers.get(base)?.(base.includes(".") ? address : { fault: "there is no host" });
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The key that a request to this server would carry. */
  keyOf(base: string): string {
    return this.session.keyFor(this.store.state.endpoint.chosen, base);
  }
}

let located: Located;

beforeEach(() => {
  located = new Located();
  const { store, session } = located;
  session.actions.chooseEndpoint(store.state.endpoint.choices.find(({ editable }) => editable)?.id ?? "");
});

test("a key typed while its server is not known yet waits for exactly that one", async () => {
  const { store, session } = located;
  session.actions.setBase("https://a.example");
  session.actions.setKey("sk-a");
  assert.equal(store.state.endpoint.hasKey, false);
  assert.equal(located.keyOf("https://a.example"), "");
  await located.answer("https://a.example");
  assert.equal(store.state.endpoint.hasKey, true);
  assert.equal(located.keyOf("https://a.example"), "sk-a");

  // Left before it was known, it is nobody's, and its box is emptied.
  session.actions.setBase("https://b.example");
  session.actions.setKey("sk-b");
  const { keyBox } = store.state.endpoint;
  session.actions.setBase("https://c.example");
  assert.equal(store.state.endpoint.keyBox, keyBox + 1);
  await located.answer("https://c.example");
  await located.answer("https://b.example");
  for (const base of ["https://b.example", "https://c.example"]) assert.equal(located.keyOf(base), "", base);
});

test("a key typed where no server is named goes to the next one that is typed, and to no other choice", async () => {
  const { store, session } = located;
  session.actions.setKey("sk-early");
  const { keyBox } = store.state.endpoint;
  session.actions.setBase("nowhere");
  await located.answer("nowhere");
  session.actions.setBase("https://a.example");
  assert.equal(store.state.endpoint.keyBox, keyBox, "what is typed stays in its box");
  await located.answer("https://a.example");
  assert.equal(located.keyOf("https://a.example"), "sk-early");

  session.actions.setBase("nowhere");
  await located.answer("nowhere");
  session.actions.setKey("sk-late");
  session.actions.chooseEndpoint("openai");
  const openai = store.state.endpoint.chosen.base;
  await located.answer(openai);
  assert.equal(located.keyOf(openai), "");
  session.actions.chooseEndpoint(store.state.endpoint.choices.find(({ editable }) => editable)?.id ?? "");
  assert.equal(store.state.endpoint.chosen.base, "nowhere", "the address that was typed is there again");
});

test("an imported text brings its own key or none, never one that waits in the box", async () => {
  const { session } = located;
  session.actions.setKey("sk-waiting");
  const adopted = session.adopt({ base: "https://a.example", profile: "", key: "", keyHeader: "" });
  await located.answer("https://a.example");
  await adopted;
  await located.answer("https://a.example");
  assert.equal(located.keyOf("https://a.example"), "");
});

test("a key that stood in a header of its own becomes an own header, and leaves with the import", async () => {
  const { session, store } = located;
  const header = (value: string) => [{ name: "Api-Key", value }];
  const headers = () => session.headersFor(store.state.endpoint.chosen, "https://b.example");
  const take = async (key: string, keyHeader: string) => {
    const adopted = session.adopt({ base: "https://b.example", profile: "", key, keyHeader });
    await located.answer("https://b.example");
    await adopted;
    await located.answer("https://b.example");
  };
  await take("canary-one", "Api-Key");
  assert.deepEqual([headers(), located.keyOf("https://b.example")], [header("canary-one"), ""]);
  assert.ok(!JSON.stringify(store.state).includes("canary-one"), "the value is not in the state");
  assert.ok(session.keys.includes("canary-one"), "those who mask keys know it");
  const { chosen } = store.state.endpoint;
  await take("canary-two", "api-key");
  assert.deepEqual(headers(), [{ name: "api-key", value: "canary-two" }], "one header of a name");
  session.abandon(chosen);
  assert.deepEqual(headers(), header("canary-one"));
});

test("forgetting all keys forgets one that waits, and empties its box", async () => {
  const { store, session } = located;
  session.actions.setKey("sk-waiting");
  const { keyBox } = store.state.endpoint;
  session.actions.clearKeys();
  assert.equal(store.state.endpoint.keyBox, keyBox + 1);
  session.actions.setBase("https://a.example");
  await located.answer("https://a.example");
  assert.equal(located.keyOf("https://a.example"), "");
});

/** Waits for what the session loads before it shows own headers. */
async function shown(): Promise<void> {
  await import("../../../src/net/own-headers.ts");
  await new Promise((resolve) => setImmediate(resolve));
}

test("own headers belong to one server, keep their values out of the state, and are forgotten with the keys", async () => {
  const { store, session } = located;
  const chosen = () => store.state.endpoint.chosen;
  session.actions.setBase("https://a.example");
  await located.answer("https://a.example");
  session.actions.setHeader(0, { name: "api-key" });
  session.actions.setHeader(0, { value: "canary-value-1" });
  session.actions.setHeader(1, { name: "Host", value: "b" });
  await shown();
  const [first, second] = store.state.endpoint.headers;
  assert.deepEqual(first, { name: "api-key", hasValue: true, fault: "" });
  assert.match(second?.fault ?? "", /browsers set it/);
  assert.ok(!JSON.stringify(store.state).includes("canary"));
  session.actions.removeHeader(1);
  assert.deepEqual(session.headersFor(chosen(), "https://a.example/v1"), [
    { name: "api-key", value: "canary-value-1" },
  ]);
  assert.deepEqual(session.headersFor(chosen(), "https://b.example/v1"), []);
  assert.ok(session.keys.includes("canary-value-1"));

  session.actions.setBase("https://b.example");
  assert.deepEqual(store.state.endpoint.headers, []);
  session.actions.setBase("https://a.example");
  await located.answer("https://a.example");
  await shown();
  assert.equal(store.state.endpoint.headers.length, 1);
  session.actions.clearKeys();
  assert.deepEqual([store.state.endpoint.headers, session.keys], [[], []]);
});

test("a server is asked nothing while a header stands there that cannot be sent", async () => {
  const { store, session } = located;
  session.actions.setBase("https://a.example");
  await located.answer("https://a.example");
  await session.models();
  const before = located.asked.length;
  assert.ok(before > 0, "it is asked");
  session.actions.setHeader(0, { name: "Host", value: "b" });
  await shown();
  await session.models();
  assert.equal(located.asked.length, before);
  session.actions.setHeader(0, { name: "x-org" });
  await shown();
  await session.models();
  assert.ok(located.asked.length > before);
  assert.equal(new Headers(located.asked.at(-1)?.headers).get("x-org"), "b");
  assert.notEqual(store.state.endpoint.headers[0]?.hasValue, false);
});

test("the gateway is told which headers it is to pass on", async () => {
  const { store, session } = located;
  session.actions.setBase("https://a.example");
  await located.answer("https://a.example");
  const gateway = { ...store.state.endpoint.chosen, id: "gateway" };
  assert.deepEqual(session.headersFor(gateway, "https://a.example"), []);
  session.actions.setHeader(0, { name: "api-key", value: "v" });
  session.actions.setHeader(1, { name: "x-org", value: "o" });
  assert.deepEqual(session.headersFor(gateway, "https://a.example").at(-1), {
    name: "Playground-Headers",
    value: "api-key, x-org",
  });
});

test("the address of a server of the list can be another one, for as long as nobody takes it back", async () => {
  const { store, session } = located;
  const chosen = () => store.state.endpoint.chosen;
  session.actions.chooseEndpoint("vllm");
  assert.equal(session.lasting.base, "");
  session.actions.setBase("http://gpu.example:8000");
  assert.deepEqual([chosen().id, chosen().base], ["vllm", "http://gpu.example:8000"]);
  session.actions.chooseEndpoint("demo");
  session.actions.chooseEndpoint("vllm");
  assert.equal(chosen().base, "http://gpu.example:8000");
  const kept = session.lasting;
  session.actions.setBase("");
  assert.equal(chosen().base, "http://localhost:8000");
  session.resume(kept);
  assert.equal(chosen().base, "http://gpu.example:8000");
});

test("version and findings belong to an endpoint, outlast a visit, and count once the core has taken them", async () => {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
  };
  Object.assign(globalThis, { localStorage });
  try {
    const rules: string[] = [];
    const core = (takes: boolean) =>
      ({
        setProfile: (name: string) => rules.push(name),
        base: () => new Promise(() => {}),
        probe: () => (takes ? Promise.resolve({}) : Promise.reject(new Error("no profile"))),
      }) as unknown as Core;
    const begin = (takes = true) => {
      const store = new Store();
      const options = { demo: fetch, network: fetch, given: { ...nothingGiven, endpoint: "vllm" }, lasting: true };
      const session = new EndpointSession(store, core(takes), options);
      session.begin();
      return { store, session, chosen: () => store.state.endpoint.chosen };
    };
    const settled = async (done: () => boolean) => {
      while (!done()) await new Promise((resolve) => setImmediate(resolve));
    };
    const { session, chosen } = begin();
    session.actions.setProfile("vllm", "0.12.0");
    assert.equal(rules.at(-1), "vllm@0.12.0");
    session.useFindings(chosen(), '{"name":"found"}');
    assert.equal(rules.at(-1), '{"name":"found"}');
    assert.equal(session.rulesOf(chosen()), "vllm@0.12.0");
    session.actions.chooseEndpoint("openai");
    assert.equal(rules.at(-1), "openai");
    await settled(() => kept.get("completion-playground.rules")?.includes("found") === true);

    const again = begin();
    assert.equal(again.chosen().probed, "", "not before the core was asked");
    await settled(() => rules.at(-1) === '{"name":"found"}');
    again.session.actions.dropFindings();
    assert.equal(rules.at(-1), "vllm@0.12.0");

    kept.set(
      "completion-playground.rules",
      JSON.stringify([
        ["vllm http://localhost:8000", "0.9", '{"old":1}'],
        ["openai https://api.openai.com", "3", ""],
      ]),
    );
    const older = begin(false);
    older.session.actions.chooseEndpoint("openai");
    await settled(() => older.chosen().version === "3");
    older.session.actions.chooseEndpoint("vllm");
    assert.equal(older.chosen().probed, "", "what the core does not take is left out");
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});
