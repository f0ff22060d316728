import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { presets } from "../../../src/net/endpoints.ts";
import { demoEndpoint, endpointChoices } from "../../../src/state/choices.ts";
import { type EndpointSlice, initialEndpoint } from "../../../src/state/endpoint.ts";
import { lackOf } from "../../../src/state/ready.ts";
import { initialText, type TextSlice } from "../../../src/state/text.ts";

before(() => Object.assign(globalThis, { location: { origin: "http://127.0.0.1:7420" } }));
after(() => Reflect.deleteProperty(globalThis, "location"));

const choices = endpointChoices("api.example.com", "http://127.0.0.1:7420", []);

function at(id: string, more: Partial<EndpointSlice> = {}): EndpointSlice {
  const chosen = choices.find((choice) => choice.id === id);
  assert.ok(chosen, id);
  return { ...initialEndpoint, chosen, ...more };
}

function text(model: string): TextSlice {
  const member = { field: "model", json: JSON.stringify(model) };
  return { ...initialText, result: { members: [member] } as unknown as NonNullable<TextSlice["result"]> };
}

test("a hosted server without a key is not ready, and neither is one with the demo's model", () => {
  assert.equal(lackOf(at("openai"), text("demo-small"))?.box, "key");
  const keyed = lackOf(at("openai", { hasKey: true }), text("demo-small"));
  assert.deepEqual([keyed?.box, keyed?.value], ["model", "gpt-3.5-turbo-instruct"]);
  assert.equal(lackOf(at("openai", { hasKey: true }), text("davinci-002")), undefined);
  const headers = [{ name: "api-key", hasValue: true, fault: "" }];
  assert.equal(lackOf(at("openai", { headers }), text("davinci-002")), undefined);
});

test("the one model that a server lists is offered, and one it lists itself is no mistake", () => {
  assert.equal(lackOf(at("vllm", { models: ["llama"] }), text("demo-small"))?.value, "llama");
  assert.equal(lackOf(at("vllm", { models: ["a", "b"] }), text("demo-small"))?.value, undefined);
  assert.equal(lackOf(at("vllm", { models: ["demo-small"] }), text("demo-small")), undefined);
});

test("no server, no request", () => {
  assert.equal(lackOf(at("other"), text("m"))?.box, "base");
});

test("the built-in model, the gateway and servers without keys need nothing more", () => {
  assert.equal(lackOf({ ...initialEndpoint, chosen: demoEndpoint() }, text("demo-small")), undefined);
  assert.equal(lackOf(at("gateway"), text("demo-small")), undefined);
  for (const { id, keyNeeded, base } of presets)
    if (base !== "" && keyNeeded !== "yes") assert.equal(lackOf(at(id), text("m")), undefined, id);
});
