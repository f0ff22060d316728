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
  #observer: IntersectionObserver | undefined;

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
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  #attach(box: Element, page: Page): void {
    this.#byBox.set(box, page);
    this.#observer ??= new IntersectionObserver((entries) => this.#see(entries), {
      root: box.closest(".answer-body"),
      rootMargin: "600px 0px",
    });
    this.#observer.observe(box);
  }

  #see(entries: readonly IntersectionObserverEntry[]): void {
    let changed = false;
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const page = this.#byBox.get(target);
      if (!target.isConnected) this.#observer?.unobserve(target);
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
