import type { Fetch, WireRequest } from "../../model/request.ts";
import type { Clock } from "../clock.ts";
import { member, parse } from "../json.ts";
import { readCaptured } from "./captured.ts";
import { type Expectation, fileUnits, format, RecordingError } from "./format.ts";
import { readOwn } from "./own.ts";
import { player } from "./player.ts";

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
  const file = start.startsWith("{") ? parse(text)?.value : undefined;
  // A damaged file of ours must not be taken for a server's broken answer.
  if (start.startsWith("{") && file === undefined && start.slice(0, 200).includes(format))
    throw new RecordingError("The recording is damaged: it is no complete JSON. Was the download cut off?");
  const { tape, ...about } = member(file, "format") === format ? readOwn(file) : readCaptured(bytes, text);
  return {
    ...about,
    status: tape.response?.status,
    durationMs: tape.response?.endMs ?? 0,
    replay: (options) => player(tape, options),
  };
}
