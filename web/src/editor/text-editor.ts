import type { TextChange } from "../model/text-change.ts";
import type { CheckResult, Issue } from "../model/verdict.ts";

export interface EditorEvents {
  /** Every change of the text, by whomever: ranges against the old text, and the new text. */
  changed(changes: readonly TextChange[], text: string): void;
  cursor(line: number, column: number): void;
  /** What the editor's own history can do now; never called by one that has none. */
  history(canUndo: boolean, canRedo: boolean): void;
  /** The person asked for an issue's fix from inside the text. */
  fix(issue: Issue): void;
  /** A text was pasted, whole as it came; it is in the text by now. */
  pasted(text: string): void;
  /** A file was dropped on the text, and is not in it. */
  dropped(file: File): void;
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
  "Type or paste a request: JSON, a curl command, a call in Python or JavaScript. The form writes it too, and Examples has some to begin with.";

/** How the keys complete words and leave the text, for those who cannot see what they do. */
export const editingKeys =
  "Control Space lists what can stand here. Tab takes the chosen completion, or moves on. Escape, then Tab, always moves on.";

/** Tells of what is pasted and dropped into an element. A file that is dropped stays out of the text. */
export function listenForArrivals(element: HTMLElement, events: EditorEvents, signal: AbortSignal): void {
  element.addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      // Whoever takes the paste does so in a listener of the same event.
      if (text !== "") setTimeout(() => !signal.aborted && events.pasted(text));
    },
    { signal, capture: true },
  );
  element.addEventListener(
    "dragover",
    (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    },
    { signal },
  );
  element.addEventListener(
    "drop",
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      events.dropped(file);
    },
    { signal, capture: true },
  );
}
