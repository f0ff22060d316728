// The compiled core in its three forms (build/wasm.go): as Go's linker made it, packed, and frozen after its start. Random
// calls have to get the same answers from all.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mock, test } from "node:test";
import { Engine, Refusal } from "../../src/core/engine.ts";
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

/** A hash of everything that a core answers to random calls. */
async function transcript(form: string, count: number): Promise<{ hash: string; refused: number }> {
  const engine = await Engine.start(await WebAssembly.compile(readFileSync(join(folder, form))));
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
  const count = rounds(500);
  const linked = await transcript("linked.wasm", count);
  assert.deepEqual(await transcript("plain.wasm", count), linked, "packed");
  assert.deepEqual(await transcript("core.wasm", count), linked, "frozen");
  assert.ok(linked.refused < count, "most calls make sense");
  t.diagnostic(`${count} texts, ${linked.refused} refusals`);
});

test("a frozen core begins as a new one, each time", async (t) => {
  const file = readFileSync(join(folder, "core.wasm"));
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
