import type { RunActions } from "../state/actions.ts";
import type { Store } from "../state/store.ts";

/**
 * Opens files that are dropped on an element, for its `dragover`, `dragleave` and `drop` events. A file dropped on the
 * text becomes text. Anywhere else it is a recording, and must not make the browser leave the page.
 */
export class FileDrop {
  readonly #store: Store;
  readonly #actions: () => RunActions | undefined;

  /** `actions` are asked for at each drop: they change when the element is connected anew. */
  constructor(store: Store, actions: () => RunActions | undefined) {
    this.#store = store;
    this.#actions = actions;
  }

  readonly over = (event: DragEvent): void => {
    const file = event.dataTransfer?.types.includes("Files") && !onText(event);
    if (file) event.preventDefault();
    this.#show(file === true);
  };

  readonly leave = (event: DragEvent): void => {
    const element = event.currentTarget as HTMLElement;
    if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) this.#show(false);
  };

  readonly drop = (event: DragEvent): void => {
    this.#show(false);
    const file = event.dataTransfer?.files[0];
    if (!file || onText(event)) return;
    event.preventDefault();
    this.#actions()?.openRun(file);
  };

  #show(dropping: boolean): void {
    this.#store.change({ runs: { dropping } });
  }
}

function onText(event: Event): boolean {
  return event.composedPath().some((node) => node instanceof HTMLElement && node.matches(".editor"));
}
