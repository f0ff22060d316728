import assert from "node:assert/strict";
import { test } from "node:test";
import { faultOf, reached } from "../../../src/model/address.ts";

const address = {
  base: "https://h.example",
  completions: "https://h.example/v1/completions",
  models: "https://h.example/v1/models",
  origin: "https://h.example",
  host: "h.example",
  notes: [],
};

test("what the core says of a base is a sentence, and nothing before it says anything", () => {
  assert.equal(faultOf({ fault: "base URL is missing" }), "Base URL is missing.");
  assert.equal(faultOf(address), "");
  assert.equal(faultOf(undefined), "");
  assert.equal(reached(address), address);
  assert.equal(reached({ fault: "base URL is missing" }), undefined);
  assert.equal(reached(undefined), undefined);
});
