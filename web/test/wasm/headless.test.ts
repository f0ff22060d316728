// The core without a page: one instance for all calls, and another where that one ended or grew. That its answers are those of
// the Go core is for the tests of the package to say (web/test/packages).

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptMemory } from "../../src/core/limits.ts";
import { body, check, fix, importRequest, set, snippet, stream } from "../../src/headless/headless.ts";
import { core, open } from "../../src/headless/open.ts";
import { coreModule, ruin, withMemory } from "./support.ts";

const small = '{"model":"m","prompt":["x"],"max_tokens":5,"top_k":1}';
const codes = (profile?: string): readonly string[] =>
  check(small, profile === undefined ? {} : { profile }).issues.map(({ code }) => code);

test("one core serves all calls, each with its own text and profile", async () => {
  assert.throws(() => core(""), /call init\(\)/);
  let asked = 0;
  const source = async (): Promise<WebAssembly.Module> => {
    asked++;
    return coreModule();
  };
  await Promise.all([open(source), open(source)]);
  await open(source);
  assert.equal(asked, 1);
  const usual = codes();
  assert.deepEqual(codes("openai"), ["unknown-field"]);
  assert.equal(fix("{model: 'm', prompt: ['x'],}").text, '{"model": "m", "prompt": ["x"]}');
  assert.deepEqual(codes(), usual, "what was asked in between does not count");
  assert.equal(body(set(small, "/top_k", 2).text), '{"model":"m","prompt":["x"],"max_tokens":5,"top_k":2}');
  assert.equal(importRequest("so it is"), null);
  const code = snippet(small, { language: "python-openai", base: "https://api.example.com", profile: "vllm" });
  assert.match(code.text, /api_key=os\.environ\["API_KEY"\][\s\S]*extra_body=\{\s*"top_k": 1,/);
  assert.deepEqual(JSON.parse(importRequest(code.text)?.text ?? ""), JSON.parse(small));
  assert.doesNotMatch(
    snippet(small, { language: "curl", base: "https://api.example.com", key: false, profile: "vllm" }).text,
    /KEY/,
  );
  assert.throws(() => snippet("{", { language: "curl", base: "https://api.example.com" }));
});

test("memory that a large text took is given back by init()", async () => {
  await open(coreModule);
  codes("openai");
  check(`{"model":"m","prompt":["${"\u0007".repeat(2 << 20)}"]}`);
  assert.ok(core("").memoryBytes > keptMemory, "the large text took less than is kept");
  const usual = codes();
  await open(coreModule);
  assert.ok(core("").memoryBytes <= keptMemory);
  assert.deepEqual(codes(), usual);
  assert.deepEqual(codes("openai"), ["unknown-field"], "the new core has the profile that is asked for");
});

test("a core that ended throws, and init() starts another", async () => {
  check(`{"model":"m","prompt":["${"\u0007".repeat(2 << 20)}"]}`); // so that there is a new one to be had
  const { memory } = await withMemory(() => open(coreModule));
  const usual = codes();
  ruin(memory);
  assert.throws(() => fix(small), { name: "EngineDied" });
  assert.throws(() => codes(), { name: "EngineDied" });
  await open(coreModule);
  assert.deepEqual(codes(), usual);
});

test("an answer is told at each change, and once at its end", async () => {
  const chunk = (text: string, finish: string | null): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, text, finish_reason: finish }] })}\n\n`;
  let source: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const answer = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      source = controller;
    },
  });
  const pieces = [chunk("a", null), chunk("b", null), chunk("c", "stop"), "data: [DONE]\n\n"];
  const told: string[] = [];
  let sent = 0;
  // Each piece comes when the one before has been told.
  for await (const { choices, outcome } of stream(answer)) {
    told.push(`${choices[0]?.text ?? ""} ${outcome ?? ""}`);
    if ((choices[0]?.text ?? "").length < sent) continue;
    const piece = pieces[sent++];
    if (piece !== undefined) source?.enqueue(new TextEncoder().encode(piece));
    if (sent === pieces.length) source?.close();
  }
  assert.equal(told.at(-1), "abc complete");
  assert.equal(told.filter((line) => line.endsWith("complete")).length, 1);
  for (const text of ["a", "ab", "abc"])
    assert.ok(
      told.some((line) => line.startsWith(`${text} `)),
      text,
    );
});
