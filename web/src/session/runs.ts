import type { Core, EndpointArgs } from "../core/protocol.ts";
import { faultOf } from "../model/address.ts";
import type { Run } from "../model/answer.ts";
import { countIssues } from "../model/counts.ts";
import type { Findings } from "../model/findings.ts";
import { wordsOf } from "../model/issue-words.ts";
import type { WireRequest } from "../model/request.ts";
import { timeOfDay } from "../model/time.ts";
import type { CheckResult } from "../model/verdict.ts";
import { plural } from "../model/words.ts";
import { surroundingsOf } from "../net/reach.ts";
import { openRecording, type Recording } from "../net/recording/open.ts";
import { Recorder, saveRecording } from "../net/recording/recorder.ts";
import { startRun } from "../net/run.ts";
import type { RunActions } from "../state/actions.ts";
import { demoEndpoint, type EndpointChoice, rulesOf } from "../state/choices.ts";
import { headerFault, lackOf } from "../state/ready.ts";
import { busyElsewhere, type ReplayTiming, type RunEntry, running } from "../state/runs.ts";
import type { Store } from "../state/store.ts";
import { type Asked, askedFor } from "./asked.ts";
import type { Comparisons } from "./compare.ts";
import type { EndpointSession } from "./endpoint.ts";
import { saveAs } from "./save.ts";
import type { TextSession } from "./text.ts";

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
  readonly actions: RunActions = {
    send: (force) => void this.send(force),
    stop: () => this.#stop(),
    score: () => void this.#score(),
    dismissRefusal: () => this.#store.change({ runs: { refusal: undefined } }),
    showRun: (shownId) => this.#store.change({ runs: { shownId } }),
    pinRun: (pinnedId) => this.#store.change({ runs: { pinnedId } }),
    saveRun: (entry) => save(entry),
    openRun: (file) => void this.#open(file),
    replayRun: (entry, timing) => this.#replay(entry, timing),
    tokenView: (tokenView) => this.#store.change({ runs: { tokenView } }),
    openEvents: (eventsOpen) => this.#store.change({ runs: { eventsOpen } }),
    selectToken: (selectedToken) => this.#store.change({ runs: { selectedToken } }),
  };
  readonly #store: Store;
  readonly #core: Core;
  readonly #text: TextSession;
  readonly #endpoints: EndpointSession;
  readonly #unread: () => string;
  readonly #mayStart: (request: WireRequest) => boolean;
  readonly #ended = new AbortController();
  #comparisons: Promise<Comparisons> | undefined;
  #nextId: number;
  #frame = 0;
  #lookedAt = 0;
  #countdown: ReturnType<typeof setInterval> | undefined;

  /**
   * `unread` says what stands in the form and not in the text, because it cannot be read; "" for nothing. `mayStart` hears
   * of each request before it is sent, and can keep it from being sent.
   */
  constructor(
    store: Store,
    core: Core,
    text: TextSession,
    endpoints: EndpointSession,
    unread: () => string,
    mayStart: (request: WireRequest) => boolean = () => true,
  ) {
    this.#store = store;
    this.#core = core;
    this.#text = text;
    this.#endpoints = endpoints;
    this.#unread = unread;
    this.#mayStart = mayStart;
    // An element that was connected before still shows its runs.
    this.#nextId = 1 + Math.max(0, ...store.state.runs.entries.map((entry) => entry.id));
  }

  close(): void {
    this.#ended.abort();
    cancelAnimationFrame(this.#frame);
    clearInterval(this.#countdown);
  }

  /** Puts the runs of an earlier visit, the newest first, in the place of those that stand here. */
  resume(entries: readonly RunEntry[], shownId: number, pinnedId: number): void {
    const has = (id: number) => (entries.some((entry) => entry.id === id) ? id : undefined);
    this.#nextId = 1 + Math.max(0, ...entries.map((entry) => entry.id));
    for (const entry of entries) {
      entry.run.onChange(() => this.#tick());
      this.#compare(entry, true);
    }
    this.#store.change({
      runs: { entries, shownId: has(shownId) ?? entries[0]?.id, pinnedId: has(pinnedId), selectedToken: undefined },
    });
  }

  /**
   * Sends the text as it is now. Without `force`, a text with errors is refused and the state says why. Undefined where
   * nothing was sent.
   */
  async send(force: boolean): Promise<RunEntry | undefined> {
    const { runs, endpoint } = this.#store.state;
    if (runs.sending || running(runs)) return undefined;
    const { chosen } = endpoint;
    this.#store.change({ runs: { sending: true, refusal: undefined } });
    try {
      const { fault, ...located } = await this.#located(chosen);
      if (fault !== "") return this.#refuse(fault, false);
      const result = await this.verdict();
      if (this.#ended.signal.aborted) return undefined;
      const objections = [errorsOf(result), this.#unread()].filter((each) => each !== "");
      const lack = lackOf(this.#store.state.endpoint, this.#store.state.text);
      if (lack) objections.push(`${lack.words}.`);
      if (objections.length > 0 && !force) return this.#refuse(`Not sent: ${objections.join(" ")}`, true);
      const request = await this.#core.build({ ...located, force });
      if (this.#ended.signal.aborted || !this.#mayStart(request)) return undefined;
      return this.#start(request, chosen, askedFor(result));
    } catch (error) {
      return this.#refuse(error instanceof Error ? error.message : String(error), false);
    } finally {
      this.#store.change({ runs: { sending: false } });
    }
  }

  /** What a request is built for. An address that was typed just now has to be known first, and its key. */
  async #located({ base }: EndpointChoice): Promise<Omit<EndpointArgs, "force"> & { readonly fault: string }> {
    await this.#endpoints.located();
    const { chosen, address, hasKey, headers } = this.#store.state.endpoint;
    const fault = chosen.base === base ? faultOf(address) || headerFault(headers) : "";
    return { base, hasKey, headers: headers.filter(({ hasValue }) => hasValue).map(({ name }) => name), fault };
  }

  /** Sends a request to an endpoint, and shows its run. */
  #start(request: WireRequest, chosen: EndpointChoice, asked: Asked): RunEntry {
    // Whatever was chosen meanwhile, the key is that of the address that is asked.
    const key = this.#endpoints.keyFor(chosen, request.url);
    const recorder = new Recorder({ title: asked.model, profile: chosen.profile });
    const profile = profileOf(chosen);
    const run = startRun({
      request,
      key,
      headers: this.#endpoints.headersFor(chosen, request.url),
      fetch: this.#endpoints.fetchFor(chosen),
      expect: { choices: asked.prompts.length * asked.perPrompt, stream: asked.stream, echo: asked.echo },
      signal: this.#ended.signal,
      record: recorder,
      profile,
      // The built-in model cannot be out of reach.
      ...(chosen.builtIn ? {} : { surroundings: surroundingsOf(window) }),
    });
    this.#endpoints.remember(chosen);
    const entry = this.#keep(run, {
      ...asked,
      endpoint: chosen.editable ? new URL(request.url).host : chosen.title,
      recorder,
      recording: undefined,
      sent: { url: request.url, body: request.body, profile: checkedBy(chosen), stream: asked.stream },
    });
    void run.finished.then(({ status }) => status === 401 && this.#refusedBy(chosen));
    this.#compare(entry, false);
    return entry;
  }

  /** Holds the answer to what was asked, once it is there. `alone`: it is of another time than those beside it. */
  #compare(entry: RunEntry, alone: boolean): void {
    const { sent, run } = entry;
    if (!sent) return;
    void run.finished
      .then(async (snapshot) => {
        // Comes when there is something to compare; where it cannot come, the answer stands without.
        this.#comparisons ??= import("./seldom.ts").then(({ Comparisons }) => new Comparisons(this.#core));
        const differences = await (await this.#comparisons).of(sent, snapshot, alone);
        if (differences) this.#find(entry, { differences });
      })
      .catch(() => {});
  }

  /** Has the prompts scored, by code that comes when it is first asked for. */
  async #score(): Promise<void> {
    const { runs, endpoint } = this.#store.state;
    if (runs.sending || running(runs)) return;
    const { chosen } = endpoint;
    this.#store.change({ runs: { sending: true, refusal: undefined } });
    try {
      const { fault, ...located } = await this.#located(chosen);
      if (fault !== "") return this.#refuse(fault, false);
      const { scorePrompts } = await import("./seldom.ts");
      const result = await this.verdict();
      const request = await this.#core.build({ ...located, force: true });
      await scorePrompts(result, {
        score: (scoring) => this.#core.score({ ...scoring, profile: checkedBy(chosen) }),
        send: (body, asked) => this.#start(scoringRequest(request, body), chosen, asked),
        found: (entry, findings) => this.#find(entry, findings),
        most: runsKept,
        sent: () => this.#store.change({ runs: { sending: false } }),
        ended: this.#ended.signal,
      });
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error), false);
    } finally {
      this.#store.change({ runs: { sending: false } });
    }
  }

  /** Adds to what is known of a run, as long as it is kept. */
  #find(entry: RunEntry, found: Findings): void {
    const { entries, findings } = this.#store.state.runs;
    if (this.#ended.signal.aborted) return;
    const kept = [...findings].filter(([id]) => entries.some((each) => each.id === id));
    const all = new Map([...kept, [entry.id, { ...findings.get(entry.id), ...found }]]);
    this.#store.change({ runs: { findings: all } });
  }

  /** A server that let itself be asked what it is wants a key after all. Another may be chosen by now. */
  #refusedBy({ base }: EndpointChoice): void {
    const { chosen, found } = this.#store.state.endpoint;
    if (found && chosen.base === base && !this.#ended.signal.aborted)
      this.#store.change({ endpoint: { found: { ...found, refused: true } } });
  }

  #stop(): void {
    this.#store.state.runs.entries[0]?.run.stop();
  }

  /** Plays a recorded answer, or a captured one, as if it came from the network. */
  async #open(file: File): Promise<void> {
    if (running(this.#store.state.runs)) return;
    try {
      const recording = openRecording(new Uint8Array(await file.arrayBuffer()));
      this.#play(recording, recording.title || file.name, "original");
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error), false);
    }
  }

  /** Plays a run's recording anew, as a run of its own. One that is still playing stops; a request under way does not. */
  #replay({ recording, model }: RunEntry, timing: ReplayTiming): void {
    if (recording === undefined || busyElsewhere(this.#store.state.runs, recording)) return;
    this.#stop();
    this.#play(recording, model, timing);
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
    const { stream } = recording.expect;
    const asked = recording.request;
    const entry = this.#keep(run, {
      model: title,
      endpoint: "Recording",
      prompts: [],
      perPrompt: Math.max(1, recording.expect.choices),
      recorder: undefined,
      recording,
      ...(asked ? { sent: { url: asked.url, body: asked.body, profile: recording.profile ?? "", stream } } : {}),
    });
    this.#compare(entry, true);
  }

  /** The newest verdict; rejects where the core is gone for good. */
  verdict(): Promise<CheckResult> {
    return new Promise((resolve, reject) => {
      const gone = () =>
        this.#store.state.core.state === "failed" &&
        reject(new Error(`Checking is not available: ${this.#core.reason}`));
      const end = this.#core.onState(gone);
      gone();
      void this.#text.settled().then((result) => {
        end();
        resolve(result);
      });
    });
  }

  #keep(run: Run, about: Omit<RunEntry, "id" | "run" | "time">): RunEntry {
    const entry: RunEntry = {
      ...about,
      id: this.#nextId++,
      run,
      time: timeOfDay(new Date()),
    };
    const { entries, pinnedId } = this.#store.state.runs;
    const pinned = entries.find((each) => each.id === pinnedId);
    const kept = [entry, ...entries].slice(0, runsKept);
    if (pinned && !kept.includes(pinned)) kept.push(pinned);
    clearInterval(this.#countdown);
    this.#store.change({
      runs: { entries: kept, shownId: entry.id, retryIn: 0, selectedToken: undefined },
      view: { tab: "answer", announcement: about.recording ? "Replaying." : "Sent." },
    });
    const end = run.onChange(() => this.#tick());
    void run.finished.then((snapshot) => {
      end();
      if (this.#ended.signal.aborted) return;
      this.#tick();
      if (snapshot.problem?.retryAfterSeconds) this.#countDown(entry, snapshot.problem.retryAfterSeconds);
      if (snapshot.outcome) this.#store.change({ view: { announcement: outcomes[snapshot.outcome] } });
    });
    return entry;
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
      this.#store.change({ runs: { tick: this.#store.state.runs.tick + 1 } });
    };
    this.#frame = requestAnimationFrame(look);
  }

  #countDown(entry: RunEntry, seconds: number): void {
    if (this.#store.state.runs.entries[0] !== entry) return;
    const until = performance.now() + seconds * 1000;
    const count = () => {
      const retryIn = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      this.#store.change({ runs: { retryIn } });
      if (retryIn === 0) clearInterval(this.#countdown);
    };
    this.#countdown = setInterval(count, 250);
    count();
  }

  #refuse(message: string, canForce: boolean): undefined {
    this.#store.change({ runs: { refusal: { message, canForce } }, view: { announcement: message } });
  }
}

