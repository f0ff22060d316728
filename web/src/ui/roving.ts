const known = new WeakSet<Element>();

/**
 * Makes a toolbar one stop of the Tab key, inside which the arrow keys, Home and End move, as its ARIA pattern has it.
 * For Lit's `ref` on the toolbar; its buttons may come, go and be disabled.
 */
export function roving(toolbar: Element | undefined): void {
  if (toolbar === undefined || known.has(toolbar)) return;
  known.add(toolbar);
  const buttons = () => [...toolbar.querySelectorAll("button")];
  const stopAt = (stop: Element | undefined) => {
    for (const button of buttons()) button.tabIndex = button === stop ? 0 : -1;
  };
  const settle = () => {
    const usable = buttons().filter(({ disabled }) => !disabled);
    stopAt(
      usable.find((button) => button.matches(":focus")) ?? usable.find(({ tabIndex }) => tabIndex === 0) ?? usable[0],
    );
  };
  stopAt(undefined);
  settle();
  new MutationObserver(settle).observe(toolbar, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  toolbar.addEventListener("focusin", ({ target }) => stopAt(target as Element));
  toolbar.addEventListener("keydown", (event) => {
    const { key, target } = event as KeyboardEvent;
    const shown = buttons().filter((button) => !button.disabled && button.checkVisibility());
    const at = shown.indexOf(target as HTMLButtonElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    shown.at(to % shown.length)?.focus();
  });
}
