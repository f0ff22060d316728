import type { Outcome, Phase, Run, RunSnapshot } from "../model/answer.ts";
import type { Problem } from "../model/problem.ts";
import type { Fetch, WireRequest } from "../model/request.ts";
import { readText } from "./body.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Ending, endingOf } from "./ending.ts";
import { EventRing } from "./events.ts";
import { limits } from "./facts.ts";
import { explain, explainRedirect, explainRefusal } from "./failures.ts";
import { httpDate } from "./http-time.ts";
import { keyFault } from "./keys.ts";
import { checklist, explainUnreachable, type Surroundings } from "./reach.ts";
import { Reading } from "./reading.ts";
import type { Recorder } from "./recording/recorder.ts";
import { redactor } from "./redact.ts";
import { timingOf } from "./timing.ts";

export interface RunOptions {
  /** From the core, without the key. Headers other than Content-Type and Accept are not sent. */
  readonly request: WireRequest;
  /** "" for none: then no Authorization header is sent. */
  readonly key: string;
  readonly fetch: Fetch;
  /** choices: prompts × n. stream: what the body asks for. */
  readonly expect: { readonly choices: number; readonly stream: boolean };
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

/** Bytes taken at a time, so that a huge read does not hold up the page. */
const sliceBytes = 64 << 10;
/** Longest stretch of work between two chances for the page to react. */
const sliceMs = 8;

class CompletionRun implements Run {
  readonly finished: Promise<RunSnapshot>;

  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #profile: string;
  readonly #redact: (text: string) => string;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();

  readonly #events = new EventRing();
  readonly #reading: Reading;
  readonly #startedAt: number;
  readonly #start: number;
  #phase: Phase = "sending";
  #outcome: Outcome | undefined;
  #problem: Problem | undefined;
  #status: number | undefined;
  #headers: readonly (readonly [string, string])[] | undefined;
  #contentType = "";
  #pieces = 0;
  #firstByteMs: number | undefined;
  #firstTokenMs: number | undefined;
  #lastTokenMs: number | undefined;
  /** When [DONE] came: the answer has taken this long, whatever the connection does then. */
  #doneMs: number | undefined;
  #totalMs: number | undefined;

