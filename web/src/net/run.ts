import type { Outcome, Phase, Run, RunSnapshot } from "../model/answer.ts";
import type { Problem } from "../model/problem.ts";
import type { Fetch, Header, WireRequest } from "../model/request.ts";
import { readText } from "./body.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Ending, endingOf } from "./ending.ts";
import { EventRing } from "./events.ts";
import { limits } from "./facts.ts";
import { explain, explainRedirect, explainRefusal } from "./failures.ts";
import { httpDate } from "./http-time.ts";
import { keyFault } from "./keys.ts";
import { isAbort, pump } from "./pump.ts";
import { checklist, explainUnreachable, type Surroundings } from "./reach.ts";
import { Reading } from "./reading.ts";
import type { Expectation } from "./recording/format.ts";
import type { Recorder } from "./recording/recorder.ts";
import { redactor } from "./redact.ts";
import { isRedirect, requestInit, secretsOf } from "./send.ts";
import { Stopwatch } from "./timing.ts";

export interface RunOptions {
  /** From the core, without the key. Headers other than Content-Type and Accept are not sent. */
  readonly request: WireRequest;
  /** "" for none: then no Authorization header is sent. */
  readonly key: string;
  /** Headers of the person's own. Their values are kept as secret as the key. */
  readonly headers?: readonly Header[];
  readonly fetch: Fetch;
  /** choices: prompts × n. stream: what the body asks for. */
  readonly expect: Expectation;
  /** Whose habits explain a failure: a file name of schema/profiles, without ".json". */
  readonly profile?: string;
  readonly clock?: Clock;
  /** Aborting is the same as stop(). */
  readonly signal?: AbortSignal;
  readonly record?: Recorder;
  /** What a checklist can look at when the server was not reached. Without it there is no checklist. */
  readonly surroundings?: Surroundings;
}

/**
 * Sends the request once and reads whatever comes back. Nothing is sent a second time, whatever happens. Never throws:
 * everything that goes wrong is in the snapshot.
 */
export function startRun(options: RunOptions): Run {
  return new CompletionRun(options);
}

class CompletionRun implements Run {
  readonly finished: Promise<RunSnapshot>;

  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #profile: string;
  readonly #headersSent: readonly Header[];
  readonly #keys: readonly string[];
  readonly #redact: (text: string) => string;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();

