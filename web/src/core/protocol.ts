// The shapes that cross between the page, the Worker and the Go core. They restate core/report.go and wasm/protocol.go.

import type { WireRequest } from "../model/request.ts";

export type Severity = "error" | "warning" | "hint";

export interface Position {
  readonly byte: number;
  readonly utf16: number;
  readonly line: number;
  readonly column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** A replacement as the core writes it. `start`/`end` are bytes; the page uses `start16`/`end16`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly start16: number;
  readonly end16: number;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface Issue {
  readonly code: string;
  readonly severity: Severity;
  readonly path: string;
  /** Wire name of the top-level field, "" when the issue belongs to none. */
  readonly field: string;
  readonly rule: string;
  readonly span: Span;
  readonly message: string;
  readonly fix?: Fix;
}

export interface Change {
  readonly kind: string;
  readonly path: string;
  readonly field: string;
  readonly message: string;
  readonly span: Span;
}

/** One schema field as it stands in the text. Fields that are absent are not listed. */
export interface Member {
  /** Wire name, also where the text says it in camelCase. */
  readonly field: string;
  readonly span: Span;
  /** Strict JSON of the value as typed (numbers keep their digits); undefined when it is longer than 64 KiB or unreadable. */
  readonly json?: string;
}

export interface Verdict {
  readonly ok: boolean;
  readonly issues: readonly Issue[];
  readonly changes: readonly Change[];
  /** How the text is written: strict JSON, JSON with comments or trailing commas, or a JavaScript literal. */
  readonly dialect: "json" | "jsonc" | "javascript";
}

/** What the page shows of a text. */
export interface CheckResult extends Verdict {
  readonly members: readonly Member[];
  /** Microseconds the check took. */
  readonly micros: number;
}

/** What the form and the problem list ask of the core. `path` is an RFC 6901 pointer in wire names. */
export type EditOp =
  | { readonly op: "set"; readonly path: string; readonly value: string /* JSON text */ }
  | { readonly op: "unset"; readonly path: string }
  | { readonly op: "fix-all" }
  | { readonly op: "format" };

/** A range of UTF-16 units replaced by text, in document order and not overlapping, all against the old text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export type CoreState = "loading" | "ready" | "restarting" | "failed";

export interface DemoToken {
  readonly id: number;
  readonly text: string;
}

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

/**
 * The core in a Worker, as the page sees it. `web/src/core/client.ts` implements it. Text is addressed by revision:
 * every setText/change makes a new one; a result for an older revision is dropped before anybody sees it.
 */
export interface Core {
  readonly state: CoreState;
  /** Why the state is "restarting" or "failed", one sentence for people; "" otherwise. */
  readonly reason: string;
  onState(listener: () => void): () => void;
  /** Called with each result for the newest text. */
  onResult(listener: (result: CheckResult) => void): () => void;
  setText(text: string): void;
  change(changes: readonly TextChange[]): void;
  /** Chooses the server profile (a file name in schema/profiles) and checks again. */
  setProfile(name: string): void;
  /** Resolves against the newest text; rejects with an Error whose message is for people. */
  edit(op: EditOp): Promise<readonly TextEdit[]>;
  /** What a base URL stands for that a person typed. Rejects only where the core fails. */
  base(typed: string): Promise<Addresses | BaseFault>;
  /** Builds the request from the newest text. `force` sends the text as typed though errors remain. */
  build(endpoint: { readonly base: string; readonly hasKey: boolean; readonly force: boolean }): Promise<WireRequest>;
  /** The request as a curl command; the key stands as a shell variable. */
  curl(endpoint: { readonly base: string; readonly hasKey: boolean; readonly force: boolean }): Promise<string>;
  /** Splits text into the demo tokenizer's tokens. */
  tokens(text: string): Promise<readonly DemoToken[]>;
  close(): void;
}
