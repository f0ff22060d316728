import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyFilter } from "../../../src/net/recording/key-filter.ts";
import { Recorder } from "../../../src/net/recording/recorder.ts";
import { bytes, request, TestClock } from "./support.ts";

const key = "sk-canary/9f8e7d6c";
const answer = `data: {"error": "no ${key}, nor ${key.replaceAll("/", "\\/")} é"}\n\ndata: s sk- sk-canary ${key}`;
const clean = answer.replaceAll(key, "*".repeat(18)).replaceAll(key.replaceAll("/", "\\/"), "*".repeat(19));

function joined(parts: readonly { readonly bytes: Uint8Array }[]): string {
  return Buffer.concat(parts.map((part) => part.bytes)).toString();
}

test("a key goes wherever the reads cut it, and nothing that comes out may be the beginning of one", () => {
  const whole = bytes(answer);
  for (let size = 1; size <= 40; size++) {
    const filter = new KeyFilter();
    const out: { ms: number; bytes: Uint8Array }[] = [];
    for (let from = 0; from < whole.length; from += size) {
      out.push(...filter.push([{ ms: from, bytes: whole.subarray(from, from + size) }], [key], false));
      const given = joined(out);
      assert.ok(!given.includes(key), `${size}`);
      for (let length = 1; length < key.length; length++)
        assert.ok(!given.endsWith(key.slice(0, length)), `${given.slice(-20)} at ${size}`);
    }
    out.push(...filter.push([], [key], true));
    assert.equal(joined(out), clean, `in reads of ${size}`);
    assert.deepEqual(
      out.map(({ ms }) => ms),
      out.map(({ ms }) => ms).toSorted((a, b) => a - b),
    );
    assert.ok(out.every((part) => part.bytes.length > 0));
  }
});

test("without a key everything comes out at once, as it is", () => {
  const reads = [{ ms: 1, bytes: bytes("a") }];
  assert.deepEqual(new KeyFilter().push(reads, ["", "short"], false), reads);
});

test("a recorder's reader gives each byte once, and the rest when the run has ended", () => {
  const recorder = new Recorder({ title: "m", profile: "vllm" });
  const clock = new TestClock();
  recorder.begin({ request, keys: [key], expect: { choices: 1, stream: true }, clock });
  const read = recorder.reader();
  assert.deepEqual(read([]), []);
  recorder.head(200, [
    ["set-cookie", "a"],
    ["x-key", key],
  ]);
  recorder.bytes(bytes("one sk-can"));
  assert.equal(joined(read([])), "one ");
  clock.advance(5);
  recorder.bytes(bytes("dle two sk-"));
  assert.equal(joined(read(["a secret of others"])), "sk-candle two ");
  assert.equal(recorder.about().end, undefined);
  recorder.end("stopped");
  assert.equal(joined(read([])), "sk-");
  assert.deepEqual(recorder.about().response?.headers, [["x-key", "[key removed]"]]);
  assert.deepEqual(recorder.about().end, { how: "stopped", ms: 5 });
  assert.equal(joined(recorder.reader()([])), "one sk-candle two sk-", "another reader begins anew");
});
