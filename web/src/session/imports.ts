import type { Core } from "../core/protocol.ts";
import type { Imported } from "../model/imported.ts";
import type { ImportActions } from "../state/actions.ts";
import type { EndpointChoice } from "../state/choices.ts";
import type { ImportOffer } from "../state/imports.ts";
import type { Store } from "../state/store.ts";
import type { EndpointSession } from "./endpoint.ts";

/** The text, as far as an import needs it. */
export interface ImportTarget {
  text(): string;
  /** Replaces the whole text, as one undo step. */
  replace(text: string): void;
  /** Hears of a key that stands in the text. */
  keySeen(key: string): void;
}

/**
 * Offers to make a request of what was pasted, and does it once the person agrees. The key that stood in the text is
 * here and nowhere else until then; with the offer it goes.
 */
export class ImportSession {
  readonly actions: ImportActions = {
    takeImport: (endpoint) => this.#take(endpoint),
    undoImport: () => this.#undo(),
    dismissImport: () => this.#dismiss(),
  };
  readonly #store: Store;
  readonly #core: Core;
  readonly #endpoints: EndpointSession;
  readonly #target: ImportTarget;
  #found: Imported | undefined;
  /** The text that the offer is about, as the editor keeps it, and the one that came of it. */
  #source = "";
  #made = "";
  /** What the offer is about no longer stands in the text. */
  #stale = false;
  /** What an undo brings back. */
  #before: { readonly text: string; readonly endpoint: EndpointChoice | undefined } | undefined;
  /** A source that the person wants left as it is. */
  #dismissed = "";
  #asked = 0;

  constructor(store: Store, core: Core, endpoints: EndpointSession, target: ImportTarget) {
    this.#store = store;
    this.#core = core;
    this.#endpoints = endpoints;
    this.#target = target;
  }

  /** Asks the core what a text is, and offers what can be made of it. A text that is none of its languages changes nothing. */
  async consider(text: string): Promise<void> {
    const source = joined(text);
    if ((source === this.#source && !this.#stale) || source === this.#dismissed) return;
    const asked = ++this.#asked;
    const found = await this.#core.import(source).catch(() => undefined);
    if (!found || asked !== this.#asked || !this.#target.text().includes(source)) return;
    this.#drop();
    this.#found = found;
    this.#source = source;
    const { key, ...from } = found;
    if (key !== "") this.#target.keySeen(key);
    this.#show({ from, hasKey: key !== "", done: "" });
  }

  /** The text is another one now. An offer about what is no longer there stays in sight until the text is checked. */
  changed(text: string): void {
    const about = this.#made === "" ? this.#source : this.#made;
    this.#stale = about !== "" && !text.includes(about);
    if (!text.includes(this.#dismissed)) this.#dismissed = "";
  }

  /** The text is checked; `foreign`: it is a request in another language. */
  checked(foreign: boolean): void {
    if (foreign) void this.consider(this.#target.text());
    else if (this.#stale) this.#drop();
  }

  #take(endpoint: boolean): void {
    const found = this.#found;
    const offer = this.#store.state.text.offer;
    if (!found || found.text === null || !offer || this.#stale) return;
    const all = endpoint && found.base !== "";
    const { chosen } = this.#store.state.endpoint;
    this.#before = { text: this.#target.text(), endpoint: all ? chosen : undefined };
    this.#made = joined(found.text);
    this.#target.replace(this.#made);
    if (all) void this.#endpoints.adopt(found);
    this.#found = undefined; // the key is in the vault, or gone
    this.#show({ ...offer, done: all ? "all" : "text" });
  }

  #undo(): void {
    const before = this.#before;
    if (!before) return;
    const { endpoint } = before;
    this.#drop();
    if (endpoint) this.#endpoints.abandon(endpoint);
    this.#target.replace(before.text);
  }

  #dismiss(): void {
    const left = this.#made === "" ? this.#source : "";
    this.#drop();
    this.#dismissed = left;
  }

  #drop(): void {
    this.#asked++;
    this.#found = undefined;
    this.#source = "";
    this.#made = "";
    this.#stale = false;
    this.#before = undefined;
    this.#show(undefined);
  }

  #show(offer: ImportOffer | undefined): void {
    this.#store.change({ text: { offer } });
  }
}

/** A text with the line ends that the editor keeps. */
function joined(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
