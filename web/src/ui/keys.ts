import type { RunActions, ViewActions } from "../state/actions.ts";
import { running } from "../state/runs.ts";
import type { Store } from "../state/store.ts";

/** What edits a text or moves in it; with one character, what writes. */
const editing = /^(.|Backspace|Delete|Enter|Arrow\w+|Home|End|Page\w+)$/u;

/**
 * Sends with Ctrl+Enter or Cmd+Enter, stops with Escape, and shows with a question mark which keys there are. Keys that
 * write into a box stay inside: a page takes what happens in here for keys pressed on the element, and would act on them.
 * `page` says that keys which are pressed while nothing has the focus are meant for this element.
 */
export function listenForKeys(
  root: ShadowRoot,
  store: Store,
  actions: RunActions & ViewActions,
  page: boolean,
  signal: AbortSignal,
): void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    // An open dialog or popover closes with Escape, and nothing is sent from behind it.
    if (event.composedPath().some((node) => node instanceof HTMLElement && node.matches("dialog, [popover]"))) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      if (!store.state.view.sends) return;
      event.preventDefault();
      // What is being typed into a box counts too, as though the box had been left.
      event.composedPath()[0]?.dispatchEvent(new Event("commit"));
      actions.send(false);
    } else if (event.key === "Escape" && running(store.state.runs)) {
      event.preventDefault();
      actions.stop();
    } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event)) {
      event.preventDefault();
      actions.shortcuts(true);
    }
  };
  const within = (event: KeyboardEvent) => {
    press(event);
    if (typing(event) && editing.test(event.key)) event.stopPropagation();
    // Sent from here, it is not sent by the page too.
    else if (event.defaultPrevented && event.key === "Enter") event.stopPropagation();
  };
  const keep = (event: Event) => {
    if (event instanceof KeyboardEvent && typing(event) && editing.test(event.key)) event.stopPropagation();
  };
  root.addEventListener("keydown", (event) => within(event as KeyboardEvent), { signal });
  for (const name of ["keypress", "keyup"]) root.addEventListener(name, keep, { signal });
  const outside = (event: KeyboardEvent) => {
    if (event.target === document.body) press(event);
  };
  if (page) document.addEventListener("keydown", outside, { signal });
}

/** Whether the key writes, or chooses by its letter. */
function typing(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  const silent = target instanceof HTMLInputElement && ["radio", "checkbox", "range"].includes(target.type);
  return target.isContentEditable || (target.matches("input, textarea, select") && !silent);
}
