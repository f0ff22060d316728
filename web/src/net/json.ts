// Reading JSON of unknown origin: nothing here throws, and inherited members ("constructor", "__proto__") never count.

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own member; undefined where there is none or `value` is no object. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The first of the named members that is a non-empty string. */
export function texts(value: unknown, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = member(value, name);
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}

export function finite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A number of things: whole, not negative, exact. */
export function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export interface Parsed {
  readonly value: unknown;
  /** True where bare NaN or Infinity stood in the text; each is in the value as a string. */
  readonly mended?: true;
}

/** undefined where the text is no JSON, or nested so deep that the engine gives up on it. */
export function parse(text: string): Parsed | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** parse, which also reads what Python's json module writes for the numbers that JSON does not have. */
export function parseTolerant(text: string): Parsed | undefined {
  const strict = parse(text);
  if (strict !== undefined) return strict;
  const mended = withoutBareNumbers(text);
  const second = mended === undefined ? undefined : parse(mended);
  return second && { value: second.value, mended: true };
}

/** The text with NaN, Infinity and their like, where they stand outside strings, in quotes; undefined without any. */
function withoutBareNumbers(text: string): string | undefined {
  if (!/nan|inf/i.test(text)) return undefined;
  const pieces: string[] = [];
  let kept = 0;
  const next = /"|[A-Za-z0-9+._-]+/g;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const [word] = found;
    if (word === '"') {
      const end = stringEnd(text, found.index);
      if (end === -1) break;
      next.lastIndex = end + 1;
    } else if (/^-?(nan|inf|infinity)$/i.test(word)) {
      pieces.push(text.slice(kept, found.index), `"${word}"`);
      kept = next.lastIndex;
    }
  }
  if (pieces.length === 0) return undefined;
  pieces.push(text.slice(kept));
  return pieces.join("");
}

/** The index of the quote that ends the string which begins at `start`; -1 where it has no end. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

/** Whether a bracket or a string of the text is still open at its end: what no JSON can be because it was cut. */
export function isOpen(text: string): boolean {
  let depth = 0;
  const next = /["[\]{}]/g;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const [sign] = found;
    if (sign === '"') {
      const end = stringEnd(text, found.index);
      if (end === -1) return true;
      next.lastIndex = end + 1;
    } else depth += sign === "{" || sign === "[" ? 1 : -1;
  }
  return depth > 0;
}
