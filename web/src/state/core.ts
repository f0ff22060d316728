import type { CoreState } from "../model/core.ts";

/** How the core stands. Changes with its Worker, not with the text. */
export interface CoreSlice {
  readonly state: CoreState;
  /** One sentence on a restart or failure of the core; kept while it is down, and after a restart until the next change of the text. */
  readonly note: string;
}

export const initialCore: CoreSlice = { state: "loading", note: "" };
