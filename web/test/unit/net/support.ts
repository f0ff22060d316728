import assert from "node:assert/strict";
import type { RunSnapshot } from "../../../src/model/answer.ts";
import type { Fetch, WireRequest } from "../../../src/model/request.ts";
import type { Clock } from "../../../src/net/clock.ts";
import { type RunOptions, startRun } from "../../../src/net/run.ts";

export const request: WireRequest = {
  method: "POST",
  url: "https://api.example.com/v1/completions",
  headers: [
    { name: "Content-Type", value: "application/json" },
    { name: "Accept", value: "text/event-stream" },
  ],
  body: '{"model":"m","prompt":["p"],"max_tokens":16,"stream":true}',
};

/** A clock that stands still until it is told to go on. */
export class TestClock implements Clock {
  #now = 1000;
  #sleepers: { readonly at: number; wake(): void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return Date.UTC(2025, 0, 1) + this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#sleepers.push({ at: this.#now + ms, wake: resolve });
    });
  }

  async rest(): Promise<void> {}

  /** When each sleeper is due, from now. */
  get due(): readonly number[] {
    return this.#sleepers.map(({ at }) => at - this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
    const awake = this.#sleepers.filter(({ at }) => at <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
    for (const { wake } of awake) wake();
  }
}

export interface Answering {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** How the body ends: properly, by a broken connection, or never. */
  readonly end?: "close" | "break" | "hang";
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A fetch that answers with these reads. `calls` and `cancelled` tell what was done with it. */
export function answering(reads: Iterable<Uint8Array | string>, how: Answering = {}) {
  const calls: { readonly url: string; readonly init: RequestInit }[] = [];
  let cancelled = 0;
  const fetch: Fetch = async (url, init) => {
    calls.push({ url, init });
    init.signal?.throwIfAborted();
    const iterator = reads[Symbol.iterator]();
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason), { once: true });
        },
        pull(controller) {
          const { done, value } = iterator.next();
          if (!done) controller.enqueue(typeof value === "string" ? bytes(value) : value);
          else if (how.end === "break") controller.error(new TypeError("network error"));
          else if (how.end === "hang") return new Promise(() => {});
          else controller.close();
          return undefined;
        },
        cancel() {
          cancelled++;
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, {
      status: how.status ?? 200,
      headers: how.headers ?? { "content-type": "text/event-stream" },
    });
  };
  return {
    fetch,
    calls,
    get cancelled() {
      return cancelled;
    },
  };
}

/** Runs to the end. */
export function runOf(
  reads: Iterable<Uint8Array | string>,
  how: Answering = {},
  options: Partial<RunOptions> = {},
): Promise<RunSnapshot> {
  return startRun({
    request,
    key: "",
    fetch: answering(reads, how).fetch,
    expect: { choices: 1, stream: true },
    clock: new TestClock(),
    ...options,
  }).finished;
}

export function chunk(text: string, finish: string | null = null, index = 0): string {
  return `data: ${JSON.stringify({ choices: [{ text, index, logprobs: null, finish_reason: finish }] })}\n\n`;
}

export const done = "data: [DONE]\n\n";

export function texts(snapshot: RunSnapshot): readonly string[] {
  return snapshot.choices.map(({ text }) => text);
}

/** What a reader of the page sees of the end of a run. */
export function summary(snapshot: RunSnapshot): unknown {
  return {
    outcome: snapshot.outcome,
    texts: texts(snapshot),
    finishes: snapshot.choices.map(({ finish }) => finish?.kind ?? null),
    usage: snapshot.usage,
    notes: snapshot.notes,
    problem: snapshot.problem?.title,
    tokens: snapshot.choices.map(({ tokens, tokenCount }) => tokens.slice(0, tokenCount)),
  };
}

/** Every cut of the bytes in two, the uncut ones, and one byte per read. */
export function* everySplit(whole: Uint8Array): Generator<readonly Uint8Array[]> {
  yield [whole];
  yield Array.from(whole, (_, i) => whole.subarray(i, i + 1));
  for (let at = 1; at < whole.byteLength; at++) yield [whole.subarray(0, at), whole.subarray(at)];
}

/** Holds for every cut of the stream. */
export async function atEverySplit(
  stream: string | Uint8Array,
  how: Answering,
  options: Partial<RunOptions>,
): Promise<RunSnapshot> {
  const whole = typeof stream === "string" ? bytes(stream) : stream;
  let first: RunSnapshot | undefined;
  for (const reads of everySplit(whole)) {
    const snapshot = await runOf(reads, how, options);
    first ??= snapshot;
    assert.deepEqual(
      summary(snapshot),
      summary(first),
      `differs when read in ${reads.length} parts, the first of ${reads[0]?.byteLength} bytes`,
    );
  }
  assert.ok(first);
  return first;
}
