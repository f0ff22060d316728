import type { Header } from "./request.ts";
import type { Span } from "./verdict.ts";

/** A request that stood in another language: in a command, in the record of an exchange. As Go's core.Imported. */
export interface Imported {
  /** One word for the language: "curl", "powershell", "har", … */
  readonly kind: string;
  /** The same for people, with its article: "a curl command". */
  readonly name: string;
  /** The request, which may have mistakes; null where none could be read, and the notes say why. */
  readonly text: string | null;
  /** The address as it stands in the text, without what grants access; "" where there is none. */
  readonly url: string;
  /** What to use as base URL, and its host for people; "" where the address stands for none. */
  readonly base: string;
  readonly host: string;
  /** The path that was asked, such as "/v1/chat/completions". */
  readonly path: string;
  /** In upper case; "" where the text says none. */
  readonly method: string;
  /** The profile that servers at the host usually have: a guess, "" without one. */
  readonly profile: string;
  /** Those that a request made anew would lack. */
  readonly headers: readonly Header[];
  /** The API key that stood in the text, "" without one. It stands nowhere else in here. */
  readonly key: string;
  /** The header that it stood in, where that is another than Authorization: "api-key"; "" for all other places. */
  readonly keyHeader: string;
  /** By place. */
  readonly notes: readonly ImportNote[];
}

/** What was not understood or not taken over, and where it stands in the text that was imported. */
export interface ImportNote {
  readonly code: "unreadable" | "not-literal" | "other-file" | "left";
  readonly message: string;
  /** Empty and at the start where it is about the whole. */
  readonly span: Span;
}
