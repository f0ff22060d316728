// What the page and its Worker say to each other.

import type { Addresses, BaseFault } from "../model/address.ts";
import type { DemoToken, EditOp } from "../model/core.ts";
import type { DetectArgs, DetectStep } from "../model/detected.ts";
import type { Comparison, Difference, Scored, Scoring } from "../model/findings.ts";
import type { Imported } from "../model/imported.ts";
import type { ProbeArgs, ProbeStep } from "../model/probe.ts";
import type { WireRequest } from "../model/request.ts";
import type { TextChange } from "../model/text-change.ts";
import type { CheckResult, TextEdit } from "../model/verdict.ts";
import type { EndpointArgs, Snippet, SnippetArgs } from "./protocol.ts";
import type { WasmUrls } from "./wasm-url.ts";

/** How the Worker's copy of the text becomes the page's. */
export type Sync =
  | { readonly kind: "text"; readonly text: string }
  /** Batches in order of time; each batch is against the text that the one before it left. */
  | { readonly kind: "changes"; readonly batches: readonly (readonly TextChange[])[] }
  /** The text is too long to be sent. */
  | { readonly kind: "too-long" };

/** A question and the type of its answer. */
export interface Calls {
  check: { readonly args: null; readonly value: CheckResult };
  edit: { readonly args: EditOp; readonly value: readonly TextEdit[] };
  base: { readonly args: string; readonly value: Addresses | BaseFault };
  detect: { readonly args: DetectArgs; readonly value: DetectStep };
  build: { readonly args: EndpointArgs; readonly value: WireRequest };
  snippet: { readonly args: SnippetArgs; readonly value: Snippet };
  import: { readonly args: string; readonly value: Imported | null };
  compare: { readonly args: Comparison; readonly value: readonly Difference[] };
  score: { readonly args: Scoring; readonly value: Scored };
  versions: { readonly args: string; readonly value: readonly string[] };
  probe: { readonly args: ProbeArgs; readonly value: ProbeStep };
  tokens: { readonly args: string; readonly value: readonly DemoToken[] };
}

export type CallName = keyof Calls;

export type Call = { [K in CallName]: { readonly name: K; readonly args: Calls[K]["args"] } }[CallName];

/** Brings text and profile up to date where given, then answers the call. */
export interface CallMessage {
  readonly kind: "call";
  readonly id: number;
  readonly call: Call;
  readonly sync?: Sync;
  /** With every whole text, and where it changes; "" is the core's default. */
  readonly profile?: string;
}

/** What an element asks of the Worker that it shares with others. */
export type Ask =
  | CallMessage
  /** Sends a request body to the demo model. */
  | { readonly kind: "demo"; readonly id: number; readonly body: string }
  | { readonly kind: "demo-cancel"; readonly id: number };

export type ToWorker =
  /** First message: where the core lies. */
  | ({ readonly kind: "open" } & WasmUrls)
  /** A call, and whose text it is about. */
  | (CallMessage & { readonly session: number })
  | Exclude<Ask, CallMessage>;

export type FromWorker =
  /** The script runs, and the core, or a part of it that was asked for, is not there yet. Said again and again until it is. */
  | { readonly kind: "hello" }
  | { readonly kind: "ready" }
  /** The core cannot be loaded; the sentence is for people. `lost`: it is not there, or another file. Final. */
  | { readonly kind: "failed"; readonly reason: string; readonly lost?: boolean }
  /** The core ended. Whatever is unanswered stays so. Final. */
  | { readonly kind: "dead"; readonly reason: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: Calls[CallName]["value"] }
  /** `lost`: for want of a part of the core that is not there, or another file. */
  | { readonly kind: "refused"; readonly id: number; readonly reason: string; readonly lost?: boolean }
  /** The Worker does not hold the text that the call is about; ask again with all of it, and the profile. */
  | { readonly kind: "resync"; readonly id: number }
  | {
      readonly kind: "demo-head";
      readonly id: number;
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
    }
  | { readonly kind: "demo-data"; readonly id: number; readonly data: Uint8Array<ArrayBuffer> }
  /** The answer is over; `cut`: as a broken connection. */
  | { readonly kind: "demo-end"; readonly id: number; readonly cut: boolean };

/** What an element hears of it; that it ended comes another way. */
export type Said = Exclude<FromWorker, { kind: "hello" | "dead" }>;
