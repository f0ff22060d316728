import { maxTextUnits } from "../core/limits.ts";
import type { Outcome } from "../model/answer.ts";
import type { KeptBox } from "../model/kept-box.ts";
import type { Check, Problem } from "../model/problem.ts";
import { count, finite, list, member } from "../net/json.ts";
import { type End, type Expectation, responseStatus, type Timed } from "../net/recording/format.ts";
import type { RecordedHead } from "../net/recording/recorder.ts";
import type { Tab } from "../state/view.ts";

// What is stored: a draft for each tab, its runs, and the bytes of their answers piece by piece. Every record has the
// version of its shape. Whatever is read is checked: a record of another version, or of a shape that is none of ours,
// counts as not there.

export const recordVersion = 1;

const stringUnits = 1 << 20;
const listLength = 100_000;

/** A text with what belongs to it, of one tab. */
export interface KeptDraft {
  readonly version: number;
  /** The tab that writes it. */
  readonly id: string;
  /** The page and the element in it. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** With asterisks where a key stood. */
  readonly text: string;
  /** Whether there are such asterisks. */
  readonly masked: boolean;
  /** The selection, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly endpoint: KeptEndpoint;
  readonly view: KeptView;
  /** What stands in the form and not in the text, with asterisks where a key stood. */
  readonly boxes: readonly KeptBox[];
}

/** Never with a key: a base in which one could stand is not kept, and "" stands for it. */
export interface KeptEndpoint {
  readonly id: string;
  readonly base: string;
  readonly profile: string;
}

/** How the page is looked at. */
export interface KeptView {
  readonly tab: Tab;
  readonly helpField: string;
  readonly tokenView: boolean;
  readonly eventsOpen: boolean;
  /** Run numbers; 0 for none. */
  readonly shownId: number;
  readonly pinnedId: number;
}

/** One run of a draft. The bytes of its answer are in pieces of their own. */
export interface KeptRun {
  readonly version: number;
  readonly draft: string;
  /** 1 for the first run of a draft. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly model: string;
  readonly endpoint: string;
  readonly prompts: readonly string[];
  readonly perPrompt: number;
  readonly profile: string;
  readonly expect: Expectation;
  readonly request: RecordedHead["request"];
  readonly response: RecordedHead["response"];
  /** null for an answer that was still coming. */
  readonly end: { readonly how: End; readonly ms: number } | null;
  readonly outcome: Outcome | null;
  readonly problem: Problem | null;
}

/** Bytes of an answer that were written at one time. */
export interface KeptPiece {
  readonly version: number;
  readonly draft: string;
  readonly run: number;
  /** 0 for the first. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** When how many of the bytes were read: milliseconds since the request. */
  readonly cuts: readonly (readonly [ms: number, length: number])[];
}

const tabs: readonly Tab[] = ["form", "text", "answer"];
const outcomes: readonly Outcome[] = ["complete", "ended-early", "empty", "failed", "stopped"];
const ends: readonly End[] = ["ended", "broken", "stopped", "cut"];

export function readDraft(record: unknown): KeptDraft | undefined {
  return ours(record, () => ({
    version: recordVersion,
    id: text(record, "id"),
    place: text(record, "place"),
    changedAt: number(record, "changedAt"),
    text: text(record, "text", maxTextUnits),
    masked: flag(record, "masked"),
    from: whole(record, "from"),
    to: whole(record, "to"),
    endpoint: readEndpoint(member(record, "endpoint")),
    view: readView(member(record, "view")),
    // Drafts that were written before there were any have none.
    boxes: array(member(record, "boxes") ?? []).map(readBox),
  }));
}

function readEndpoint(record: unknown): KeptEndpoint {
  const profile = text(record, "profile");
  if (!/^[a-z0-9]{1,32}$/.test(profile)) throw strange;
  return { id: text(record, "id"), base: text(record, "base", 4096), profile };
}

function readView(record: unknown): KeptView {
  return {
    tab: oneOf(tabs, member(record, "tab")),
    helpField: text(record, "helpField"),
    tokenView: flag(record, "tokenView"),
    eventsOpen: flag(record, "eventsOpen"),
    shownId: whole(record, "shownId"),
    pinnedId: whole(record, "pinnedId"),
  };
}

function readBox(record: unknown): KeptBox {
  return {
    path: text(record, "path"),
    text: text(record, "text"),
    title: text(record, "title"),
    why: text(record, "why"),
    fixes: array(member(record, "fixes")).map((each) => (typeof each === "string" ? each : fail())),
  };
}

