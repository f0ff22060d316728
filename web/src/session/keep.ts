import type { Core } from "../core/protocol.ts";
import { maskedIn, masker } from "../keep/mask.ts";
import { type KeptDraft, recordVersion } from "../keep/records.ts";
import { Seat } from "../keep/seat.ts";
import type { KeepStore } from "../keep/store.ts";
import type { KeptBox } from "../model/kept-box.ts";
import { timeOfAnyDay } from "../model/time.ts";
import { isSurelyKey } from "../net/redact.ts";
import type { KeepActions } from "../state/actions.ts";
import type { DraftOffer } from "../state/keep.ts";
import { running } from "../state/runs.ts";
import type { State, Store } from "../state/store.ts";
import type { EndpointSession } from "./endpoint.ts";
import { KeptRuns, readAll, storedRuns } from "./kept-runs.ts";
import type { RunSession } from "./runs.ts";
import type { TextSession } from "./text.ts";

/** Whose state is kept. */
export interface KeepParts {
  readonly store: Store;
  readonly core: Core;
  readonly text: TextSession;
  readonly endpoints: EndpointSession;
  readonly runs: RunSession;
}

/** Where it is kept, and what goes before it. */
export interface KeepPlace {
  /** The page, and the element in it. */
  readonly name: string;
  /** The text is one that the embedding page gave: it goes before a draft. */
  readonly textGiven: boolean;
  readonly endpointGiven: boolean;
  /** The element was here before, and still has everything. */
  readonly again: boolean;
  /** Whether the person was quicker than the store. */
  typed(): boolean;
  /** What stands in the form and not in the text. */
  boxes(): readonly KeptBox[];
  /** Puts it there again, in the place of what stands there. */
  resumeBoxes(boxes: readonly KeptBox[]): void;
  /** Empties the page's memory: begins everything anew. */
  reset(): void;
  readonly local: Storage | undefined;
  readonly session: Storage | undefined;
  readonly locks: LockManager | undefined;
  open(lost: () => void): Promise<KeepStore>;
  /** Hears of the page being hidden, left and shown again; the window, outside of tests. */
  readonly page: EventTarget;
}

const prefix = "completion-playground.";
const choiceName = `${prefix}keep`;

/** How long a change may wait until it is written, in milliseconds. */
const textPause = 500;
/** A long text is written less often while it is typed in: a copy of a megabyte is felt. Units that add a millisecond. */
const unitsPerPause = 250;
const longestPause = 5_000;
const runPause = 1_000;
/** How long a text waits for its verdict, which may tell of a key in it. */
const verdictPause = 3_000;

/** How long a page that means to be left may take to go, in milliseconds. */
const leavePause = 5_000;

/** Of closed tabs. */
const draftsKept = 10;
const daysKept = 30;

const noRoom =
  "This browser gives the page no place to keep drafts, as in some private windows. Text and answers are gone when the page is left.";
const full =
  "The browser has no room left for drafts. What is new since then is gone when the page is left: save it, or clear what is kept.";
const closedBelow = "The browser has closed the place where drafts are kept, and what is new is not kept.";

/** Keeps text, endpoint, view and runs on the device, and brings them back. Never a key. */
export class KeepSession {
  readonly actions: KeepActions = {
    keepDrafts: (on) => void this.#turn(on),
    restoreDraft: (id) => void this.#guarded(() => this.#switch(id)),
    dismissDraft: () => this.#store.change({ keep: { offer: undefined } }),
    dismissTrouble: () => this.#store.change({ keep: { told: true } }),
    listDrafts: () => void this.#guarded(() => this.#list()),
    confirmClear: (confirming) => this.#store.change({ keep: { confirming } }),
    clearAll: () => void this.#clear(),
  };
  readonly #store: Store;
  readonly #parts: KeepParts;
  readonly #place: KeepPlace;
  readonly #keptRuns = new KeptRuns();
  /** Keys that stood in the text. */
  readonly #keys = new Set<string>();
  readonly #ended = new AbortController();
  #database: KeepStore | undefined;
  #seat: Seat | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  /** What was there before anybody did anything, which is not worth keeping. */
  #start = "";
  #hasDraft = false;
  /** The text and the rest as last written. */
  #written = { text: "", rest: "" };
  #searched = "";
  #changedAt = 0;

