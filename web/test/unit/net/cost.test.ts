// What large answers cost. Work is counted: times depend on the machine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startRun } from "../../../src/net/run.ts";
import { answering, bytes, chunk, done, request } from "./support.ts";

function withLogprobs(i: number): string {
  const text = ` w${i}`;
  const top = { [text]: -0.5, " a": -1, " b": -2, " c": -3, " d": -4 };
  return `data: ${JSON.stringify({ id: "cmpl-1", choices: [{ index: 0, text, logprobs: { tokens: [text], token_logprobs: [-0.5], top_logprobs: [top], text_offset: [i] }, finish_reason: null }] })}\n\n`;
}

test("60,000 chunks, a minute of a thousand a second, with a snapshot after each", async () => {
  const reads = Array.from({ length: 60_000 }, (_, i) => bytes(chunk(` w${i}`)));
  const run = startRun({
    request,
    key: "sk-canary",
    fetch: answering([...reads, chunk("", "stop"), done]).fetch,
    expect: { choices: 1, stream: true },
  });
  let snapshots = 0;
  run.onChange(() => {
    assert.ok(run.snapshot().choices.length <= 1);
    snapshots++;
  });
  const end = await run.finished;
  assert.equal(end.choices[0]?.chunkCount, 60_000);
  assert.equal(end.events.recent().length, 2_000);
  assert.ok(snapshots <= 60_010, "at most one notice per read");
});

test("100,000 tokens with logprobs are kept once, whatever the number of snapshots", async () => {
  const tokens = 100_000;
  const stream = (function* () {
    for (let i = 0; i < tokens; i += 10) yield Array.from({ length: 10 }, (_, j) => withLogprobs(i + j)).join("");
    yield chunk("", "length") + done;
  })();
  const run = startRun({ request, key: "", fetch: answering(stream).fetch, expect: { choices: 1, stream: true } });
  const lists = new Set<unknown>();
  let counted = 0;
  run.onChange(() => {
    const [choice] = run.snapshot().choices;
    if (choice === undefined) return;
    lists.add(choice.tokens);
    assert.ok(choice.tokenCount >= counted);
    counted = choice.tokenCount;
  });
  const end = await run.finished;
  assert.equal(end.choices[0]?.tokenCount, tokens);
  assert.equal(end.choices[0]?.tokens[99_999]?.top.length, 5);
  assert.equal(lists.size, 1, "one array for all snapshots");
});

test("4,096 choices: a snapshot makes anew only what changed", async () => {
  const opening = Array.from({ length: 4_096 }, (_, index) => chunk("a", null, index)).join("");
  const run = startRun({
    request,
    key: "",
    fetch: answering([opening, chunk("b", null, 7), done]).fetch,
    expect: { choices: 4_096, stream: true },
  });
  const seen: ReturnType<typeof run.snapshot>[] = [];
  run.onChange(() => seen.push(run.snapshot()));
  const end = await run.finished;
  const full = seen.find(({ choices }) => choices.length === 4_096);
  assert.ok(full);
  const fresh = end.choices.filter((choice, i) => choice !== full.choices[i]);
  assert.ok(fresh.length <= 1);
});

test("a 10 MB event in 1 KB reads is searched once", async () => {
  const search = String.prototype.indexOf;
  const touched = async (size: number): Promise<number> => {
    let units = 0;
    String.prototype.indexOf = function (this: string, what, from = 0) {
      const found = search.call(this, what, from);
      units += (found === -1 ? this.length : found + 1) - from;
      return found;
    };
    try {
      const stream = bytes(chunk("x".repeat(size), "stop") + done);
      const reads = Array.from({ length: Math.ceil(stream.byteLength / 1024) }, (_, i) =>
        stream.subarray(i * 1024, (i + 1) * 1024),
      );
      const end = await startRun({
        request,
        key: "",
        fetch: answering(reads).fetch,
        expect: { choices: 1, stream: true },
      }).finished;
      assert.equal(end.choices[0]?.text.length, size);
    } finally {
      String.prototype.indexOf = search;
    }
    return units / size;
  };
  const [small, large] = [await touched(1 << 20), await touched(10 << 20)];
  assert.ok(large < 2 * small, `${large.toFixed(1)} units for each unit of 10 MB, ${small.toFixed(1)} of 1 MB`);
});
