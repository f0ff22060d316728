import { secretBytes } from "../../../schema/headers.json";

const blank = "[key removed]";

/** Takes keys out of texts that may show what a server sent back, in the spellings JSON and URLs have for them. */
export function redactor(...keys: readonly string[]): (text: string) => string {
  const spellings = spellingsOf(keys);
  if (spellings.length === 0) return (text) => text;
  return (text) => {
    let clean = text;
    for (const spelling of spellings) if (clean.includes(spelling)) clean = clean.replaceAll(spelling, blank);
    return clean;
  };
}

/** Whether a text is surely a key, and no word such as "lm-studio" that servers without keys are given: the core's own rule. */
export function isSurelyKey(text: string): boolean {
  return text.length >= 16 || text.startsWith("sk-");
}

/**
 * How keys can appear in a text, in the order in which they are to be taken out: the longest first, since one key may be
 * a part of another. None for keys that are no secret.
 */
export function spellingsOf(keys: readonly string[]): readonly string[] {
  return keys.flatMap(spellingsOfOne).sort((a, b) => b.length - a.length);
}

function spellingsOfOne(key: string): readonly string[] {
  // A shorter one is a placeholder ("none", "EMPTY"), and blanking it out would make holes in ordinary words.
  if (key.length < secretBytes) return [];
  const inJson = JSON.stringify(key).slice(1, -1);
  // toWellFormed: a lone surrogate has no percent-encoding, and encodeURIComponent throws on it.
  return [...new Set([key, inJson, inJson.replaceAll("/", "\\/"), encodeURIComponent(key.toWellFormed())])];
}
