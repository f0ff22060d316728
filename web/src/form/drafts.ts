import type { DemoToken } from "../model/core.ts";
import type { KeptBox } from "../model/kept-box.ts";
import { visibleLine } from "../ui/visible.ts";

/** What a person typed into a box, from the first key until the text has it. */
export interface Draft {
  /** As it was typed. */
  readonly text: string;
  /** Tells it from an earlier one with the same text, such as before a letter that was taken back. */
  readonly mark: object;
  /** The name of its field for people. */
  readonly title: string;
  /** JSON text of the value that stood in the text before; undefined where there was none. */
  readonly before: string | undefined;
  /** A sentence on why the text does not have it; "" where it has, or is about to. */
  readonly why: string;
  /** JSON texts of values that may have been meant, or that can be tried again. */
  readonly fixes: readonly string[];
  /** More letters may make a value of it: nothing to complain of before the box is left. */
  readonly begun: boolean;
  /** The text has it, and was checked with it. */
  readonly written: boolean;
  /** The person has gone on to something else. */
  readonly left: boolean;
}

// A refusal to send is one sentence; what was typed is in sight in its box.
const quoted = 40;

/**
 * What stands in the form's boxes and is not, or not yet, a value of the text. While a draft stands its box shows it. One
 * that the text has goes when its box is left; one that cannot be read stays until it is typed over or taken back.
 */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #changed: () => void;
  #tokens: readonly DemoToken[] = [];
  #gestures = 0;
  #gesture = "";
  #page = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get(path: string): Draft | undefined {
    return this.#drafts.get(path);
  }

  /** The text to show in a box; undefined where it is that of the value. */
  text(path: string): string | undefined {
    return this.#drafts.get(path)?.text;
  }

  set(path: string, draft: Draft): void {
    this.#drafts.set(path, draft);
    this.#changed();
  }

  /** Keeps a text that is no value by itself, such as the next entry of a list. */
  hold(path: string, text: string): void {
    this.set(path, {
      text,
      mark: {},
      title: "",
      before: undefined,
      why: "",
      fixes: [],
      begun: false,
      written: true,
      left: false,
    });
  }

  /** The box is left. */
  leave(path: string): void {
    this.endGesture();
    const draft = this.#drafts.get(path);
    if (!draft) return;
    if (draft.why === "" && draft.written) this.drop(path);
    else this.set(path, { ...draft, left: true });
  }

  /** The text has the draft of this mark. */
  wrote(path: string, mark: object): void {
    const draft = this.#drafts.get(path);
    if (draft?.mark !== mark) return; // typed on meanwhile
    if (draft.left) this.drop(path);
    else this.#drafts.set(path, { ...draft, written: true });
  }

  /** The text cannot have the draft of this mark. */
  refused(path: string, mark: object, why: string, fixes: readonly string[]): void {
    const draft = this.#drafts.get(path);
    if (draft?.mark === mark) this.set(path, { ...draft, why, fixes });
  }

  drop(path: string): void {
    this.endGesture();
    if (this.#drafts.delete(path)) this.#changed();
  }

  /** The draft of a box, where there is something to say about it. */
  told(path: string): Draft | undefined {
    const draft = this.#drafts.get(path);
    return draft && draft.why !== "" && (draft.left || !draft.begun) ? draft : undefined;
  }

  /** What stands in the form and not in the text, as a sentence; "" for nothing. */
  get unread(): string {
    const unread = [...this.#drafts.values()]
      .filter(({ why }) => why !== "")
      .map(({ title, text }) => {
        const cut = text.length > quoted ? `${text.slice(0, quoted)}…` : text;
        return `${title} “${visibleLine(cut)}”`;
      });
    return unread.length === 0 ? "" : `the form has what the text has not: ${unread.join(", ")}.`;
  }

  /** What is worth keeping when the page is left: the text does not have it. A search for tokens is not. */
  get lasting(): readonly KeptBox[] {
    return [...this.#drafts]
      .filter(([path, { text, title, why }]) => why !== "" || (title === "" && text !== "" && !path.endsWith(" find")))
      .map(([path, { text, title, why, fixes }]) => ({ path, text, title, why, fixes }));
  }

  /** Puts what was kept in the place of all drafts. */
  resume(boxes: readonly KeptBox[]): void {
    this.endGesture();
    this.#drafts.clear();
    for (const { path, ...box } of boxes)
      this.#drafts.set(path, { ...box, mark: {}, before: undefined, begun: false, written: true, left: true });
    this.#changed();
  }

  /** Which part of a long list of prompts is shown, from 0. */
  get page(): number {
    return this.#page;
  }

  turnTo(page: number): void {
    this.#page = page;
    this.#changed();
  }

  /** The token last added to the bias table, to be told to those who hear the page; "" for none. */
  added = "";

  /** The tokens last found for the bias table. */
  get tokens(): readonly DemoToken[] {
    return this.#tokens;
  }

  offer(tokens: readonly DemoToken[]): void {
    this.#tokens = tokens;
    this.#changed();
  }

  /** The name of the drag or typing that is under way at `path`: its edits become one undo step. */
  gesture(path: string): string {
    if (!this.#gesture.startsWith(`${path} `)) this.#gesture = `${path} ${++this.#gestures}`;
    return this.#gesture;
  }

  endGesture(): void {
    this.#gesture = "";
  }
}
