import type { Store } from "../state/store.ts";
import type { Layout } from "../state/view.ts";

// Widths in CSS pixels from which two and three areas fit beside each other.
export const twoAreas = 820;
export const threeAreas = 1200;

/**
 * Keeps the layout at what the box of all areas has room for. A box in an element that is none, because the page around
 * says so, is told by a class: it has no height to fill.
 */
export function followWidth(app: HTMLElement, store: Store, signal: AbortSignal): void {
  const size = new ResizeObserver(([entry]) => {
    const host = (app.getRootNode() as ShadowRoot).host;
    const unboxed = getComputedStyle(host).display === "inline";
    if (entry) store.change({ view: { layout: layoutFor(entry.contentRect.width), unboxed } });
  });
  size.observe(app);
  signal.addEventListener("abort", () => size.disconnect());
}

/** The layout that a width in CSS pixels has room for. */
export function layoutFor(width: number): Layout {
  return width >= threeAreas ? "wide" : width >= twoAreas ? "middle" : "narrow";
}
