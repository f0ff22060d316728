import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type EndpointStorage, presets, rememberedEndpoints } from "../../../src/net/endpoints.ts";

test("presets: one of each kind, with what a person needs", () => {
  assert.deepEqual(
    presets.map(({ id }) => id),
    [
      "demo",
      "atoma",
      "openai",
      "vllm",
      "llamacpp",
      "ollama",
      "sglang",
      "tgi",
      "lmstudio",
      "koboldcpp",
      "together",
      "fireworks",
      "openrouter",
      "other",
    ],
  );
  assert.deepEqual(
    presets.filter(({ builtIn }) => builtIn).map(({ id }) => id),
    ["demo"],
  );
  for (const preset of presets) {
    assert.notEqual(preset.browserHelp, "");
    if (preset.id !== "other") assert.equal(new URL(preset.base).href.replace(/\/$/, ""), preset.base);
    assert.doesNotMatch(preset.base, /\/v1/);
  }
});

test("presets: each profile is a file of the schema folder", () => {
  // Tests run in web/.
  const profiles = readdirSync("../schema/profiles").map((name) => name.replace(/\.json$/, ""));
  for (const { id, profile } of presets) assert.ok(profiles.includes(profile), `${id} names ${profile}`);
});

test("presets: the profile of each names its host or port, by which an imported request finds it", () => {
  const hosts = new Map<string, readonly string[]>();
  for (const file of readdirSync("../schema/profiles")) {
    const profile = JSON.parse(readFileSync(`../schema/profiles/${file}`, "utf8")) as { name: string; hosts: string[] };
    hosts.set(profile.name, profile.hosts);
  }
  const ports = [...hosts.values()].flat();
  for (const { id, base, profile, builtIn } of presets) {
    if (builtIn || base === "") continue;
    const { hostname, port } = new URL(base);
    // Two servers share port 8080.
    if (hostname === "localhost") assert.ok(ports.includes(`:${port}`), id);
    else assert.ok(hosts.get(profile)?.includes(hostname), id);
  }
});

function memory(initial?: string) {
  let stored = initial ?? null;
  return {
    getItem: () => stored,
    setItem: (_name: string, value: string) => {
      stored = value;
    },
    read: () => stored,
  };
}

test("custom endpoints are remembered, newest first, without repeats", () => {
  const endpoints = rememberedEndpoints(memory());
  assert.equal(endpoints.add({ base: "http://a.example:8000", profile: "vllm" }), true);
  endpoints.add({ base: "http://b.example", profile: "tgi" });
  endpoints.add({ base: "http://a.example:8000", profile: "sglang" });
  assert.deepEqual(endpoints.list(), [
    { base: "http://a.example:8000", profile: "sglang" },
    { base: "http://b.example", profile: "tgi" },
  ]);
  endpoints.remove("http://a.example:8000");
  assert.deepEqual(endpoints.list(), [{ base: "http://b.example", profile: "tgi" }]);
  for (let i = 0; i < 80; i++) endpoints.add({ base: `http://${i}.example`, profile: "portable" });
  assert.equal(endpoints.list().length, 50);
  assert.equal(endpoints.list()[0]?.base, "http://79.example");
});

test("what could carry a key is not remembered", () => {
  const storage = memory();
  const endpoints = rememberedEndpoints(storage);
  for (const base of [
    "https://user:canary@a.example",
    "https://canary@a.example",
    "https://a.example/?key=canary",
    "https://a.example/#canary",
    "javascript:canary",
    "canary",
    "",
  ]) {
    assert.equal(endpoints.add({ base, profile: "vllm" }), false, base);
  }
  const more = { base: "https://a.example", profile: "vllm", key: "canary" };
  assert.equal(endpoints.add(more), true);
  assert.doesNotMatch(storage.read() ?? "", /canary/);
});

test("a corrupted storage gives what can be used of it", () => {
  for (const stored of [
    "",
    "{",
    "null",
    "5",
    '{"base":"x"}',
    "[null]",
    '[{"base":5,"profile":"vllm"}]',
    '[{"base":"https://u:p@a.example","profile":"vllm"}]',
    '[{"base":"https://a.example","profile":"../x"}]',
  ]) {
    assert.deepEqual(rememberedEndpoints(memory(stored)).list(), [], stored);
  }
  assert.deepEqual(
    rememberedEndpoints(memory('[5,{"base":"https://a.example","profile":"vllm","key":"canary"}]')).list(),
    [{ base: "https://a.example", profile: "vllm" }],
  );
});

test("a storage that throws, or none", () => {
  const throwing: EndpointStorage = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  for (const storage of [throwing, undefined]) {
    const endpoints = rememberedEndpoints(storage);
    assert.deepEqual(endpoints.list(), []);
    assert.equal(endpoints.add({ base: "https://a.example", profile: "vllm" }), false);
    endpoints.remove("https://a.example");
  }
});
