import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, figuresOf } from "../../../src/answer/figures.ts";
import { startRun } from "../../../src/net/run.ts";
import { answering, chunk, done, request, TestClock } from "../net/support.ts";

/** Every look at it takes a while, so that all spans of time are there. */
class TickingClock extends TestClock {
  override now(): number {
    this.advance(10);
    return super.now();
  }
}

/** The figures of a streamed answer in pieces, by name. */
async function figures(pieces: readonly string[], echo: boolean): Promise<ReadonlyMap<string, string>> {
  const server = answering(pieces);
  const expect = { choices: 1, stream: true, echo };
  return new Map(
    figuresOf(await startRun({ request, key: "", fetch: server.fetch, expect, clock: new TickingClock() }).finished),
  );
}

const usage = (completion: number) =>
  `data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":${completion},"total_tokens":${4 + completion}}}\n\n`;

test("an answer in pieces has a first token, one in a single piece has none", async () => {
  const several = await figures([chunk("a"), chunk("b"), chunk("c", "stop"), done], false);
  assert.ok(several.has("First token"));
  const one = await figures([chunk("a", "stop"), done], false);
  assert.ok(!one.has("First token"));
  assert.equal(one.get("Status"), "200");
  assert.ok(one.has("Total"));
});

test("an echoed prompt is not taken for what was generated", async () => {
  const pieces = [chunk("the "), chunk("prompt "), chunk("comes back", "length")];
  const uncounted = await figures([...pieces, done], true);
  assert.ok(!uncounted.has("Speed") && !uncounted.has("First token"), [...uncounted.keys()].join(", "));
  const nothing = await figures([...pieces, usage(0), done], true);
  assert.ok(!nothing.has("Speed"));
  assert.equal(nothing.get("Tokens"), "4 + 0 = 4");
  const plain = await figures([...pieces, done], false);
  assert.ok(plain.has("Speed") && plain.has("First token"), [...plain.keys()].join(", "));
});

test("durations are told as exactly as they are known", () => {
  assert.deepEqual([0, 0.4, 1, 12.6, 1500, 12_340].map(duration), [
    "under 1 ms",
    "under 1 ms",
    "1 ms",
    "13 ms",
    "1.50 s",
    "12.3 s",
  ]);
});
