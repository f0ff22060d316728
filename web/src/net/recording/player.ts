import type { Fetch } from "../../model/request.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Tape } from "./format.ts";

/** A fetch that answers every request with a recording. */
export function player(
  tape: Tape,
  options: { readonly timing?: "original" | "at-once"; readonly clock?: Clock } = {},
): Fetch {
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
