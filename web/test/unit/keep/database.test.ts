import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { openDB } from "idb";
import { openDatabase } from "../../../src/keep/database.ts";
import { pieceOf } from "../../../src/keep/records.ts";
import type { KeepStore } from "../../../src/keep/store.ts";
import { draft, run } from "./records.ts";

const a = "a".repeat(24);
const b = "b".repeat(24);
const reads = [{ ms: 1, bytes: Uint8Array.of(1, 2) }];

let store: KeepStore;
const put = IDBObjectStore.prototype.put;

beforeEach(async () => {
  store = await openDatabase(() => {});
});

afterEach(async () => {
  IDBObjectStore.prototype.put = put;
  await store.clear();
  store.close();
});

/** Puts anything into a table, behind the store's back. */
async function plant(table: string, ...records: readonly unknown[]): Promise<void> {
  const database = await openDB("completion-playground");
  for (const record of records) await database.put(table, record);
  database.close();
}

test("drafts come by place, the newest first; runs and answers by draft", async () => {
  await store.write({
    drafts: [draft(), draft({ id: b, changedAt: 2_000 }), draft({ id: "c", place: "/docs " })],
    runs: [run(), run({ id: 2 }), run({ id: 10 }), run({ draft: b })],
    pieces: [pieceOf(a, 1, 0, reads), pieceOf(a, 1, 1, reads), pieceOf(a, 10, 0, reads), pieceOf(b, 1, 0, reads)],
  });
  assert.deepEqual(
    (await store.drafts("/ ")).map(({ id }) => id),
    [b, a],
  );
  assert.deepEqual(await store.draft(a), draft());
  assert.equal(await store.draft("nobody"), undefined);
  assert.deepEqual(
    (await store.runs(a)).map(({ id }) => id),
    [10, 2, 1],
  );
  assert.deepEqual(await store.reads(a, 1), [...reads, ...reads]);
  assert.deepEqual(await store.reads(a, 2), []);

  await store.write({ gone: [{ draft: a, run: 1 }] });
  assert.deepEqual(
    (await store.runs(a)).map(({ id }) => id),
    [10, 2],
  );
  assert.deepEqual([(await store.reads(a, 1)).length, (await store.reads(a, 10)).length], [0, 1]);
  await store.remove(a);
  assert.deepEqual(
    [await store.draft(a), (await store.runs(a)).length, (await store.reads(a, 10)).length],
    [undefined, 0, 0],
  );
  assert.equal((await store.runs(b)).length, 1);
});

test("foreign records are passed over, and an answer ends before what is missing of it", async () => {
  await store.write({ drafts: [draft()], runs: [run()], pieces: [pieceOf(a, 1, 0, reads)] });
  await plant("drafts", { id: b, place: "/ ", version: 99 }, { id: "x" }, { id: 5, text: [1] });
  await plant("runs", { draft: a, id: 2, version: 1, junk: true }, { draft: a, id: "x" });
  await plant("pieces", { ...pieceOf(a, 1, 2, reads) }, { draft: a, run: 1, number: 3, bytes: "no" });
  assert.deepEqual(await store.drafts("/ "), [draft()]);
  assert.equal(await store.draft(b), undefined);
  assert.deepEqual(await store.runs(a), [run()]);
  assert.deepEqual(await store.reads(a, 1), reads);
  await store.prune(new Set([a]), 10, 0);
  assert.deepEqual(await store.drafts("/ "), [draft()]);
});

test("of the others only the newest stay, and no run without its draft", async () => {
  const ids = ["old", "one", "two", "three"];
  await store.write({
    drafts: [draft({ changedAt: 1 }), ...ids.map((id, i) => draft({ id, changedAt: 10 * i }))],
    runs: [...ids, a, "orphan"].map((id) => run({ draft: id })),
    pieces: [...ids, a, "orphan"].map((id) => pieceOf(id, 1, 0, reads)),
  });
  await store.prune(new Set([a]), 2, 5);
  assert.deepEqual(
    (await store.drafts("/ ")).map(({ id }) => id),
    ["three", "two", a],
  );
  for (const id of ["old", "one", "orphan"])
    assert.deepEqual([(await store.runs(id)).length, (await store.reads(id, 1)).length], [0, 0], id);
  await store.prune(new Set(), 9, 15);
  assert.deepEqual(
    (await store.drafts("/ ")).map(({ id }) => id),
    ["three", "two"],
  );
});

test("what is written together is there whole or not at all, and a full store says so", async () => {
  await store.write({ drafts: [draft()] });
  let puts = 0;
  IDBObjectStore.prototype.put = function (...parts) {
    if (++puts === 2) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, parts);
  };
  await assert.rejects(store.write({ drafts: [draft({ text: "new" })], runs: [run()] }), {
    name: "QuotaExceededError",
  });
  IDBObjectStore.prototype.put = put;
  assert.deepEqual([(await store.draft(a))?.text, await store.runs(a)], [draft().text, []]);
  await store.write({ drafts: [draft({ text: "newer" })] });
  assert.equal((await store.draft(a))?.text, "newer");
});

test("a store that a newer page wants to change is let go", async () => {
  let lost = 0;
  const old = await openDatabase(() => lost++);
  store.close();
  const newer = await openDB("completion-playground", 2);
  assert.equal(lost, 1);
  newer.close();
  await assert.rejects(old.write({ drafts: [draft()] }));
  await assert.rejects(
    openDatabase(() => {}),
    { name: "VersionError" },
  );
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("completion-playground").onsuccess = resolve;
  });
  store = await openDatabase(() => {});
});
