/** One thing that was looked at after a server could not be reached. */
export interface Check {
  readonly label: string;
  readonly state: "ok" | "bad" | "unknown";
  readonly detail: string;
}

/** What went wrong, in words. No text in it ever holds the key. */
export interface Problem {
  /** The entry of schema/failures.json that explains it; none for a fault of the page itself. */
  readonly failure?: string;
  /** A few words. */
  readonly title: string;
  /** What happened, in a sentence or two. */
  readonly detail: string;
  /** The server's own words for it, at most as long as a message is shown; none where it has none. */
  readonly said?: string;
  /** What to do, one sentence each, most promising first. */
  readonly advice: readonly string[];
  /** The answer's body, or its beginning, to expand. */
  readonly raw?: string;
  readonly status?: number;
  /** From Retry-After, seconds or date, where the browser lets it be read. Nothing is retried by itself. */
  readonly retryAfterSeconds?: number;
  readonly checklist?: readonly Check[];
}
