// The table of the fault server as Node's clients read it: what it does on purpose, and what has to come of it.

import assert from "node:assert/strict";
import type { Outcome } from "../../src/model/answer.ts";

const address = process.env.PLAYGROUND_FAULTS;
assert.ok(address, 'PLAYGROUND_FAULTS is not set; run the tests through "go run ./build test net"');

/** Where the fault server listens, without a slash at the end. */
export const faultsUrl: string = address.replace(/\/+$/, "");

/** How the server cuts an answer into writes; "" as its script says. */
export const forms = ["", "whole", "bytes"] as const;

/** As core/client/faulty describes it; a browser may see less, which is not of interest here. */
export interface Want {
  readonly end: Outcome;
  readonly texts?: readonly string[];
  readonly prefix?: boolean;
  readonly length?: number;
  readonly reasoning?: string;
  readonly finish?: readonly string[];
  readonly tokens?: readonly string[];
  readonly logprobs?: readonly (number | string | null)[];
  readonly top?: readonly (readonly string[])[];
  readonly usage?: {
    readonly prompt: number | null;
    readonly completion: number | null;
    readonly total: number | null;
  };
  readonly notes?: readonly string[];
  readonly error?: string;
  readonly failure?: string;
  readonly status?: number;
  readonly message?: string;
  readonly retryAfter?: number;
}

interface Step {
  readonly data?: string;
  readonly repeat?: number;
  readonly then?: "stall" | "truncate" | "reset";
}

export interface Scenario {
  readonly name: string;
  readonly request: { readonly prompt?: unknown; readonly n?: number; readonly stream?: boolean };
  readonly profile?: string;
  readonly script: { readonly steps?: readonly Step[] };
  readonly want: Want;
}

/** A play that the server remembers. */
interface Play {
  readonly scenario: string;
  readonly form: string;
  readonly state: "running" | "played" | "left";
}

export async function loadScenarios(): Promise<readonly Scenario[]> {
  return (await load("scenarios")) as readonly Scenario[];
}

/** Resolves when the newest play of a scenario has come to a state. */
export async function played(scenario: string, form: string, state: Play["state"]): Promise<void> {
  for (;;) {
    const plays = (await load("plays")) as readonly Play[];
    if (plays.findLast((play) => play.scenario === scenario && play.form === form)?.state === state) return;
  }
}

async function load(what: string): Promise<unknown> {
  const response = await fetch(`${faultsUrl}/${what}`);
  assert.ok(response.ok, `/${what} has status ${response.status}`);
  return response.json();
}

/** Answers of megabytes are written the same way in every form. */
export function large({ script }: Scenario): boolean {
  return (script.steps ?? []).some(({ repeat }) => repeat !== undefined);
}

/** How many choices a request asks for: its prompts times n. A list that holds a number is one prompt, of tokens. */
export function choicesAsked({ request: { prompt, n = 1 } }: Scenario): number {
  const prompts =
    Array.isArray(prompt) && prompt.length > 0 && prompt.every((each) => typeof each !== "number") ? prompt.length : 1;
  return prompts * Math.max(n, 1);
}
