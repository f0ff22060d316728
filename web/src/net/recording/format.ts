// A recording is one JSON object:
//
//   format      "completion-playground/recording"
//   version     1; a reader refuses higher ones
//   recordedAt  ISO 8601, UTC
//   title       for people, "" for none
//   profile     file name in schema/profiles, "" for none
//   expect      {choices, stream, echo?}: what the request asked for
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

import type { WireRequest } from "../../model/request.ts";

export const format = "completion-playground/recording";
export const version = 1;
/** Larger files are not opened. */
export const fileUnits = 256 << 20;

/** How the recorded answer ended. */
export type End = "ended" | "broken" | "stopped" | "cut";

/** Bytes as they were read, and when: milliseconds since the request. */
export interface Timed {
  readonly ms: number;
  readonly bytes: Uint8Array;
}

export interface Expectation {
  readonly choices: number;
  readonly stream: boolean;
  /** The answer repeats the prompt, which nobody generated. */
  readonly echo?: boolean;
}

/** What is needed to answer once more as it was recorded. */
export interface Tape {
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

/** Message is for people. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** What a file told of a recorded run. */
export interface Recorded {
  /** "recording" is this project's own file; the others were captured by other means and know less. */
  readonly kind: "recording" | "stream" | "json";
  /** "" where the file has none. */
  readonly title: string;
  /** Only own files know it, as they do the request. */
  readonly profile?: string;
  readonly request?: WireRequest;
  readonly expect: Expectation;
  readonly tape: Tape;
}

/** The statuses an answer can end with and a Response can be made for. */
export function responseStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}

/** One character per byte, as btoa and atob have it. */
export function binary(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.byteLength; from += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
  return parts.join("");
}
