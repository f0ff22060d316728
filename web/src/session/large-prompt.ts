import { LargeEditor } from "../editor/large.ts";
import { stringAt, written, writtenAt } from "../model/json-string.ts";
import { stringsValue } from "../model/json-value.ts";
import { applyChanges, difference, joined, type TextChange } from "../model/text-change.ts";
import type { CheckResult } from "../model/verdict.ts";
import { plural } from "../model/words.ts";
import css from "./large-prompt.css";

/** What the dialog needs of the text that holds the prompt. */
export interface PromptHost {
  text(): string;
  /** Edits with the same `gesture` become one undo step. */
  apply(changes: readonly TextChange[], gesture: string): void;
  undo(): void;
  redo(): void;
  /** How many tokens a text has; undefined where nobody knows. */
  countTokens(text: string): Promise<number | undefined>;
  closed(): void;
}

// Typing joins into one undo step while pauses are shorter than this, in milliseconds.
const typingPause = 500;
// Counting waits for a pause, in milliseconds, and tokens are counted up to this many units.
const countAfter = 300;
// A long prompt goes into the text when the keys pause, in milliseconds: there it stands in a line, whose drawing is felt.
const longLiteral = 50_000;
const writeAfter = 150;
const longestTokens = 50_000;

let sheet: CSSStyleSheet | undefined;

/**
 * A dialog with a large editor for one prompt. What is typed goes into the prompt's own place in the text at once, so that
 * there is one text and one history; a change of the text by others, such as an undo, comes back with its verdict.
 */
export class LargePrompt {
  readonly #host: PromptHost;
  readonly #index: number;
  readonly #dialog: HTMLDialogElement;
  readonly #facts: HTMLElement;
  readonly #editor: LargeEditor;
  /** The literal's place in the text, quotes included; undefined from a change by others until its verdict. */
  #from: number | undefined;
  #literal = "";
  /** What was typed while the place was not known. */
  #behind = false;
  /** What was typed and waits for a pause, as one change. */
  #unwritten: readonly TextChange[] | undefined;
  #writeTimer: ReturnType<typeof setTimeout> | undefined;
  #writing = false;
  #gestures = 0;
  #typedAt = 0;
  #caret = -1;
  #counting: ReturnType<typeof setTimeout> | undefined;

  /** `result` is the verdict on the text as it is, in which the prompt is a string of strict JSON. */
  constructor(host: PromptHost, place: HTMLElement, index: number, result: CheckResult) {
    this.#host = host;
    this.#index = index;
    const root = place.getRootNode() as ShadowRoot;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    const title = `Prompt ${index + 1}`;
    this.#dialog = document.createElement("dialog");
    this.#dialog.className = "large-prompt";
    this.#dialog.setAttribute("aria-label", title);
    const head = this.#dialog.appendChild(document.createElement("header"));
    head.appendChild(document.createElement("h2")).textContent = title;
    const frame = this.#dialog.appendChild(document.createElement("div"));
    frame.className = "large-frame";
    this.#facts = this.#dialog.appendChild(document.createElement("p"));
    this.#facts.className = "large-facts";
    const button = (label: string, press: () => void) => {
      const made = head.appendChild(document.createElement("button"));
      made.type = "button";
      made.className = "tool";
      made.textContent = label;
      made.addEventListener("click", press);
    };
    button("Find", () => this.#editor.find());
    const undo = () => {
      this.flush();
      host.undo();
    };
    const redo = () => {
      this.flush();
      host.redo();
    };
    button("Undo", undo);
    button("Redo", redo);
    button("Done", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.close());
    this.#editor = new LargeEditor({
      parent: frame,
      root,
      label: title,
      text: this.#locate(result) ?? "",
      changed: (changes) => this.#typed(changes),
      undo,
      redo,
    });
    place.append(this.#dialog);
    this.#dialog.showModal();
    this.#editor.focus();
    this.#count();
  }

