// The compiled core in its forms (build/wasm.go): as Go's linker made it, packed, frozen after its start, and that in two
// halves, of which the second may come at any time. Random calls have to get the same answers from all.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mock, test } from "node:test";
import { Engine, Refusal, RestNeeded } from "../../src/core/engine.ts";
import { rounds } from "../rounds.ts";
import { Random } from "./random.ts";
import { readSections, setting } from "./support.ts";

const folder = dirname(setting("PLAYGROUND_WASM"));
const root = setting("PLAYGROUND_ROOT");
const profiles = readdirSync(join(root, "schema", "profiles")).map((name) => name.replace(/\.json$/, ""));

const members = [
  '"model": "m"',
  'prompt: "x"',
  '"prompt": [[1,2],[3]]',
  '"max_tokens": 1e1',
  '"maxTokens": 5',
  '"temperature": 3',
  '"temprature":1',
  "'stop': ['a']",
  '"stop": [1,2',
  '"logit_bias": {"50256": -101}',
  '"n": 2',
  '"best_of": 1',
  '"stream": true',
  "// c\n",
  '"seed": 99999999999999999999',
  '"suffix": null',
  '"user": "é🙂"',
  "}",
  "{",
];

/** Whole texts that something has to be made of: what other languages hold. */
const pasted = readdirSync(join(root, "core", "testdata", "imports"))
  .filter((name) => name.endsWith(".txtar"))
  .map(
    (name) => readSections(readFileSync(join(root, "core", "testdata", "imports", name), "utf8")).get("input") ?? "",
  );

function randomText(random: Random): string {
  if (random.oneIn(12)) return random.pick(pasted);
  let text = "{";
  for (let n = random.below(7); n >= 0; n--) text += `${random.pick(members)}, `;
  if (random.oneIn(300)) text += `"prompt": "${"a\\n".repeat(100_000)}"`; // garbage enough to be collected
  return random.oneIn(5) ? text : `${text}}`;
}

/** Every call that the page makes, some more often than others. */
const calls: readonly ((engine: Engine, random: Random) => unknown)[] = [
  (engine) => [engine.check(), engine.members()],
  (engine) => engine.edit({ op: "fix-all" }),
  (engine) => engine.edit({ op: "format" }),
  (engine, random) => engine.edit({ op: "set", path: "/top_p", value: random.pick(["0.5", '"x"', "null"]) }),
  (engine, random) => engine.edit({ op: "unset", path: random.pick(["/n", "/prompt/0", "/stop"]) }),
  (engine, random) => engine.change([{ from: random.below(4), to: 4, insert: random.pick(["", " ", '"', "é"]) }]),
  (engine, random) => engine.body(random.oneIn(2)),
  (engine) =>
    engine.snippet({ base: "https://api.example.com/v1", hasKey: true, force: true, language: "python-openai" }),
  (engine) => engine.build({ base: "https://api.example.com/v1", hasKey: false, force: true }),
  (engine, random) => engine.import(random.pick(pasted)),
  (engine, random) => engine.profile(random.pick(profiles)),
  (engine, random) => engine.versions(random.pick(profiles)),
  (engine, random) => engine.base(random.pick(["localhost:8000", "https://bücher.example/v1", "ftp://x", ""])),
  (engine, random) => engine.tokens(random.pick(members)),
  (engine, random) => engine.detect({ base: "http://localhost:8000", all: random.oneIn(2), answers: [] }),
  (engine, random) => answerOf(engine, random.below(1000)),
];

/** A whole answer of the demo model, without its time and the name that comes of it. */
function answerOf(engine: Engine, seed: number): string {
  const body = { model: "demo-fast", prompt: ["Once"], max_tokens: 12, seed, stream: seed % 2 === 0, logprobs: 2 };
  const { id } = engine.demoOpen(JSON.stringify(body));
  let text = "";
  for (let step = engine.demoNext(id); !step.done; step = engine.demoNext(id))
    text += new TextDecoder().decode(step.data);
  engine.demoClose(id);
  return text.replace(/"created":\d+|"cmpl-\w+"/g, "");
}

const compiled = (form: string) => WebAssembly.compile(readFileSync(join(folder, form)));

/** A hash of everything that a core answers to random calls. */
async function transcript(forms: readonly string[], count: number): Promise<{ hash: string; refused: number }> {
  const [module, rest] = await Promise.all(forms.map(compiled));
  const engine = await Engine.start(module as WebAssembly.Module, rest);
  const random = new Random(17);
  const hash = createHash("sha256");
  let refused = 0;
  for (let i = 0; i < count; i++) {
    engine.setText(randomText(random));
    for (let n = random.below(4); n >= 0; n--) {
      const call = random.pick(calls);
      try {
        hash.update(JSON.stringify(call(engine, random)) ?? "");
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused++;
        hash.update(error.message);
      }
    }
  }
  return { hash: hash.digest("hex"), refused };
}

