import assert from "node:assert/strict";
import { test } from "node:test";
import { baseFault, completeBase, endpointChoices, profileChoices } from "../../../src/state/choices.ts";

test("a base URL without its scheme gets the likely one", () => {
  for (const [typed, base] of [
    [" localhost:8000 ", "http://localhost:8000"],
    ["localhost", "http://localhost"],
    ["127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"],
    ["192.168.1.7:8000", "http://192.168.1.7:8000"],
    ["[::1]:8000", "http://[::1]:8000"],
    ["gpu-box:8000", "http://gpu-box:8000"],
    ["api.example.com/v1", "https://api.example.com/v1"],
    ["http://api.example.com", "http://api.example.com"],
    ["ftp://api.example.com", "ftp://api.example.com"],
    ["nonsense", "nonsense"],
    ["two words.com", "two words.com"],
    ["user:secret@example.com", "user:secret@example.com"],
    ["", ""],
  ] as const)
    assert.equal(completeBase(typed), base, typed);
});

test("a base URL that requests cannot go to is told for what it lacks", () => {
  assert.match(baseFault("  "), /Enter the server's base URL/);
  assert.match(baseFault("ftp://x"), /http:\/\/ or https:\/\//);
  assert.match(baseFault("nonsense"), /no complete URL/);
  assert.match(baseFault("https://user:secret@x"), /user name and password/);
  assert.equal(baseFault("https://x/v1"), "");
});

test("the chooser has the gateway first and one's own servers last", () => {
  const remembered = [{ base: "http://gpu-box:8000", profile: "vllm" }];
  const choices = endpointChoices("api.example.com", "http://127.0.0.1:8080", remembered);
  assert.equal(choices[0]?.id, "gateway");
  assert.equal(choices[0]?.base, "http://127.0.0.1:8080");
  assert.match(choices[0]?.title ?? "", /api\.example\.com/);
  assert.equal(choices.at(-1)?.title, "gpu-box:8000");
  assert.equal(choices.at(-1)?.profile, "vllm");
  assert.deepEqual(
    choices.filter((choice) => choice.editable).map((choice) => choice.id),
    ["other"],
  );
  assert.equal(new Set(choices.map((choice) => choice.id)).size, choices.length);
  assert.ok(!endpointChoices("", "", []).some((choice) => choice.id === "gateway"));
});

test("every profile has a name of its own", () => {
  const titles = profileChoices().map((choice) => choice.title);
  assert.equal(new Set(titles).size, titles.length);
  assert.equal(profileChoices()[0]?.profile, "portable");
});
