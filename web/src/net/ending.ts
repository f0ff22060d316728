import type { Outcome } from "../model/answer.ts";
import type { Problem } from "../model/problem.ts";
import { limits } from "./facts.ts";
import {
  contentTypeNamed,
  explain,
  explainErrorInAnswer,
  type FailureFacts,
  type FailureId,
  missingReasons,
  pageTitled,
} from "./failures.ts";
import type { Note } from "./notes.ts";
import type { Fault, Form, Whole } from "./reading.ts";

/** What there is to know of an answer whose status was 2xx, once nothing more comes. */
export interface Seen {
  /** What was asked for. choices: prompts × n. */
  readonly expect: { readonly choices: number; readonly stream: boolean };
  readonly profile: string;
  readonly status: number;
  /** In lower case, "" for none. */
  readonly contentType: string;
  readonly form: Form | undefined;
  /** All of a JSON body, the beginning of any other, without the key. */
  readonly text: string;
  readonly framed: boolean;
  readonly bare: boolean;
  /** How many events came. */
  readonly events: number;
  /** [DONE] came. */
  readonly done: boolean;
  /** The connection broke. */
  readonly broken: boolean;
  readonly truncated: string | undefined;
  readonly whole: Whole | undefined;
  /** A list of choices came. */
  readonly completion: boolean;
  /** Something in Ollama's own format came. */
  readonly native: boolean;
  readonly fault: Fault | undefined;
  readonly delivered: boolean;
  readonly textArrived: boolean;
  readonly reasoningArrived: boolean;
  /** Choices that came. */
  readonly choices: number;
  /** Of those asked for and those that came, how many have no finish reason. */
  readonly unfinished: number;
  /** Of those that came alone. */
  readonly open: number;
  readonly abortedReason: string | undefined;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly problem?: Problem;
  readonly notes: readonly Note[];
}

/** How an answer ended: the rule, and nothing else. */
export function endingOf(seen: Seen): Ending {
  if (seen.fault !== undefined) return failed(explainFault(seen, seen.fault));
  if (seen.form === "html") return problem(seen, "failed", "html", { values: { title: pageTitled(seen.text) } });
  if (seen.form === "json") return endOfWhole(seen);
  // A lone object among lines that say nothing is no stream of chunks.
  const lone = seen.bare && seen.events === 1 && !seen.done && seen.truncated === undefined;
  return lone ? endOfWhole({ ...seen, whole: "read" }) : endOfStream(seen);
}

function failed(explained: Problem): Ending {
  return { outcome: "failed", problem: explained, notes: [] };
}

/** What is told with the answer's own text: it is no completion. */
const odd: readonly FailureId[] = ["html", "unreadable", "cut-whole", "ollama-native"];

function problem(
  seen: Seen,
  outcome: Outcome,
  id: FailureId,
  more: Pick<FailureFacts, "values" | "raw"> = {},
  notes: readonly Note[] = [],
): Ending {
  const raw = more.raw ?? (odd.includes(id) ? seen.text : undefined);
  return {
    outcome,
    problem: explain(id, { ...factsOf(seen), ...more, ...(raw === undefined ? {} : { raw }) }),
    notes,
  };
}

function factsOf(seen: Seen): FailureFacts {
  return {
    profile: seen.profile,
    status: seen.status,
    flags: {
      text: seen.textArrived,
      streamed: seen.expect.stream,
      html: seen.contentType.startsWith("text/html"),
    },
    values: { type: contentTypeNamed(seen.contentType) },
  };
}

function explainFault(seen: Seen, { id, raw, error }: Fault): Problem {
  const facts: FailureFacts = { ...factsOf(seen), ...(raw === "" ? {} : { raw }) };
  if (error !== undefined) return explainErrorInAnswer(error, facts);
  return explain(id, { ...facts, values: { limit: `${limits.eventBytes >> 20} MiB` } });
}

function endOfStream(seen: Seen): Ending {
  const { expect, done, broken, truncated, unfinished } = seen;
  const notes = notesOfStream(seen);
  if (seen.abortedReason !== undefined)
    return problem(seen, "failed", "aborted", { values: { reason: seen.abortedReason } }, notes);
  if (!seen.delivered) {
    if (done) return { outcome: "complete", notes: [...notes, { code: "no-text" }] };
    if (broken) return problem(seen, "failed", "broken", {}, notes);
    if (truncated !== undefined) return problem(seen, "empty", "truncated", { raw: truncated }, notes);
    if (seen.native) return problem(seen, "failed", "ollama-native", {}, notes);
    const readable = seen.bare ? seen.completion : seen.framed || seen.text.trim() === "";
    if (!readable) return problem(seen, "failed", "unreadable", {}, notes);
    return problem(seen, "empty", "empty", {}, notes);
  }
  notes.push(...notesOfDelivery(seen));
  if (done) {
    if (unfinished > 0) notes.push({ code: "done-without-reason" });
    return { outcome: "complete", notes };
  }
  if (unfinished === 0) {
    if (broken) notes.push({ code: "broke-after-end" });
    else if (truncated !== undefined) notes.push({ code: "cut-after-end" });
    return { outcome: "complete", notes };
  }
  if (broken) return problem(seen, "failed", "broken", {}, notes);
  if (truncated !== undefined) return problem(seen, "ended-early", "truncated", { raw: truncated }, notes);
  const which = missingReasons(unfinished, expect.choices);
  return problem(seen, "ended-early", "ended-early", { values: { which } }, notes);
}

/** An answer that is one JSON value. */
function endOfWhole(seen: Seen): Ending {
  if (seen.broken && (seen.whole !== "read" || !seen.delivered)) return problem(seen, "failed", "broken");
  if (seen.whole === "open" || seen.whole === undefined) return problem(seen, "failed", "cut-whole");
  if (seen.abortedReason !== undefined)
    return problem(seen, "failed", "aborted", { values: { reason: seen.abortedReason } });
  if (seen.native && !seen.delivered) return problem(seen, "failed", "ollama-native");
  if (seen.whole === "unreadable" || !seen.completion) return problem(seen, "failed", "unreadable");
  if (!seen.delivered) return problem(seen, "empty", "empty");
  const notes: Note[] = seen.expect.stream ? [{ code: "one-piece" }] : [];
  notes.push(...notesOfDelivery(seen));
  if (seen.broken) notes.push({ code: "broke-after-end" });
  if (seen.open > 0) notes.push({ code: "reason-missing" });
  return { outcome: "complete", notes };
}

function notesOfStream({ events, truncated, expect, bare, contentType }: Seen): Note[] {
  if (events === (truncated === undefined ? 0 : 1)) return [];
  const notes: Note[] = expect.stream ? [] : [{ code: "stream-unasked" }];
  // Lines without the framing of events have labels of their own.
  if (bare) notes.push({ code: "lines" });
  else if (contentType.startsWith("text/event-stream")) return notes;
  else if (contentType === "") notes.push({ code: "label-missing" });
  else notes.push({ code: "label-odd", values: { type: contentType.slice(0, 100) } });
  return notes;
}

function notesOfDelivery({ choices, expect, textArrived, reasoningArrived }: Seen): readonly Note[] {
  const notes: Note[] = [];
  if (choices < expect.choices)
    notes.push({ code: "choices-missing", values: { asked: String(expect.choices), got: String(choices) } });
  if (reasoningArrived && !textArrived) notes.push({ code: "only-reasoning" });
  return notes;
}
