import assert from "node:assert/strict";
import { test } from "node:test";
import { type Engine, EngineDied, Refusal } from "../../src/core/engine.ts";
import { EngineHost } from "../../src/core/engine-host.ts";
import { keptMemory, maxTextUnits } from "../../src/core/limits.ts";
import type { FromWorker, Sync } from "../../src/core/messages.ts";
import type { CheckResult } from "../../src/model/verdict.ts";
import { coreModule, ruin, startEngine, withMemory } from "./support.ts";

const valid = '{"model":"m","prompt":["x"],"max_tokens":5}';
/** A module with a section "frozen" that says nothing, and nothing else. */
const frozenWithoutProgram = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[0, 9, 6, ...new TextEncoder().encode("frozen{}")],
]);
const endpoint = { base: "https://api.example.com", hasKey: true, force: false };

test("a text is checked, and its members are told with their digits", async () => {
  const engine = await startEngine();
  engine.setText('{"model":"m","prompt":["x"],"seed":9007199254740993,"maxTokens":5}');
  const result = engine.check();
  assert.equal(result.ok, true);
  assert.equal(result.dialect, "json");
  const members = engine.members();
  const seed = members.find((member) => member.field === "seed");
  assert.equal(seed?.json, "9007199254740993");
  assert.ok(members.some((member) => member.field === "max_tokens"));
  assert.equal(engine.body(false), '{"model":"m","prompt":["x"],"max_tokens":5,"seed":9007199254740993}');
});

test("text of every width crosses unchanged", async () => {
  const engine = await startEngine();
  for (const piece of ["a", "é", "漢", "😀", "a漢😀", "\u0000\u2028"]) {
    for (const times of [0, 1, 100, 70_000]) {
      const prompt = piece.repeat(times);
      engine.setText(JSON.stringify({ model: "m", prompt: [prompt], max_tokens: 1 }));
      const body = JSON.parse(engine.body(false)) as { prompt: string[] };
      assert.ok(body.prompt[0] === prompt, `${JSON.stringify(piece)} × ${times}`);
    }
  }
});

test("lone surrogates become U+FFFD and keep places right", async () => {
  const engine = await startEngine();
  const text = `{"model":"\ud800","prompt":["x"],"n":0}`;
  engine.setText(text);
  const issue = engine.check().issues.find(({ severity }) => severity === "error");
  assert.equal(issue?.field, "n");
  assert.equal(text.slice(issue.span.start.utf16, issue.span.end.utf16), "0");
});

test("changes give the same text as setting it anew", async () => {
  const engine = await startEngine();
  engine.setText('{"model":"m","prompt":["漢字😀"],"max_tokens":5}');
  // All offsets are against the old text.
  assert.equal(
    engine.change([
      { from: 10, to: 11, insert: "中😀" },
      { from: 24, to: 26, insert: "" },
      { from: 28, to: 28, insert: "é" },
    ]),
    true,
  );
  assert.equal(engine.body(true), '{"model":"中😀","prompt":["😀é"],"max_tokens":5}');
});

test("random changes agree with JavaScript's own strings", async () => {
  const engine = await startEngine();
  const pieces = ["a", "é", "漢", "😀", '"', "{", "\r\n", ""];
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  // Code points, so that no change cuts a surrogate pair; the client sends the whole text then.
  let points = [..."{漢😀}"];
  engine.setText(points.join(""));
  for (let i = 0; i < 500; i++) {
    const from = random(points.length + 1);
    const to = Math.min(points.length, from + random(3));
    const insert = pieces[random(pieces.length)] ?? "";
    const from16 = points.slice(0, from).join("").length;
    const to16 = points.slice(0, to).join("").length;
    assert.equal(engine.change([{ from: from16, to: to16, insert }]), true);
    points = [...points.slice(0, from), ...insert, ...points.slice(to)];
    assert.equal(engine.body(true), points.join(""));
  }
});

