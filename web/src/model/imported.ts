import type { Span } from "./verdict.ts";

/** A request as it stood in another language, as Go's core.Import. */
export interface Imported {
  /** What the text is: "curl", "python" and so on. */
  readonly kind: string;
  /** The same for people, with its article: "a curl command". */
  readonly name: string;
  /** The text of the request; "" where none could be read. */
  readonly text: string;
  /** A base URL that the core takes; "" where the text names no server. */
  readonly base: string;
  /** Host and port of the base for people. */
  readonly host: string;
  /** A file name of schema/profiles, for a server that is known by its host; "" otherwise. */
  readonly profile: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The API key; "" where the text has none. It is in no other member. */
  readonly key: string;
  readonly notes: readonly ImportNote[];
}

/** What was not understood, or not taken over. */
export interface ImportNote {
  readonly code: string;
  readonly message: string;
  /** In the text that was pasted. */
  readonly span: Span;
}
