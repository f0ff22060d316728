import assert from "node:assert/strict";
import { test } from "node:test";
import { maskedIn, masker } from "../../../src/keep/mask.ts";

const key = "Zx9-canary_0123456789";

test("a key is masked where keys stand, with its length, and the rest stays", () => {
  for (const [before, after] of [
    [`curl https://a.example -H "Authorization: Bearer `, `" -d '{}'`],
    [`curl -H 'authorization:Bearer `, `'`],
    [`requests.post(url, headers={"Authorization": f"Bearer `, `"})`],
    [`-H "x-api-key: `, `"`],
    [`client = OpenAI(api_key="`, `")`],
    [`OPENAI_API_KEY=`, ` python run.py`],
    [`https://a.example/v1?api-version=2024-02-01&key=`, `&x=1`],
    [`https://a.example/v1?subscription-key=`, ``],
    [`https://me:`, `@a.example/v1`],
    [`curl -u me:`, ` https://a.example`],
    [`the key is sk-`, `.`],
    [`export HF=hf_`, ``],
  ] as const) {
    const masked = masker([])(before + key + after);
    assert.equal(masked.length, (before + key + after).length, before);
    assert.ok(!masked.includes(key.slice(3)), masked);
    assert.ok(masked.endsWith(after), masked);
    assert.ok(masked.startsWith(before.replace(/(sk-|hf_)$/, "")), masked);
  }
});

test("a known key is masked in any place and spelling", () => {
  const odd = "odd/key+of=16chars";
  const mask = masker([odd]);
  const text = [odd, odd.replaceAll("/", "\\/"), encodeURIComponent(odd)].map((each) => `"${each}"`).join(" ");
  const masked = mask(text);
  assert.match(masked, /^"\*+" "\*+" "\*+"$/);
  assert.equal(masked.length, text.length);
  assert.deepEqual(maskedIn({ a: [odd, 1, null, { b: `x ${odd}` }] }, mask), {
    a: ["*".repeat(odd.length), 1, null, { b: `x ${"*".repeat(odd.length)}` }],
  });
});

test("a key that begins with another one is masked whole, in whichever order they are known", () => {
  const keys = ["team-key", "team-key-prod42"];
  for (const known of [keys, keys.toReversed()])
    assert.equal(masker(known)("of team-key-prod42 and team-key."), `of ${"*".repeat(15)} and ${"*".repeat(8)}.`);
});

test("a text without a key is the text", () => {
  for (const text of [
    `{"model": "meta-llama/Llama-3.3-70B-Instruct", "prompt": ["The key to success: work hard and be honest"]}`,
    `{"prompt": "Password: ", "stop": ["\\n"], "user": "user-1234"}`,
    `curl https://a.example -H "Authorization: Bearer $API_KEY" -d '{"prompt": "token: yes"}'`,
    `headers = {"Authorization": "Bearer " + key}`,
    `{"prompt": "She had a basic understanding of the world, a bearer of good news"}`,
    `see https://a.example/v1?page=2#token and //b.example:8080/path`,
    `{"prompt": "task-oriented risk-assessment-of-everything"}`,
  ])
    assert.equal(masker([])(text), text);
});

test("masking takes no longer than reading, whatever the text", () => {
  // Where a pattern went back and forth, this would not end.
  for (const text of ["authorization:", "//", "a:", " -u ", "bearer ", "api_key=", "?key", "sk-"]) {
    const long = text.repeat(Math.ceil((1 << 20) / text.length));
    assert.equal(masker([])(long).length, long.length);
  }
});