test("a change that does not fit the text is declined and alters nothing", async () => {
  const engine = await startEngine();
  engine.setText('{"😀');
  assert.equal(engine.change([{ from: 3, to: 4, insert: "x" }]), false, "between the halves of a pair");
  assert.equal(engine.change([{ from: 4, to: 9, insert: "x" }]), false, "beyond the end");
  assert.equal(engine.change([{ from: 2, to: 1, insert: "x" }]), false, "backwards");
  assert.equal(engine.body(true), '{"😀');
});

test("too much text is refused with an issue, and not copied", async () => {
  const engine = await startEngine();
  const texts = { units: " ".repeat(maxTextUnits + 1), bytes: "漢".repeat(maxTextUnits / 2) };
  for (const [what, text] of Object.entries(texts)) {
    engine.setText(text);
    const { issues, ok } = engine.check();
    assert.deepEqual([ok, issues.map(({ code }) => code)], [false, ["too-large"]], what);
    assert.equal(engine.change([{ from: 0, to: 0, insert: "x" }]), false, "nothing is held to change");
    assert.throws(() => engine.body(true), Refusal);
  }
  engine.setText(valid);
  assert.equal(engine.check().ok, true, "and the next text is checked as ever");
});

test("the largest text is still read", async () => {
  const engine = await startEngine();
  const frame = '{"model":"m","max_tokens":1,"prompt":[""]}';
  engine.setText(frame.replace('""', `"${"a".repeat(maxTextUnits - frame.length)}"`));
  assert.equal(engine.check().ok, true);
});

test("edits come back as places in the text", async () => {
  const engine = await startEngine();
  engine.setText('{"model":"😀","prompt":["x"],"n":1}');
  const edits = engine.edit({ op: "set", path: "/n", value: "2" });
  assert.equal(edits.length, 1);
  assert.deepEqual([edits[0]?.start16, edits[0]?.end16, edits[0]?.text], [33, 34, "2"]);
  assert.throws(() => engine.edit({ op: "set", path: "nowhere", value: "2" }), Refusal);
  assert.throws(() => engine.edit({ op: "set", path: "/n", value: "{" }), Refusal);
});

test("a request is built without the key, and only for a text without errors", async () => {
  const engine = await startEngine();
  engine.setText(valid);
  const request = engine.build(endpoint);
  assert.deepEqual(request, {
    method: "POST",
    url: "https://api.example.com/v1/completions",
    headers: [
      { name: "Content-Type", value: "application/json" },
      { name: "Accept", value: "application/json" },
    ],
    body: '{"model":"m","prompt":["x"],"max_tokens":5}',
  });
  assert.match(engine.snippet({ ...endpoint, language: "curl" }).text, /\$API_KEY/);
  assert.doesNotMatch(engine.snippet({ ...endpoint, hasKey: false, language: "curl" }).text, /API_KEY/);
  engine.setText("{");
  assert.throws(() => engine.build(endpoint), /still has errors/);
  assert.equal(engine.build({ ...endpoint, force: true }).body, "{");
  assert.throws(() => engine.build({ ...endpoint, base: "nowhere", force: true }), Refusal);
});

test("an unknown profile is declined and the old one stays", async () => {
  const engine = await startEngine();
  engine.setText(valid);
  assert.throws(() => engine.profile("nobody"), Refusal);
  assert.equal(engine.check().ok, true);
  engine.profile("openai");
  assert.equal(engine.check().ok, true);
});

test("the demo's tokens join to the text", async () => {
  const engine = await startEngine();
  const tokens = engine.tokens("Once upon a time");
  assert.equal(tokens.map(({ text }) => text).join(""), "Once upon a time");
});

test("the demo answers step by step and ends", async () => {
  const engine = await startEngine();
  const body = { model: "demo-fast", prompt: ["Once upon a time"], max_tokens: 8, seed: 7, stream: true };
  const { id, status } = engine.demoOpen(JSON.stringify(body));
  assert.equal(status, 200);
  let text = "";
  let steps = 0;
  for (let step = engine.demoNext(id); !step.done; step = engine.demoNext(id)) {
    text += new TextDecoder().decode(step.data);
    steps++;
  }
  assert.ok(steps > 4, `${steps} steps`);
  assert.ok(text.endsWith("data: [DONE]\n\n"));
  engine.demoClose(id);
  assert.equal(engine.demoNext(id).done, true);
});

