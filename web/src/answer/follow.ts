import { running } from "../state/runs.ts";
import type { Store } from "../state/store.ts";

/** How far from its end a scrolled answer still counts as standing there, in CSS pixels. */
const nearEnd = 40;

/** Keeps the end of the growing answer in sight while the person is there. Every run begins at its end. */
export class AnswerFollow {
  readonly #store: Store;
  #body: HTMLElement | undefined;
  #follows = true;
  #top = 0;
  #shown: number | undefined;
  #grew = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Begins with the answer's scrolled box. */
  start(body: HTMLElement, signal: AbortSignal): void {
    this.#body = body;
    const scrolled = () => {
      const { scrollTop } = body;
      const left = body.scrollHeight - scrollTop - body.clientHeight;
      // Any step up is away from the end: a wheel that turns smoothly begins with small ones.
      if (scrollTop < this.#top && left > 1) this.#follows = false;
      else if (left < nearEnd) this.#follows = true;
      this.#top = scrollTop;
    };
    body.addEventListener("scroll", scrolled, { signal, passive: true });
  }

  /** After the answer was drawn. */
  drawn(): void {
    const body = this.#body;
    const { runs } = this.#store.state;
    if (!body) return;
    if (runs.shownId !== this.#shown) {
      this.#shown = runs.shownId;
      this.#follows = true;
      this.#grew = false;
      this.#top = 0;
      body.scrollTop = 0;
    }
    const grows = running(runs) && runs.entries[0]?.id === runs.shownId;
    // Once more when it has ended: what it ended with is new too.
    if (this.#follows && (grows || this.#grew)) body.scrollTop = end(body);
    this.#grew = grows;
  }
}

/** Where the newest text is in sight; with a problem at the end that is taller than the box, where its beginning is. */
function end(body: HTMLElement): number {
  const problem = body.querySelector(".problem");
  if (!problem) return body.scrollHeight;
  const head = body.querySelector(".run-head")?.getBoundingClientRect().height ?? 0;
  const below = problem.getBoundingClientRect().top - body.getBoundingClientRect().top - head;
  return Math.min(body.scrollTop + below, body.scrollHeight);
}
