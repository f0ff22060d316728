// Base URLs as the core reads them, beside the URL parser that browsers share.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Addresses } from "../../src/model/address.ts";
import { addressSpace } from "../../src/net/reach.ts";
import { Random } from "./random.ts";
import { startEngine } from "./support.ts";

const typed = [
  "https://api.example.com",
  "HTTPS://API.Example.COM:443/V1/",
  "http://h.example:0080//v1//completions/?api-version=2024-10-21&q='a'",
  "https://openrouter.ai/api/v1",
  "https://n.openai.azure.com/openai/deployments/x?api-version=2024-10-21",
  "https://api.deepinfra.com/v1/openai/chat/completions",
  "http://localhost:11434/api/generate",
  "http://127.0.0.1:8080/llama",
  "http://[::1]:8000/",
  "http://[2001:DB8:0:0:1::1]/v1beta/openai",
  "http://[::ffff:192.168.0.5]:11434",
  "http://[64:ff9b::1.2.3.4]",
  "https://bücher.example/ü?ä=ö",
  "https://STRASSE.Straße.example/%7Euser/a%2fb;c=d@e:f!",
  "https://日本語.example",
  "https://аpple.example/v1",
  "https://xn--bcher-kva.example./beta",
  "https://xn--mgbh0fb.example",
  "http://my_box-1:65535",
  "https://🙂.example",
  "https://127.1/",
  "https://0x7f.1",
  "https://user:password@h.example",
  "https:\\\\h.example\\v1",
  "https:/h.example",
  "https://h.example/a/../b",
];

/** Not by URL.canParse: once it is compiled, Node 20 reads a text of Latin letters as UTF-8 there and refuses it. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Where the core's answer and the parser's could differ: host, query, and the path up to empty segments and endpoint. */
function compare(text: string, found: Addresses): void {
  const theirs = parsed(text);
  if (!theirs) {
    // The core knows no more of names that come in their ASCII form than that they are Punycode of letters.
    assert.match(text, /xn--/i, text);
    return;
  }
  assert.equal(found.host, theirs.host, text);
  assert.equal(found.origin, theirs.origin, text);
  for (const href of [found.completions, found.models]) assert.equal(new URL(href).href, href, text);
  const base = new URL(found.base);
  assert.equal(base.href, found.base === found.origin ? `${found.base}/` : found.base, text);
  assert.equal(base.search, theirs.search, text);
  assert.equal(new URL(found.completions).search, theirs.search, text);
  const path = theirs.pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  assert.ok(
    path.startsWith(base.pathname.replace(/\/$/, "")) || /\/chat\/completions$/.test(path),
    `${text}: ${found.base}`,
  );
}

test("what the core accepts, browsers read in the same way", async (t) => {
  const engine = await startEngine();
  const random = new Random(7);
  const pieces = [
    ..."/.:@?#%&='\\[]-_ aZ019",
    "//",
    "/v1",
    ":80",
    "%2e",
    "%C3",
    "ü",
    "ß",
    "İ",
    "ﬁ",
    "\u00ad",
    "\u200b",
    "\u3002",
    "xn--",
    "😀",
    "http://",
    "0x",
    "::",
  ];
  let accepted = 0;
  for (let i = 0; i < 6_000 + typed.length; i++) {
    let text = typed[i] ?? random.pick(typed);
    if (i >= typed.length) {
      for (let edits = 1 + random.below(3); edits > 0; edits--) {
        const points = [...text];
        points.splice(random.below(points.length + 1), random.below(3), random.oneIn(4) ? "" : random.pick(pieces));
        text = points.join("");
      }
    }
    const answer = engine.base(text);
    if ("fault" in answer) {
      assert.notEqual(answer.fault, "");
      continue;
    }
    accepted++;
    // A scheme that was assumed is not there for the parser.
    compare(/^\s*https?:\/\//i.test(text) ? text : `${new URL(answer.origin).protocol}//${text.trim()}`, answer);
  }
  t.diagnostic(`${accepted} accepted`);
  assert.ok(accepted > 1_000, "enough are accepted");
});

test("every letter that the core encodes in a host, browsers encode in the same way", async (t) => {
  const engine = await startEngine();
  let encoded = 0;
  for (let code = 0x80; code < 0x10000; code++) {
    const text = `https://a${String.fromCharCode(code)}b.example`;
    const answer = engine.base(text);
    if ("fault" in answer) continue;
    encoded++;
    assert.equal(answer.host, new URL(text).host, code.toString(16));
  }
  t.diagnostic(`${encoded} letters`);
  assert.ok(encoded > 30_000, "the letters of most names");
});

test("hosts that the page takes for local ones get http, others https", async () => {
  const engine = await startEngine();
  for (const host of [
    "localhost",
    "a.localhost",
    "gpu.local",
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.32.0.1",
    "192.168.0.5",
    "169.254.1.1",
    "100.64.0.1",
    "100.128.0.1",
    "8.8.8.8",
    "[::1]",
    "[::]",
    "[fd00::1]",
    "[fe80::1]",
    "[::ffff:10.0.0.1]",
    "[2001:db8::1]",
    "api.example.com",
  ]) {
    const answer = engine.base(`${host}:8000`);
    assert.ok("origin" in answer, host);
    assert.equal(new URL(answer.origin).protocol === "http:", addressSpace(answer.origin) !== "public", host);
  }
});

test("a base as it was typed builds what it is said to ask, and a fault refuses", async () => {
  const engine = await startEngine();
  engine.setText('{"model":"m","prompt":["x"],"max_tokens":5}');
  const answer = engine.base("localhost:8000/v1/chat/completions?a=b");
  assert.ok("origin" in answer);
  assert.equal(answer.completions, "http://localhost:8000/v1/completions?a=b");
  const build = (base: string) => engine.build({ base, hasKey: true, force: false }).url;
  assert.equal(build("localhost:8000/v1/chat/completions?a=b"), answer.completions);
  assert.equal(build(answer.base), answer.completions);
  const refused = engine.base("https://user:canary@h.example");
  assert.ok("fault" in refused);
  assert.doesNotMatch(refused.fault, /canary/);
  assert.throws(() => build("https://user:canary@h.example"), /password/);
});
