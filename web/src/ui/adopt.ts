const adopted = new WeakMap<ShadowRoot, Set<string>>();

/** Gives the tree of an element the style sheet of a part of the page that is loaded later, once. */
export function adopt(element: Element, css: string): void {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const sheets = adopted.get(root) ?? new Set();
  if (sheets.has(css)) return;
  adopted.set(root, sheets.add(css));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