test("an instance that ended is never believed again", async () => {
  const engine = await killed();
  assert.equal(engine.dead, true);
  assert.throws(() => engine.check(), EngineDied);
  assert.throws(() => engine.setText(valid), EngineDied);
  assert.throws(() => engine.build(endpoint), EngineDied);
});

test("a host whose engine ended says so once and then nothing", async () => {
  const said: FromWorker[] = [];
  const host = new EngineHost(
    (message) => said.push(message),
    () => coreModule(),
  );
  const { memory } = await withMemory(async () => host.receive({ kind: "open", wasm: "" }));
  ruin(memory);
  const sync = { kind: "text", text: "" } as const;
  await host.receive({ kind: "call", session: 1, id: 1, sync, call: { name: "tokens", args: "x" } });
  await host.receive({ kind: "call", session: 1, id: 2, call: { name: "check", args: null } });
  assert.deepEqual(
    said.map(({ kind }) => kind),
    ["hello", "ready", "dead"],
  );
});

test("a core that does not come to life has another form, and one that does not arrive has none", async () => {
  const broken = new WebAssembly.Module(frozenWithoutProgram);
  const opened = async (wasm: Promise<WebAssembly.Module>): Promise<FromWorker[]> => {
    const said: FromWorker[] = [];
    const host = new EngineHost(
      (message) => said.push(message),
      (url) => (url === "plain" ? coreModule() : wasm),
    );
    await host.receive({ kind: "open", wasm: "core", plain: "plain" });
    const sync = { kind: "text", text: "" } as const;
    await host.receive({ kind: "call", session: 1, id: 1, sync, call: { name: "tokens", args: "x" } });
    return said;
  };
  const found = await opened(Promise.resolve(broken));
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ["hello", "ready", "answer"],
  );
  const missing = await opened(Promise.reject(new Error("You are offline.")));
  assert.deepEqual(missing.slice(1), [{ kind: "failed", reason: "You are offline." }]);
});

test("a host asks for the text when a change does not fit what it has", async () => {
  const said: FromWorker[] = [];
  const host = new EngineHost(
    (message) => said.push(message),
    () => coreModule(),
  );
  await host.receive({ kind: "open", wasm: "" });
  const sync = { kind: "changes", batches: [[{ from: 5, to: 5, insert: "x" }]] } as const;
  await host.receive({ kind: "call", session: 1, id: 1, sync, call: { name: "check", args: null } });
  assert.deepEqual(said.at(-1), { kind: "resync", id: 1 });
});

test("sessions take turns with a host, each with its own text and profile", async () => {
  const said: FromWorker[] = [];
  const host = new EngineHost(
    (message) => said.push(message),
    () => coreModule(),
  );
  await host.receive({ kind: "open", wasm: "" });
  let id = 0;
  const turn = async (session: number, sync?: Sync, profile?: string): Promise<string> => {
    const more = { ...(sync && { sync }), ...(profile !== undefined && { profile }) };
    await host.receive({ kind: "call", session, id: ++id, call: { name: "check", args: null }, ...more });
    const last = said.at(-1);
    if (last?.kind !== "answer") return last?.kind ?? "";
    return (last.value as CheckResult).issues.map((issue) => `${issue.code} ${issue.field}`).join();
  };
  const text = (more: string): Sync => ({
    kind: "text",
    text: `{"model":"m","prompt":["x"],"max_tokens":5,"top_p":1${more}}`,
  });
  const change: Sync = { kind: "changes", batches: [[{ from: 0, to: 0, insert: " " }]] };
  assert.equal(await turn(1), "resync", "nobody has a text at first");
  assert.equal(await turn(1, text(""), "tgi"), "soft-limit model,soft-limit top_p");
  assert.equal(await turn(1, change), "soft-limit model,soft-limit top_p");
  assert.equal(await turn(2), "resync");
  assert.equal(await turn(1, change), "soft-limit model,soft-limit top_p", "who is refused takes nothing away");
  assert.equal(await turn(2, text(',"n":0'), ""), "out-of-range n");
  assert.equal(await turn(2, change), "out-of-range n");
  assert.equal(await turn(1, change), "resync");
  assert.equal(await turn(1), "resync", "until the whole text comes");
  assert.equal(await turn(2, undefined, "no such profile"), "refused");
  assert.equal(await turn(2), "out-of-range n", "one's own profile goes on");
  assert.equal(await turn(1, text(""), "no such profile"), "refused");
  assert.equal(await turn(1), "resync", "and not another's");
  assert.equal(await turn(1, text(""), "tgi"), "soft-limit model,soft-limit top_p");
  assert.equal(await turn(1, { kind: "changes", batches: [[{ from: 500, to: 500, insert: "x" }]] }), "resync");
  assert.equal(await turn(1), "resync", "what does not fit leaves no text");
  host.close();
});

