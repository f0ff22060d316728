import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type KeyStorage, KeyVault, keyFault, originOf, tidyKey } from "../../../src/net/keys.ts";

const canary = "sk-canary-0815";

class MemoryStorage implements KeyStorage {
  readonly items = new Map<string, string>();

  get length() {
    return this.items.size;
  }

  key(index: number) {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(name: string) {
    return this.items.get(name) ?? null;
  }

  setItem(name: string, value: string) {
    this.items.set(name, value);
  }

  removeItem(name: string) {
    this.items.delete(name);
  }
}

const throwing = new Proxy({} as KeyStorage, {
  get() {
    throw new DOMException("denied", "SecurityError");
  },
});

test("a key belongs to scheme, host and port", () => {
  const vault = new KeyVault();
  vault.set("https://api.example.com/v1", canary, { remember: false });
  assert.equal(vault.get("https://api.example.com/other/path?x"), canary);
  assert.equal(vault.get("https://API.example.com:443"), canary);
  for (const other of [
    "http://api.example.com",
    "https://api.example.com:8443",
    "https://example.com",
    "https://api.example.com.evil.example",
    "https://evil.example/api.example.com",
    "https://api.example.com@evil.example",
    "javascript:alert(1)",
    "",
  ]) {
    assert.equal(vault.get(other), "", other);
    assert.equal(vault.has(other), false);
  }
  assert.deepEqual(vault.origins(), ["https://api.example.com"]);
});

test("the storage is used only when asked, and cleared with the rest", () => {
  const storage = new MemoryStorage();
  storage.setItem("somebody else's", "stays");
  const vault = new KeyVault(storage);
  vault.set("https://a.example", canary, { remember: false });
  assert.equal(storage.length, 1);
  assert.equal(vault.set("https://a.example", canary, { remember: true }), true);
  assert.equal(vault.remembered("https://a.example/v1"), true);
  assert.equal(storage.length, 2);

  const reloaded = new KeyVault(storage);
  assert.equal(reloaded.get("https://a.example/v1"), canary);
  assert.equal(reloaded.get("http://a.example/v1"), "");
  assert.deepEqual(reloaded.origins(), ["https://a.example"]);

  // No longer remembered: then it must not lie there either.
  reloaded.set("https://a.example", canary, { remember: false });
  assert.deepEqual([...storage.items.keys()], ["somebody else's"]);

  reloaded.set("https://b.example", canary, { remember: true });
  vault.clear();
  assert.deepEqual([...storage.items], [["somebody else's", "stays"]]);
  assert.equal(vault.get("https://a.example"), "");
});

test("forgetting one leaves the others; an empty key forgets", () => {
  const storage = new MemoryStorage();
  const vault = new KeyVault(storage);
  for (const host of ["a", "b", "c"]) vault.set(`https://${host}.example`, canary, { remember: true });
  vault.forget("https://a.example");
  vault.set("https://b.example", "  ", { remember: true });
  assert.deepEqual(vault.origins(), ["https://c.example"]);
  assert.equal(storage.length, 1);
});

test("a storage that throws costs only the remembering", () => {
  const vault = new KeyVault(throwing);
  assert.equal(vault.set("https://a.example", canary, { remember: true }), false);
  assert.equal(vault.get("https://a.example"), canary);
  assert.equal(vault.remembered("https://a.example"), false);
  assert.deepEqual(vault.origins(), ["https://a.example"]);
  vault.clear();
  assert.equal(vault.get("https://a.example"), "");
  assert.equal(new KeyVault().set("https://a.example", canary, { remember: true }), false);
});

test("a stored value that can be no key is none", () => {
  const storage = new MemoryStorage();
  new KeyVault(storage).set("https://a.example", canary, { remember: true });
  const [name] = storage.items.keys();
  storage.setItem(name ?? "", "sk-\r\nX-Evil: 1");
  assert.equal(new KeyVault(storage).get("https://a.example"), "");
});

test("a vault shows nothing", () => {
  const vault = new KeyVault(new MemoryStorage());
  vault.set("https://a.example", canary, { remember: false });
  for (const shown of [
    String(vault),
    JSON.stringify({ vault }),
    inspect(vault, { depth: 9, showHidden: true }),
    JSON.stringify(Object.entries(vault)),
  ]) {
    assert.doesNotMatch(shown, /canary/);
  }
  assert.throws(() => structuredClone({ vault }.vault.get), /could not be cloned/);
});

test("what comes along with a pasted key is taken off", () => {
  for (const pasted of [
    canary,
    ` ${canary}\n`,
    `Bearer ${canary}`,
    `Authorization: Bearer ${canary}`,
    `"${canary}"`,
    `'${canary}'`,
  ]) {
    assert.equal(tidyKey(pasted), canary);
  }
});

test("faults of a key are told without the key", () => {
  assert.equal(keyFault(canary), undefined);
  assert.equal(keyFault(""), undefined);
  for (const bad of ["sk-canary a", "sk-canary\n", "sk-canary–x", "sk-canary🦊", "sk-canary\u007f"]) {
    assert.match(keyFault(bad) ?? "", /The key holds/);
    assert.doesNotMatch(keyFault(bad) ?? "", /canary/);
  }
  assert.match(keyFault("sk–x") ?? "", /U\+2013/);
});

test("origins", () => {
  assert.equal(originOf("https://a.example:443/x"), "https://a.example");
  assert.equal(originOf("http://[::1]:8000/"), "http://[::1]:8000");
  for (const none of ["", "a.example", "file:///x", "data:,x", "ftp://a.example"])
    assert.equal(originOf(none), undefined);
});