  close(): void {
    this.flush();
    clearTimeout(this.#counting);
    if (!this.#dialog.isConnected) return;
    this.#dialog.remove();
    this.#editor.destroy();
    this.#host.closed();
  }

  /** The text was changed, by this dialog or by others. */
  changed(): void {
    if (this.#writing) return;
    this.#from = undefined;
    if (this.#unwritten) this.#behind = true;
    this.#unwritten = undefined;
  }

  /** Puts into the text what was typed and waits for a pause. */
  flush(): void {
    clearTimeout(this.#writeTimer);
    const changes = this.#unwritten;
    this.#unwritten = undefined;
    if (changes) this.#write(changes);
  }

  /** A verdict on the text as it is. */
  receive(result: CheckResult): void {
    if (this.#from !== undefined) return;
    const now = this.#locate(result);
    if (now === undefined) {
      this.#dialog.close();
      return;
    }
    const change = difference(now, this.#editor.text);
    if (!change) return;
    if (this.#behind) this.#write([change]);
    else {
      const back = difference(this.#editor.text, now);
      if (back) this.#editor.apply(back);
    }
    this.#behind = false;
    this.#countLater();
  }

  /** Finds the prompt in the text, and gives its value; undefined where there is none. */
  #locate(result: CheckResult): string | undefined {
    const member = result.members.find(({ field }) => field === "prompt");
    if (!member) return undefined;
    const start = member.span.start.utf16;
    const slice = this.#host.text().slice(start, member.span.end.utf16);
    const value = stringsValue(slice)?.[this.#index];
    const range = value === undefined ? undefined : stringAt(slice, this.#index);
    if (!range) return undefined;
    this.#from = start + range.from;
    this.#literal = slice.slice(range.from, range.to);
    return value;
  }

  #typed(changes: readonly TextChange[]): void {
    const first = changes[0];
    const goesOn = first?.from === this.#caret && performance.now() - this.#typedAt <= typingPause;
    const together = goesOn && this.#unwritten ? joined(this.#unwritten, changes) : undefined;
    // What is a step of its own in the history is a change of its own.
    if (!together) this.flush();
    if (!goesOn) this.#gestures++;
    if (first) this.#caret = first.from + first.insert.length;
    this.#typedAt = performance.now();
    if (this.#from === undefined) this.#behind = true;
    else if (together || this.#literal.length > longLiteral) {
      this.#unwritten = together ?? changes;
      clearTimeout(this.#writeTimer);
      this.#writeTimer = setTimeout(() => this.flush(), writeAfter);
    } else this.#write(changes);
    this.#countLater();
  }

  /** Makes changes of the prompt in the text. They are against the value that the literal has. */
  #write(changes: readonly TextChange[]): void {
    const start = this.#from;
    if (start === undefined) return;
    const places = writtenAt(
      this.#literal,
      changes.flatMap(({ from, to }) => [from, to]),
    );
    const inside = changes.map(({ insert }, i) => ({
      from: places[2 * i] ?? 0,
      to: places[2 * i + 1] ?? 0,
      insert: written(insert),
    }));
    this.#literal = applyChanges(this.#literal, inside);
    this.#writing = true;
    try {
      this.#host.apply(
        inside.map(({ from, to, insert }) => ({ from: start + from, to: start + to, insert })),
        `large ${this.#gestures}`,
      );
    } finally {
      this.#writing = false;
    }
  }

  #countLater(): void {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => this.#count(), countAfter);
  }

  #count(): void {
    const text = this.#editor.text;
    let words = 0;
    let inside = false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const space = code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x3000;
      if (!space && !inside) words++;
      inside = !space;
    }
    const facts = `${plural(words, "word")} · ${plural(text.length, "character")}`;
    this.#facts.textContent = facts;
    if (text.length > longestTokens) return;
    void this.#host.countTokens(text).then((tokens) => {
      if (tokens !== undefined && this.#editor.text === text)
        this.#facts.textContent = `${facts} · ${plural(tokens, "token")} of the demo model`;
    });
  }
}
