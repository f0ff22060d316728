/** Where in a request text a position stands, read from the text before it. For completion, so it guesses rather than fails. */
export interface Place {
  /** Keys from the root to the innermost container; an array counts as "[]". */
  readonly path: readonly string[];
  readonly kind: "key" | "value";
  /** The key whose value is being typed; "" for keys and array elements. */
  readonly key: string;
  /** Whether the position is inside a string, and its quote. */
  readonly quote: Quote | "";
  /** Where the word or string at the position begins, its quote included. */
  readonly from: number;
}

export type Quote = '"' | "'";

/** What a text breaks off in. */
export type Open =
  | { readonly kind: "code" }
  | { readonly kind: "comment" }
  /** `escaped`: the next character belongs to a backslash. */
  | { readonly kind: "string"; readonly quote: Quote; readonly escaped: boolean };

interface Level {
  readonly name: string;
  readonly array: boolean;
  key: string;
  afterColon: boolean;
}

interface Reading {
  readonly place: Place | undefined;
  readonly open: Open;
}

const code: Open = { kind: "code" };
const comment: Open = { kind: "comment" };
const bareWord = /[\p{L}\p{N}_$+.-]+/uy;
const backslash = 0x5c;
const lineFeed = 0x0a;

/** Reads the text up to its end. Returns undefined outside of any brackets and inside comments. */
export function placeAtEnd(text: string): Place | undefined {
  return read(text).place;
}

/** What the text breaks off in: a string, a comment, or neither. */
export function openAtEnd(text: string): Open {
  return read(text).open;
}

function read(text: string): Reading {
  const levels: Level[] = [];
  let word = "";
  let at = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    const level = levels.at(-1);
    if (c === '"' || c === "'") {
      const end = stringEnd(text, at, c);
      if (end === undefined || end > text.length) {
        const open: Open = { kind: "string", quote: c, escaped: end !== undefined };
        return { place: level && placeOf(levels, level, c, at), open };
      }
      word = text.slice(at + 1, end - 1);
      at = end;
      continue;
    }
    if (c === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      if (end < 0) return { place: undefined, open: comment };
      at = end;
      continue;
    }
    if (c === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at + 2);
      if (end < 0) return { place: undefined, open: comment };
      at = end + 2;
      continue;
    }
    bareWord.lastIndex = at;
    const found = bareWord.exec(text);
    if (found) {
      word = found[0];
      const from = at;
      at += word.length;
      if (at === text.length) return { place: level && placeOf(levels, level, "", from), open: code };
      continue;
    }
    if (c === "{" || c === "[") {
      levels.push({
        name: level ? (level.array ? "[]" : level.key) : "",
        array: c === "[",
        key: "",
        afterColon: false,
      });
    } else if (c === "}" || c === "]") levels.pop();
    else if (c === ":" && level) {
      level.key = word;
      level.afterColon = true;
    } else if (c === "," && level) {
      level.key = "";
      level.afterColon = false;
    }
    at++;
  }
  const level = levels.at(-1);
  return { place: level && placeOf(levels, level, "", text.length), open: code };
}

function placeOf(levels: readonly Level[], level: Level, quote: Place["quote"], from: number): Place {
  const value = level.array || level.afterColon;
  return {
    path: levels.slice(1).map((each) => each.name),
    kind: value ? "value" : "key",
    key: value ? level.key : "",
    quote,
    from,
  };
}

/**
 * Where the string that begins at `start` is over: behind its quote, or behind the line in which it was left open.
 * Undefined: the text ends before it does. One more than the length of the text: it ends with a backslash.
 */
export function stringEnd(text: string, start: number, quote: Quote): number | undefined {
  const end = quote.charCodeAt(0);
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === end || code === lineFeed) return i + 1;
    if (i >= text.length) return i + 1;
  }
  return undefined;
}
