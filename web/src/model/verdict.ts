// What the core says of a text. The shapes restate core/report.go as wasm/encode.go writes it.

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
  /** What it does, and what it takes away. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The words that it takes away or replaces; absent where it keeps them all. Only such fixes are part of "Fix all". */
  readonly removes?: string;
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