  readonly #events = new EventRing();
  readonly #reading: Reading;
  readonly #watch: Stopwatch;
  #phase: Phase = "sending";
  #outcome: Outcome | undefined;
  #problem: Problem | undefined;
  #status: number | undefined;
  #headers: readonly (readonly [string, string])[] | undefined;
  #contentType = "";
  #pieces = 0;
  #version = 0;
  #snapshot: RunSnapshot | undefined;
  #notifying = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#profile = options.profile ?? "";
    this.#headersSent = options.headers ?? [];
    this.#keys = secretsOf(options.key, this.#headersSent);
    this.#redact = redactor(...this.#keys);
    this.#watch = new Stopwatch(this.#clock);
    this.#reading = new Reading({
      redact: this.#redact,
      onEvent: (kind, name, data) => this.#events.add(kind, name, data, this.#watch.elapsedMs),
    });
    const stop = () => this.stop();
    options.signal?.addEventListener("abort", stop, { once: true });
    this.finished = this.#perform()
      // A fault of this code must still end the run and be seen.
      .catch((fault: unknown) =>
        this.#fail({
          title: "The page failed",
          detail: this.#redact(String(fault)),
          advice: ["Reload the page and send again."],
        }),
      )
      .then(() => {
        options.signal?.removeEventListener("abort", stop);
        return this.snapshot();
      });
  }

  snapshot(): RunSnapshot {
    const { answer, notes } = this.#reading;
    this.#snapshot ??= {
      version: this.#version,
      phase: this.#phase,
      choices: answer.choices(),
      timing: this.#watch.timing({
        completionTokens: answer.usage?.completionTokens,
        tokens: answer.tokenCount,
        pieces: answer.pieceCount,
        choices: answer.choiceCount,
        echo: this.#options.expect.echo === true,
      }),
      notes: notes.sentences,
      noteCodes: notes.codes,
      events: this.#events,
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      ...(answer.usage === undefined ? {} : { usage: answer.usage }),
      ...(answer.model === undefined ? {} : { model: answer.model }),
      ...(answer.fingerprint === undefined ? {} : { fingerprint: answer.fingerprint }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(this.#status === undefined ? {} : { status: this.#status }),
      ...(this.#headers === undefined ? {} : { headers: this.#headers }),
    };
    return this.#snapshot;
  }

  onChange(listener: () => void): () => void {
    // A wrapper of its own, so that the same function can be registered twice and each be taken off alone.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  stop(): void {
    // After [DONE] there is nothing left to stop but the wait for the connection's end.
    if (this.#reading.done) this.#conclude(false);
    else this.#finish("stopped");
    this.#abort.abort();
  }

  #changed(): void {
    this.#version++;
    this.#snapshot = undefined;
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #finish(outcome: Outcome, problem?: Problem): void {
    if (this.#phase === "done") return;
    this.#phase = "done";
    this.#outcome = outcome;
    this.#problem = problem;
    this.#watch.end();
    this.#options.record?.end(outcome === "stopped" ? "stopped" : "ended");
    this.#changed();
  }

  #fail(problem: Problem): void {
    this.#finish("failed", problem);
  }

  async #perform(): Promise<void> {
    const { request, key, fetch, expect, record } = this.#options;
    record?.begin({ request, keys: this.#keys, expect, clock: this.#clock });
    const fault = keyFault(key);
    if (this.#options.signal?.aborted) this.stop();
    else if (fault !== undefined) this.#fail(explain("bad-key", { values: { fault } }));
    if (this.#over()) return;
    let response: Response;
    try {
      response = await fetch(request.url, requestInit(request, key, this.#headersSent, this.#abort.signal));
    } catch (fault) {
      await this.#unreachable(fault);
      return;
    }
    if (this.#over()) {
      response.body?.cancel().catch(() => {});
      return;
    }
    this.#head(response);
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => {});
      const location = response.headers.get("location");
      this.#fail(explainRedirect(response.status, location === null ? null : this.#redact(location), request.url));
      return;
    }
    if (response.ok) await this.#read(response);
    else await this.#refused(response);
  }

  #head(response: Response): void {
    this.#phase = "waiting";
    this.#status = response.status;
    // Redacted first: in lower case the key would not be found.
    this.#contentType = this.#redact(response.headers.get("content-type")?.trim() ?? "").toLowerCase();
    this.#headers = [...response.headers].map(([name, value]) => [name, this.#redact(value)] as const);
    this.#options.record?.head(response.status, this.#headers);
    this.#changed();
  }

  /** Nobody answered as far as the page can tell. The checks are added when they are done. */
  async #unreachable(fault: unknown): Promise<void> {
    if (this.#phase === "done") return;
    if (isAbort(fault)) {
      this.#finish("stopped");
      return;
    }
    const { request, surroundings } = this.#options;
    const words = this.#redact(fault instanceof Error ? fault.message : String(fault));
    const problem = explainUnreachable(request.url, words, surroundings !== undefined);
    this.#fail(problem);
    if (surroundings === undefined) return;
    const checks = await checklist({
      url: request.url,
      profile: this.#profile,
      hasKey: this.#hasKey,
      surroundings,
      clock: this.#clock,
      signal: this.#abort.signal,
    });
    this.#problem = { ...problem, checklist: checks };
    this.#changed();
  }

  async #refused(response: Response): Promise<void> {
    const { text } = await readText(response, limits.refusalBytes, (bytes) => this.#options.record?.bytes(bytes));
    this.#fail(
      explainRefusal({
        status: response.status,
        body: this.#redact(text),
        retryAfter: response.headers.get("retry-after"),
        profile: this.#profile,
        hasKey: this.#hasKey,
        // The server's own clock where it tells it: the browser's may be wrong, and a recording is played later.
        now: httpDate(response.headers.get("date")) ?? this.#clock.wall(),
      }),
    );
  }

  async #read(response: Response): Promise<void> {
    const end = await pump(response.body, this.#clock, {
      over: () => this.#over(),
      done: () => this.#reading.done,
      arrived: (bytes) => {
        if (bytes.byteLength > 0) this.#watch.byte();
        this.#options.record?.bytes(bytes);
      },
      take: (bytes) => this.#take(() => this.#reading.push(bytes)),
    });
    // Not our doing, else the run would be done: the replay of a run that was stopped.
    if (end === "stopped" && !this.#reading.done) this.#finish("stopped");
    const broken = end !== "ended";
    if (this.#phase === "done") return;
    if (broken) this.#options.record?.broke();
    this.#take(() => this.#reading.end());
    this.#conclude(broken);
  }

  /** Lets the reading go on, and sees what has come of it. */
  #take(read: () => void): void {
    read();
    if (this.#reading.done) this.#watch.done();
    const pieces = this.#reading.answer.pieceCount;
    if (pieces !== this.#pieces) {
      this.#pieces = pieces;
      this.#watch.token();
      if (this.#phase === "waiting") this.#phase = "streaming";
    }
    this.#changed();
  }

  #conclude(broken: boolean): void {
    if (this.#phase === "done") return;
    const ending = this.#ending(broken);
    for (const { code, values } of ending.notes) this.#reading.notes.add(code, values);
    this.#finish(ending.outcome, ending.problem);
  }

  #ending(broken: boolean): Ending {
    const reading = this.#reading;
    const { answer } = reading;
    return endingOf({
      expect: this.#options.expect,
      profile: this.#profile,
      status: this.#status ?? 0,
      contentType: this.#contentType,
      form: reading.form,
      text: reading.text(),
      framed: reading.framed,
      bare: reading.bare,
      events: this.#events.total,
      done: reading.done,
      broken,
      truncated: reading.truncated,
      whole: reading.whole,
      completion: reading.completion,
      native: reading.native,
      fault: reading.fault,
      delivered: answer.delivered,
      textArrived: answer.textArrived,
      reasoningArrived: answer.reasoningArrived,
      choices: answer.choiceCount,
      unfinished: answer.unfinished(this.#options.expect.choices),
      open: answer.openCount,
      abortedReason: answer.abortedReason,
    });
  }

  get #hasKey(): boolean {
    return this.#keys.some((key) => key !== "");
  }

  /** Nothing that may still come is of use. A method, since it changes across awaits, which narrowing would not see. */
  #over(): boolean {
    return this.#phase === "done" || this.#reading.over;
  }
}
