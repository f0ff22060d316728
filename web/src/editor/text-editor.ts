import type { CheckResult, Issue, TextChange } from "../core/protocol.ts";

export interface EditorEvents {
  /** Every change of the text, by whomever: ranges against the old text, and the new text. */
  changed(changes: readonly TextChange[], text: string): void;
  cursor(line: number, column: number): void;
  /** The person asked for an issue's fix from inside the text. */
  fix(issue: Issue): void;
}

/**
 * What the page asks of the text's home: first a plain textarea, then CodeMirror. CodeMirror joins line ends into LF,
 * so the text that is checked and sent is always the one `text` returns, never the one that was pasted.
 */
export interface TextEditor {
  readonly text: string;
  /** One undo step; edits with the same `gesture`, unless "", become one step together. */
  apply(changes: readonly TextChange[], gesture: string): void;
  select(from: number, to: number): void;
  selection(): { readonly from: number; readonly to: number; readonly focused: boolean; readonly scrollTop: number };
  undo(): void;
  redo(): void;
  showResult(result: CheckResult): void;
  focus(): void;
  destroy(): void;
}

/** What stands in the place of a text that is not there yet. */
export const emptyText =
  "Type or paste a request: JSON, or an object from TypeScript, JavaScript or Python. The form writes it too, and Examples has some to begin with.";

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
  if (start > 0 && isHigh(before.charCodeAt(start - 1))) start--;
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail--;
  return { from: start, to: before.length - tail, insert: after.slice(start, after.length - tail) };
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
