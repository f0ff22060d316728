import type { Store } from "../state/store.ts";
import type { Layout } from "../state/view.ts";

// Widths in CSS pixels from which two and three areas fit beside each other.
const twoAreas = 820;
const threeAreas = 1200;

/** Keeps the layout at what the element's own width has room for. */
export function followWidth(element: Element, store: Store, signal: AbortSignal): void {
  const size = new ResizeObserver(
    ([entry]) => entry && store.change({ view: { layout: layoutFor(entry.contentRect.width) } }),
  );
  size.observe(element);
  signal.addEventListener("abort", () => size.disconnect());
}

function layoutFor(width: number): Layout {
  return width >= threeAreas ? "wide" : width >= twoAreas ? "middle" : "narrow";
}
