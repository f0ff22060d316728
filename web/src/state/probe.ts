import type { ProbeStep } from "../model/probe.ts";

/** A probe of a server, from the question whether to begin to the table of what it does. */
export interface ProbeState {
  /** Whether its window is open. */
  readonly open: boolean;
  /** Where the requests go. */
  readonly url: string;
  /** Whose rules it is held to, for people. */
  readonly rules: string;
  readonly model: string;
  /** Asks about all fields that the rules know, however many requests that takes. */
  readonly all: boolean;
  readonly phase: "asking" | "running" | "over";
  /** What is known so far; before the start there is only the budget in it. */
  readonly step: ProbeStep;
  /** Seconds that a rate limit is still waited for; 0 where it is not. */
  readonly waiting: number;
  /** Why nothing can be sent; "" where it can. */
  readonly trouble: string;
  /** Shows only the rows that differ from the rules. */
  readonly onlyDiffering: boolean;
  /** What was found is what the text is checked by. */
  readonly used: boolean;
}

/** What can be done with a probe. */
export type ProbeAct =
  | { readonly act: "open" | "stop" | "close" | "save" | "use" | "again" }
  /** Begins, or goes on after a stop. */
  | { readonly act: "start"; readonly model: string }
  | { readonly act: "all"; readonly all: boolean }
  | { readonly act: "filter"; readonly onlyDiffering: boolean };
