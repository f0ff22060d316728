/** Where in a request text a position stands, read from the text before it. For completion, so it guesses rather than fails. */
export interface Place {
  /** Keys from the root to the innermost container; an array counts as "[]". */
  readonly path: readonly string[];
  readonly kind: "key" | "value";
  /** The key whose value is being typed; "" for keys and array elements. */
  readonly key: string;
  /** Whether the position is inside a string, and its quote. */
  readonly quote: "" | '"' | "'";
  /** Where the word or string at the position begins, its quote included. */
  readonly from: number;
}

interface Level {
  readonly name: string;
  readonly array: boolean;
  key: string;
  afterColon: boolean;
}

/** Reads the text up to its end. Returns undefined outside of any brackets and inside comments. */
export function placeAtEnd(text: string): Place | undefined {
  const levels: Level[] = [];
  let word = "";
  let at = 0;
  let tokenStart = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    const level = levels.at(-1);
    tokenStart = at;
    if (c === '"' || c === "'") {
      const end = closingQuote(text, at);
      if (end < 0) return level && placeOf(levels, level, c, at);
      word = text.slice(at + 1, end);
      at = end + 1;
      continue;
    }
    if (c === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      if (end < 0) return undefined;
      at = end;
      continue;
    }
    if (c === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at);
      if (end < 0) return undefined;
      at = end + 2;
      continue;
    }
    const bare = /[\p{L}\p{N}_$+.-]+/uy;
    bare.lastIndex = at;
    const found = bare.exec(text);
    if (found) {
      word = found[0];
      at += word.length;
      if (at === text.length) return level && placeOf(levels, level, "", tokenStart);
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
  return level && placeOf(levels, level, "", text.length);
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

function closingQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "\\") i++;
    else if (c === quote) return i;
    else if (c === "\n") return -1;
  }
  return -1;
}
