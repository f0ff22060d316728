import type { Run } from "../model/answer.ts";
import type { Findings, Sent } from "../model/findings.ts";
import type { Recording } from "../net/recording/open.ts";
import type { Recorder } from "../net/recording/recorder.ts";

/** Everything that was sent or played, and how the answers are looked at. Changes with every piece of an answer. */
export interface RunsSlice {
  /** The newest first. */
  readonly entries: readonly RunEntry[];
  readonly shownId: number | undefined;
  /** The run that the others are compared with. */
  readonly pinnedId: number | undefined;
  /** Grows with every change inside a run, at most once per animation frame. */
  readonly tick: number;
  readonly sending: boolean;
  readonly refusal: SendRefusal | undefined;
  /** Seconds until the newest run's server wants to be asked again; 0 for now or never. */
  readonly retryIn: number;
  /** Whether answers with log probabilities show them. */
  readonly tokenView: boolean;
  /** Whether the raw events of the answers are shown. */
  readonly eventsOpen: boolean;
  readonly selectedToken: TokenPlace | undefined;
  /** A file is being dragged over the page, and would be opened as a recording. */
  readonly dropping: boolean;
  /** What was found out about runs that have ended, by their ids. */
  readonly findings: ReadonlyMap<number, Findings>;
}

/** One run as the page keeps it: what was asked, and the run itself. */
export interface RunEntry {
  /** What the answer is held to; undefined where it is not known. */
  readonly sent?: Sent;
  readonly id: number;
  readonly run: Run;
  readonly model: string;
  readonly endpoint: string;
  /** What each prompt begins with, by prompt number. */
  readonly prompts: readonly string[];
  /** Choices for each prompt. */
  readonly perPrompt: number;
  readonly recorder: Recorder | undefined;
  /** What it plays; undefined for a request that was sent. */
  readonly recording: Recording | undefined;
  /** When it was sent, for people. */
  readonly time: string;
}

/** How fast a recording is played. */
export type ReplayTiming = "original" | "at-once";

/** Why Send did nothing, and what the second button beside it offers. */
export interface SendRefusal {
  readonly message: string;
  readonly canForce: boolean;
}

/** One token of one answer. */
export interface TokenPlace {
  readonly run: number;
  readonly choice: number;
  readonly token: number;
}

export const initialRuns: RunsSlice = {
  entries: [],
  shownId: undefined,
  pinnedId: undefined,
  tick: 0,
  sending: false,
  refusal: undefined,
  retryIn: 0,
  tokenView: true,
  eventsOpen: false,
  selectedToken: undefined,
  dropping: false,
  findings: new Map(),
};

/** Whether a run is under way, in the newest entry. */
export function running(runs: RunsSlice): boolean {
  const newest = runs.entries[0];
  return newest !== undefined && newest.run.snapshot().phase !== "done";
}

/** Whether something else than this recording is under way. */
export function busyElsewhere(runs: RunsSlice, recording: Recording): boolean {
  return running(runs) && runs.entries[0]?.recording !== recording;
}
