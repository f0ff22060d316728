import type { WireRequest } from "../../model/request.ts";
import { type Clock, systemClock } from "../clock.ts";
import { redactor, spellingsOf } from "../redact.ts";
import { binary, type End, type Expectation, format, type Timed, version } from "./format.ts";
import { KeyFilter } from "./key-filter.ts";

const bytesKept = 64 << 20;

/** A recorded run without the bytes of its answer, and without keys. */
export interface RecordedHead {
  readonly profile: string;
  readonly expect: Expectation;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  /** null when nobody answered, or not yet. */
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly headMs: number;
  } | null;
  /** Undefined while the answer is coming. */
  readonly end: { readonly how: End; readonly ms: number } | undefined;
}

/** Takes down one run: pass it as `record`, then give it to saveRecording when the run is done, or before. */
export class Recorder {
  #request: WireRequest | undefined;
  #keys: readonly string[] = [];
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
    /** The key, and the values of own headers. */
    readonly keys: readonly string[];
    readonly expect: Expectation;
    readonly clock: Clock;
  }): void {
    this.#request = run.request;
    this.#keys = run.keys;
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

  /** What is known of the run so far. Throws where nothing was recorded. */
  about(): RecordedHead {
    const request = this.#request;
    if (request === undefined) throw new Error("nothing was recorded");
    const redact = redactor(...this.#keys);
    const response = this.#response;
    return {
      profile: this.#profile,
      expect: this.#expect,
      request: {
        method: request.method,
        url: redact(withoutUserInfo(request.url)),
        headers: request.headers
          .filter(({ name }) => /^(accept|content-type)$/i.test(name))
          .map(({ name, value }) => [name, redact(value)] as const),
        body: redact(request.body),
      },
      response:
        response === undefined
          ? null
          : {
              status: response.status,
              headers: response.headers
                .filter(([name]) => !/^set-cookie2?$/i.test(name))
                .map(([name, value]) => [name, redact(value)] as const),
              headMs: rounded(response.headMs),
            },
      end: this.#end && { how: this.#end.how, ms: rounded(this.#end.ms) },
    };
  }

  /**
   * A reader of the answer's bytes while they come: each call gives what came since the last one, without the run's keys
   * and the `others`. Bytes that may begin a key wait for the next call, unless the run has ended.
   */
  reader(): (others: readonly string[]) => readonly Timed[] {
    const filter = new KeyFilter();
    let taken = 0;
    return (others) => {
      const fresh = this.#chunks.slice(taken);
      taken += fresh.length;
      return filter.push(fresh, [...this.#keys, ...others], this.#end !== undefined);
    };
  }

  toJSON(): unknown {
    const { profile, expect, request, response, end } = this.about();
    return {
      format,
      version,
      recordedAt: new Date(this.#recordedAt).toISOString(),
      title: redactor(...this.#keys)(this.#title),
      profile,
      expect,
      request,
      response: response && {
        ...response,
        chunks: this.#cleanChunks(),
        end: end?.how ?? "stopped",
        endMs: end?.ms ?? rounded(this.#elapsed()),
      },
    };
  }

  #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  /** Keys are searched in the joined bytes, since reads may cut one in two; its length stays, so that the cuts do too. */
  #cleanChunks(): readonly (readonly [number, string])[] {
    let whole = this.#chunks.map(({ bytes }) => binary(bytes)).join("");
    for (const spelling of spellingsOf(this.#keys)) whole = whole.replaceAll(spelling, "*".repeat(spelling.length));
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
