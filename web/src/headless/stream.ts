// The page's reader of answers, for answers that somebody else asked for.

import type { Run, RunSnapshot } from "../model/answer.ts";
import { startRun } from "../net/run.ts";

export type { Choice, Finish, Outcome, Run, RunSnapshot, Timing, TokenLogprob, Usage } from "../model/answer.ts";
export type { Problem } from "../model/problem.ts";

export interface StreamOptions {
  /** How many choices were asked for: prompts × n; 1 when absent. */
  readonly choices?: number;
  /** Whether a stream was asked for; when absent, whether one seems to come. */
  readonly streamed?: boolean;
  /** The server's profile, whose habits explain a failure. */
  readonly profile?: string;
  /** The key that was sent. It is taken out of every text that is told. */
  readonly key?: string;
  /** Aborting is the same as stop(). */
  readonly signal?: AbortSignal;
}

/**
 * An answer while it comes. Iterating gives what there is at each change, the end included; leaving the loop early stops
 * the answer. Whatever goes wrong is in the snapshots: neither a loop nor `finished` ever throws for it.
 */
export interface Answer extends Run, AsyncIterable<RunSnapshot> {}

/**
 * Reads the answer of a server to `POST /v1/completions`, be it a stream, in one piece or a refusal, with the peculiarities
 * of some ten servers. It takes the answer to a request, or the body of one.
 */
export function stream(
  answer: Response | ReadableStream<Uint8Array<ArrayBuffer>>,
  options: StreamOptions = {},
): Answer {
  const response =
    answer instanceof Response ? answer : new Response(answer, { headers: { "content-type": unlabelled } });
  const { choices = 1, streamed = !isJSON(response), key = "", profile, signal } = options;
  const run = startRun({
    request: { method: "POST", url: response.url || "about:blank", headers: [], body: "" },
    key,
    fetch: async (_, init) => stoppable(response, init.signal),
    expect: { choices, stream: streamed },
    ...(profile !== undefined && { profile }),
    ...(signal && { signal }),
  });
  return {
    finished: run.finished,
    snapshot: () => run.snapshot(),
    onChange: (listener) => run.onChange(listener),
    stop: () => run.stop(),
    [Symbol.asyncIterator]: () => snapshots(run),
  };
}

/** Of a body that comes without its head, whose label cannot be wrong. */
const unlabelled = "text/event-stream";

function isJSON(response: Response): boolean {
  return /^application\/json\b/i.test(response.headers.get("content-type") ?? "");
}

/** The answer with a body that ends when the signal says so, and lets its source know. */
function stoppable(response: Response, signal: AbortSignal | null | undefined): Response {
  const { body, status, statusText, headers } = response;
  if (!body || !signal) return response; // of an answer that fetch did not follow, too
  const stopped = body.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>(), { signal });
  return new Response(stopped, { status, statusText, headers });
}

async function* snapshots(run: Run): AsyncGenerator<RunSnapshot, void, undefined> {
  let told = -1;
  try {
    for (;;) {
      const snapshot = run.snapshot();
      if (snapshot.version !== told) {
        told = snapshot.version;
        yield snapshot;
      }
      if (snapshot.phase === "done") return;
      if (run.snapshot().version === told) await changed(run);
    }
  } finally {
    if (run.snapshot().phase !== "done") run.stop();
  }
}

function changed(run: Run): Promise<void> {
  return new Promise((resolve) => {
    const off = run.onChange(() => {
      off();
      resolve();
    });
  });
}
