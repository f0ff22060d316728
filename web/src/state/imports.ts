import type { Imported } from "../model/imported.ts";

/** What the page offers to make of a text that is a request in another language. */
export interface ImportOffer {
  readonly from: Omit<Imported, "key">;
  /** Whether a key stands in the text; the key itself is not in the state. */
  readonly hasKey: boolean;
  /** What was done about it: nothing yet; the text alone; text, endpoint and key. */
  readonly done: "" | "text" | "all";
}
