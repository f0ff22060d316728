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

/** By which attributes of a page's outermost elements sites say that they are dark. */
const themed = ["class", "data-theme", "data-bs-theme", "data-mode", "data-color-mode", "data-md-color-scheme"];

/** Follows what the page around says it is, where it says so otherwise than by its color-scheme. */
export function followPage(store: Store, signal: AbortSignal): void {
  const places = [document.documentElement, document.body].filter((place) => place !== null);
  const look = () => store.change({ view: { pageTheme: pageTheme(places) } });
  const observer = new MutationObserver(look);
  for (const place of places) observer.observe(place, { attributes: true, attributeFilter: themed });
  signal.addEventListener("abort", () => observer.disconnect());
  look();
}

function pageTheme(places: readonly Element[]): ThemeChoice {
  const words = places.flatMap((place) => themed.flatMap((name) => place.getAttribute(name)?.split(/[\s-]+/) ?? []));
  // "slate" is the dark one of Material for MkDocs.
  if (words.some((word) => word === "dark" || word === "slate")) return "dark";
  return words.includes("light") ? "light" : "auto";
}
