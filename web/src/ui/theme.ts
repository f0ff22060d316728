import type { Store } from "../state/store.ts";
import type { ThemeChoice } from "../state/view.ts";

const storageKey = "completion-playground.theme";

/** Reads the remembered choice; "auto" where none is, or where storage is closed to the page. */
export function rememberedTheme(): ThemeChoice {
  try {
    return choiceOf(localStorage.getItem(storageKey));
  } catch {
    return "auto";
  }
}

function choiceOf(stored: string | null): ThemeChoice {
  return stored === "light" || stored === "dark" ? stored : "auto";
}

/** Takes over what is chosen in another tab. */
export function followTheme(store: Store, signal: AbortSignal): void {
  const changed = ({ key, newValue }: StorageEvent) => {
    // The key is null where everything was cleared.
    if (key === storageKey || key === null) store.change({ view: { theme: choiceOf(newValue) } });
  };
  window.addEventListener("storage", changed, { signal });
}

/** Remembers the choice where the page may. */
export function rememberTheme(choice: ThemeChoice): void {
  try {
    if (choice === "auto") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, choice);
  } catch {
    // A page without storage keeps the choice until it is left.
  }
}
