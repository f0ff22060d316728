// What the core finds in an answer beside its request, and in a text that is scored. Package core/answer describes it.

import type { RunSnapshot, TokenLogprob } from "./answer.ts";

/** Something that a request asked for and its answer does not have. */
export interface Difference {
  /** The request's field, or the answer's member. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
  /** What the server's profile says about it, in clauses. */
  readonly known?: readonly string[];
  /** It may well be as asked. */
  readonly mild?: boolean;
}

/** An answer as the core takes it. */
export interface WireAnswer {
  readonly status: number;
  readonly complete: boolean;
  readonly streamed: boolean;
  readonly model?: string;
  readonly fingerprint?: string;
  readonly choices: readonly object[];
  readonly usage?: object;
  readonly error?: string;
  readonly notes: readonly string[];
}

export interface Comparison {
  /** A file name in schema/profiles, without ".json". */
  readonly profile: string;
  readonly body: string;
  readonly answer: WireAnswer;
  /** That of the same request, sent before. */
  readonly previous?: WireAnswer;
}

/** A text to be scored: without an answer the question is what to send, with one what it says. */
export interface Scoring {
  readonly profile: string;
  readonly model: string;
  readonly text: string;
  /** max_tokens of the request that was answered. */
  readonly made?: number;
  readonly answer?: WireAnswer;
}

export interface Score {
  readonly made: number;
  readonly counted: number;
  readonly bytes: number;
  readonly sum: number;
  readonly mean: number;
  readonly bitsPerByte: number;
  readonly perplexity: number;
}

export type Told = "yes" | "no" | "unsure";

/** Whether a server returns what an evaluation harness needs. */
export interface Preflight {
  readonly verdict: Told;
  readonly needs: readonly {
    readonly name: string;
    readonly title: string;
    readonly verdict: Told;
    readonly message: string;
  }[];
}

export interface Scored {
  /** The body to send. */
  readonly body?: string;
  readonly score?: Score;
  /** Why there is nothing to send, or no score. */
  readonly why?: string;
  readonly preflight: Preflight;
}

/** What is known of one run beyond its answer. */
export interface Findings {
  /** undefined where the answer cannot be compared. */
  readonly differences?: readonly Difference[];
  /** Of a run that scores a text. */
  readonly scored?: Scored & { readonly text: string };
  /** The runs that score the texts of one request, in their order; this one is among them. */
  readonly group?: readonly number[];
}

// So many numbers are enough to see what a server does, and the core's memory only grows.
const placesWithOthers = 1_000;
// What vLLM writes for the log probability of what cannot be; JSON has no number for it.
const impossible = -9999;

/** A run's answer as the core takes it. */
export function wireAnswer(snapshot: RunSnapshot, stream: boolean): WireAnswer {
  const { status, outcome, noteCodes, usage, model, fingerprint, problem } = snapshot;
  return {
    status: status ?? 0,
    complete: outcome === "complete",
    streamed: noteCodes.includes("stream-unasked") || (stream && !noteCodes.includes("one-piece")),
    ...(model === undefined ? {} : { model }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    choices: snapshot.choices.map(({ index, text, reasoning, finish, tokens, tokenCount }) => ({
      index,
      text,
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(finish === undefined ? {} : { finish: finish.raw }),
      ...(tokenCount === 0 ? {} : { tokens: tokens.slice(0, tokenCount).map(wireToken) }),
    })),
    ...(usage === undefined ? {} : { usage }),
    ...(problem === undefined ? {} : { error: problem.title }),
    notes: noteCodes,
  };
}

function wireToken({ text, logprob, top, offset, id }: TokenLogprob, place: number): object {
  return {
    text,
    logprob: logprob === null ? null : Math.max(logprob, impossible),
    ...(place < placesWithOthers
      ? { top: top.map((other) => ({ text: other.text, logprob: Math.max(other.logprob, impossible) })) }
      : {}),
    // Fractions and what is beyond an int64 are no numbers to the core.
    ...(Number.isSafeInteger(offset) ? { offset } : {}),
    ...(Number.isSafeInteger(id) ? { id } : {}),
  };
}

/** What was sent, and to whom. */
export interface Sent {
  readonly url: string;
  readonly body: string;
  readonly profile: string;
  readonly stream: boolean;
}
