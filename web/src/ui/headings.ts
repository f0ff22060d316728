/**
 * Puts the headings of an element at their level on its page: the markup has h1 to h3, as on a page of their own, and
 * whoever hears the page wants the outline of the whole.
 */
export function levelHeadings(root: ShadowRoot, first: number): void {
  for (const heading of root.querySelectorAll("h1, h2, h3")) {
    const level = Math.min(6, Number(heading.localName[1]) + first - 1);
    if (first === 1) heading.removeAttribute("aria-level");
    else heading.setAttribute("aria-level", String(level));
  }
}