test("memory that a large text took is given back with the next small one, and nothing is forgotten", async () => {
  const said: FromWorker[] = [];
  const host = new EngineHost(
    (message) => said.push(message),
    () => coreModule(),
  );
  await host.receive({ kind: "open", wasm: "" });
  const call = { name: "check", args: null } as const;
  const large = `{"model":"m","prompt":["${"\u0007".repeat(2 << 20)}"],"top_p":1}`;
  await host.receive({ kind: "call", session: 1, id: 1, profile: "tgi", sync: { kind: "text", text: large }, call });
  assert.ok((await host.memoryBytes()) > keptMemory, "the large text took less than is kept");
  // As long as it is the text, its instance stays, and changes to it arrive.
  const change = { kind: "changes", batches: [[{ from: 0, to: 0, insert: " " }]] } as const;
  await host.receive({ kind: "call", session: 1, id: 2, sync: change, call });
  assert.equal(said.at(-1)?.kind, "answer");
  assert.ok((await host.memoryBytes()) > keptMemory);

  const small = '{"model":"m","prompt":["x"],"max_tokens":5,"top_p":1}';
  const verdict = async (id: number, sync?: Sync): Promise<string> => {
    const profile = sync?.kind === "text" && { profile: "tgi" };
    await host.receive({ kind: "call", session: 1, id, ...(sync && { sync }), ...profile, call });
    const last = said.at(-1);
    if (last?.kind !== "answer") return last?.kind ?? "";
    return (last.value as CheckResult).issues.map((issue) => `${issue.code} ${issue.field}`).join();
  };
  const expected = "soft-limit model,soft-limit top_p";
  assert.equal(await verdict(3, { kind: "text", text: small }), expected);
  assert.ok((await host.memoryBytes()) <= keptMemory, "the memory of the large text is kept");
  assert.equal(await verdict(4, change), "resync");
  assert.equal(await verdict(5), "resync");
  assert.equal(await verdict(6, { kind: "text", text: small }), expected);
  assert.equal(await verdict(7, change), expected);
  // Messages that arrive while the new instance starts are answered by it, in their order.
  await host.receive({ kind: "call", session: 1, id: 8, sync: { kind: "text", text: large }, call });
  const from = said.length;
  await Promise.all([9, 10, 11].map((id) => verdict(id, { kind: "text", text: small })));
  assert.deepEqual(
    said.slice(from).map((message) => [message.kind, "id" in message ? message.id : 0]),
    [9, 10, 11].map((id) => ["answer", id]),
  );
  assert.ok((await host.memoryBytes()) <= keptMemory);
  host.close();
});

test("a core that cannot be loaded is reported with its reason", async () => {
  const said: FromWorker[] = [];
  const host = new EngineHost(
    (message) => said.push(message),
    () => Promise.reject(new Error("no such file")),
  );
  await host.receive({ kind: "open", wasm: "" });
  assert.deepEqual(said.at(-1), { kind: "failed", reason: "no such file" });
});

async function killed(): Promise<Engine> {
  const { started: engine, memory } = await withMemory(startEngine);
  engine.setText(valid);
  ruin(memory);
  assert.throws(() => engine.tokens("x"), EngineDied);
  return engine;
}