/** Whose habits explain an endpoint: the built-in model has its own, whoever's rules were chosen. */
function profileOf({ builtIn, profile }: EndpointChoice): string {
  return builtIn ? demoEndpoint().profile : profile;
}

/** What answers of an endpoint are held to: what was found out about it goes before its profile. */
function checkedBy(chosen: EndpointChoice): string {
  return chosen.builtIn && !chosen.probed ? profileOf(chosen) : rulesOf(chosen);
}

/** The same request with a body that wants its answer in one piece. */
function scoringRequest(request: WireRequest, body: string): WireRequest {
  const headers = request.headers.map(({ name, value }) => ({
    name,
    value: name === "Accept" ? "application/json" : value,
  }));
  return { ...request, headers, body };
}

/** How many errors a text has, and the first of them; "" for none. */
function errorsOf(result: CheckResult): string {
  if (result.ok) return "";
  const first = result.issues.find((issue) => issue.severity === "error");
  const where = first ? ` The first, in line ${first.span.start.line}: ${wordsOf(first)}.` : "";
  return `${plural(countIssues(result).errors, "error")} to mend.${where}`;
}

/** Hands the recording of a run to the person as a file, without the key. */
function save({ recorder, id }: RunEntry): void {
  if (recorder?.begun) saveAs(`completion-run-${id}.json`, saveRecording(recorder));
}
