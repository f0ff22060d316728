import assert from "node:assert/strict";
import { test } from "node:test";
import { pieceOf, readDraft, readPiece, readRun } from "../../../src/keep/records.ts";
import { draft, run } from "./records.ts";

const problem = {
  title: "t",
  detail: "d",
  advice: ["a"],
  failure: "f",
  raw: "r",
  status: 429,
  retryAfterSeconds: 1.5,
  checklist: [{ label: "l", state: "ok" as const, detail: "d" }],
};
const reads = [
  { ms: 1, bytes: Uint8Array.of(1, 2) },
  { ms: 2.5, bytes: Uint8Array.of(3) },
];

test("what was written is read, through the copy that a database makes", () => {
  const kept = run({ problem, outcome: "failed" });
  assert.deepEqual(readDraft(structuredClone(draft())), draft());
  assert.deepEqual(readRun(structuredClone(kept)), kept);
  const going = run({ response: null, end: null, outcome: null });
  assert.deepEqual(readRun(structuredClone(going)), going);
  assert.deepEqual(readPiece(structuredClone(pieceOf("a", 1, 3, reads))), { number: 3, reads });
});

const odd: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 60,
  "",
  "constructor",
  "\ud800",
  [],
  [null],
  [[1, -1]],
  {},
  { version: 1 },
  { length: 5 },
  new Date(0),
  new Map(),
  Uint8Array.of(1),
  new ArrayBuffer(2),
  5n,
  /x/,
];

test("a member of any other shape makes a record one that is not there, and nothing throws", () => {
  let refused = 0;
  let taken = 0;
  const hostile = (value: unknown, read: (record: unknown) => unknown) => {
    const walk = (part: object, put: (changed: object) => unknown) => {
      for (const name of Object.keys(part)) {
        for (const other of odd) {
          const record = put(Array.isArray(part) ? part.with(Number(name), other) : { ...part, [name]: other });
          // What is taken is taken again: it is the reader's own shape.
          const found = read(record);
          if (found === undefined) refused++;
          else taken++;
          if (found !== undefined && read !== readPiece) assert.deepEqual(read(found), found);
        }
        const inner = (part as Record<string, unknown>)[name];
        if (typeof inner === "object" && inner !== null && !(inner instanceof Uint8Array))
          walk(inner, (changed) =>
            put(Array.isArray(part) ? part.with(Number(name), changed) : { ...part, [name]: changed }),
          );
      }
    };
    walk(value as object, (changed) => changed);
    for (const other of odd) assert.equal(read(other), undefined);
  };
  hostile(draft(), readDraft);
  hostile(run({ problem }), readRun);
  hostile(pieceOf("a", 1, 0, reads), readPiece);
  assert.ok(refused > 500 && taken > 20, `${refused} refused, ${taken} taken`);
});

test("a draft of before boxes were kept has none", () => {
  const { boxes, ...before } = draft();
  assert.equal(boxes.length, 1);
  assert.deepEqual(readDraft(before), { ...before, boxes: [] });
});

test("a record of another version is not there", () => {
  for (const version of [0, 2, "1", undefined]) {
    assert.equal(readDraft({ ...draft(), version }), undefined);
    assert.equal(readRun({ ...run(), version }), undefined);
    assert.equal(readPiece({ ...pieceOf("a", 1, 0, reads), version }), undefined);
  }
});
