import assert from "node:assert/strict";
import { test } from "node:test";
import { headerFaults } from "../../../src/net/own-headers.ts";

const canary = "canary-0815";

test("headers that can be sent, and rows that are still empty", () => {
  const rows = [
    { name: "api-key", value: canary },
    { name: "", value: "" },
    { name: "X-Org.1_a", value: "a b" },
  ];
  assert.deepEqual(headerFaults(rows), ["", "", ""]);
});

test("each header that cannot be sent is told with its reason and without its value", () => {
  const faults: readonly (readonly [string, string, RegExp])[] = [
    ["", canary, /no name/],
    ["api key", canary, /letters, digits/],
    ["x".repeat(65), canary, /1 to 64/],
    ["hOST", canary, /browsers set it/],
    ["Sec-Fetch-Site", canary, /browsers set it/],
    ["Proxy-Authorization", canary, /connection/],
    ["Authorization", canary, /place of its own/],
    ["Cookie", canary, /never sent/],
    ["Content-Type", canary, /follows from/],
    ["x-a", "", /no value/],
    ["x-a", `${canary}\r\nHost: b`, /cannot carry/],
    ["x-a", `${canary}ü`, /cannot carry/],
    ["x-a", ` ${canary}`, /space/],
    ["x-a", canary.repeat(1000), /8192/],
  ];
  for (const [name, value, words] of faults) {
    const [fault = ""] = headerFaults([{ name, value }]);
    assert.match(fault, words, name);
    assert.ok(!fault.includes(canary), name);
  }
  const twice = headerFaults([
    { name: "x-a", value: "1" },
    { name: "X-A", value: "2" },
  ]);
  assert.deepEqual([twice[0], /twice/.test(twice[1] ?? "")], ["", true]);
  const many = Array.from({ length: 17 }, (_, i) => ({ name: `x-${i}`, value: "1" }));
  assert.match(headerFaults(many)[16] ?? "", /At most 16/);
});
