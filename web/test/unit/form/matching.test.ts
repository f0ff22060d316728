import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "../../../src/form/matching.ts";

const models = ["org/Llama-3", "llama-2", "gpt", "my-llama", "İstanbul"];

test("models are found by any part of their name, those that begin with it first", () => {
  assert.deepEqual(matching(models, " LLAMA ", 9), { count: 3, first: ["llama-2", "org/Llama-3", "my-llama"] });
  assert.deepEqual(matching(models, "llama", 2), { count: 3, first: ["llama-2", "org/Llama-3"] });
  assert.deepEqual(matching(models, "i.t", 9), { count: 0, first: [] }, "a text, and no pattern");
});

test("without a text all are there, in the order of the server", () => {
  assert.deepEqual(matching(models, "  ", 2), { count: 5, first: models.slice(0, 2) });
});
