// The table of the fault server: what it does on purpose, and what has to come of it.

import assert from "node:assert/strict";
import answers from "../../../schema/answers.json";
import failures from "../../../schema/failures.json";
import { faultsUrl, large, type Scenario as Row, type Want } from "../net/table.ts";

export { faultsUrl, large };

export interface Scenario extends Row {
  readonly row: string;
  /** What a browser can see of it, where that is less. */
  readonly browser?: Want;
}

/** A play that the server remembers. */
export interface Play {
  readonly number: number;
  readonly scenario: string;
  readonly state: "running" | "played" | "left";
}

/** What a person saw of one run. */
export interface Seen {
  readonly outcome: string;
  /** Of each card, as its button copies it. */
  readonly texts: readonly string[];
  /** Of each card, the word for its end. */
  readonly finish: readonly string[];
  readonly tokens: readonly string[];
  /** Name and value, as shown. */
  readonly figures: ReadonlyMap<string, string>;
  /** All words of the run, those to be unfolded too. */
  readonly words: string;
}

export async function loadScenarios(): Promise<readonly Scenario[]> {
  const scenarios = await load<readonly Scenario[]>("scenarios");
  assert.ok(scenarios.length > 50, "the table is there");
  return scenarios;
}

export function scenarioNamed(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  assert.ok(found, `the table has ${name}`);
  return found;
}

/** The newest play of a scenario. */
export async function latestPlay(scenario: string): Promise<Play | undefined> {
  const plays = await load<readonly Play[]>("plays");
  return plays.findLast((play) => play.scenario === scenario);
}

async function load<T>(what: string): Promise<T> {
  const response = await fetch(`${faultsUrl}/${what}`);
  assert.ok(response.ok, `/${what} has status ${response.status}`);
  return (await response.json()) as T;
}

/** What has to come of a scenario in a browser. */
export function wanted({ want, browser }: Scenario): Want {
  return browser ?? want;
}

/**
 * Whether the connection breaks after a complete answer. A browser may drop what the page has not yet read of it, so that
 * the page sees a complete answer or the beginning of a broken one, as time will have it.
 */
export function mayBeLost(scenario: Scenario): boolean {
  const last = scenario.script.steps?.at(-1)?.then;
  return wanted(scenario).end === "complete" && (last === "truncate" || last === "reset");
}

const outcomes = {
  complete: "Complete",
  "ended-early": "Ended early",
  empty: "Empty",
  failed: "Failed",
  stopped: "Stopped",
} as const;

/** The word on the page for an outcome of the table. */
export function outcomeOf(scenario: Scenario): string {
  return outcomes[wanted(scenario).end];
}

const finishWords: Readonly<Record<string, string>> = {
  stop: "Stop",
  length: "Length limit",
  filtered: "Filtered",
  tool: "Tool call",
  aborted: "Aborted",
  error: "Error",
  "": "",
};

/** What the page says for a kind of failure, where the server itself says nothing. */
const reasons: Readonly<Record<string, RegExp>> = {
  redirect: /The server redirects/,
  transport: /The connection broke|The answer was cut off|No answer that the page may read/,
  size: /The answer is too large/,
};

interface Told {
  readonly title: string;
  readonly more?: readonly { readonly title?: string; readonly [other: string]: unknown }[];
}

/** The titles under which a failure may be told; none for refusals, which the profile and the key decide. */
function titlesOf(failure: string): readonly string[] {
  const told: Readonly<Record<string, Told>> = failures.answers;
  const entry = told[failure];
  return entry === undefined ? [] : [entry.title, ...(entry.more ?? []).flatMap(({ title = [] }) => title)];
}

/** A note as the page shows it, whatever stands in its placeholders. */
function noteOf(code: string): RegExp {
  const sentences: Readonly<Record<string, string>> = answers.notes;
  const parts = (sentences[code] ?? "").replaceAll("`", "").split(/\{[a-z]+\}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+"));
}

/** Token counts as the page shows them; undefined for none. */
function countsOf(usage: Want["usage"]): string | undefined {
  if (usage === undefined) return undefined;
  const sum = `${usage.prompt ?? "?"} + ${usage.completion ?? "?"}`;
  return usage.total === null ? sum : `${sum} = ${usage.total}`;
}

/** In what the page differs from the table: one sentence each. */
export function differences(scenario: Scenario, seen: Seen): readonly string[] {
  const want: Want =
    mayBeLost(scenario) && seen.outcome === outcomes.failed
      ? { end: "failed", error: "transport", texts: wanted(scenario).texts ?? [], prefix: true }
      : wanted(scenario);
  const found: string[] = [];
  const compare = (what: string, got: unknown, wish: unknown) => {
    const [is, should] = [JSON.stringify(got), JSON.stringify(wish)];
    if (is !== should) found.push(`${what}: got ${is.slice(0, 200)}, want ${should.slice(0, 200)}`);
  };
  compare("outcome", seen.outcome, outcomes[want.end]);

  const texts = want.texts ?? [];
  if (want.length !== undefined) {
    compare(
      "length",
      seen.texts.map((text) => text.length),
      [want.length],
    );
  } else if (want.prefix) {
    const [got = ""] = seen.texts;
    if (seen.texts.length > 1 || !texts[0]?.startsWith(got)) compare("the beginning of the text", seen.texts, texts);
  } else {
    compare("texts", seen.texts, texts);
  }
  if (!want.prefix) {
    const finish = (want.finish ?? []).map((reason) => finishWords[reason]);
    // A word that nobody knows is shown as the server sent it, and the table does not say what that was.
    compare(
      "finish reasons",
      seen.finish.map((word, i) => (want.finish?.[i] === "other" ? sentBy(scenario, word) : word)),
      finish.map((word) => word ?? true),
    );
  }
  compare("tokens", seen.tokens, want.tokens ?? []);
  compare("token counts", seen.figures.get("Tokens") ?? "none", countsOf(want.usage) ?? "none");
  for (const code of want.notes ?? [])
    if (!noteOf(code).test(seen.words)) found.push(`the page does not say ${noteOf(code)}`);
  const titles = titlesOf(want.failure ?? "");
  if (titles.length > 0 && !titles.some((title) => seen.words.includes(title)))
    found.push(`the page says none of ${JSON.stringify(titles)}`);
  const reason = reasons[want.error ?? ""];
  if (reason !== undefined && !reason.test(seen.words)) found.push(`the page does not say ${reason}`);
  if (want.status !== undefined) compare("status", seen.figures.get("Status"), String(want.status));
  if (want.retryAfter !== undefined) {
    const wait = /asked to wait (\d+) s/.exec(seen.words)?.[1];
    compare("seconds to wait", Number(wait), want.retryAfter);
  }
  // The page quotes a server, but has its own words for what the server did not say.
  if (want.message !== undefined && sentBy(scenario, want.message) && !seen.words.includes(want.message))
    found.push(`the page does not say ${JSON.stringify(want.message)}`);
  return found;
}

/** Whether the words are among those that the server sends. */
function sentBy({ script }: Scenario, words: string): boolean {
  return words !== "" && (script.steps ?? []).some(({ data }) => data?.includes(words));
}

/** Rows as lines with the columns under each other. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
