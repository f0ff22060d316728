import type { RunActions, ViewActions } from "../state/actions.ts";
import { running } from "../state/runs.ts";
import type { Store } from "../state/store.ts";

/** The elements that listen: a key pressed while nothing has the focus can only be meant for a lone one. */
const listening = new Set<Element>();

/** Sends with Ctrl+Enter or Cmd+Enter, stops with Escape, and shows with a question mark which keys there are. */
export function listenForKeys(
  element: Element,
  store: Store,
  actions: RunActions & ViewActions,
  signal: AbortSignal,
): void {
  listening.add(element);
  signal.addEventListener("abort", () => listening.delete(element));
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    // Keys count while the focus is in here, or nowhere and there is no other playground.
    if (event.target !== element && (event.target !== document.body || listening.size > 1)) return;
    // An open dialog or popover closes with Escape, and nothing is sent from behind it.
    if (event.composedPath().some((node) => node instanceof HTMLElement && node.matches("dialog, [popover]"))) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
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
  document.addEventListener("keydown", press, { signal });
}

/** Whether the key writes, or chooses by its letter. */
function typing(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  const silent = target instanceof HTMLInputElement && ["radio", "checkbox", "range"].includes(target.type);
  return target.isContentEditable || (target.matches("input, textarea, select") && !silent);
}
