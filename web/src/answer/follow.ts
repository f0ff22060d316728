import { running } from "../state/runs.ts";
import type { Store } from "../state/store.ts";

/** How far from its end a scrolled answer still counts as standing there, in CSS pixels. */
const nearEnd = 40;

/** Keeps the end of a growing answer in sight, until the person scrolls up. */
export class AnswerFollow {
  readonly #store: Store;
  #body: HTMLElement | undefined;
  #follows = true;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Begins with the answer's scrolled box. Every new run is followed again. */
  start(body: HTMLElement, signal: AbortSignal): void {
    this.#body = body;
    const scrolled = () => {
      this.#follows = body.scrollHeight - body.scrollTop - body.clientHeight < nearEnd;
    };
    body.addEventListener("scroll", scrolled, { signal, passive: true });
    const end = this.#store.subscribe(({ runs }, before) => {
      if (runs.entries !== before.runs.entries) this.#follows = true;
    });
    signal.addEventListener("abort", end);
  }

  /** After the answer was drawn. */
  drawn(): void {
    const body = this.#body;
    if (body && this.#follows && running(this.#store.state.runs)) body.scrollTop = body.scrollHeight;
  }
}
