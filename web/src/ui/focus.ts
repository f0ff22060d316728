/** A place between an element that has the focus and the root: where to go on when it is gone. */
interface Step {
  readonly element: Element;
  readonly parent: Element | null;
  /** Which of its parent's children it was. */
  readonly index: number;
}

const focusable = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable='true']";

/** What brings up the keyboard of a phone. */
const typedInto = "textarea, input:not([type='range'], [type='radio'], [type='checkbox']), [contenteditable='true']";

const keepers = new WeakMap<Node, FocusKeeper>();

/**
 * Keeps the focus in the page when the element that has it is taken away, disabled or hidden by a redraw: whoever works
 * with the keyboard would start at the top again. Around such an element, `data-focus="selector"` says where to go on;
 * without it that is what now stands nearest to its place.
 */
export class FocusKeeper {
  #root: ShadowRoot | undefined;
  #path: readonly Step[] = [];
  /** The person works with a finger: a keyboard that comes up unasked would be in the way. */
  #touched = false;
  #looking = 0;
  #wish: { readonly selector: string; readonly from: Element | null } | undefined;

  start(root: ShadowRoot, signal: AbortSignal): void {
    this.#root = root;
    keepers.set(root, this);
    const touched = (event: Event) => {
      this.#touched = event instanceof PointerEvent && event.pointerType === "touch";
    };
    for (const name of ["pointerdown", "keydown"]) root.addEventListener(name, touched, { signal, capture: true });
    root.addEventListener("focusin", ({ target }) => this.#came(target as Element), { signal });
    // Where a browser tells of a removal as of a blur, the element is gone by the microtask.
    root.addEventListener("focusout", () => queueMicrotask(() => this.#left()), { signal });
  }

  /** Moves the focus as soon as that element is there, unless the person moves it meanwhile. */
  want(selector: string): void {
    this.#wish = { selector, from: this.#root?.activeElement ?? null };
    this.drawn();
  }

  /** After each redraw. */
  drawn(): void {
    const root = this.#root;
    if (!root) return;
    if (this.#wish) {
      const { selector, from } = this.#wish;
      const moved = root.activeElement !== from && root.activeElement !== null;
      if (moved || this.#reach(root.querySelector(selector))) this.#wish = undefined;
    }
    const element = this.#path[0]?.element;
    if (!element) return;
    if (!element.isConnected || element.matches(":disabled")) this.#keep(root);
    // Whether it can be seen takes a layout, which the next frame makes anyway.
    else
      this.#looking ||= requestAnimationFrame(() => {
        this.#looking = 0;
        this.#keep(root);
      });
  }

  #keep(root: ShadowRoot): void {
    const lost = this.#path[0]?.element;
    if (lost && !usable(lost) && nobody(root)) this.#rescue(root);
  }

  #came(element: Element): void {
    const path: Step[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const parent: Element | null = at.parentElement;
      path.push({ element: at, parent, index: parent ? [...parent.children].indexOf(at) : 0 });
    }
    this.#path = path;
  }

  /**
   * A person who clicks beside everything means it. When a popover closes over what has the focus, no redraw need follow;
   * a browser that gives the focus back itself has done so by the next task.
   */
  #left(): void {
    const root = this.#root;
    const element = this.#path[0]?.element;
    if (!root || !element || root.activeElement === element) return;
    if (usable(element)) this.#path = [];
    else setTimeout(() => this.#keep(root));
  }

  #rescue(root: ShadowRoot): void {
    const path = this.#path;
    this.#path = [];
    const toHome = (element: Element | null) => {
      const home = element?.getAttribute("data-focus");
      return home ? this.#reach(root.querySelector(home), path[0]?.element) : false;
    };
    for (const { element, parent, index } of path) {
      if (toHome(element) || toHome(parent)) return;
      if (!parent?.isConnected) continue;
      const children = [...parent.children];
      const near = [...children.slice(index), ...children.slice(0, index).reverse()];
      // Of a list the next entry, or the one before, rather than what follows the list.
      const alike = near.filter(({ className }) => className === element.className);
      if ([...alike, ...near].some((child) => this.#reach(child, path[0]?.element))) return;
    }
  }

  /** Focuses the element, or in it one of the same kind as `like`, or the first that can be. */
  #reach(element: Element | null, like?: Element): boolean {
    if (!element) return false;
    const can = (each: HTMLElement) =>
      usable(each) && (each.tabIndex >= 0 || each === element) && !(like && this.#touched && each.matches(typedInto));
    const all = [...element.querySelectorAll<HTMLElement>(focusable)];
    if (element instanceof HTMLElement && element.matches(focusable)) all.unshift(element);
    const first = all.find((each) => can(each) && each.className === like?.className) ?? all.find(can);
    // Of a choice the Tab key reaches what is chosen.
    const chosen = first?.matches("[type=radio]")
      ? all.find((each) => each.matches("[type=radio]:checked"))
      : undefined;
    (chosen ?? first)?.focus();
    return first !== undefined;
  }
}

/** Moves the focus of the playground that `from` is part of, as soon as there is such an element. */
export function focusSoon(from: Element, selector: string): void {
  keepers.get(from.getRootNode())?.want(selector);
}

function usable(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility();
}

/** Whether the focus is nowhere: neither in the root, unless on what cannot keep it, nor elsewhere in the document. */
function nobody(root: ShadowRoot): boolean {
  const { activeElement } = document;
  if (root.activeElement) return !usable(root.activeElement);
  return activeElement === null || activeElement === document.body || activeElement === root.host;
}
