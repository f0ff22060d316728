import type { Outcome, Phase, Run, RunSnapshot, Timing } from "../model/answer.ts";
import type { Problem } from "../model/problem.ts";
import type { Fetch, WireRequest } from "../model/request.ts";
import { Answer } from "./answer.ts";
import { readText } from "./body.ts";
import { type Clock, systemClock } from "./clock.ts";
import { EventRing } from "./events.ts";
import {
  explainAbort,
  explainBadKey,
  explainBroken,
  explainDamaged,
  explainEmpty,
  explainEndedEarly,
  explainErrorInAnswer,
  explainHtml,
  explainOllamaNative,
  explainRedirect,
  explainRefusal,
  explainTooLarge,
  explainTruncated,
  explainUnreadable,
  httpDate,
  isHtml,
  readError,
} from "./failure.ts";
import { defaultEventLimit, EventTooLargeError, type FramedEvent, Framer } from "./framing.ts";
import { isRecord, member, parse } from "./json.ts";
import { keyFault } from "./keys.ts";
import { checklist, explainUnreachable, type Surroundings } from "./reach.ts";
import type { Recorder } from "./recording.ts";
import { redactor } from "./redact.ts";

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

const refusalBytes = 256 << 10;
/** Of an answer that is no completion, for the raw view. */
const oddUnits = 64 << 10;
/** Bytes taken at a time, so that a huge read does not hold up the page. */
const sliceBytes = 64 << 10;
/** Longest stretch of work between two chances for the page to react. */
const sliceMs = 8;

/** What the first character shows an answer to be; servers mislabel both ways, so the content type only helps in words. */
type Form = "stream" | "json" | "html";

interface Ending {
  readonly outcome: Outcome;
  readonly problem?: Problem;
}

function failed(problem: Problem): Ending {
  return { outcome: "failed", problem };
}

class CompletionRun implements Run {
  readonly finished: Promise<RunSnapshot>;

  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #profile: string;
  readonly #redact: (text: string) => string;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();

  readonly #answer = new Answer();
  readonly #events = new EventRing();
  readonly #startedAt: number;
  readonly #start: number;
  #phase: Phase = "sending";
  #outcome: Outcome | undefined;
  #problem: Problem | undefined;
  #status: number | undefined;
  #headers: readonly (readonly [string, string])[] | undefined;
  #contentType = "";
  #firstByteMs: number | undefined;
  #firstTokenMs: number | undefined;
  #lastTokenMs: number | undefined;
  #totalMs: number | undefined;

  /** Set with [DONE]: what follows is ignored. */
  #doneSeen = false;
  /** The stream ended inside an event that made no sense. */
  #truncated: string | undefined;

