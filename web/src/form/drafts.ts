import type { DemoToken } from "../model/core.ts";

/**
 * What a person is typing into a control before it is a value, such as "0." on the way to 0.5. While a draft stands the
 * control shows it; leaving the control drops it, and the control shows the text's value again.
 */
export class Drafts {
  readonly #texts = new Map<string, string>();
  readonly #changed: () => void;
  #tokens: readonly DemoToken[] = [];
  #gestures = 0;
  #gesture = "";
  #page = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get(path: string): string | undefined {
    return this.#texts.get(path);
  }

  set(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#changed();
  }

  drop(path: string): void {
    this.endGesture();
    if (this.#texts.delete(path)) this.#changed();
  }

  /** Which part of a long list of prompts is shown, from 0. */
  get page(): number {
    return this.#page;
  }

  turnTo(page: number): void {
    this.#page = page;
    this.#changed();
  }

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
