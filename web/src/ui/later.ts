/** A part of the page that is loaded when it is first wanted. A load that failed is tried again the next time. */
export class Later<Part> {
  /** Undefined until it is there. */
  part: Part | undefined;
  readonly #load: () => Promise<Part>;
  readonly #there: () => void;
  #loading = false;

  constructor(load: () => Promise<Part>, there: () => void) {
    this.#load = load;
    this.#there = there;
  }

  want(): void {
    if (this.part !== undefined || this.#loading) return;
    this.#loading = true;
    this.#load()
      .then((part) => {
        this.part = part;
        this.#there();
      })
      .catch(() => {})
      .finally(() => {
        this.#loading = false;
      });
  }
}