  #version = 0;
  #snapshot: RunSnapshot | undefined;
  #notifying = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#profile = options.profile ?? "";
    this.#redact = redactor(options.key);
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
    this.#snapshot ??= {
      version: this.#version,
      phase: this.#phase,
      choices: this.#answer.choices(),
      timing: this.#timing(),
      notes: this.#answer.notes,
      events: this.#events,
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      ...(this.#answer.usage === undefined ? {} : { usage: this.#answer.usage }),
      ...(this.#answer.model === undefined ? {} : { model: this.#answer.model }),
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
    this.#finish({ outcome: "stopped" });
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

  #finish({ outcome, problem }: Ending): void {
    if (this.#phase === "done") return;
    this.#phase = "done";
    this.#outcome = outcome;
    this.#problem = problem;
    this.#totalMs = this.#elapsed();
    this.#options.record?.end(outcome === "stopped" ? "stopped" : "ended");
    this.#changed();
  }

  #fail(problem: Problem): void {
    this.#finish(failed(problem));
  }

  #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  #timing(): Timing {
    const answer = this.#answer;
    const used = answer.usage?.completionTokens;
    const [tokens, tokensCounted] =
      used !== undefined && used > 0
        ? ([used, "usage"] as const)
        : answer.tokenCount > 0
          ? ([answer.tokenCount, "logprobs"] as const)
          : ([answer.pieceCount, "pieces"] as const);
    const first = this.#firstTokenMs;
    const last = this.#lastTokenMs;
    // The first token marks the start of the span, so it is not counted; an answer in one piece has no span but its whole time.
    const inOnePiece =
      answer.pieceCount <= answer.choiceCount && this.#totalMs !== undefined && tokensCounted !== "pieces";
    const span = inOnePiece ? (this.#totalMs ?? 0) : first === undefined || last === undefined ? 0 : last - first;
    const counted = inOnePiece ? tokens : tokens - 1;
    return {
      startedAt: this.#startedAt,
      ...(this.#firstByteMs === undefined ? {} : { firstByteMs: this.#firstByteMs }),
      ...(first === undefined ? {} : { firstTokenMs: first }),
      ...(this.#totalMs === undefined ? {} : { totalMs: this.#totalMs }),
      ...(span > 0 && counted > 0 ? { tokensPerSecond: (counted * 1000) / span, tokensCounted } : {}),
    };
  }

  async #perform(): Promise<void> {
    const { request, key, fetch, expect, record } = this.#options;
    record?.begin({ request, key, expect, clock: this.#clock });
    const fault = keyFault(key);
    if (this.#options.signal?.aborted) this.stop();
    else if (fault !== undefined) this.#fail(explainBadKey(fault));
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
    this.#contentType = response.headers.get("content-type")?.trim().toLowerCase() ?? "";
    this.#headers = [...response.headers].map(([name, value]) => [name, this.#redact(value)] as const);
    this.#options.record?.head(response.status, this.#headers);
    this.#changed();
  }

  /** Nobody answered as far as the page can tell. The checks are added when they are done. */
  async #unreachable(fault: unknown): Promise<void> {
    if (this.#phase === "done") return;
    if (isAbort(fault)) {
      this.#finish({ outcome: "stopped" });
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
    const { text } = await readText(response, refusalBytes, (bytes) => this.#options.record?.bytes(bytes));
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
    const body = new BodyReader({
      onEvent: (event) => this.#event(event),
      onUnknownField: (name, value) => this.#unknownField(name, value),
    });
    let broken = false;
    try {
      // Milliseconds of work since the page last had a turn. Waiting for the network gives it one too, but whether a
      // read waited cannot be told.
      let worked = 0;
      while (reader !== undefined && !this.#over(body)) {
        const { done, value } = await reader.read();
        if (done || this.#over(body)) break;
        if (value.byteLength > 0) this.#firstByteMs ??= this.#elapsed();
        this.#options.record?.bytes(value);
        for (let from = 0; from < value.byteLength && !this.#over(body); from += sliceBytes) {
          const before = this.#clock.now();
          body.push(value.subarray(from, from + sliceBytes));
          this.#changed();
          worked += this.#clock.now() - before;
          if (worked < sliceMs) continue;
          worked = 0;
          await this.#clock.rest();
        }
      }
      if (!this.#over(body)) body.end();
    } catch (fault) {
      if (fault instanceof EventTooLargeError) this.#fail(explainTooLarge(fault.limit, response.status));
      // Not our doing, else the run would be done: the replay of a run that was stopped.
      else if (isAbort(fault)) this.#finish({ outcome: "stopped" });
      else broken = true;
    }
    // Enough is known: a server that keeps the connection open must not keep the run open.
    reader?.cancel().catch(() => {});
    if (this.#phase === "done") return;
    if (broken) this.#options.record?.broke();
    const ending =
      body.form === "html"
        ? failed(explainHtml(this.#redact(body.text()), response.status))
        : body.form === "json"
          ? this.#endOfWhole(this.#redact(body.text()), broken)
          : this.#endOfStream(body, broken);
    if (ending !== undefined) this.#finish(ending);
  }

  /** Nothing that may still come is of use. A method, since it changes across awaits, which narrowing would not see. */
  #over(body?: BodyReader): boolean {
    return this.#phase === "done" || this.#doneSeen || body?.full === true;
  }

  #event(event: FramedEvent): void {
    if (this.#phase === "done" || this.#doneSeen) return;
    const data = this.#redact(event.data);
    const trimmed = data.trim();
    // Gateways send empty data as a sign of life.
    if (trimmed === "") return;
    if (trimmed === "[DONE]") {
      this.#log("done", event.name, data);
      this.#doneSeen = true;
      return;
    }
    const json = parse(data);
    if (event.name === "error") {
      this.#errorEvent(event.name, data, json?.value);
    } else if (json === undefined) {
      this.#log("other", event.name, data);
      const unnamed = event.name === "" || event.name === "message";
      if (!event.ended) this.#truncated = data;
      // A gateway's word among the chunks costs nothing, but half a chunk may have held text.
      else if (unnamed && trimmed.startsWith("{"))
        this.#fail(explainDamaged(data, this.#answer.textArrived, this.#status ?? 0));
      else this.#answer.note("The server sent an event that is no JSON; it was skipped.");
    } else {
      this.#chunk(json.value, event.name, data);
    }
  }

  /** Older builds of llama.cpp report a failure as a field of its own, which the standard would ignore. */
  #unknownField(name: string, value: string): void {
    if (name !== "error" || value === "" || this.#phase === "done" || this.#doneSeen) return;
    const data = this.#redact(value);
    this.#errorEvent(name, data, parse(data)?.value);
  }

  #errorEvent(name: string, data: string, value: unknown): void {
    this.#log("error", name, data);
    const text = typeof value === "string" ? value : isRecord(value) ? "" : data;
    // An error field holds the inner object, an error event either.
    const error = readError(value) ?? readError({ error: isRecord(value) ? value : text }) ?? { message: "" };
    this.#fail(explainErrorInAnswer(error, data, this.#answer.textArrived, this.#status ?? 0));
  }

  #chunk(value: unknown, name: string, data: string): void {
    const choices = member(value, "choices");
    const error = Array.isArray(choices) && !errorGiven(value) ? undefined : readError(value);
    this.#log(error === undefined ? "chunk" : "error", name, data);
    this.#add(value);
    if (error !== undefined) this.#fail(explainErrorInAnswer(error, data, this.#answer.textArrived, this.#status ?? 0));
  }

  #add(value: unknown): void {
    const pieces = this.#answer.pieceCount;
    this.#answer.add(value);
    if (this.#answer.pieceCount === pieces) return;
    this.#lastTokenMs = this.#elapsed();
    this.#firstTokenMs ??= this.#lastTokenMs;
    if (this.#phase === "waiting") this.#phase = "streaming";
  }

  #log(kind: "chunk" | "error" | "done" | "other", name: string, data: string): void {
    this.#events.add(kind, name, data, this.#elapsed());
  }

  /** The five ways a stream can end, errors having been dealt with where they came. */
  #endOfStream(body: BodyReader, broken: boolean): Ending {
    const answer = this.#answer;
    const status = this.#status ?? 0;
    if (!this.#options.expect.stream && this.#events.total > 0)
      this.#note("The server sent a stream although none was asked for.");
    if (this.#events.total > 0 && !this.#contentType.startsWith("text/event-stream")) {
      this.#note(
        `The server labelled its event stream ${this.#contentType === "" ? "with no content type" : `as ${this.#contentType.slice(0, 100)}`}.`,
      );
    }
    const aborted = this.#abortedReason();
    if (aborted !== undefined) return failed(explainAbort(aborted, status));
    const unfinished = answer.unfinished(this.#options.expect.choices);
    if (!answer.delivered) {
      if (this.#doneSeen) {
        this.#note("The server sent no text.");
        return { outcome: "complete" };
      }
      if (broken) return failed(explainBroken(false, status));
      if (this.#truncated !== undefined)
        return { outcome: "empty", problem: explainTruncated(this.#truncated, false, status) };
      if (!body.framed && body.text().trim() !== "") {
        return failed(explainUnreadable(this.#redact(body.text()), this.#contentType, status));
      }
      return {
        outcome: "empty",
        problem: explainEmpty(status, this.#contentType, this.#profile, this.#options.expect.stream),
      };
    }
    this.#noteMissing();
    if (this.#doneSeen) {
      if (unfinished > 0)
        this.#note("The server declared the answer done though it gave no finish reason for every choice asked for.");
      return { outcome: "complete" };
    }
    if (unfinished === 0) {
      if (broken)
        this.#note("The connection broke after every choice had finished; only the token count may be missing.");
      return { outcome: "complete" };
    }
    if (broken) return failed(explainBroken(answer.textArrived, status));
    const problem =
      this.#truncated === undefined
        ? explainEndedEarly(unfinished, this.#options.expect.choices, this.#profile, status)
        : explainTruncated(this.#truncated, answer.textArrived, status);
    return { outcome: "ended-early", problem: problem };
  }

  /** An answer that begins like JSON: one object, or one a line. */
  #endOfWhole(text: string, broken: boolean): Ending | undefined {
    const status = this.#status ?? 0;
    const whole = parse(text);
    const values = whole === undefined ? lines(text) : [whole.value];
    if (values === undefined)
      return failed(broken ? explainBroken(false, status) : explainTruncated(text, false, status));
    const ollama = values.every(
      (value) => typeof member(value, "done") === "boolean" && member(value, "choices") === undefined,
    );
    if (ollama) return failed(explainOllamaNative(text, status));
    for (const value of values) {
      this.#chunk(value, "", whole === undefined ? JSON.stringify(value) : text);
      if (this.#phase === "done") return undefined;
    }
    const aborted = this.#abortedReason();
    if (aborted !== undefined) return failed(explainAbort(aborted, status));
    if (!values.some((value) => Array.isArray(member(value, "choices"))))
      return failed(explainUnreadable(text, this.#contentType, status));
    if (!this.#answer.delivered)
      return {
        outcome: "empty",
        problem: explainEmpty(status, this.#contentType, this.#profile, this.#options.expect.stream),
      };
    if (whole === undefined) this.#note("The server sent one JSON object per line instead of an event stream.");
    else if (this.#options.expect.stream)
      this.#note("The server answered in one piece although a stream was asked for.");
    this.#noteMissing();
    const unfinished = this.#answer.unfinished(this.#options.expect.choices);
    if (unfinished > 0 && whole === undefined) {
      return {
        outcome: "ended-early",
        problem: explainEndedEarly(unfinished, this.#options.expect.choices, this.#profile, status),
      };
    }
    if (this.#answer.unfinished(this.#answer.choiceCount) > 0) this.#note("The server gave no finish reason.");
    return { outcome: "complete" };
  }

  #abortedReason(): string | undefined {
    return this.#answer.choices().find(({ finish }) => finish?.kind === "aborted" || finish?.kind === "error")?.finish
      ?.raw;
  }

  #noteMissing(): void {
    const got = this.#answer.choiceCount;
    const asked = this.#options.expect.choices;
    if (got < asked)
      this.#note(
        `${asked} choices were asked for and ${got} came: the server may not support \`n\` or several prompts.`,
      );
  }

  #note(sentence: string): void {
    this.#answer.note(sentence);
  }
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

function errorGiven(chunk: unknown): boolean {
  const error = member(chunk, "error");
  return isRecord(error) || (typeof error === "string" && error !== "");
}

/** The objects of a text with one JSON object per line; undefined where a line is none. */
function lines(text: string): readonly unknown[] | undefined {
  const values = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => parse(line)?.value);
  return values.length > 0 && values.every(isRecord) ? values : undefined;
}

/** Decodes a body and hands it on in the form its first character shows. */
class BodyReader {
  form: Form | undefined;
  /** No use in reading on. */
  full = false;
  // Strips one byte order mark, also where it comes in parts, and turns broken UTF-8 into U+FFFD.
  readonly #decoder = new TextDecoder();
  readonly #framer: Framer;
  #kept: string[] = [];
  #keptLength = 0;

  constructor(handlers: { onEvent(event: FramedEvent): void; onUnknownField(name: string, value: string): void }) {
    this.#framer = new Framer({
      onEvent: (event) => handlers.onEvent(event),
      onUnknownField: (name, value) => handlers.onUnknownField(name, value),
    });
  }

  /** It is an event stream, be it one without an event. */
  get framed(): boolean {
    return this.#framer.recognised;
  }

  /** All of a JSON body, the beginning of any other. */
  text(): string {
    return this.#kept.join("");
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#take(this.#decoder.decode());
    this.#framer.end();
  }

  #take(text: string): void {
    this.form ??= formOf(text);
    this.#keep(text);
    if (this.form === "stream" || this.form === undefined) this.#framer.push(text);
  }

  #keep(text: string): void {
    if (this.form === "json") {
      this.#keptLength += text.length;
      if (this.#keptLength > defaultEventLimit) throw new EventTooLargeError(defaultEventLimit);
      this.#kept.push(text);
      return;
    }
    if (this.#keptLength < oddUnits) {
      const head = text.slice(0, oddUnits - this.#keptLength);
      this.#kept.push(head);
      this.#keptLength += head.length;
    }
    this.full = this.form === "html" && this.#keptLength >= oddUnits;
  }
}

function formOf(text: string): Form | undefined {
  const start = text.trimStart();
  if (start === "") return undefined;
  if (start.startsWith("{") || start.startsWith("[")) return "json";
  return isHtml(start) ? "html" : "stream";
}
