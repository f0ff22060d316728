import type { Clock } from "./clock.ts";
import { limits } from "./facts.ts";

/** Bytes taken at a time, so that a huge read does not hold up the page. */
const sliceBytes = 64 << 10;
/** Longest stretch of work between two chances for the page to react. */
const sliceMs = 8;

/** Who takes the bytes of a body. */
export interface Taker {
  /** Nothing that may still come is of use. */
  over(): boolean;
  /** What may still come is not worth a long wait. */
  done(): boolean;
  /** Bytes as they were read. */
  arrived(bytes: Uint8Array): void;
  /** The same bytes, in parts that take no long time to read. */
  take(bytes: Uint8Array): void;
}

/**
 * Reads a body to its end, or until nothing of it is of use any more, and lets go of it. "stopped" is a body whose source
 * says that somebody stopped it.
 */
export async function pump(
  body: ReadableStream<Uint8Array> | null,
  clock: Clock,
  taker: Taker,
): Promise<"ended" | "broken" | "stopped"> {
  const reader = body?.getReader();
  const patience = new AbortController();
  try {
    // Milliseconds of work since the page last had a turn. Waiting for the network gives it one too, but whether a read
    // waited cannot be told.
    let worked = 0;
    let late: Promise<undefined> | undefined;
    while (reader !== undefined && !taker.over()) {
      // Some servers tell of an error after [DONE], but one that keeps the connection open must not keep the run open.
      if (taker.done()) late ??= lateness(clock, patience.signal);
      const bytes = await (late === undefined ? nextBytes(reader) : Promise.race([nextBytes(reader), late]));
      if (bytes === undefined || taker.over()) break;
      taker.arrived(bytes);
      for (let from = 0; from < bytes.byteLength && !taker.over(); from += sliceBytes) {
        const before = clock.now();
        taker.take(bytes.subarray(from, from + sliceBytes));
        worked += clock.now() - before;
        if (worked < sliceMs) continue;
        worked = 0;
        await clock.rest();
      }
    }
    return "ended";
  } catch (fault) {
    return isAbort(fault) ? "stopped" : "broken";
  } finally {
    patience.abort();
    // Enough is known: a server that keeps the connection open must not keep the run open.
    reader?.cancel().catch(() => {});
  }
}

/** Resolves when nothing that comes after [DONE] counts any more. */
function lateness(clock: Clock, signal: AbortSignal): Promise<undefined> {
  return clock.sleep(limits.afterDoneMs, signal).then(
    () => undefined,
    () => undefined,
  );
}

/** undefined at the end of the body. */
async function nextBytes(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  const { done, value } = await reader.read();
  return done ? undefined : value;
}

/** Whoever answers says that somebody stopped it, as the replay of a stopped run does. */
export function isAbort(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "AbortError";
}
