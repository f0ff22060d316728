import { stringsValue, stringValue } from "../model/json-value.ts";
import type { CheckResult } from "../model/verdict.ts";

/** What a text asks for, as far as the answer's layout needs it. */
export interface Asked {
  readonly model: string;
  /** What each prompt begins with. */
  readonly prompts: readonly string[];
  /** Choices for each prompt. */
  readonly perPrompt: number;
  readonly stream: boolean;
  readonly echo: boolean;
}

/** Reads it from the verdict, so that the text may be written in any way the core reads. */
export function askedFor(result: CheckResult): Asked {
  const json = (name: string) => result.members.find((member) => member.field === name)?.json;
  const prompts = stringsValue(json("prompt")) ?? [""];
  // More choices than this cannot be laid out one by one; the number only says what to wait for.
  const perPrompt = Math.min(Math.max(1, Math.trunc(Number(json("n") ?? 1)) || 1), 10_000);
  return {
    model: stringValue(json("model")) ?? "",
    prompts: prompts.map((prompt) => prompt.slice(0, 80)),
    perPrompt,
    stream: json("stream") === "true",
    echo: json("echo") === "true",
  };
}
