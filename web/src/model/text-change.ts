import { isHighSurrogate, isLowSurrogate } from "./surrogate.ts";

/** A range of UTF-16 units replaced by text, in document order and not overlapping, all against the old text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** `text` with the changes made. Changes are in order and against the old text. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let out = "";
  let at = 0;
  for (const change of changes) {
    out += text.slice(at, change.from) + change.insert;
    at = change.to;
  }
  return out + text.slice(at);
}

/**
 * Two changes, the second against the text that the first one left, as one against the text before both; undefined where
 * they neither touch nor overlap, or are several.
 */
export function joined(first: readonly TextChange[], second: readonly TextChange[]): readonly TextChange[] | undefined {
  const [before, after] = [first[0], second[0]];
  if (!before || !after || first.length > 1 || second.length > 1) return undefined;
  const { from, to, insert } = before;
  const end = from + insert.length;
  if (after.from > end || after.to < from) return undefined;
  const kept = insert.slice(0, Math.max(0, after.from - from));
  return [
    {
      from: Math.min(from, after.from),
      to: to + Math.max(0, after.to - end),
      insert: kept + after.insert + insert.slice(after.to - from),
    },
  ];
}

/** The one range in which two texts differ; undefined when they are equal. Never cuts a surrogate pair. */
export function difference(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  if (tail > 0 && isLowSurrogate(before.charCodeAt(before.length - tail))) tail--;
  return { from: start, to: before.length - tail, insert: after.slice(start, after.length - tail) };
}

/** Whether a change starts, ends or inserts in the middle of a surrogate pair of the text. */
export function splitsPairs(text: string, changes: readonly TextChange[]): boolean {
  return changes.some(
    ({ from, to, insert }) =>
      isHighSurrogate(text.charCodeAt(from - 1)) ||
      isLowSurrogate(text.charCodeAt(to)) ||
      isLowSurrogate(insert.charCodeAt(0)) ||
      isHighSurrogate(insert.charCodeAt(insert.length - 1)),
  );
}
