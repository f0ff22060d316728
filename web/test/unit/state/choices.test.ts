import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointChoices, profileChoices } from "../../../src/state/choices.ts";

test("the chooser has the gateway first and one's own servers last", () => {
  const remembered = [{ base: "http://gpu-box:8000", profile: "vllm" }];
  const choices = endpointChoices("api.example.com", "http://127.0.0.1:7420", remembered);
  assert.equal(choices[0]?.id, "gateway");
  assert.equal(choices[0]?.base, "http://127.0.0.1:7420");
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
