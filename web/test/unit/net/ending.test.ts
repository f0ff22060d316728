// The rule for the end of an answer, apart from how the bytes came. What it means for real streams is in the table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { endingOf, type Seen } from "../../../src/net/ending.ts";

const nothing: Seen = {
  expect: { choices: 1, stream: true },
  profile: "",
  status: 200,
  contentType: "text/event-stream",
  form: "stream",
  text: "",
  framed: true,
  bare: false,
  events: 0,
  done: false,
  broken: false,
  truncated: undefined,
  whole: undefined,
  completion: false,
  native: false,
  fault: undefined,
  delivered: false,
  textArrived: false,
  reasoningArrived: false,
  choices: 0,
  unfinished: 1,
  open: 0,
  abortedReason: undefined,
};
const some: Partial<Seen> = { events: 1, completion: true, delivered: true, textArrived: true, choices: 1, open: 1 };
const finished: Partial<Seen> = { ...some, unfinished: 0, open: 0 };

const rows: readonly (readonly [
  seen: Partial<Seen>,
  outcome: string,
  failure?: string | undefined,
  ...notes: string[],
])[] = [
  [{}, "empty", "empty"],
  [{ done: true }, "complete", undefined, "no-text"],
  [{ broken: true }, "failed", "broken"],
  [{ truncated: "{" }, "empty", "truncated"],
  [{ framed: false, text: "hello" }, "failed", "unreadable"],
  [{ framed: false, text: " \n" }, "empty", "empty"],
  [{ bare: true, events: 2 }, "failed", "unreadable", "lines"],
  [{ bare: true, events: 2, native: true }, "failed", "ollama-native", "lines"],
  [some, "ended-early", "ended-early"],
  [{ ...some, truncated: "{" }, "ended-early", "truncated"],
  [{ ...some, broken: true }, "failed", "broken"],
  [{ ...some, done: true }, "complete", undefined, "done-without-reason"],
  // The mark of the end weighs more than the connection.
  [{ ...some, done: true, broken: true }, "complete", undefined, "done-without-reason"],
  [finished, "complete"],
  [{ ...finished, broken: true }, "complete", undefined, "broke-after-end"],
  [{ ...finished, truncated: "{" }, "complete", undefined, "cut-after-end"],
  [{ ...finished, abortedReason: "abort", done: true }, "failed", "aborted"],
  [{ ...finished, fault: { id: "damaged", raw: "{" }, done: true }, "failed", "damaged"],
  [{ ...finished, textArrived: false, reasoningArrived: true }, "complete", undefined, "only-reasoning"],
  [
    { ...finished, expect: { choices: 3, stream: true }, unfinished: 2 },
    "ended-early",
    "ended-early",
    "choices-missing",
  ],
  [{ ...finished, bare: true, events: 2, contentType: "application/x-ndjson" }, "complete", undefined, "lines"],
  [{ ...some, bare: true, events: 1 }, "complete", undefined, "one-piece", "reason-missing"],
  [{ ...finished, contentType: "" }, "complete", undefined, "label-missing"],
  [{ ...finished, contentType: "text/plain" }, "complete", undefined, "label-odd"],
  [{ form: "html", text: "<p>" }, "failed", "html"],
  [{ form: "json" }, "failed", "cut-whole"],
  [{ form: "json", whole: "open" }, "failed", "cut-whole"],
  [{ form: "json", broken: true }, "failed", "broken"],
  [{ form: "json", whole: "unreadable" }, "failed", "unreadable"],
  [{ form: "json", whole: "unreadable", broken: true }, "failed", "broken"],
  [{ form: "json", whole: "read", completion: true, broken: true }, "failed", "broken"],
  [{ form: "json", whole: "read" }, "failed", "unreadable"],
  [{ form: "json", whole: "read", completion: true }, "empty", "empty"],
  [{ form: "json", whole: "read", native: true }, "failed", "ollama-native"],
  [{ ...finished, form: "json", whole: "read" }, "complete", undefined, "one-piece"],
  [{ ...some, form: "json", whole: "read" }, "complete", undefined, "one-piece", "reason-missing"],
  [{ ...finished, form: "json", whole: "read", broken: true }, "complete", undefined, "one-piece", "broke-after-end"],
  [{ ...finished, form: "json", whole: "read", expect: { choices: 1, stream: false } }, "complete"],
];

for (const [seen, outcome, failure, ...notes] of rows) {
  test(`${JSON.stringify(seen)} → ${outcome}`, () => {
    const ending = endingOf({ ...nothing, ...seen });
    assert.equal(ending.outcome, outcome);
    assert.equal(ending.problem?.failure, failure);
    assert.deepEqual(
      ending.notes.map(({ code }) => code),
      notes,
    );
    const words = [ending.problem?.title, ending.problem?.detail, ...(ending.problem?.advice ?? [])];
    for (const text of words) assert.doesNotMatch(text ?? "", /[{}]/, "every placeholder has its value");
  });
}
