/** One page of tokens: the box that stands for it, and whether its tokens are worth drawing. */
export interface Page {
  near: boolean;
  /** The ref callback of its box; the same function for the page's whole life, or Lit would call it at every update. */
  readonly attach: (box: Element | undefined) => void;
}

/**
 * Knows which pages of tokens are near the visible part of the answer. The others stay empty boxes of their last height,
 * so that 100,000 tokens cost the page what a screenful does.
 */
export class PageWatch {
  readonly #pages = new WeakMap<object, Map<string, Page>>();
  readonly #byBox = new WeakMap<Element, Page>();
  readonly #changed: () => void;
  /** One for each scrolled box that pages lie in. */
  readonly #observers = new Map<Element | null, IntersectionObserver>();

  /** `changed` is called when other pages than before are near. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The page of that name; pages live as long as their owner. */
  page(owner: object, name: string): Page {
    const pages = this.#pages.get(owner) ?? new Map<string, Page>();
    this.#pages.set(owner, pages);
    const known = pages.get(name);
    if (known) return known;
    const page: Page = { near: false, attach: (box) => box && this.#attach(box, page) };
    pages.set(name, page);
    return page;
  }

  close(): void {
    for (const observer of this.#observers.values()) observer.disconnect();
    this.#observers.clear();
  }

  #attach(box: Element, page: Page): void {
    this.#byBox.set(box, page);
    const root = box.closest(".answer-body");
    let observer = this.#observers.get(root);
    if (!observer) {
      observer = new IntersectionObserver((entries, own) => this.#see(entries, own), {
        root,
        rootMargin: "600px 0px",
      });
      this.#observers.set(root, observer);
    }
    observer.observe(box);
  }

  #see(entries: readonly IntersectionObserverEntry[], observer: IntersectionObserver): void {
    let changed = false;
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const page = this.#byBox.get(target);
      if (!target.isConnected) observer.unobserve(target);
      if (!page || page.near === isIntersecting) continue;
      page.near = isIntersecting;
      changed = true;
      const { style } = target as HTMLElement;
      if (isIntersecting) style.removeProperty("min-block-size");
      else style.setProperty("min-block-size", `${boundingClientRect.height}px`);
    }
    if (changed) this.#changed();
  }
}
