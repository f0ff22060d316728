import type { Snippet } from "../core/protocol.ts";
import type { Header } from "../model/request.ts";
import type { CheckResult } from "../model/verdict.ts";
import type { ImportOffer } from "./imports.ts";

/** What is known of the text. Changes with every verdict; the text itself is the editor's. */
export interface TextSlice {
  /** The newest verdict; undefined before the first one. */
  readonly result: CheckResult | undefined;
  readonly preview: WirePreview | undefined;
  /** The request as code, where somebody looks at it. */
  readonly code: CodeView | undefined;
  /** What can be made of a text in another language, or was just made of it. */
  readonly offer: ImportOffer | undefined;
}

/** The exact request, shown on demand. Never holds the key. */
export interface WirePreview {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly curl: string;
  /** A word on what is not shown; "" for none. */
  readonly note: string;
  /** Set instead of the rest where no request can be built. */
  readonly problem: string;
}

/** The request as code, written anew with each verdict. */
export interface CodeView extends Snippet {
  /** A name of schema/languages.json. */
  readonly language: string;
  /** Why there is no newer code, one sentence; "" where there is. */
  readonly problem: string;
}

export const initialText: TextSlice = { result: undefined, preview: undefined, code: undefined, offer: undefined };