  constructor(parts: KeepParts, place: KeepPlace) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#place = place;
  }

  /** Resolves when what there is of an earlier visit stands in the page. Never rejects. */
  async begin(): Promise<void> {
    const { local, session, locks, name, page, again } = this.#place;
    const { signal } = this.#ended;
    this.#store.change({ keep: { offered: true, on: chosenOn(local) } });
    this.#start = this.#described();
    this.#seat = await Seat.take(name, session, locks);
    if (signal.aborted) return this.#seat.close();
    if (this.#on) {
      await this.#guarded(async () => {
        await this.#connect();
        if (!again) await this.#restore();
      });
      if (signal.aborted) return;
    }
    // What an element has from before it was taken out of the page, it wrote then.
    if (again) this.#keptRuns.adopt(this.#store.state.runs.entries);
    const end = this.#store.subscribe((state, before) => this.#changed(state, before));
    signal.addEventListener("abort", end);
    this.#keptRuns.follow(this.#store.state.runs.entries);
    this.#schedule(textPause);
    page.addEventListener("beforeunload", () => this.#mayLeave(), { signal });
    page.addEventListener("pagehide", () => this.#leave(), { signal });
    page.addEventListener("pageshow", () => this.#stay(), { signal });
    page.addEventListener("visibilitychange", () => this.#write(), { signal });
    page.addEventListener("storage", (event) => this.#heard(event as StorageEvent), { signal });
    void this.#guarded(() => this.#tidy());
  }

  /** What stands in the form and not in the text has changed. */
  boxesChanged(): void {
    this.#schedule(textPause);
  }

  /** Writes what is still to be written, and ends. */
  close(): void {
    if (this.#ended.signal.aborted) return;
    const written = this.#write();
    this.#end();
    this.#seat?.close();
    const database = this.#database;
    void written.then(() => database?.close());
  }

  get #on(): boolean {
    return this.#store.state.keep.on;
  }

  #end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }

  async #connect(): Promise<void> {
    this.#database ??= await this.#place.open(() => {
      this.#database = undefined;
      this.#trouble(closedBelow);
    });
  }

  /** Does what the store is needed for, and tells where that cannot be done. */
  async #guarded(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (fault) {
      this.#trouble(isFull(fault) ? full : noRoom);
    }
  }

  /** Told once: what was read is not told a second time. */
  #trouble(trouble: string): void {
    if (!this.#ended.signal.aborted) this.#store.change({ keep: { trouble } });
  }

  // Bringing back

  async #restore(): Promise<void> {
    const seat = this.#seat;
    const database = this.#database;
    if (!seat || !database) return;
    const { arrival, original } = seat;
    const found =
      arrival === "new" ? (await this.#closed())[0] : await database.draft(arrival === "same" ? seat.id : original);
    if (!found) return;
    const { text } = this.#parts;
    const late = () => text.opened || this.#place.typed();
    const yields = () => late() || (this.#place.textGiven && found.text !== text.text);
    if (!yields()) {
      const own = arrival === "same" || (arrival === "new" && (await seat.inherit(found.id)));
      const entries = own ? await storedRuns(database, found.id) : [];
      if (!yields()) {
        text.begin(found.text, found);
        this.#look(found);
        this.#resumeRuns(found, entries);
        return;
      }
    }
    // What stands there now is a draft of its own.
    if (seat.id === found.id) await seat.renew();
    if (arrival !== "copy") this.#store.change({ keep: { offer: offerOf(found) } });
  }

  /** Endpoint and view of a draft, and what stood in the form's boxes. */
  #look({ endpoint, view, masked, boxes }: KeptDraft): void {
    const { tab, helpField, tokenView, eventsOpen } = view;
    if (!this.#place.endpointGiven) this.#parts.endpoints.resume(endpoint);
    this.#place.resumeBoxes(boxes);
    this.#store.change({
      view: { tab, helpField },
      runs: { tokenView, eventsOpen },
      ...(masked ? { editor: { notice: "Keys are not kept: asterisks stand where one stood in the text." } } : {}),
    });
  }

  #resumeRuns({ view }: KeptDraft, entries: Awaited<ReturnType<typeof storedRuns>>): void {
    this.#hasDraft = true;
    this.#keptRuns.adopt(entries);
    this.#parts.runs.resume(entries, view.shownId, view.pinnedId);
  }

  /** Puts a draft in the place of what stands in the page, which stays a draft itself. */
  async #switch(id: string): Promise<void> {
    const { text } = this.#parts;
    const seat = this.#seat;
    const database = this.#database;
    if (!seat || !database) return;
    const say = (notice: string) => this.#store.change({ editor: { notice }, view: { announcement: notice } });
    if (running(this.#store.state.runs)) return say("An answer is coming. Stop it first.");
    const draft = await database.draft(id);
    if (!draft) return say("The draft is no longer there.");
    await this.#write();
    const inherited = await seat.inherit(id);
    if (!inherited && this.#place.locks) return say("The draft is open in another tab.");
    const entries = inherited ? await storedRuns(database, id) : this.#store.state.runs.entries;
    if (inherited) {
      this.#keptRuns.forget();
      this.#resumeRuns(draft, entries);
    }
    text.replace(draft.text);
    this.#look(draft);
    this.#store.change({ keep: { offer: undefined } });
    if (!draft.masked) say("The draft is back. Undo brings back the text before.");
    await this.#list();
  }

  /** Drafts of this place that no tab has, the newest first. */
  async #closed(): Promise<readonly KeptDraft[]> {
    const inUse = (await this.#seat?.inUse()) ?? new Set([this.#seat?.id ?? ""]);
    const drafts = (await this.#database?.drafts(this.#place.name)) ?? [];
    return drafts.filter(({ id }) => !inUse.has(id));
  }

  async #list(): Promise<void> {
    const drafts = (await this.#closed()).slice(0, draftsKept).map(offerOf);
    this.#store.change({ keep: { drafts } });
  }

  async #tidy(): Promise<void> {
    // The store may be emptied or closed at any time, by another tab too.
    await readAll(this.#store.state.runs.entries);
    const inUse = new Set(await this.#seat?.inUse()).add(this.#seat?.id ?? "");
    const offered = this.#store.state.keep.offer?.id;
    if (offered !== undefined) inUse.add(offered);
    await this.#database?.prune(inUse, draftsKept, Date.now() - daysKept * 86_400_000);
  }

  // Writing

  #changed(state: State, before: State): void {
    if (state.runs.entries !== before.runs.entries) this.#keptRuns.follow(state.runs.entries);
    if (state.editor !== before.editor || state.endpoint !== before.endpoint || state.view !== before.view)
      this.#schedule(Math.min(longestPause, textPause + this.#parts.text.length / unitsPerPause));
    else if (state.runs !== before.runs) this.#schedule(runPause);
  }

  #schedule(pause: number): void {
    const due = performance.now() + pause;
    if (!this.#on || due >= this.#due || this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      void this.#search().then(() => this.#write(true));
    }, pause);
  }

  /** Has the core tell of a key in a text that is no request yet. */
  async #search(): Promise<void> {
    const { text, core } = this.#parts;
    const { result } = this.#store.state.text;
    const source = text.text;
    if (source === this.#searched || !result?.issues.some(({ code }) => code === "pasted-request")) return;
    const found = await core.import(source).catch(() => undefined);
    this.#searched = source;
    if (found?.key) this.#keys.add(found.key);
  }

  /** Asks for everything before it returns. `patient`: the text may wait for its verdict. */
  async #write(patient = false): Promise<void> {
    const seat = this.#seat;
    const database = this.#database;
    if (!this.#on || !seat || this.#ended.signal.aborted) return;
    if (!database) {
      // Closed by the browser; perhaps it opens again.
      if (patient && this.#hasDraft) await this.#guarded(() => this.#connect());
      return;
    }
    const keys = [...this.#parts.endpoints.keys.filter(isSurelyKey), ...this.#parts.text.keysSeen, ...this.#keys];
    const mask = masker(keys);
    const runs = this.#keptRuns.collect(seat.id, keys, mask);
    const draft = patient && this.#waits() ? undefined : this.#draft(seat.id, mask);
    const { changes } = runs;
    if (!draft && !changes.runs?.length && !changes.pieces?.length && !changes.gone?.length) return;
    try {
      await database.write({ ...changes, ...(draft ? { drafts: [draft.record] } : {}) });
      runs.written();
      if (draft) this.#written = draft.source;
      this.#hasDraft = true;
      if (this.#store.state.keep.trouble !== "") this.#store.change({ keep: { trouble: "" } });
    } catch (fault) {
      this.#trouble(isFull(fault) ? full : noRoom);
    }
  }

  /** Whether the newest text has no verdict yet that is worth waiting for. */
  #waits(): boolean {
    const { editor, core } = this.#store.state;
    if (editor.checked || core.state === "failed") {
      this.#changedAt = 0;
      return false;
    }
    this.#changedAt ||= performance.now();
    const waits = performance.now() - this.#changedAt < verdictPause;
    if (waits) this.#schedule(textPause);
    return waits;
  }

  /** The draft as it is now; undefined where it is written already, or nothing was done yet. */
  #draft(id: string, mask: (text: string) => string) {
    const { text, endpoints } = this.#parts;
    const { view, runs } = this.#store.state;
    const source = { text: text.text, rest: "" };
    if (!this.#hasDraft && runs.entries.length === 0 && this.#described() === this.#start) return undefined;
    const clean = mask(source.text);
    const { base, ...endpoint } = endpoints.lasting;
    const rest = {
      from: text.selection.from,
      to: text.selection.to,
      endpoint: { ...endpoint, base: mask(base) === base ? base : "" },
      view: {
        tab: view.tab,
        helpField: view.helpField,
        tokenView: runs.tokenView,
        eventsOpen: runs.eventsOpen,
        shownId: runs.shownId ?? 0,
        pinnedId: runs.pinnedId ?? 0,
      },
      boxes: maskedIn(this.#place.boxes(), mask),
    };
    source.rest = JSON.stringify(rest);
    if (clean === this.#written.text && source.rest === this.#written.rest) return undefined;
    const record: KeptDraft = {
      version: recordVersion,
      id,
      place: this.#place.name,
      changedAt: Date.now(),
      text: clean,
      masked: clean !== source.text,
      ...rest,
    };
    return { record, source: { text: clean, rest: source.rest } };
  }

  #described(): string {
    const { text, endpoints } = this.#parts;
    return `${JSON.stringify([endpoints.lasting, this.#place.boxes()])} ${text.text}`;
  }

  #mayLeave(): void {
    this.#keptRuns.leaving(true);
    void this.#write();
    setTimeout(() => this.#stay(), leavePause);
  }

  #leave(): void {
    this.#seat?.leave();
    void this.#write();
  }

  #stay(): void {
    if (this.#ended.signal.aborted) return;
    this.#seat?.stay();
    this.#keptRuns.leaving(false);
    this.#schedule(0);
  }

  // The switch, and clearing

  async #turn(on: boolean): Promise<void> {
    choose(this.#place.local, on);
    this.#store.change({ keep: { on } });
    if (on) {
      this.#writeAnew();
      await this.#guarded(() => this.#connect());
      this.#schedule(0);
      return;
    }
    await this.#guarded(async () => {
      await readAll(this.#store.state.runs.entries);
      await this.#database?.clear();
      this.#store.change({
        keep: { drafts: [], offer: undefined },
        view: { announcement: "Drafts are off, and what was kept is erased." },
      });
    });
  }

  /** Another tab has turned it on or off. */
  #heard({ key, newValue }: StorageEvent): void {
    if (key !== choiceName) return;
    const on = newValue !== "off";
    this.#store.change({ keep: on ? { on } : { on, drafts: [], offer: undefined } });
    this.#writeAnew();
    if (on) void this.#guarded(() => this.#connect()).then(() => this.#schedule(0));
  }

  /** The store is empty now: what stands in the page has to be written whole. */
  #writeAnew(): void {
    this.#keptRuns.forget();
    this.#keptRuns.follow(this.#store.state.runs.entries);
    this.#written = { text: "", rest: "" };
  }

  async #clear(): Promise<void> {
    this.#end();
    try {
      await this.#connect();
      await this.#database?.clear();
    } catch {
      // Where there is no place to keep anything, there is nothing in it.
    }
    this.#database?.close();
    this.#seat?.close();
    erase(this.#place.session, () => true);
    // The choice to keep nothing stays a choice.
    erase(this.#place.local, (name) => name !== choiceName);
    this.#place.reset();
  }
}

function offerOf({ id, changedAt, text }: KeptDraft): DraftOffer {
  const beginning = text.slice(0, 400).replace(/\s+/g, " ").trim().slice(0, 80);
  return { id, time: timeOfAnyDay(new Date(changedAt), new Date()), beginning };
}

function isFull(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "QuotaExceededError";
}

function chosenOn(local: Storage | undefined): boolean {
  try {
    return local?.getItem(choiceName) !== "off";
  } catch {
    return true;
  }
}

function choose(local: Storage | undefined, on: boolean): void {
  try {
    if (on) local?.removeItem(choiceName);
    else local?.setItem(choiceName, "off");
  } catch {
    // The choice then counts until the page is left, and there is no store either.
  }
}

/** Removes the entries of this project that `which` picks. */
function erase(storage: Storage | undefined, which: (name: string) => boolean): void {
  try {
    const names = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? "");
    for (const name of names) if (name.startsWith(prefix) && which(name)) storage?.removeItem(name);
  } catch {
    // A storage that is closed to the page has nothing of it.
  }
}
