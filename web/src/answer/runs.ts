import type { CheckResult, Core } from "../core/protocol.ts";
import { wordsOf } from "../editor/issue-words.ts";
import type { TextSession } from "../editor/session.ts";
import { baseFault, hostOf } from "../endpoint/endpoints.ts";
import type { EndpointSession } from "../endpoint/session.ts";
import { stringsValue, stringValue } from "../form/value.ts";
import type { Run } from "../model/answer.ts";
import { surroundingsOf } from "../net/reach.ts";
import { openRecording, type Recording } from "../net/recording/open.ts";
import { Recorder, saveRecording } from "../net/recording/recorder.ts";
import { startRun } from "../net/run.ts";
import { countIssues, plural, running, type State, type Store } from "../state.ts";

/** One run as the page keeps it: what was asked, and the run itself. */
export interface RunEntry {
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

/** Whether something else than this recording is under way. */
export function busyElsewhere(state: State, recording: Recording): boolean {
  return running(state) && state.runs[0]?.recording !== recording;
}

// Runs hold their whole answers, so only the newest stay.
const runsKept = 20;

// Text that grows 25 times a second reads as fluent, and leaves more than half of the frames to the person's own typing.
const tickMs = 36;

const outcomes = {
  complete: "Answer complete.",
  "ended-early": "The answer ended early.",
  empty: "The answer is empty.",
  failed: "The request failed.",
  stopped: "Stopped.",
} as const;

/** Sending, stopping and keeping runs. */
export class RunSession {
  readonly #store: Store;
  readonly #core: Core;
  readonly #text: TextSession;
  readonly #endpoints: EndpointSession;
  readonly #ended = new AbortController();
  #nextId: number;
  #frame = 0;
  #lookedAt = 0;
  #countdown: ReturnType<typeof setInterval> | undefined;

  constructor(store: Store, core: Core, text: TextSession, endpoints: EndpointSession) {
    this.#store = store;
    this.#core = core;
    this.#text = text;
    this.#endpoints = endpoints;
    // An element that was connected before still shows its runs.
    this.#nextId = 1 + Math.max(0, ...store.state.runs.map((entry) => entry.id));
  }

