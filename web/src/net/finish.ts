import type { Finish, FinishKind } from "../model/answer.ts";
import { finishWords, limits } from "./facts.ts";

const kinds: ReadonlyMap<string, FinishKind> = new Map(
  Object.entries(finishWords).flatMap(([kind, words]) => words.map((word) => [word, kind as FinishKind] as const)),
);

/** undefined while a choice is not finished, for which servers send null, "" or nothing. */
export function readFinish(value: unknown): Finish | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const most = limits.finishUnits;
  return {
    kind: kinds.get(value.toLowerCase()) ?? "other",
    raw: value.length > most ? `${value.slice(0, most)}…` : value,
  };
}
