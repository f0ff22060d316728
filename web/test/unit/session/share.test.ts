import assert from "node:assert/strict";
import { test } from "node:test";
import { presets } from "../../../src/net/endpoints.ts";
import { longestLink, requestLink } from "../../../src/session/share.ts";
import type { EndpointChoice } from "../../../src/state/choices.ts";

const page = "https://play.example/p/?lang=en#old";

function chosen(id: string, change: Partial<EndpointChoice> = {}): EndpointChoice {
  const preset = presets.find((each) => each.id === id);
  assert.ok(preset);
  return { ...preset, ...change };
}

/** What a link gives to who opens it. */
function given(link: string): Record<string, string> {
  const url = new URL(link);
  assert.equal(url.href.replace(url.hash, ""), "https://play.example/p/?lang=en");
  return Object.fromEntries(new URLSearchParams(url.hash.slice(1)));
}

test("a text comes out of a link as it went in", () => {
  for (const value of ["", " a+b&c=d%20#?", '{"prompt": ["\\n\t\u0000 é 😀 \u2028"]}', "line\nline\r\n"])
    assert.deepEqual(given(requestLink(page, value, chosen("demo"), [])), { value, endpoint: "demo" });
});

test("a link names a server of the list, and rules that are not its own, and no address", () => {
  const value = "{}";
  const link = (choice: EndpointChoice) => given(requestLink(page, value, choice, []));
  assert.deepEqual(link(chosen("vllm", { profile: "openai" })), { value, endpoint: "vllm", profile: "openai" });
  assert.deepEqual(link(chosen("vllm", { version: "0.11.2" })), { value, endpoint: "vllm", profile: "vllm@0.11.2" });
  assert.deepEqual(link(chosen("vllm", { base: "http://inside.example:8000" })), { value, profile: "vllm" });
  assert.deepEqual(link(chosen("other", { base: "https://mine.example", profile: "tgi" })), { value, profile: "tgi" });
  assert.deepEqual(link(chosen("other")), { value, profile: "portable" });
});

test("no link is made of a key or of a text that is too long", () => {
  const key = "not-like-a-key/9f8e7d6c";
  assert.throws(() => requestLink(page, `{"user": "${key}"}`, chosen("demo"), [key]), /key stands in the text/);
  assert.throws(() => requestLink(page, "curl -H 'Authorization: Bearer abcdef123456'", chosen("demo"), []), /key/);
  assert.doesNotThrow(() => requestLink(page, "a".repeat(longestLink - 200), chosen("demo"), []));
  assert.throws(() => requestLink(page, "é".repeat(longestLink / 6), chosen("demo"), []), /too long for a link/);
});
