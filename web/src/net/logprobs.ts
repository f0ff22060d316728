import type { TokenLogprob } from "../model/answer.ts";
import { count, finite, isRecord, list, member } from "./json.ts";

/** A server can be asked for the whole vocabulary at every token; nobody looks at more than these. */
const topKept = 64;

type Top = TokenLogprob["top"];
const none: Top = [];

/**
 * The tokens of one choice of one chunk, from whichever of the shapes in use:
 * parallel arrays (OpenAI's legacy format; Together's with `token_ids`), a `content` list as chat completions have it
 * (llama.cpp, Fireworks), or Together's `token` object beside the choices. Entries of a wrong type are skipped.
 */
export function readTokens(choice: unknown, chunk: unknown): readonly TokenLogprob[] {
  const logprobs = member(choice, "logprobs");
  const content = member(logprobs, "content");
  if (Array.isArray(content)) return fromContent(content);
  const tokens = member(logprobs, "tokens");
  if (Array.isArray(tokens)) return fromArrays(tokens, logprobs);
  return fromTokenObject(member(chunk, "token"), logprobs);
}

function fromArrays(tokens: readonly unknown[], logprobs: unknown): readonly TokenLogprob[] {
  const values = list(member(logprobs, "token_logprobs"));
  const tops = list(member(logprobs, "top_logprobs"));
  const offsets = list(member(logprobs, "text_offset"));
  const ids = list(member(logprobs, "token_ids"));
  const read: TokenLogprob[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (typeof token !== "string") continue;
    const offset = count(offsets[i]);
    const id = count(ids[i]);
    const bytes = escapedBytes(token);
    read.push({
      text: token,
      logprob: finite(values[i]) ?? null,
      top: topOf(tops[i]),
      ...(offset === undefined ? {} : { offset }),
      ...(id === undefined ? {} : { id }),
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
  return read;
}

function fromContent(content: readonly unknown[]): readonly TokenLogprob[] {
  const read: TokenLogprob[] = [];
  for (const entry of content) {
    const text = member(entry, "token");
    if (typeof text !== "string") continue;
    const bytes = byteList(member(entry, "bytes"));
    const id = count(member(entry, "id"));
    read.push({
      text,
      logprob: finite(member(entry, "logprob")) ?? null,
      top: topOf(member(entry, "top_logprobs")),
      ...(bytes === undefined ? {} : { bytes }),
      ...(id === undefined ? {} : { id }),
    });
  }
  return read;
}

function fromTokenObject(token: unknown, logprobs: unknown): readonly TokenLogprob[] {
  const text = member(token, "text");
  // Together puts the bare number where others have the object. The token's own is 0 when no logprobs were asked for,
  // which must not be shown as certainty.
  const logprob = finite(logprobs) ?? (finite(member(token, "logprob")) || undefined);
  if (typeof text !== "string" || logprob === undefined) return [];
  const id = count(member(token, "id"));
  return [{ text, logprob, top: none, ...(id === undefined ? {} : { id }) }];
}

/** A map from token to logprob, or a list of `{token, logprob}`; likeliest first. */
function topOf(value: unknown): Top {
  const top: { text: string; logprob: number }[] = [];
  if (Array.isArray(value)) {
    for (const entry of value) {
      const text = member(entry, "token");
      const logprob = finite(member(entry, "logprob"));
      if (typeof text === "string" && logprob !== undefined) top.push({ text, logprob });
    }
  } else if (isRecord(value)) {
    for (const text of Object.keys(value)) {
      const logprob = finite(value[text]);
      if (logprob !== undefined) top.push({ text, logprob });
    }
  }
  if (top.length === 0) return none;
  top.sort((a, b) => b.logprob - a.logprob);
  return top.length > topKept ? top.slice(0, topKept) : top;
}

function byteList(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1024) return undefined;
  return value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255) ? (value as number[]) : undefined;
}

/** OpenAI's spelling of a token that is no whole character: `bytes:\xe2\x80`. */
function escapedBytes(token: string): readonly number[] | undefined {
  if (!/^bytes:(\\x[0-9a-f]{2})+$/i.test(token)) return undefined;
  return token
    .slice("bytes:".length + 2)
    .split("\\x")
    .map((hex) => Number.parseInt(hex, 16));
}
