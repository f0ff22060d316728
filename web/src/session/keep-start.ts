import { openDatabase } from "../keep/database.ts";
import { type KeepParts, type KeepPlace, KeepSession } from "./keep.ts";

/** What only the element knows. */
export interface KeepOptions extends Pick<KeepPlace, "textGiven" | "endpointGiven" | "again" | "typed" | "reset"> {
  /** The name of the element among those of the page; "" will do for a lone one. */
  readonly name: string;
  readonly signal: AbortSignal;
}

const taken = new Set<string>();

/** Keeps an element's state in this browser, under the address of the page without its query. */
export function startKeeping(parts: KeepParts, { name, signal, ...options }: KeepOptions): KeepSession {
  const place = freeName(`${location.pathname} ${name}`);
  taken.add(place);
  const session = new KeepSession(parts, {
    ...options,
    name: place,
    local: storage(() => localStorage),
    session: storage(() => sessionStorage),
    locks: navigator.locks as LockManager | undefined, // only pages with HTTPS have it
    open: openDatabase,
    page: window,
  });
  signal.addEventListener("abort", () => taken.delete(place));
  return session;
}

/** Elements of the same name count on, in the order in which they came into the page. */
function freeName(name: string): string {
  for (let n = 1; ; n++) {
    const numbered = n === 1 ? name : `${name} ${n}`;
    if (!taken.has(numbered)) return numbered;
  }
}

function storage(open: () => Storage): Storage | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
