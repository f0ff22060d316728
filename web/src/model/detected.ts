/** What a server says of itself, as Go's detect.Found. It can say what it likes: no more than a suggestion. */
export interface Detected {
  /** The kind, such as "vLLM"; "" where it is not known. */
  readonly title: string;
  /** The rules that fit; "" where the kind is not known. */
  readonly profile: string;
  /** As the server writes it; "" if not told. */
  readonly version: string;
  /** Its rules are not those of the newest version. */
  readonly older: boolean;
  readonly models: readonly string[];
  /** Tokens of prompt and answer together; 0 if not told. */
  readonly context: number;
  /** The most that fields of a request may have. */
  readonly limits: readonly { readonly field: string; readonly most: number }[];
  /** It has a list of models. */
  readonly listed: boolean;
  /** It wanted a key, or another one. */
  readonly refused: boolean;
}

/** What came of a GET; the status is 0 where nobody answered. */
export interface DetectAnswer {
  readonly path: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers of a server, to be judged. */
export interface DetectArgs {
  /** As it was typed. */
  readonly base: string;
  /** Asks more where the list of models does not say what it is. */
  readonly all: boolean;
  readonly answers: readonly DetectAnswer[];
}

/** What is known so far, and what to ask next; nothing where there is no more to learn. */
export interface DetectStep extends Detected {
  readonly next: readonly { readonly path: string; readonly url: string; readonly bytes: number }[];
  /** For all that is asked, in milliseconds. */
  readonly deadlineMs: number;
}
