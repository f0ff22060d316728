// A recording is one JSON object:
//
//   format      "completion-playground/recording"
//   version     1; a reader refuses higher ones
//   recordedAt  ISO 8601, UTC
//   title       for people, "" for none
//   profile     file name in schema/profiles, "" for none
//   expect      {choices, stream}: what the request asked for
//   request     {method, url, headers: [[name, value]], body}: never an Authorization header, nor user info in the URL
//   response    null when nobody answered, else
//     status    number; 0 for a redirect whose status the browser hides
//     headers   [[name, value]] as far as the browser let them be read
//     headMs    when the head was there, milliseconds since the request
//     chunks    [[ms, base64]]: when each read arrived, and its bytes
//     end       "ended" properly, "broken" connection, "stopped" by the person, or "cut" because the recording was full
//     endMs     when that was
//
// The key is overwritten with asterisks wherever it appears, in the answer's bytes across reads too.

import type { Fetch, WireRequest } from "../model/request.ts";
import { Answer } from "./answer.ts";
import { type Clock, systemClock } from "./clock.ts";
import { readError } from "./failure.ts";
import { Framer } from "./framing.ts";
import { count, finite, isRecord, list, member, parse } from "./json.ts";
import { redactor, spellingsOf } from "./redact.ts";

const format = "completion-playground/recording";
const version = 1;
const bytesKept = 64 << 20;
const fileUnits = 256 << 20;

type End = "ended" | "broken" | "stopped" | "cut";

interface Timed {
  readonly ms: number;
  readonly bytes: Uint8Array;
}

interface Expectation {
  readonly choices: number;
  readonly stream: boolean;
}

/** Takes down one run: pass it as `record`, then give it to saveRecording when the run is done, or before. */
export class Recorder {
  #request: WireRequest | undefined;
  #key = "";
  #expect: Expectation = { choices: 1, stream: true };
  readonly #title: string;
  readonly #profile: string;
  #clock: Clock = systemClock;
  #start = 0;
  #recordedAt = 0;
  #response:
    | { readonly status: number; readonly headers: readonly (readonly [string, string])[]; readonly headMs: number }
    | undefined;
  readonly #chunks: Timed[] = [];
  #size = 0;
  #end: { readonly how: End; readonly ms: number } | undefined;

  constructor(about: { readonly title?: string; readonly profile?: string } = {}) {
    this.#title = about.title ?? "";
    this.#profile = about.profile ?? "";
  }

  /** Whether there is something to save. */
  get begun(): boolean {
    return this.#request !== undefined;
  }

  /** Bytes of the answer so far. */
  get size(): number {
    return this.#size;
  }

  /** Called by the run, as are the next four. */
  begin(run: {
    readonly request: WireRequest;
    readonly key: string;
    readonly expect: Expectation;
    readonly clock: Clock;
  }): void {
    this.#request = run.request;
    this.#key = run.key;
    this.#expect = run.expect;
    this.#clock = run.clock;
    this.#start = run.clock.now();
    this.#recordedAt = run.clock.wall();
  }

  head(status: number, headers: readonly (readonly [string, string])[]): void {
    this.#response = { status, headers, headMs: this.#elapsed() };
  }

  /** Keeps the array itself: readers give a fresh one each time. At 64 MiB the recording is full. */
  bytes(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    if (this.#size + bytes.byteLength > bytesKept) {
      this.#end = { how: "cut", ms: this.#elapsed() };
      return;
    }
    this.#size += bytes.byteLength;
    this.#chunks.push({ ms: this.#elapsed(), bytes });
  }

  broke(): void {
    this.#end ??= { how: "broken", ms: this.#elapsed() };
  }

  end(how: "ended" | "stopped"): void {
    this.#end ??= { how, ms: this.#elapsed() };
  }

