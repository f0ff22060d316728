import { type Mask, maskedIn } from "../keep/mask.ts";
import { type KeptPiece, type KeptRun, pieceOf, recordVersion } from "../keep/records.ts";
import { RestoredRun } from "../keep/restored-run.ts";
import type { Changes, KeepStore } from "../keep/store.ts";
import type { Problem } from "../model/problem.ts";
import { timeOfAnyDay } from "../model/time.ts";
import type { Timed } from "../net/recording/format.ts";
import type { Recorder } from "../net/recording/recorder.ts";
import type { RunEntry } from "../state/runs.ts";

/** Bytes of one answer that are kept. */
const bytesKept = 4 << 20;

const keptInPart: Problem = {
  title: "Kept in part",
  detail: `Of an answer this long only the first ${bytesKept >> 20} MiB outlive the page.`,
  advice: ["Save a long answer as a file while it is there."],
};

/** One run on its way into the store. */
interface Tracked {
  readonly recorder: Recorder;
  readonly read: ReturnType<Recorder["reader"]>;
  /** Written, but not yet known to be there. */
  readonly waiting: KeptPiece[];
  /** The number of the next piece. */
  next: number;
  bytes: number;
  /** What the run's record looked like when it was last written. */
  written: string;
}

/** The runs of a draft: which of them, and how much of each, still has to be written. */
export class KeptRuns {
  #tracked = new Map<RunEntry, Tracked | "stored">();
  #gone: number[] = [];
  /** Runs whose ending, whatever it is, is that of the page. */
  #cut: readonly RunEntry[] = [];

  /** Takes the newest list of runs. */
  follow(entries: readonly RunEntry[]): void {
    for (const [entry] of this.#tracked) {
      if (entries.includes(entry)) continue;
      this.#tracked.delete(entry);
      this.#gone.push(entry.id);
    }
    for (const entry of entries) {
      const { recorder } = entry;
      // What was played from a file is in that file.
      if (recorder === undefined || entry.recording !== undefined || this.#tracked.has(entry)) continue;
      this.#tracked.set(entry, { recorder, read: recorder.reader(), waiting: [], next: 0, bytes: 0, written: "" });
    }
  }

  /** Takes runs that lie in the store already. */
  adopt(entries: readonly RunEntry[]): void {
    for (const entry of entries) this.#tracked.set(entry, "stored");
  }

  /** Forgets what was written, as the store no longer has it. */
  forget(): void {
    this.#tracked = new Map();
    this.#gone = [];
  }

  /** The page is being left, or stays after all. A browser breaks what is under way before the page hears that it goes. */
  leaving(leaves: boolean): void {
    this.#cut = leaves ? [...this.#tracked.keys()].filter(({ run }) => run.snapshot().phase !== "done") : [];
  }

  /** What there is to write now, and what to call once it is written. */
  collect(draft: string, keys: readonly string[], mask: Mask): { readonly changes: Changes; written(): void } {
    const runs: KeptRun[] = [];
    const pieces: KeptPiece[] = [];
    const marks: (() => void)[] = [];
    for (const [entry, tracked] of this.#tracked) {
      if (tracked === "stored" || !tracked.recorder.begun) continue;
      this.#take(draft, entry, tracked, tracked.read(keys));
      const kept = [...tracked.waiting];
      pieces.push(...kept);
      marks.push(() =>
        tracked.waiting.splice(0, tracked.waiting.length, ...tracked.waiting.filter((each) => !kept.includes(each))),
      );
      const cut = this.#cut.includes(entry);
      const state = cut ? "cut" : stateOf(entry, tracked);
      if (state === tracked.written) continue;
      const record = recordOf(draft, entry, tracked);
      runs.push(maskedIn(cut ? { ...record, end: null, outcome: null, problem: null } : record, mask));
      marks.push(() => {
        tracked.written = state;
      });
    }
    const gone = this.#gone.map((run) => ({ draft, run }));
    marks.push(() => {
      this.#gone = this.#gone.filter((run) => !gone.some((each) => each.run === run));
    });
    return { changes: { runs, pieces, gone }, written: () => marks.forEach((mark) => void mark()) };
  }

  #take(draft: string, entry: RunEntry, tracked: Tracked, reads: readonly Timed[]): void {
    const fitting: Timed[] = [];
    for (const read of reads) {
      const room = bytesKept - tracked.bytes;
      tracked.bytes += read.bytes.byteLength;
      if (room > 0) fitting.push({ ms: read.ms, bytes: read.bytes.subarray(0, room) });
    }
    if (fitting.length > 0) tracked.waiting.push(pieceOf(draft, entry.id, tracked.next++, fitting));
  }
}

/** The runs of a draft as the page shows them, the newest first. */
export async function storedRuns(store: KeepStore, draft: string): Promise<readonly RunEntry[]> {
  const today = new Date();
  return (await store.runs(draft)).map((kept): RunEntry => {
    const run = new RestoredRun(kept, () => store.reads(draft, kept.id));
    return {
      id: kept.id,
      run,
      model: kept.model,
      endpoint: kept.endpoint,
      prompts: kept.prompts,
      perPrompt: kept.perPrompt,
      recorder: run.recorder,
      recording: undefined,
      sent: { url: kept.request.url, body: kept.request.body, profile: kept.profile, stream: kept.expect.stream },
      time: timeOfAnyDay(new Date(kept.startedAt), today),
    };
  });
}

/** Reads the answers that nobody has looked at yet, for when the store is about to be emptied. */
export async function readAll(entries: readonly RunEntry[]): Promise<void> {
  for (const { run } of entries) if (run instanceof RestoredRun) await run.read();
}

function stateOf({ run }: RunEntry, { bytes }: Tracked): string {
  const { phase, outcome, problem, status } = run.snapshot();
  const done = phase === "done" ? outcome : "";
  return `${status} ${done} ${problem?.checklist?.length} ${bytes > bytesKept}`;
}

function recordOf(draft: string, entry: RunEntry, { recorder, bytes }: Tracked): KeptRun {
  const { id, run, model, endpoint, prompts, perPrompt } = entry;
  const snapshot = run.snapshot();
  const { end, ...about } = recorder.about();
  const problem = snapshot.problem ?? (bytes > bytesKept && snapshot.phase === "done" ? keptInPart : null);
  return {
    version: recordVersion,
    draft,
    id,
    startedAt: snapshot.timing.startedAt,
    model,
    endpoint,
    prompts,
    perPrompt,
    ...about,
    end: end ?? null,
    outcome: snapshot.outcome ?? null,
    problem,
  };
}