test("the core gives the same answers in all its forms", async (t) => {
  mock.method(crypto, "getRandomValues", (array: Int32Array) => array.fill(7));
  t.after(() => mock.restoreAll());
  const count = rounds(400);
  const linked = await transcript(["linked.wasm"], count);
  assert.deepEqual(await transcript(["plain.wasm"], count), linked, "packed");
  assert.deepEqual(await transcript(["whole.wasm"], count), linked, "frozen");
  assert.deepEqual(await transcript(["core.wasm", "rest.wasm"], count), linked, "in halves");
  assert.ok(linked.refused < count, "most calls make sense");
  t.diagnostic(`${count} texts, ${linked.refused} refusals`);
});

test("the first half answers as the whole does, or ends", async (t) => {
  const [first, rest] = await Promise.all([compiled("core.wasm"), compiled("rest.wasm")]);
  const whole = await Engine.start(await compiled("whole.wasm"));
  let half = await Engine.start(first);
  if (half.whole) {
    t.diagnostic("the toolchain did not allow for halves");
    return;
  }
  const random = new Random(23);
  const ended = new Map<string, number>();
  let answered = 0;
  for (let i = 0; i < rounds(300); i++) {
    const text = random.oneIn(4) ? randomText(random) : `{"model": "m", ${random.pick(members)}, "prompt": ["x"]}`;
    const asked = random.pick(["check", "fix-all", "body", "import"] as const);
    const ask = (engine: Engine): unknown => {
      engine.setText(text);
      if (asked === "check") return [engine.check(), engine.members()];
      if (asked === "fix-all") return engine.edit({ op: "fix-all" });
      return asked === "body" ? engine.body(true) : engine.import(text);
    };
    try {
      const answer = ask(half);
      assert.deepEqual(answer, ask(whole), text);
      answered++;
    } catch (error) {
      assert.ok(error instanceof RestNeeded, String(error));
      assert.ok(half.dead);
      assert.throws(() => half.check(), RestNeeded, "it stays so");
      await assert.rejects(
        half.complete(rest).then(() => half.check()),
        RestNeeded,
        "what has ended is not mended",
      );
      ended.set(asked, (ended.get(asked) ?? 0) + 1);
      half = await Engine.start(first);
      if (asked === "import") continue;
      const later = await Engine.start(first, rest);
      assert.deepEqual(ask(later), ask(whole), text);
    }
  }
  const more = [...ended].map(([call, n]) => `${n} × ${call}`).join(", ");
  t.diagnostic(`${answered} answers of the first half alone; it ended for ${more}`);
  assert.ok(ended.get("import"), "what other programs hold is in the second half");
  assert.ok(answered > 3 * ((ended.get("check") ?? 0) + (ended.get("fix-all") ?? 0) + (ended.get("body") ?? 0)));
});

test("the second half may come in the middle of the work", async () => {
  const [first, rest] = await Promise.all([compiled("core.wasm"), compiled("rest.wasm")]);
  const engine = await Engine.start(first);
  engine.profile("demo");
  engine.setText('{"model":"m","prompt":["x"],"n":0}');
  const before = [engine.check(), engine.members()];
  await Promise.all([engine.complete(rest), engine.complete(rest)]);
  assert.ok(engine.whole);
  assert.deepEqual([engine.check(), engine.members()], before);
  assert.equal(engine.import("curl http://x/v1/completions -d '{}'")?.kind, "curl");
  assert.deepEqual([engine.check(), engine.members()], before);
});

test("a frozen core begins as a new one, each time", async (t) => {
  const file = readFileSync(join(folder, "whole.wasm"));
  const module = await WebAssembly.compile(file);
  if (file.equals(readFileSync(join(folder, "plain.wasm")))) {
    t.diagnostic("the toolchain did not allow for a frozen core");
    return;
  }
  assert.equal(WebAssembly.Module.customSections(module, "frozen").length, 1);
  const first = await Engine.start(module);
  first.profile("openai");
  first.setText('{"model":"m","prompt":["x"],"top_k":1}');
  const before = first.check();
  const second = await Engine.start(module);
  assert.throws(() => second.members(), Refusal, "no text has been checked");
  second.setText('{"model":"m","prompt":["x"],"n":0}');
  assert.ok(second.check().issues.some(({ field }) => field === "n"));
  assert.deepEqual(first.check(), before, "instances share nothing");
});
