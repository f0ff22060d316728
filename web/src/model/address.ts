import { capitalized } from "./words.ts";

/** What a base URL stands for, as Go's core.Addresses. */
export interface Addresses {
  /** The canonical form: with its scheme, and without what was only assumed or pasted too much. */
  readonly base: string;
  /** Where requests go. */
  readonly completions: string;
  /** Where the server lists its models. */
  readonly models: string;
  /** What a key belongs to. */
  readonly origin: string;
  /** Host and port for people. */
  readonly host: string;
  /** Sentences on what was assumed, without full stop. */
  readonly notes: readonly string[];
}

/** Why a text cannot be a base URL: a sentence for people without full stop, that repeats nothing of the text. */
export interface BaseFault {
  readonly fault: string;
}

/** Why requests cannot go to a base, as a sentence; "" where they can, or where the core has not said yet. */
export function faultOf(address: Addresses | BaseFault | undefined): string {
  return address !== undefined && "fault" in address ? sentence(address.fault) : "";
}

/** The addresses, where there are any. */
export function reached(address: Addresses | BaseFault | undefined): Addresses | undefined {
  return address !== undefined && "origin" in address ? address : undefined;
}

/** The core's words as a sentence of its own. */
export function sentence(words: string): string {
  return `${capitalized(words)}.`;
}
