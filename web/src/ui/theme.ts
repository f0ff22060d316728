import type { ThemeChoice } from "../state/view.ts";

const storageKey = "completion-playground.theme";

/** Reads the remembered choice; "auto" where none is, or where storage is closed to the page. */
export function rememberedTheme(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
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
