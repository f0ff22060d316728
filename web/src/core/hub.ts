// One Worker for all elements of a page. An instance of the core takes tens of megabytes and a check less than a
// millisecond, so elements take turns. Each has a session; the Worker knows whose text it holds, and asks for the whole
// text when it is another's turn (engine-host.ts). Whether the Worker hangs is watched here, where all that it was asked
// is known: what it does for one element is no delay of another. So is whether it comes to life at all.

import { type Published, usePublished } from "../model/parts.ts";
import type { Ask, FromWorker, Said } from "./messages.ts";
import { type Link, type Spawn, spawn } from "./spawn.ts";
import { type WasmUrls, wasmUrls } from "./wasm-url.ts";

/** What one session hears; nothing any more once it has left. Its calls may be made from within. */
export interface SessionListener {
  /** What the Worker says to all, or in answer to this session. */
  message(message: Said): void;
  /**
   * The Worker ended or hung, and is closed. Whoever wants another joins again. `own`: nothing tells that it was at work
   * for another session then.
   */
  ended(reason: string, own: boolean): void;
}

/** One user of a Worker. Its ids are its own. */
export interface Session {
  /** Kept in order, also before the Worker runs. */
  post(message: Ask): void;
  /** Leaves. Answers of the demo model are cancelled; the last one that leaves ends the Worker. */
  close(): void;
}

/** How long nothing may be heard of a Worker that starts, in seconds in which the page is seen. It says that it lives. */
export const startPatience = 60;

export class Hub {
  readonly #spawn: Spawn;
  readonly #patience: number;
  readonly #workers = new Map<string, SharedLink>();

  /** `patience`: milliseconds without an answer after which a Worker counts as hung. */
  constructor(start: Spawn = spawn, patience = 5000) {
    this.#spawn = start;
    this.#patience = patience;
  }

  /** Starts a session with the Worker of that name and core, and that Worker where there is none. */
  join(name: string, urls: WasmUrls, listener: SessionListener): Session {
    const key = `${name} ${urls.wasm}`;
    let worker = this.#workers.get(key);
    if (!worker) {
      const gone = (): void => void this.#workers.delete(key);
      worker = new SharedLink(this.#spawn, name, urls, this.#patience, gone);
      this.#workers.set(key, worker);
    }
    return worker.join(listener);
  }
}

/** The Workers of this page. */
export const pageHub = new Hub();

/** The name of the Worker that checks. */
export const checkerName = "checker";

/** Starts the checker on its way, for whoever joins it before the returned session is closed. */
export function startChecker(published: Published | undefined): Session {
  usePublished(published);
  return pageHub.join(checkerName, wasmUrls(undefined), { message: () => {}, ended: () => {} });
}

interface User {
  readonly session: number;
  readonly listener: SessionListener;
}

/** Something that the Worker has not answered to its end. */
interface Asked {
  readonly user: User;
  /** What the user calls it. */
  readonly id: number;
  readonly kind: "call" | "demo";
}

class SharedLink {
  readonly #link: Link;
  readonly #patience: number;
  readonly #gone: () => void;
  readonly #users = new Set<User>();
  /** By the Worker's ids; the Worker takes calls in this order. */
  readonly #asked = new Map<number, Asked>();
  #sessions = 0;
  #lastId = 0;
  #ready = false;
  #over = false;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(start: Spawn, name: string, urls: WasmUrls, patience: number, gone: () => void) {
    this.#patience = patience;
    this.#gone = gone;
    // A message of a Worker that was given up may still be on its way; it must not count for its successor.
    this.#link = start(
      {
        message: (message) => this.#over || this.#receive(message),
        crash: (reason) => this.#over || this.#lost(reason),
      },
      name,
    );
    this.#link.post({ kind: "open", ...urls });
    this.#watch();
  }

  join(listener: SessionListener): Session {
    const user = { session: ++this.#sessions, listener };
    this.#users.add(user);
    if (this.#ready) queueMicrotask(() => this.#tell(user, { kind: "ready" }));
    return { post: (message) => this.#post(user, message), close: () => this.#leave(user) };
  }

  #post(user: User, message: Ask): void {
    if (!this.#users.has(user)) return;
    if (message.kind === "demo-cancel") {
      this.#cancel((asked) => asked.user === user && asked.id === message.id);
      return;
    }
    const id = ++this.#lastId;
    this.#asked.set(id, { user, id: message.id, kind: message.kind });
    this.#link.post(message.kind === "call" ? { ...message, id, session: user.session } : { ...message, id });
    if (message.kind === "call" && this.#watchdog === undefined) this.#watch();
  }

  #leave(user: User): void {
    if (!this.#users.delete(user) || this.#over) return;
    if (this.#users.size === 0) this.#end();
    else this.#cancel((asked) => asked.user === user);
  }

  /** Cancels answers of the demo model. A call cannot be; its answer is then nobody's. */
  #cancel(which: (asked: Asked) => boolean): void {
    for (const [id, asked] of this.#asked) {
      if (asked.kind !== "demo" || !which(asked)) continue;
      this.#asked.delete(id);
      this.#link.post({ kind: "demo-cancel", id });
    }
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "hello":
        this.#watch();
        return;
      case "dead":
        this.#lost(message.reason);
        return;
      case "ready":
        this.#ready = true;
        this.#watch();
        this.#tellAll(message);
        return;
      case "failed":
        this.#end();
        this.#tellAll(message);
        return;
      default:
        this.#answered(message);
    }
  }

  #answered(message: Extract<FromWorker, { id: number }>): void {
    const asked = this.#asked.get(message.id);
    if (!asked) return;
    if (message.kind !== "demo-head" && message.kind !== "demo-data") this.#asked.delete(message.id);
    if (asked.kind === "call") this.#watch();
    this.#tell(asked.user, { ...message, id: asked.id });
  }

  #lost(reason: string): void {
    const working = this.#working;
    this.#end();
    for (const user of [...this.#users]) {
      if (this.#users.has(user)) user.listener.ended(reason, working === undefined || working === user);
    }
  }

  /** Whose call the Worker is at. */
  get #working(): User | undefined {
    for (const { kind, user } of this.#asked.values()) if (kind === "call") return user;
    return undefined;
  }

  /** First of all others, so that whoever hears of it and joins again gets a new Worker. */
  #end(): void {
    this.#over = true;
    clearTimeout(this.#watchdog);
    this.#gone();
    this.#link.close();
  }

  /** Gives the Worker its patience anew, or rest where nothing is asked. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    if (!this.#ready) this.#watchStart(startPatience);
    if (!this.#ready || !this.#working) return;
    const started = performance.now();
    this.#watchdog = setTimeout(() => {
      // A machine that slept, or a page that was frozen, fires late; the answer may be waiting behind this timer.
      if (performance.now() - started > 2 * this.#patience) this.#watch();
      else this.#lost(`no answer for ${this.#patience / 1000} s`);
    }, this.#patience);
  }

  /** Counted second by second: what passes while the page sleeps is one of them. */
  #watchStart(left: number): void {
    this.#watchdog = setTimeout(() => {
      const rest = globalThis.document?.hidden ? left : left - 1;
      if (rest > 0) this.#watchStart(rest);
      else this.#lost(`no answer for ${startPatience} s`);
    }, 1000);
  }

  #tell(user: User, message: Said): void {
    if (this.#users.has(user)) user.listener.message(message);
  }

  #tellAll(message: Said): void {
    for (const user of [...this.#users]) this.#tell(user, message);
  }
}
