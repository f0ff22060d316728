// What a probe finds out about a server. Package core/probe describes it.

import type { WireAnswer } from "./findings.ts";

export type ProbeVerdict = "honoured" | "ignored" | "changed" | "refused" | "taken" | "unknown";

export interface ProbeArgs {
  /** A name, with @ and a version where one is known, or a profile as JSON. */
  readonly profile: string;
  readonly model: string;
  /** Without `requests` the core says how many there may be. */
  readonly options: { readonly seed: number; readonly requests?: number };
  readonly answers: readonly { readonly id: string; readonly answer: WireAnswer }[];
  readonly stopped: boolean;
  /** Asks for the report and the profile that follows from it. */
  readonly whole: boolean;
  /** Asks how long to wait after an answer that may be a rate limit; `waits` is how often it was waited for one before. */
  readonly limited?: { readonly status: number; readonly retryAfterMs: number; readonly waits: number };
}

/** A request of a probe. */
export interface ProbeQuestion {
  readonly id: string;
  readonly why: string;
  readonly body: string;
  readonly stream: boolean;
  /** A short form of its answer; "" before there is one. */
  readonly answer: string;
}

/** The verdict on one field, on one of its values, or on one combination. */
export interface ProbeRow {
  /** "" for fields that no server knows. */
  readonly field: string;
  readonly about?: string;
  readonly verdict: ProbeVerdict;
  readonly reason: string;
  /** What the profile says; missing where it says nothing. */
  readonly expected?: ProbeVerdict;
  readonly differs: boolean;
  /** Ids of the requests that count, the deciding one first. */
  readonly evidence: readonly string[];
}

/** What whoever sends the requests holds to. */
export interface ProbeLimits {
  /** Requests on their way together. */
  readonly atOnce: number;
  /** Milliseconds for an answer, and for all that is waited because the server wants fewer requests. */
  readonly timeMs: number;
  readonly waitMs: number;
  /** The largest answer, in bytes. */
  readonly bytes: number;
}

export interface ProbeStep {
  readonly limits: ProbeLimits;
  /** How long to send nothing after the answer that was asked about, in milliseconds; 0 where it was no rate limit. */
  readonly pauseMs: number;
  readonly budget: {
    readonly requests: number;
    readonly tokens: number;
    /** How many requests it would take to ask about all that the rules know. */
    readonly all: number;
  };
  /** What may be sent now, with what is on its way already. */
  readonly next: readonly ProbeQuestion[];
  readonly done: boolean;
  /** Why it ended before all was asked; "" otherwise. */
  readonly end: string;
  /** How it went, without full stop. */
  readonly account: string;
  readonly rows: readonly ProbeRow[];
  /** What was answered. */
  readonly requests: readonly ProbeQuestion[];
  /** Both as JSON, where they were asked for. */
  readonly report?: string;
  readonly profile?: string;
}
