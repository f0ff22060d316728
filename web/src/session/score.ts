import { type Findings, type Scored, type Scoring, wireAnswer } from "../model/findings.ts";
import { stringsValue, stringValue } from "../model/json-value.ts";
import type { CheckResult } from "../model/verdict.ts";
import type { RunEntry } from "../state/runs.ts";
import type { Asked } from "./asked.ts";

/** What scoring needs of those who send. */
export interface ScoreHost {
  score(scoring: Omit<Scoring, "profile">): Promise<Scored>;
  send(body: string, asked: Asked): RunEntry;
  found(entry: RunEntry, findings: Findings): void;
  /** The first request is on its way. */
  sent(): void;
  readonly ended: AbortSignal;
  /** How many texts are scored at once: as many as runs are kept. */
  readonly most: number;
}

/**
 * Has each prompt of the text scored, one after the other, until one fails or is stopped. Rejects with an Error for people
 * where nothing can be sent.
 */
export async function scorePrompts(result: CheckResult, host: ScoreHost): Promise<void> {
  const json = (name: string) => result.members.find((member) => member.field === name)?.json;
  const model = stringValue(json("model")) ?? "";
  const texts = stringsValue(json("prompt"));
  if (texts === undefined) throw new Error("Nothing to score: the prompt is no text and no list of texts.");
  if (texts.length > host.most)
    throw new Error(`Scoring takes at most ${host.most} prompts at once, and there are ${texts.length}.`);
  const group: RunEntry[] = [];
  for (const text of texts) {
    const { body, why } = await host.score({ model, text });
    if (body === undefined) throw new Error(`${why ?? "The text cannot be scored."} Nothing was sent.`);
    if (host.ended.aborted) return;
    const entry = host.send(body, { model, prompts: [text.slice(0, 80)], perPrompt: 1, stream: false, echo: true });
    host.sent();
    const snapshot = await entry.run.finished;
    if (host.ended.aborted || snapshot.outcome !== "complete") return;
    const { max_tokens: made } = JSON.parse(body) as { max_tokens: number };
    const scored = await host.score({ model, text, made, answer: wireAnswer(snapshot, false) });
    group.push(entry);
    const ids = group.map(({ id }) => id);
    host.found(entry, { scored: { ...scored, text: text.slice(0, 80) }, group: ids });
    // The table is the same beside each of them.
    for (const other of group.slice(0, -1)) host.found(other, { group: ids });
  }
}
