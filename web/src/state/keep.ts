/** What stays on this device when the page is left. What is kept itself is not in the state. */
export interface KeepSlice {
  /** Whether the element was asked to keep anything; nothing of this is shown where it was not. */
  readonly offered: boolean;
  /** The person's choice. */
  readonly on: boolean;
  /** Why something is not kept, in a sentence or two; "" where all is. */
  readonly trouble: string;
  /** The trouble was read. */
  readonly told: boolean;
  /** "Clear everything" waits for a yes. */
  readonly confirming: boolean;
  /** The draft that gave way to a text that was given, or typed first. */
  readonly offer: DraftOffer | undefined;
  /** Drafts of tabs that are closed, the newest first. */
  readonly drafts: readonly DraftOffer[];
}

/** A draft that can be brought back. */
export interface DraftOffer {
  readonly id: string;
  /** When it was changed last, for people. */
  readonly time: string;
  /** What it begins with, in one line. */
  readonly beginning: string;
}

export const initialKeep: KeepSlice = {
  offered: false,
  on: true,
  trouble: "",
  told: false,
  confirming: false,
  offer: undefined,
  drafts: [],
};