  /** Sends the text as it is now. Without `force`, a text with errors is refused and the state says why. */
  async send(force: boolean): Promise<void> {
    const { state } = this.#store;
    if (state.sending || running(state)) return;
    const { endpoint } = state;
    const fault = baseFault(endpoint.base);
    if (fault !== "") return this.#refuse(fault, false);
    this.#store.set({ sending: true, refusal: undefined });
    try {
      const result = await this.#verdict();
      if (this.#ended.signal.aborted) return;
      if (!result.ok && !force) {
        const { errors } = countIssues(result);
        const first = result.issues.find((issue) => issue.severity === "error");
        const where = first ? ` The first, in line ${first.span.start.line}: ${wordsOf(first)}.` : "";
        return this.#refuse(`Not sent: ${plural(errors, "error")} to mend.${where}`, true);
      }
      const key = this.#endpoints.key;
      const request = await this.#core.build({ base: endpoint.base, hasKey: key !== "", force });
      if (this.#ended.signal.aborted) return;
      const asked = askedFor(result);
      const recorder = new Recorder({ title: asked.model, profile: endpoint.profile });
      const run = startRun({
        request,
        key,
        fetch: this.#endpoints.fetch,
        expect: { choices: asked.prompts.length * asked.perPrompt, stream: asked.stream },
        signal: this.#ended.signal,
        record: recorder,
        // The built-in model fails like no server in particular, and cannot be out of reach.
        ...(endpoint.builtIn ? {} : { profile: endpoint.profile, surroundings: surroundingsOf(window) }),
      });
      this.#endpoints.remember();
      this.#keep(run, {
        ...asked,
        endpoint: endpoint.editable ? hostOf(endpoint.base) : endpoint.title,
        recorder,
        recording: undefined,
      });
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error), false);
    } finally {
      this.#store.set({ sending: false });
    }
  }

  stop(): void {
    this.#store.state.runs[0]?.run.stop();
  }

  show(id: number): void {
    this.#store.set({ shownRun: id });
  }

  pin(id: number | undefined): void {
    this.#store.set({ pinnedRun: id });
  }

  /** The recording of a run as a file for people to keep. */
  recording(entry: RunEntry): Blob | undefined {
    return entry.recorder && new Blob([saveRecording(entry.recorder)], { type: "application/json" });
  }

  /** Plays a recorded answer, or a captured one, as if it came from the network. */
  async open(file: File): Promise<void> {
    if (running(this.#store.state)) return;
    try {
      const recording = openRecording(new Uint8Array(await file.arrayBuffer()));
      this.#play(recording, recording.title || file.name, "original");
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error), false);
    }
  }

  /** Plays a run's recording anew, as a run of its own. One that is still playing stops; a request under way does not. */
  replay({ recording, model }: RunEntry, timing: ReplayTiming): void {
    const { state } = this.#store;
    if (recording === undefined || busyElsewhere(state, recording)) return;
    this.stop();
    this.#play(recording, model, timing);
  }

  close(): void {
    this.#ended.abort();
    cancelAnimationFrame(this.#frame);
    clearInterval(this.#countdown);
  }

  #play(recording: Recording, title: string, timing: ReplayTiming): void {
    const request = recording.request ?? {
      method: "POST",
      url: "https://recording.invalid/v1/completions",
      headers: [],
      body: "{}",
    };
    const run = startRun({
      request,
      key: "",
      fetch: recording.replay({ timing }),
      expect: recording.expect,
      signal: this.#ended.signal,
      ...(recording.profile === undefined ? {} : { profile: recording.profile }),
    });
    this.#keep(run, {
      model: title,
      endpoint: "Recording",
      prompts: [],
      perPrompt: Math.max(1, recording.expect.choices),
      recorder: undefined,
      recording,
    });
  }

  /** The newest verdict; rejects where the core is gone for good. */
  #verdict(): Promise<CheckResult> {
    return new Promise((resolve, reject) => {
      const gone = () =>
        this.#store.state.core === "failed" && reject(new Error(`Checking is not available: ${this.#core.reason}`));
      const end = this.#core.onState(gone);
      gone();
      void this.#text.settled().then((result) => {
        end();
        resolve(result);
      });
    });
  }

  #keep(run: Run, about: Omit<RunEntry, "id" | "run" | "time">): void {
    const entry: RunEntry = {
      ...about,
      id: this.#nextId++,
      run,
      time: new Date().toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    };
    const { runs, pinnedRun } = this.#store.state;
    const pinned = runs.find((each) => each.id === pinnedRun);
    const kept = [entry, ...runs].slice(0, runsKept);
    if (pinned && !kept.includes(pinned)) kept.push(pinned);
    const announcement = about.recording ? "Replaying." : "Sent.";
    this.#store.set({ runs: kept, shownRun: entry.id, tab: "answer", announcement });
    clearInterval(this.#countdown);
    this.#store.set({ retryIn: 0, selectedToken: undefined });
    const end = run.onChange(() => this.#tick());
    void run.finished.then((snapshot) => {
      end();
      if (this.#ended.signal.aborted) return;
      this.#tick();
      if (snapshot.problem?.retryAfterSeconds) this.#countDown(entry, snapshot.problem.retryAfterSeconds);
      if (snapshot.outcome) this.#store.set({ announcement: outcomes[snapshot.outcome] });
    });
  }

  /** However many chunks arrive, the page looks at them at most this often, and only while somebody sees it. */
  #tick(): void {
    if (this.#frame !== 0) return;
    const look = (now: number) => {
      if (now - this.#lookedAt < tickMs) {
        this.#frame = requestAnimationFrame(look);
        return;
      }
      this.#lookedAt = now;
      this.#frame = 0;
      this.#store.set({ runTick: this.#store.state.runTick + 1 });
    };
    this.#frame = requestAnimationFrame(look);
  }

  #countDown(entry: RunEntry, seconds: number): void {
    if (this.#store.state.runs[0] !== entry) return;
    const until = performance.now() + seconds * 1000;
    const count = () => {
      const retryIn = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      this.#store.set({ retryIn });
      if (retryIn === 0) clearInterval(this.#countdown);
    };
    this.#countdown = setInterval(count, 250);
    count();
  }

  #refuse(message: string, canForce: boolean): void {
    this.#store.set({ refusal: { message, canForce }, announcement: message });
  }
}

/** What the text asks for, as far as the answer's layout needs it. */
function askedFor(result: CheckResult): {
  model: string;
  prompts: readonly string[];
  perPrompt: number;
  stream: boolean;
} {
  const json = (name: string) => result.members.find((member) => member.field === name)?.json;
  const prompts = stringsValue(json("prompt")) ?? [""];
  // More choices than this cannot be laid out one by one; the number only says what to wait for.
  const perPrompt = Math.min(Math.max(1, Math.trunc(Number(json("n") ?? 1)) || 1), 10_000);
  return {
    model: stringValue(json("model")) ?? "",
    prompts: prompts.map((prompt) => prompt.slice(0, 80)),
    perPrompt,
    stream: json("stream") === "true",
  };
}
