/** The part of a session storage that is used. Any of it may throw. */
export interface SeatStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** How a tab came to its id: it is new, it is the same as before, or it is the copy of a tab that goes on. */
export type Arrival = "new" | "same" | "copy";

/**
 * A tab's id, under which its draft is kept. The session storage has it, so that it is there after a reload; a lock tells
 * other tabs that it is in use, and goes with the tab, even when that crashes. A tab that is duplicated takes a copy of
 * the session storage along, and finds the id in use.
 *
 * Without the Web Locks API (on pages without HTTPS) only a mark that a page leaves behind as it goes tells a reload from
 * a copy; after a crash the tab then counts as a copy, and has the text of before under a new id.
 */
export class Seat {
  readonly arrival: Arrival;
  /** The id in the session storage, for a copy; "" for none. */
  readonly original: string;
  #id: string;
  readonly #name: string;
  readonly #storage: SeatStorage | undefined;
  readonly #locks: LockManager | undefined;
  #release: () => void;

  private constructor(at: Place, id: string, arrival: Arrival, original: string, release: () => void) {
    this.#name = at.name;
    this.#storage = at.storage;
    this.#locks = at.locks;
    this.#id = id;
    this.arrival = arrival;
    this.original = original;
    this.#release = release;
    this.stay();
  }

  /** `place`: the page, and the element in it. */
  static async take(place: string, storage: SeatStorage | undefined, locks: LockManager | undefined): Promise<Seat> {
    const at = { name: `${seatPrefix}${place}`, storage, locks };
    const [, stored = "", left = ""] = /^([0-9a-f]{24})( left)?$/.exec(read(storage, at.name)) ?? [];
    if (stored !== "") {
      // A page that has left gives its lock back in a moment; one that has not is still there, or crashed.
      const release = locks
        ? await lock(locks, stored, left === "" ? 0 : patience)
        : left === ""
          ? undefined
          : () => {};
      if (release) return new Seat(at, stored, "same", "", release);
    }
    const id = newId();
    const release = locks && (await lock(locks, id, 0));
    return new Seat(at, id, stored === "" ? "new" : "copy", stored, release ?? (() => {}));
  }

  get id(): string {
    return this.#id;
  }

  /** Goes on under the id of a tab that is gone. False where that tab is there after all, or it cannot be known. */
  async inherit(id: string): Promise<boolean> {
    if (!this.#locks) return false;
    const release = await lock(this.#locks, id, 0);
    if (!release) return false;
    this.#release();
    this.#release = release;
    this.#id = id;
    this.stay();
    return true;
  }

  /** Goes on under a new id, and leaves the one before to whoever inherits it. */
  async renew(): Promise<void> {
    const id = newId();
    const release = this.#locks && (await lock(this.#locks, id, 0));
    this.#release();
    this.#release = release ?? (() => {});
    this.#id = id;
    this.stay();
  }

  /** The ids in use, this one's included; undefined where that cannot be known. */
  async inUse(): Promise<ReadonlySet<string> | undefined> {
    const held = await this.#locks?.query().catch(() => undefined);
    if (!held) return undefined;
    const names = (held.held ?? []).map(({ name = "" }) => name).filter((name) => name.startsWith(seatPrefix));
    return new Set([...names.map((name) => name.slice(seatPrefix.length)), this.#id]);
  }

  /** The page is there, or back from the browser's memory of left pages. */
  stay(): void {
    write(this.#storage, this.#name, this.#id);
  }

  /** The page is being left. */
  leave(): void {
    write(this.#storage, this.#name, `${this.#id} left`);
  }

  close(): void {
    this.leave();
    this.#release();
  }
}

interface Place {
  readonly name: string;
  readonly storage: SeatStorage | undefined;
  readonly locks: LockManager | undefined;
}

const seatPrefix = "completion-playground.tab ";

/** How long a lock may take to come free that a page has left, in milliseconds. */
const patience = 5_000;

/** Holds the lock of an id, and gives the function that lets it go; undefined where another holds it. */
function lock(locks: LockManager, id: string, wait: number): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const hold = (granted: Lock | null) =>
      granted === null ? resolve(undefined) : new Promise<void>((release) => resolve(() => release()));
    const options: LockOptions = wait === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(wait) };
    locks.request(seatPrefix + id, options, hold).catch(() => resolve(undefined));
  });
}

function newId(): string {
  // crypto.randomUUID is for pages with HTTPS alone.
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(storage: SeatStorage | undefined, name: string): string {
  try {
    return storage?.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function write(storage: SeatStorage | undefined, name: string, value: string): void {
  try {
    storage?.setItem(name, value);
  } catch {
    // Without it the tab counts as a new one after a reload, and takes over the newest draft.
  }
}