  toJSON(): unknown {
    const request = this.#request;
    if (request === undefined) throw new Error("nothing was recorded");
    const redact = redactor(this.#key);
    return {
      format,
      version,
      recordedAt: new Date(this.#recordedAt).toISOString(),
      title: redact(this.#title),
      profile: this.#profile,
      expect: this.#expect,
      request: {
        method: request.method,
        url: redact(withoutUserInfo(request.url)),
        headers: request.headers
          .filter(({ name }) => /^(accept|content-type)$/i.test(name))
          .map(({ name, value }) => [name, redact(value)]),
        body: redact(request.body),
      },
      response:
        this.#response === undefined
          ? null
          : {
              status: this.#response.status,
              headers: this.#response.headers
                .filter(([name]) => !/^set-cookie2?$/i.test(name))
                .map(([name, value]) => [name, redact(value)]),
              headMs: rounded(this.#response.headMs),
              chunks: this.#cleanChunks(),
              end: this.#end?.how ?? "stopped",
              endMs: rounded(this.#end?.ms ?? this.#elapsed()),
            },
    };
  }

  #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  /** The key is searched in the joined bytes, since reads may cut it in two; its length stays, so that the cuts do too. */
  #cleanChunks(): readonly (readonly [number, string])[] {
    let whole = this.#chunks.map(({ bytes }) => binary(bytes)).join("");
    for (const spelling of spellingsOf(this.#key)) whole = whole.replaceAll(spelling, "*".repeat(spelling.length));
    let from = 0;
    return this.#chunks.map(({ ms, bytes }) => {
      const part = whole.slice(from, from + bytes.byteLength);
      from += bytes.byteLength;
      return [rounded(ms), btoa(part)] as const;
    });
  }
}

/** The recording as the text of a .json file. */
export function saveRecording(recorder: Recorder): string {
  return `${JSON.stringify(recorder)}\n`;
}

/** Message is for people. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

export interface Recording {
  /** "recording" is this project's own file; the others were captured by other means and know less. */
  readonly kind: "recording" | "stream" | "json";
  /** "" where the file has none. */
  readonly title: string;
  /** Only own files know it, as they do the request. */
  readonly profile?: string;
  readonly request?: WireRequest;
  readonly expect: Expectation;
  /** Undefined when nobody answered. */
  readonly status: number | undefined;
  /** Length of the whole answer as recorded; 0 where no times are known. */
  readonly durationMs: number;
  /** A fetch that answers every request with this recording. */
  replay(options?: { readonly timing?: "original" | "at-once"; readonly clock?: Clock }): Fetch;
}

interface Tape {
  readonly response:
    | {
        readonly status: number;
        readonly headers: Headers;
        readonly headMs: number;
        readonly chunks: readonly Timed[];
        readonly end: End;
        readonly endMs: number;
      }
    | undefined;
}

/**
 * Opens own files, what `curl -N` printed (with or without `-i`), .sse files, and plain JSON answers. Throws
 * RecordingError for anything else, saying what is wrong.
 */
export function openRecording(source: string | Uint8Array): Recording {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  if (bytes.byteLength > fileUnits) throw new RecordingError(`The file is larger than ${fileUnits >> 20} MiB.`);
  const text = new TextDecoder().decode(bytes);
  const start = text.trimStart();
  if (start === "") throw new RecordingError("The file is empty.");
  if (start.startsWith("{")) {
    const file = parse(text)?.value;
    if (member(file, "format") === format) return ownRecording(file);
    // A damaged file of ours must not be taken for a server's broken answer.
    if (file === undefined && start.slice(0, 200).includes(format))
      throw new RecordingError("The recording is damaged: it is no complete JSON. Was the download cut off?");
  }
  if (/^HTTP\/\d/.test(text)) return captured(bytes);
  if (/^[*<>] /m.test(start.slice(0, 2_000)) && !/^(data|event):/m.test(start.slice(0, 2_000))) {
    throw new RecordingError(
      "This looks like the output of curl -v, which holds the key. Capture with: curl -N -i … > answer.txt",
    );
  }
  const contentType = contentTypeOf(start);
  return foreignRecording(bytes, text, 200, new Headers({ "content-type": contentType }));
}

function contentTypeOf(start: string): string {
  if (start.startsWith("{") || start.startsWith("[")) {
    const value = parse(start)?.value ?? parse(start.split("\n", 1)[0] ?? "")?.value;
    const known =
      Array.isArray(member(value, "choices")) ||
      typeof member(value, "done") === "boolean" ||
      readError(value) !== undefined;
    if (known) return "application/json";
    throw new RecordingError(
      value === undefined
        ? "The file begins like JSON but is damaged."
        : "The file is JSON, but neither a recording nor the answer to a completion.",
    );
  }
  if (/^(data|event|error|id|retry)?:/m.test(start)) return "text/event-stream";
  throw new RecordingError(
    "The file is neither a recording nor the answer of a server: no line of it begins with “data:”.",
  );
}

/** `curl -i`: one or more heads (100 Continue, a proxy's, redirects that were followed), then the body. */
function captured(bytes: Uint8Array): Recording {
  let offset = 0;
  for (;;) {
    // Heads are ASCII in practice; where they are not, the offset is found in bytes all the same.
    const head = /^HTTP\/[\d.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)\r?\n/.exec(
      binary(bytes.subarray(offset, offset + (256 << 10))),
    );
    if (head?.[1] === undefined)
      throw new RecordingError("The file begins like the output of curl -i, but its headers do not end.");
    offset += head[0].length;
    const body = bytes.subarray(offset);
    if (/^HTTP\/\d/.test(binary(body.subarray(0, 8)))) continue;
    const headers = new Headers();
    for (const line of (head[2] ?? "").split(/\r?\n/)) {
      const colon = line.indexOf(":");
      try {
        if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
      } catch {
        // A header that fetch would not have let through either.
      }
    }
    const status = Number(head[1]);
    if (!responseStatus(status))
      throw new RecordingError(`The answer has the status ${status}, with which no answer ends.`);
    return foreignRecording(body, new TextDecoder().decode(body), status, headers);
  }
}

function foreignRecording(bytes: Uint8Array, text: string, status: number, headers: Headers): Recording {
  const json = /^\s*[{[]/.test(text);
  const tape: Tape = {
    response: { status, headers, headMs: 0, chunks: inPieces(bytes), end: "ended", endMs: 0 },
  };
  return {
    kind: json ? "json" : "stream",
    title: "",
    expect: { choices: json ? choicesIn(parse(text)?.value) : choicesInStream(text), stream: !json },
    status,
    durationMs: 0,
    replay: (options) => player(tape, options),
  };
}

/** Reads of a size as networks have them. */
function inPieces(bytes: Uint8Array): readonly Timed[] {
  const pieces: Timed[] = [];
  for (let from = 0; from < bytes.byteLength; from += 16 << 10)
    pieces.push({ ms: 0, bytes: bytes.subarray(from, from + (16 << 10)) });
  return pieces;
}

/** How many choices were asked for can only be guessed from those that came. */
function choicesIn(...chunks: readonly unknown[]): number {
  const answer = new Answer();
  for (const chunk of chunks) answer.add(chunk);
  return Math.max(1, answer.choiceCount);
}

function choicesInStream(text: string): number {
  const answer = new Answer();
  const framer = new Framer({ onEvent: ({ data }) => answer.add(parse(data)?.value), limit: fileUnits });
  framer.push(text);
  framer.end();
  return Math.max(1, answer.choiceCount);
}

function ownRecording(file: unknown): Recording {
  const found = member(file, "version");
  if (typeof found !== "number" || !Number.isInteger(found) || found < 1) damaged("version");
  if (found > version)
    throw new RecordingError(
      `The recording has the format version ${found}; this page reads up to ${version}. Update the page.`,
    );
  const request = ownRequest(member(file, "request"));
  const expect = member(file, "expect");
  const choices = count(member(expect, "choices")) ?? damaged("expect.choices");
  const stream = member(expect, "stream");
  if (typeof stream !== "boolean") damaged("expect.stream");
  const profile = textAt(file, "profile", "profile");
  const title = textAt(file, "title", "title");
  const tape: Tape = { response: ownResponse(member(file, "response")) };
  return {
    kind: "recording",
    title,
    ...(profile === "" ? {} : { profile }),
    request,
    expect: { choices: Math.max(1, choices), stream },
    status: tape.response?.status,
    durationMs: tape.response?.endMs ?? 0,
    replay: (options) => player(tape, options),
  };
}

function ownRequest(request: unknown): WireRequest {
  if (!isRecord(request)) damaged("request");
  return {
    method: textAt(request, "method", "request.method"),
    url: textAt(request, "url", "request.url"),
    headers: pairs(member(request, "headers"), "request.headers").map(([name, value]) => ({ name, value })),
    body: textAt(request, "body", "request.body"),
  };
}

function ownResponse(response: unknown): Tape["response"] {
  if (response === null) return undefined;
  const status = member(response, "status");
  // A browser hides the status of a redirect that was not followed; any of them stands for it.
  const shown = status === 0 ? 302 : status;
  if (typeof shown !== "number" || !responseStatus(shown)) damaged("response.status");
  const headers = new Headers();
  for (const [name, value] of pairs(member(response, "headers"), "response.headers")) {
    try {
      headers.append(name, value);
    } catch {
      damaged("response.headers");
    }
  }
  const end = member(response, "end");
  if (end !== "ended" && end !== "broken" && end !== "stopped" && end !== "cut") damaged("response.end");
  let before = time(member(response, "headMs"), 0, "response.headMs");
  const headMs = before;
  const chunks = member(response, "chunks");
  if (!Array.isArray(chunks)) damaged("response.chunks");
  const timed = chunks.map((chunk: unknown, i): Timed => {
    const place = `response.chunks[${i}]`;
    const [ms, base64] = list(chunk);
    if (typeof base64 !== "string") damaged(place);
    before = time(ms, before, place);
    return { ms: before, bytes: unbase64(base64) ?? damaged(place) };
  });
  return {
    status: shown,
    headers,
    headMs,
    chunks: timed,
    end,
    endMs: time(member(response, "endMs"), before, "response.endMs"),
  };
}

function damaged(place: string): never {
  throw new RecordingError(`The recording is damaged: ${place} is missing or makes no sense.`);
}

function textAt(value: unknown, name: string, place: string): string {
  const text = member(value, name);
  return typeof text === "string" ? text : damaged(place);
}

/** Milliseconds, never before what came earlier. */
function time(value: unknown, earliest: number, place: string): number {
  const ms = finite(value);
  return ms !== undefined && ms >= earliest ? ms : damaged(place);
}

function pairs(value: unknown, place: string): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) damaged(place);
  return value.map((pair: unknown) => {
    const [name, text] = list(pair);
    return typeof name === "string" && typeof text === "string" ? ([name, text] as const) : damaged(place);
  });
}

/** The statuses an answer can end with and a Response can be made for. */
function responseStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}

function player(tape: Tape, options: { readonly timing?: "original" | "at-once"; readonly clock?: Clock } = {}): Fetch {
  const clock = options.clock ?? systemClock;
  const atOnce = options.timing === "at-once";
  return async (_url, init) => {
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const start = clock.now();
    const until = async (ms: number) => {
      const wait = atOnce ? 0 : start + ms - clock.now();
      if (wait > 0) await clock.sleep(wait, signal);
    };
    const { response } = tape;
    if (response === undefined) throw new TypeError("the recorded request got no answer");
    await until(response.headMs);
    // These three must not have a body.
    if (response.status === 204 || response.status === 205 || response.status === 304) {
      return new Response(null, { status: response.status, headers: response.headers });
    }
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
      },
      pull: async (controller) => {
        const chunk = response.chunks[next++];
        await until(chunk?.ms ?? response.endMs);
        if (signal?.aborted) return;
        // A copy: who reads a stream may change or transfer what it gets.
        if (chunk !== undefined) controller.enqueue(chunk.bytes.slice());
        else if (response.end === "ended") controller.close();
        else
          controller.error(
            response.end === "stopped"
              ? new DOMException("the recorded run was stopped", "AbortError")
              : new TypeError("the recorded connection broke"),
          );
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

function withoutUserInfo(url: string): string {
  try {
    const clean = new URL(url);
    if (clean.username === "" && clean.password === "") return url;
    clean.username = "";
    clean.password = "";
    return clean.href;
  } catch {
    return url;
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** One character per byte, as btoa and atob have it. */
function binary(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.byteLength; from += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
  return parts.join("");
}

function unbase64(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
