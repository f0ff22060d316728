// What a probe finds out about a server. Package core/probe describes it.

import type { WireAnswer } from "./findings.ts";

export type ProbeVerdict = "honoured" | "ignored" | "changed" | "refused" | "taken" | "unknown";

export interface ProbeArgs {
  /** A name, with @ and a version where one is known, or a profile as JSON. */
  readonly profile: string;
  readonly model: string;
  readonly options: { readonly seed: number };
  readonly answers: readonly { readonly id: string; readonly answer: WireAnswer }[];
  readonly stopped: boolean;
  /** Asks for the report and the profile that follows from it. */
  readonly whole: boolean;
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

export interface ProbeStep {
  readonly budget: { readonly requests: number; readonly tokens: number };
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
