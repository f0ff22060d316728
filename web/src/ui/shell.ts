/** What somebody did in the page while its scripts were on their way. */
export interface Begun {
  /** Puts the text, its colours, the selection, the scroll place and the focus into the textarea of the view. */
  resume(area: HTMLTextAreaElement): void;
}

/**
 * Reads what stands in the HTML that the build made of the view, before it gives way to the view itself. Undefined where
 * there is none. What was typed differs from the textarea's default value, there as here.
 */
export function leaveShell(root: ShadowRoot): Begun | undefined {
  const left = root.querySelector<HTMLTextAreaElement>(".plain-editor");
  if (!left) return undefined;
  const { value, defaultValue, selectionStart, selectionEnd, selectionDirection, scrollTop, scrollLeft } = left;
  const colours = left.nextElementSibling;
  const focused = root.activeElement === left;
  return {
    resume(area) {
      area.defaultValue = defaultValue;
      if (value !== defaultValue) area.value = value;
      else if (colours) area.after(colours);
      if (focused) area.focus({ preventScroll: true });
      area.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
      area.scrollTo(scrollLeft, scrollTop);
    },
  };
}