export function readRun(record: unknown): KeptRun | undefined {
  return ours(record, () => {
    const request = member(record, "request");
    const response = member(record, "response");
    const end = member(record, "end");
    const outcome = member(record, "outcome");
    const problem = member(record, "problem");
    return {
      version: recordVersion,
      draft: text(record, "draft"),
      id: whole(record, "id", 1),
      startedAt: number(record, "startedAt"),
      model: text(record, "model"),
      endpoint: text(record, "endpoint"),
      prompts: array(member(record, "prompts")).map((each) => (typeof each === "string" ? each : fail())),
      perPrompt: whole(record, "perPrompt", 1),
      profile: text(record, "profile"),
      expect: {
        choices: whole(member(record, "expect"), "choices"),
        stream: flag(member(record, "expect"), "stream"),
      },
      request: {
        method: text(request, "method"),
        url: text(request, "url"),
        headers: pairs(member(request, "headers")),
        body: text(request, "body", maxTextUnits),
      },
      response: response === null ? null : readResponse(response),
      end: end === null ? null : { how: oneOf(ends, member(end, "how")), ms: number(end, "ms") },
      outcome: outcome === null ? null : oneOf(outcomes, outcome),
      problem: problem === null ? null : readProblem(problem),
    };
  });
}

function readResponse(record: unknown): NonNullable<KeptRun["response"]> {
  const status = whole(record, "status");
  // A browser hides the status of a redirect, and gives 0.
  if (status !== 0 && !responseStatus(status)) throw strange;
  return { status, headers: pairs(member(record, "headers")), headMs: number(record, "headMs") };
}

function readProblem(record: unknown): Problem {
  const failure = member(record, "failure");
  const raw = member(record, "raw");
  const status = count(member(record, "status"));
  const retryAfterSeconds = finite(member(record, "retryAfterSeconds"));
  const checklist = member(record, "checklist");
  return {
    title: text(record, "title"),
    detail: text(record, "detail"),
    advice: array(member(record, "advice")).map((each) => (typeof each === "string" ? each : fail())),
    ...(typeof failure === "string" ? { failure } : {}),
    ...(typeof raw === "string" ? { raw } : {}),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(checklist === undefined ? {} : { checklist: array(checklist).map(readCheck) }),
  };
}

function readCheck(record: unknown): Check {
  const states: readonly Check["state"][] = ["ok", "bad", "unknown"];
  return {
    label: text(record, "label"),
    state: oneOf(states, member(record, "state")),
    detail: text(record, "detail"),
  };
}

/** The reads that a piece holds, in order. */
export function readPiece(record: unknown): { readonly number: number; readonly reads: readonly Timed[] } | undefined {
  return ours(record, () => {
    const bytes = member(record, "bytes");
    if (!(bytes instanceof Uint8Array)) throw strange;
    let at = 0;
    const reads = array(member(record, "cuts")).map((cut): Timed => {
      const [ms, length] = list(cut);
      const from = at;
      at += count(length) ?? fail();
      return { ms: finite(ms) ?? fail(), bytes: bytes.slice(from, at) };
    });
    if (at !== bytes.byteLength) throw strange;
    return { number: whole(record, "number"), reads };
  });
}

/** A piece of these reads. */
export function pieceOf(draft: string, run: number, number: number, reads: readonly Timed[]): KeptPiece {
  const bytes = new Uint8Array(reads.reduce((sum, read) => sum + read.bytes.byteLength, 0));
  const cuts: (readonly [number, number])[] = [];
  let at = 0;
  for (const read of reads) {
    bytes.set(read.bytes, at);
    at += read.bytes.byteLength;
    cuts.push([read.ms, read.bytes.byteLength]);
  }
  return { version: recordVersion, draft, run, number, bytes, cuts };
}

const strange = new Error("a stored record has another shape");

function fail(): never {
  throw strange;
}

/** What the reader makes of a record of this version; undefined where it is strange. */
function ours<T>(record: unknown, read: () => T): T | undefined {
  if (member(record, "version") !== recordVersion) return undefined;
  try {
    return read();
  } catch {
    return undefined;
  }
}

function text(record: unknown, name: string, limit = stringUnits): string {
  const value = member(record, name);
  return typeof value === "string" && value.length <= limit ? value : fail();
}

function number(record: unknown, name: string): number {
  const value = finite(member(record, name)) ?? fail();
  return value >= 0 ? value : fail();
}

function whole(record: unknown, name: string, least = 0): number {
  const value = count(member(record, name)) ?? fail();
  return value >= least ? value : fail();
}

function flag(record: unknown, name: string): boolean {
  const value = member(record, name);
  return typeof value === "boolean" ? value : fail();
}

function oneOf<T>(values: readonly T[], value: unknown): T {
  return values.find((each) => each === value) ?? fail();
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) && value.length <= listLength ? value : fail();
}

function pairs(value: unknown): readonly (readonly [string, string])[] {
  return array(value).map((pair) => {
    const [name, content] = list(pair);
    return typeof name === "string" && typeof content === "string" ? ([name, content] as const) : fail();
  });
}
