// What came of a request, as the page shows it and the code that reads streams makes it.

import type { Problem } from "./problem.ts";

/** One token of an answer. Servers that send no logprobs give none of these; their text is in the choice alone. */
export interface TokenLogprob {
  readonly text: string;
  /**
   * Natural logarithm of the probability, also where the server sent the probability itself; minus infinity for 0. null
   * where the server gives none (the first token of an echoed prompt), or none that can be read.
   */
  readonly logprob: number | null;
  /** Alternatives, likeliest first. Usually includes the token itself. */
  readonly top: readonly { readonly text: string; readonly logprob: number }[];
  /** `text_offset` as sent. Servers disagree on its origin and unit: for display, never for slicing. */
  readonly offset?: number;
  /** The token's UTF-8 bytes where the server tells them; a token can be part of a character. */
  readonly bytes?: readonly number[];
  readonly id?: number;
}

export type FinishKind = "stop" | "length" | "filtered" | "tool" | "aborted" | "error" | "other";

export interface Finish {
  readonly kind: FinishKind;
  /** What the server wrote, e.g. "eos_token". */
  readonly raw: string;
}

export interface Choice {
  /** prompt index × n + i, as servers number them. */
  readonly index: number;
  readonly text: string;
  /** What the server sent as reasoning, apart from the text. */
  readonly reasoning?: string;
  readonly finish?: Finish;
  /**
   * Append-only and shared by all snapshots of the run: entries never change, the array may have grown since this
   * snapshot. `tokenCount` is how many belong to it.
   */
  readonly tokens: readonly TokenLogprob[];
  readonly tokenCount: number;
  /** Pieces the text came in; 1 for an answer in one piece. */
  readonly chunkCount: number;
}

export interface Usage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly totalTokens?: number;
}

export interface Timing {
  /** Milliseconds since the epoch. All others are milliseconds since the start. */
  readonly startedAt: number;
  readonly firstByteMs?: number;
  readonly firstTokenMs?: number;
  readonly totalMs?: number;
  /** Over all choices, from the first token to the last. Counted by `tokensCounted`. */
  readonly tokensPerSecond?: number;
  /** What stood for tokens: the server's usage, the logprobs, or, roughly, the pieces of text. */
  readonly tokensCounted?: "usage" | "logprobs" | "pieces";
}

/** "sending" until the response head is there, "waiting" until the first text. */
export type Phase = "sending" | "waiting" | "streaming" | "done";

export type Outcome = "complete" | "ended-early" | "empty" | "failed" | "stopped";

export interface RunSnapshot {
  /** Grows with every change; equal versions are the same object. */
  readonly version: number;
  readonly phase: Phase;
  /** Set once the phase is "done". */
  readonly outcome?: Outcome;
  /** By index, without gaps filled in: a choice appears with its first chunk. */
  readonly choices: readonly Choice[];
  readonly usage?: Usage;
  readonly model?: string;
  /** `system_fingerprint`: changes when the server does. */
  readonly fingerprint?: string;
  readonly timing: Timing;
  /** With the outcomes "failed", "empty" and "ended-early". Its checklist may still fill in after "done". */
  readonly problem?: Problem;
  /** Peculiarities of the answer, one sentence each, without repeats. */
  readonly notes: readonly string[];
  /** The codes of the notes, in the same order; schema/answers.json has the sentence of each. */
  readonly noteCodes: readonly string[];
  /** The newest raw events. */
  readonly events: EventLog;
  /** Of the response head, once it is there. */
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

export interface Run {
  /** The state now. The same object until something changes; cheap enough for every frame. */
  snapshot(): RunSnapshot;
  /** Calls back at most once per microtask checkpoint, after a change. */
  onChange(listener: () => void): () => void;
  /** Aborts the request at once and keeps what came. */
  stop(): void;
  /** Resolves when the phase is "done" and the checklist, if any, is complete. Never rejects. */
  readonly finished: Promise<RunSnapshot>;
}

/** One event of an answer as it came. */
export interface RunEvent {
  /** 0 for the first of the run. */
  readonly number: number;
  /** Milliseconds since the start of the run. */
  readonly atMs: number;
  readonly kind: "chunk" | "error" | "done" | "other";
  /** The `event:` name; "" for the usual unnamed ones. */
  readonly name: string;
  /** The data as sent, without the key, cut after 64 Ki UTF-16 units. Anything can stand in it: for textContent only. */
  readonly data: string;
  readonly cut: boolean;
}

/** The newest events, bounded in number and size. */
export interface EventLog {
  /** All that came, kept or not. */
  readonly total: number;
  /** How many of the oldest were let go. */
  readonly dropped: number;
  /** The kept ones, oldest first. The same array until another event comes. */
  recent(): readonly RunEvent[];
}