  #version = 0;
  #snapshot: RunSnapshot | undefined;
  #notifying = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#profile = options.profile ?? "";
    this.#redact = redactor(options.key);
    this.#reading = new Reading({
      redact: this.#redact,
      onEvent: (kind, name, data) => this.#events.add(kind, name, data, this.#elapsed()),
    });
    this.#startedAt = this.#clock.wall();
    this.#start = this.#clock.now();
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
      timing: timingOf({
        startedAt: this.#startedAt,
        firstByteMs: this.#firstByteMs,
        firstTokenMs: this.#firstTokenMs,
        lastTokenMs: this.#lastTokenMs,
        totalMs: this.#totalMs,
        completionTokens: answer.usage?.completionTokens,
        tokens: answer.tokenCount,
        pieces: answer.pieceCount,
        choices: answer.choiceCount,
      }),
      notes: notes.sentences,
      noteCodes: notes.codes,
      events: this.#events,
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      ...(answer.usage === undefined ? {} : { usage: answer.usage }),
      ...(answer.model === undefined ? {} : { model: answer.model }),
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
    this.#totalMs = this.#doneMs ?? this.#elapsed();
    this.#options.record?.end(outcome === "stopped" ? "stopped" : "ended");
    this.#changed();
  }

  #fail(problem: Problem): void {
    this.#finish("failed", problem);
  }

  #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  async #perform(): Promise<void> {
    const { request, key, fetch, expect, record } = this.#options;
    record?.begin({ request, key, expect, clock: this.#clock });
    const fault = keyFault(key);
    if (this.#options.signal?.aborted) this.stop();
    else if (fault !== undefined) this.#fail(explain("bad-key", { values: { fault } }));
    if (this.#over()) return;
    let response: Response;
    try {
      response = await fetch(request.url, {
        method: request.method,
        headers: sentHeaders(request, key),
        body: request.body,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        // "manual" rather than "error": then a redirect can be told from a network fault. Neither follows it.
        redirect: "manual",
        signal: this.#abort.signal,
      });
    } catch (fault) {
      await this.#unreachable(fault);
      return;
    }
    if (this.#over()) {
      response.body?.cancel().catch(() => {});
      return;
    }
    this.#head(response);
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      response.body?.cancel().catch(() => {});
      this.#fail(explainRedirect(response.status, response.headers.get("location"), request.url));
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
    const { request, key, surroundings } = this.#options;
    const words = this.#redact(fault instanceof Error ? fault.message : String(fault));
    const problem = explainUnreachable(request.url, words, surroundings !== undefined);
    this.#fail(problem);
    if (surroundings === undefined) return;
    const checks = await checklist({
      url: request.url,
      profile: this.#profile,
      hasKey: key !== "",
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
        hasKey: this.#options.key !== "",
        // The server's own clock where it tells it: the browser's may be wrong, and a recording is played later.
        now: httpDate(response.headers.get("date")) ?? this.#clock.wall(),
      }),
    );
  }

  async #read(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    const patience = new AbortController();
    let broken = false;
    try {
      // Milliseconds of work since the page last had a turn. Waiting for the network gives it one too, but whether a
      // read waited cannot be told.
      let worked = 0;
      let late: Promise<undefined> | undefined;
      while (reader !== undefined && !this.#over()) {
        // Some servers tell of an error after [DONE], but one that keeps the connection open must not keep the run open.
        if (this.#reading.done) late ??= this.#lateness(patience.signal);
        const value = await (late === undefined ? nextBytes(reader) : Promise.race([nextBytes(reader), late]));
        if (value === undefined || this.#over()) break;
        if (value.byteLength > 0) this.#firstByteMs ??= this.#elapsed();
        this.#options.record?.bytes(value);
        for (let from = 0; from < value.byteLength && !this.#over(); from += sliceBytes) {
          const before = this.#clock.now();
          this.#take(() => this.#reading.push(value.subarray(from, from + sliceBytes)));
          worked += this.#clock.now() - before;
          if (worked < sliceMs) continue;
          worked = 0;
          await this.#clock.rest();
        }
      }
    } catch (fault) {
      // Not our doing, else the run would be done: the replay of a run that was stopped.
      if (isAbort(fault) && !this.#reading.done) this.#finish("stopped");
      else broken = true;
    }
    patience.abort();
    // Enough is known: a server that keeps the connection open must not keep the run open.
    reader?.cancel().catch(() => {});
    if (this.#phase === "done") return;
    if (broken) this.#options.record?.broke();
    this.#take(() => this.#reading.end());
    this.#conclude(broken);
  }

  /** Resolves when nothing that comes after [DONE] counts any more. */
  #lateness(signal: AbortSignal): Promise<undefined> {
    return this.#clock.sleep(limits.afterDoneMs, signal).then(
      () => undefined,
      () => undefined,
    );
  }

  /** Lets the reading go on, and sees what has come of it. */
  #take(read: () => void): void {
    read();
    if (this.#reading.done) this.#doneMs ??= this.#elapsed();
    const pieces = this.#reading.answer.pieceCount;
    if (pieces !== this.#pieces) {
      this.#pieces = pieces;
      this.#lastTokenMs = this.#elapsed();
      this.#firstTokenMs ??= this.#lastTokenMs;
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

  /** Nothing that may still come is of use. A method, since it changes across awaits, which narrowing would not see. */
  #over(): boolean {
    return this.#phase === "done" || this.#reading.over;
  }
}

/** undefined at the end of the body. */
async function nextBytes(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  const { done, value } = await reader.read();
  return done ? undefined : value;
}

/** Whoever answers says that somebody stopped it, as the replay of a stopped run does. */
function isAbort(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "AbortError";
}

/** Only these reach the server: any other header can make a browser's preflight fail. */
function sentHeaders(request: WireRequest, key: string): Record<string, string> {
  const plain = request.headers.filter(({ name }) => /^(content-type|accept)$/i.test(name));
  return {
    ...(key === "" ? {} : { Authorization: `Bearer ${key}` }),
    ...Object.fromEntries(plain.map(({ name, value }) => [name, value])),
  };
}
