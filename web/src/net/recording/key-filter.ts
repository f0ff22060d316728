import { spellingsOf } from "../redact.ts";
import { binary, type Timed } from "./format.ts";

/** Overwrites keys with asterisks in bytes that come piece by piece, also where a cut between pieces goes through one. */
export class KeyFilter {
  #held: readonly Timed[] = [];

  /**
   * Takes what came, and gives it back without the keys, the length unchanged. An end that may be the beginning of a
   * key is held back until the next call; `all` gives that out too.
   */
  push(chunks: readonly Timed[], keys: readonly string[], all: boolean): readonly Timed[] {
    const pending = [...this.#held, ...chunks];
    this.#held = [];
    const spellings = spellingsOf(keys);
    if (spellings.length === 0) return pending;
    let whole = pending.map(({ bytes }) => binary(bytes)).join("");
    for (const spelling of spellings) whole = whole.replaceAll(spelling, "*".repeat(spelling.length));
    const given = all ? whole.length : whole.length - Math.max(...spellings.map((each) => begunAtEnd(whole, each)));
    const clean: Timed[] = [];
    const held: Timed[] = [];
    let from = 0;
    for (const { ms, bytes } of pending) {
      const end = from + bytes.byteLength;
      const cut = Math.min(Math.max(given, from), end);
      if (cut > from) clean.push({ ms, bytes: bytesOf(whole.slice(from, cut)) });
      if (end > cut) held.push({ ms, bytes: bytesOf(whole.slice(cut, end)) });
      from = end;
    }
    this.#held = held;
    return clean;
  }
}

/** How many characters at the end of the text begin the word without finishing it. */
function begunAtEnd(text: string, word: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length--)
    if (text.endsWith(word.slice(0, length))) return length;
  return 0;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
