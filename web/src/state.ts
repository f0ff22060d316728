import type { TokenPlace } from "./actions.ts";
import type { RunEntry } from "./answer/runs.ts";
import type { Addresses, BaseFault, CheckResult, CoreState } from "./core/protocol.ts";
import type { EndpointChoice } from "./endpoint/endpoints.ts";
import type { ThemeChoice } from "./theme.ts";

/** How the areas stand: three columns, two, or one at a time behind tabs. Follows the element's own width. */
export type Layout = "wide" | "middle" | "narrow";

/** The area a narrow page shows. */
export type Tab = "form" | "text" | "answer";

/** Why Send did nothing, and what the second button beside it offers. */
export interface Refusal {
  readonly message: string;
  readonly canForce: boolean;
}

/** The exact request, shown on demand. Never holds the key. */
export interface WirePreview {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
  readonly curl: string;
  /** Set instead of the rest where no request can be built. */
  readonly problem: string;
}

/**
 * All that the page shows, except the text itself (the editor owns it) and the keys (the vault owns them, so that a
 * state that is printed or saved by mistake holds none).
 */
export interface State {
  readonly layout: Layout;
  readonly tab: Tab;
  readonly theme: ThemeChoice;
  readonly core: CoreState;
  /** One sentence on a restart or failure of the core; kept while it is down, and after a restart until the next change of the text. */
  readonly coreNote: string;
  /** The newest verdict; undefined before the first one. */
  readonly result: CheckResult | undefined;
  /** False from a change of the text until its verdict. */
  readonly current: boolean;
  readonly editorReady: boolean;
  readonly cursor: { readonly line: number; readonly column: number };
  readonly endpoint: EndpointChoice;
  /** What the endpoint's base stands for; undefined until the core has said it. */
  readonly address: Addresses | BaseFault | undefined;
  readonly models: readonly string[];
  /** Wire name of the field whose help is shown; "" for none. */
  readonly helpField: string;
  readonly hasKey: boolean;
  readonly keyForTab: boolean;
  /** A warning that a key is set and the endpoint's host has changed; "" otherwise. */
  readonly keyWarning: string;
  readonly sending: boolean;
  readonly refusal: Refusal | undefined;
  readonly runs: readonly RunEntry[];
  readonly shownRun: number | undefined;
  readonly pinnedRun: number | undefined;
  /** Grows with every change inside a run, at most once per animation frame. */
  readonly runTick: number;
  /** Whether answers with log probabilities show them. */
  readonly tokenView: boolean;
  /** Whether the raw events of the answers are shown. */
  readonly eventsOpen: boolean;
  readonly selectedToken: TokenPlace | undefined;
  /** Seconds until the newest run's server wants to be asked again; 0 for now or never. */
  readonly retryIn: number;
  readonly preview: WirePreview | undefined;
  /** What the live region says. */
  readonly announcement: string;
  /** A short confirmation at the foot of the text, such as "Copied". */
  readonly notice: string;
  /** A file is being dragged over the page, and would be opened as a recording. */
  readonly dropping: boolean;
}

/** Holds the state; every change goes through `set`, and every listener sees every change. */
export class Store {
  #state: State;
  readonly #listeners = new Set<(state: State, before: State) => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Replaces the given members. Listeners run at once, and only when a member really changed. */
  set(patch: Partial<State>): void {
    const before = this.#state;
    const changed = (Object.keys(patch) as (keyof State)[]).some((key) => patch[key] !== before[key]);
    if (!changed) return;
    this.#state = { ...before, ...patch };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: State, before: State) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Whether a run is under way, in the newest entry. */
export function running(state: State): boolean {
  const newest = state.runs[0];
  return newest !== undefined && newest.run.snapshot().phase !== "done";
}

/** How many issues of each severity stand in the newest verdict. */
export function countIssues(result: CheckResult | undefined): { errors: number; warnings: number; hints: number } {
  const counts = { errors: 0, warnings: 0, hints: 0 };
  for (const issue of result?.issues ?? []) {
    if (issue.severity === "error") counts.errors++;
    else if (issue.severity === "warning") counts.warnings++;
    else counts.hints++;
  }
  return counts;
}

/** "2 errors, 1 hint"; "no problems" where there is none. */
export function describeCounts(counts: { errors: number; warnings: number; hints: number }): string {
  const parts: string[] = [];
  if (counts.errors) parts.push(plural(counts.errors, "error"));
  if (counts.warnings) parts.push(plural(counts.warnings, "warning"));
  if (counts.hints) parts.push(plural(counts.hints, "hint"));
  return parts.length ? parts.join(", ") : "no problems";
}

/** "1 error", "2 errors". */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
