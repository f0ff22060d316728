import type { Usage } from "../model/answer.ts";
import { count, isRecord, member } from "./json.ts";

/** Each count by itself, so that one which makes no sense costs no other; undefined where none is known. */
export function readUsage(value: unknown, unreadable: () => void): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const read = (name: string): number | undefined => {
    const given = member(value, name);
    const known = count(given);
    if (known === undefined && given !== undefined && given !== null) unreadable();
    return known;
  };
  const promptTokens = read("prompt_tokens");
  const completionTokens = read("completion_tokens");
  const totalTokens = read("total_tokens");
  if (promptTokens === undefined && completionTokens === undefined && totalTokens === undefined) return undefined;
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(totalTokens === undefined ? {} : { totalTokens }),
  };
}
