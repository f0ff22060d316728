import type { DetectAnswer, DetectArgs, Detected, DetectStep } from "../model/detected.ts";
import type { Fetch, Header } from "../model/request.ts";
import { readText } from "./body.ts";
import { redactor } from "./redact.ts";
import { isRedirect, requestInit, secretsOf } from "./send.ts";

export interface DetectOptions {
  readonly base: string;
  readonly all: boolean;
  /** "" for none. */
  readonly key: string;
  readonly headers: readonly Header[];
  readonly fetch: Fetch;
  /** The core's judgement of the answers so far. */
  readonly judge: (args: DetectArgs) => Promise<DetectStep>;
  readonly signal: AbortSignal;
}

/**
 * Asks a server what it is and which models it has, with the few GETs that the core names. What fails tells nothing,
 * since a server without these paths can complete all the same. Undefined where the core cannot judge.
 */
export async function detectServer(options: DetectOptions): Promise<Detected | undefined> {
  const { base, all, judge } = options;
  const answers: DetectAnswer[] = [];
  let signal: AbortSignal | undefined;
  try {
    for (;;) {
      const step = await judge({ base, all, answers });
      if (step.next.length === 0) return step;
      signal ??= AbortSignal.any([options.signal, AbortSignal.timeout(step.deadlineMs)]);
      const until = signal;
      answers.push(...(await Promise.all(step.next.map((next) => get(next, options, until)))));
    }
  } catch {
    return undefined;
  }
}

async function get(
  { path, url, bytes }: DetectStep["next"][number],
  { key, headers, fetch }: DetectOptions,
  signal: AbortSignal,
): Promise<DetectAnswer> {
  try {
    const accept = { name: "Accept", value: "application/json" };
    const request = { method: "GET", url, headers: [accept], body: "" };
    const response = await fetch(url, requestInit(request, key, headers, signal));
    const { text, cut } = await readText(response, bytes);
    const clean = redactor(...secretsOf(key, headers));
    const named = [...response.headers].map(([name, value]) => [name, clean(value)] as const);
    return {
      path,
      status: cut || isRedirect(response) ? 0 : response.status,
      headers: Object.fromEntries(named),
      body: cut ? "" : clean(text),
    };
  } catch {
    return { path, status: 0, headers: {}, body: "" };
  }
}
