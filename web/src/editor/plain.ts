import { applyChanges, difference, type TextChange } from "../model/text-change.ts";
import { type EditorEvents, listenForArrivals, type TextEditor } from "./text-editor.ts";

/** The textarea that holds the text until CodeMirror has arrived, and for good where it never does. */
export class PlainEditor implements TextEditor {
  readonly #area: HTMLTextAreaElement;
  readonly #events: EditorEvents;
  readonly #ended = new AbortController();
  #text: string;

  constructor(area: HTMLTextAreaElement, text: string, events: EditorEvents) {
    this.#area = area;
    this.#events = events;
    if (area.value !== text) {
      area.value = text;
      this.#uncolour();
    }
    area.setSelectionRange(0, 0);
    // The value a textarea gives back has LF line ends, whatever was put in.
    this.#text = area.value;
    listenForArrivals(area, events, this.#ended.signal);
    area.addEventListener("input", () => this.#sync(), { signal: this.#ended.signal });
  }

  get text(): string {
    return this.#text;
  }

  apply(changes: readonly TextChange[]): void {
    if (changes.length === 0) return;
    this.#area.value = applyChanges(this.#text, changes);
    this.#sync();
  }

  select(from: number, to: number): void {
    this.#area.focus();
    this.#area.setSelectionRange(from, to);
  }

  selection(): { from: number; to: number; focused: boolean; scrollTop: number } {
    const root = this.#area.getRootNode() as Document | ShadowRoot;
    return {
      from: this.#area.selectionStart,
      to: this.#area.selectionEnd,
      focused: root.activeElement === this.#area,
      scrollTop: this.#area.scrollTop,
    };
  }

  // A textarea keeps its own history and has no other way to reach it than its keys.
  undo(): void {
    this.#area.focus();
  }

  redo(): void {
    this.#area.focus();
  }

  showResult(): void {}

  focus(): void {
    this.#area.focus();
  }

  /** Empties the textarea: what stands in it later was typed before another editor took it over. */
  destroy(): void {
    this.#ended.abort();
    this.#uncolour();
    this.#area.defaultValue = "";
    this.#area.value = "";
  }

  /** Takes away the colours that lie on the first text of a page: they are that text's alone. */
  #uncolour(): void {
    this.#area.parentElement?.querySelector(".plain-colours")?.remove();
  }

  #sync(): void {
    const change = difference(this.#text, this.#area.value);
    if (!change) return;
    this.#text = this.#area.value;
    this.#uncolour();
    this.#events.changed([change], this.#text);
  }
}
