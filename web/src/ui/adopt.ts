const adopted = new WeakMap<ShadowRoot, Set<string>>();

/** Gives the tree in which an event happens a style sheet that comes with a part of the page that is loaded later. */
export function adopt(event: Pick<Event, "currentTarget">, css: string): void {
  const root = (event.currentTarget as HTMLElement).getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const sheets = adopted.get(root) ?? new Set();
  if (sheets.has(css)) return;
  adopted.set(root, sheets.add(css));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
