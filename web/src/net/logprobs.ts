import type { TokenLogprob } from "../model/answer.ts";
import { limits } from "./facts.ts";
import { count, finite, isRecord, list, member } from "./json.ts";

/** A server can be asked for the whole vocabulary at every token; nobody looks at more than these. */
const topKept = 64;

type Top = TokenLogprob["top"];
const none: Top = [];

/** What may be odd about tokens. */
export type TokenNote = "logprob-unreadable" | "probabilities" | "token-skipped";

/**
 * The tokens of one choice of one chunk, from whichever of the shapes in use:
 * parallel arrays (OpenAI's legacy format; Together's with `token_ids`), a `content` list as chat completions have it
 * (llama.cpp, Fireworks; with `prob` in place of `logprob` from llama.cpp with `post_sampling_probs`), or Together's
 * `token` object beside the choices. Entries of a wrong type are skipped.
 */
export function readTokens(
  choice: unknown,
  chunk: unknown,
  note: (code: TokenNote) => void = () => {},
): readonly TokenLogprob[] {
  const logprobs = member(choice, "logprobs");
  const content = member(logprobs, "content");
  if (Array.isArray(content)) return fromContent(content, note);
  const tokens = member(logprobs, "tokens");
  if (Array.isArray(tokens)) return fromArrays(tokens, logprobs, note);
  return fromTokenObject(member(chunk, "token"), logprobs, note);
}

type Tell = (code: TokenNote) => void;

function fromArrays(tokens: readonly unknown[], logprobs: unknown, note: Tell): readonly TokenLogprob[] {
  const values = list(member(logprobs, "token_logprobs"));
  const tops = list(member(logprobs, "top_logprobs"));
  const offsets = list(member(logprobs, "text_offset"));
  const ids = list(member(logprobs, "token_ids"));
  const read: TokenLogprob[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (typeof token !== "string") {
      note("token-skipped");
      continue;
    }
    const offset = count(offsets[i]);
    const id = count(ids[i]);
    const bytes = escapedBytes(token);
    read.push({
      text: token.toWellFormed(),
      logprob: readLogprob(values[i], note) ?? null,
      top: topOf(tops[i], note),
      ...(offset === undefined ? {} : { offset }),
      ...(id === undefined ? {} : { id }),
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
  return read;
}

function fromContent(content: readonly unknown[], note: Tell): readonly TokenLogprob[] {
  const read: TokenLogprob[] = [];
  for (const entry of content) {
    const text = member(entry, "token");
    if (typeof text !== "string") {
      note("token-skipped");
      continue;
    }
    const bytes = byteList(member(entry, "bytes"));
    const id = count(member(entry, "id"));
    const top = topOf(member(entry, "top_logprobs"), note);
    read.push({
      text: text.toWellFormed(),
      logprob: logprobOf(entry, note) ?? null,
      top: top.length > 0 ? top : topOf(member(entry, "top_probs"), note),
      ...(bytes === undefined ? {} : { bytes }),
      ...(id === undefined ? {} : { id }),
    });
  }
  return read;
}

function fromTokenObject(token: unknown, logprobs: unknown, note: Tell): readonly TokenLogprob[] {
  const text = member(token, "text");
  if (typeof text !== "string") return [];
  // Together puts the bare number where others have the object. The token's own is 0 when no logprobs were asked for,
  // which must not be shown as certainty.
  const logprob =
    typeof logprobs === "number"
      ? readLogprob(logprobs, note)
      : readLogprob(member(token, "logprob"), note) || undefined;
  if (logprob === undefined) return [];
  const id = count(member(token, "id"));
  return [{ text: text.toWellFormed(), logprob, top: none, ...(id === undefined ? {} : { id }) }];
}

/** A logarithm as it stands, or the one of the probability that stands in its place. */
function logprobOf(entry: unknown, note: Tell): number | undefined {
  const logprob = member(entry, "logprob");
  const given = member(entry, "prob");
  if ((logprob !== undefined && logprob !== null) || given === undefined || given === null)
    return readLogprob(logprob, note);
  const probability = finite(given);
  if (probability === undefined || probability < 0 || probability > 1) {
    note("logprob-unreadable");
    return undefined;
  }
  note("probabilities");
  return Math.log(probability);
}

/**
 * A number, also as a text, and minus infinity, which stands for a probability of 0. undefined where the value says
 * nothing; that includes null, which must never become 0, since 0 means certain.
 */
function readLogprob(value: unknown, note: Tell): number | undefined {
  if (value === undefined || value === null) return undefined;
  const read = typeof value === "string" ? fromWord(value.trim()) : value;
  if (typeof read === "number" && read < Number.POSITIVE_INFINITY) return read;
  note("logprob-unreadable");
  return undefined;
}

function fromWord(word: string): number {
  if (/^-inf(inity)?$/i.test(word)) return Number.NEGATIVE_INFINITY;
  return /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
}

/** A map from token to logprob, or a list of `{token, logprob}`; likeliest first. */
function topOf(value: unknown, note: Tell): Top {
  const top: { text: string; logprob: number }[] = [];
  if (Array.isArray(value)) {
    for (const entry of value) {
      const text = member(entry, "token");
      const logprob = logprobOf(entry, note);
      if (typeof text === "string" && logprob !== undefined) top.push({ text: text.toWellFormed(), logprob });
    }
  } else if (isRecord(value)) {
    for (const text of Object.keys(value)) {
      const logprob = readLogprob(value[text], note);
      if (logprob !== undefined) top.push({ text: text.toWellFormed(), logprob });
    }
  }
  if (top.length === 0) return none;
  top.sort((a, b) => (a.logprob === b.logprob ? order(a.text, b.text) : b.logprob - a.logprob));
  return top.length > topKept ? top.slice(0, topKept) : top;
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function byteList(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > limits.tokenBytes) return undefined;
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
