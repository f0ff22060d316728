import { openDatabase } from "../keep/database.ts";
import { type KeepParts, type KeepPlace, KeepSession } from "./keep.ts";

/** What only the element knows. */
export interface KeepOptions
  extends Pick<KeepPlace, "textGiven" | "endpointGiven" | "again" | "typed" | "boxes" | "resumeBoxes" | "reset"> {
  /** A name that no other element of the page has. */
  readonly name: string;
}

/** Keeps an element's state in this browser, under the address of the page without its query. */
export function startKeeping(parts: KeepParts, { name, ...options }: KeepOptions): KeepSession {
  return new KeepSession(parts, {
    ...options,
    name: `${location.pathname} ${name}`,
    local: storage(() => localStorage),
    session: storage(() => sessionStorage),
    locks: navigator.locks as LockManager | undefined, // only pages with HTTPS have it
    open: openDatabase,
    page: window,
  });
}

function storage(open: () => Storage): Storage | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
