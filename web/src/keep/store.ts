import type { Timed } from "../net/recording/format.ts";
import type { KeptDraft, KeptPiece, KeptRun } from "./records.ts";

/** What is written together: all of it, or nothing. */
export interface Changes {
  readonly drafts?: readonly KeptDraft[];
  readonly runs?: readonly KeptRun[];
  readonly pieces?: readonly KeptPiece[];
  /** Runs that go, with their pieces. */
  readonly gone?: readonly { readonly draft: string; readonly run: number }[];
}

/**
 * Where drafts and runs lie. Every method rejects where the browser refuses: without room with a DOMException of the
 * name QuotaExceededError. Records that are not understood are left out.
 */
export interface KeepStore {
  draft(id: string): Promise<KeptDraft | undefined>;
  /** The drafts of a place, the newest first. */
  drafts(place: string): Promise<readonly KeptDraft[]>;
  /** The runs of a draft, the newest first. */
  runs(draft: string): Promise<readonly KeptRun[]>;
  /** The answer of a run as far as it was written. */
  reads(draft: string, run: number): Promise<readonly Timed[]>;
  /** Asks for everything before it returns, so that it can be called while the page is being left. */
  write(changes: Changes): Promise<void>;
  /** Removes a draft with its runs. */
  remove(draft: string): Promise<void>;
  /** Removes all drafts, of any place, but these and the `count` newest others changed since `since`; then what belongs to none. */
  prune(keep: ReadonlySet<string>, count: number, since: number): Promise<void>;
  clear(): Promise<void>;
  close(): void;
}
