import type { Core } from "../core/protocol.ts";
import type { Fetch } from "../model/request.ts";
import { listModels, rememberedEndpoints } from "../net/endpoints.ts";
import { KeyVault } from "../net/keys.ts";
import type { Store } from "../state.ts";
import { reached } from "./address.ts";
import { type EndpointChoice, endpointChoices } from "./endpoints.ts";

/** Which server, with which key. Keys are in the vault alone; the state only knows whether there is one. */
export class EndpointSession {
  readonly #store: Store;
  readonly #core: Core;
  readonly #vault: KeyVault;
  readonly #fetches: { readonly demo: Fetch; readonly network: Fetch };
  readonly #remembered: ReturnType<typeof rememberedEndpoints>;
  readonly #gateway: string;
  #choices: readonly EndpointChoice[] | undefined;
  readonly #end: () => void;
  #listing: AbortController | undefined;
  #listed = "";
  /** Where the keys' warning was last thought about. */
  #left = { origin: "", host: "", builtIn: true };
  /** The base that the core is being asked about. */
  #asking: string | undefined;

  constructor(store: Store, core: Core, fetches: { readonly demo: Fetch; readonly network: Fetch }, gateway: string) {
    this.#store = store;
    this.#core = core;
    this.#fetches = fetches;
    this.#gateway = gateway;
    this.#vault = new KeyVault(storage(() => sessionStorage));
    this.#remembered = rememberedEndpoints(storage(() => localStorage));
    // The demo's Worker starts with its model list. It waits for a verdict, lest the checker start beside it and later.
    this.#end = store.subscribe(({ endpoint, address, current, core }) => {
      // A core that failed may have come back.
      if (core === "ready" && address === undefined) void this.#ask(endpoint.base);
      if (endpoint.builtIn && (current || core === "failed")) void this.loadModels();
    });
  }

  /** The same list until a server is added to it: the page asks at every update. */
  choices(): readonly EndpointChoice[] {
    this.#choices ??= endpointChoices(this.#gateway, location.origin, this.#remembered.list());
    return this.#choices;
  }

  fetchFor(endpoint: EndpointChoice): Fetch {
    return endpoint.builtIn ? this.#fetches.demo : this.#fetches.network;
  }

  /** The key for a request to this address of an endpoint; "" for none, and always "" for the built-in model. */
  keyFor(endpoint: EndpointChoice, url: string): string {
    return endpoint.builtIn || endpoint.keyNeeded === "no" ? "" : this.#vault.get(url);
  }

  choose(id: string): void {
    const choice = this.choices().find((each) => each.id === id);
    if (choice) this.#move(choice);
  }

  /** The first endpoint of a core that knows no profile yet. */
  begin(choice: EndpointChoice): void {
    this.#move(choice);
    this.#core.setProfile(choice.profile);
  }

  setBase(base: string): void {
    this.#move({ ...this.#store.state.endpoint, base: base.trim() });
  }

  setProfile(profile: string): void {
    this.#move({ ...this.#store.state.endpoint, profile });
  }

  setKey(key: string): void {
    const { address, keyForTab } = this.#store.state;
    const origin = reached(address)?.origin;
    if (origin === undefined) return;
    this.#vault.set(origin, key, { remember: keyForTab });
    this.#listed = "";
    this.#store.set({ hasKey: this.#vault.has(origin), keyWarning: "" });
  }

  keepForTab(keep: boolean): void {
    const origin = reached(this.#store.state.address)?.origin ?? "";
    const key = this.#vault.get(origin);
    const kept = key === "" || this.#vault.set(origin, key, { remember: keep });
    this.#store.set({
      keyForTab: keep && kept,
      notice: kept ? "" : "This browser does not let the page keep the key.",
    });
  }

  /** Forgets the key of the endpoint that is chosen. */
  clearKey(): void {
    this.#vault.forget(reached(this.#store.state.address)?.origin ?? "");
    this.#listed = "";
    this.#store.set({ hasKey: false, keyForTab: false, notice: "The key is forgotten." });
  }

  clearKeys(): void {
    this.#vault.clear();
    this.#listed = "";
    this.#store.set({ hasKey: false, keyForTab: false, keyWarning: "", notice: "All keys are forgotten." });
  }

  /** Keeps a typed address for later visits, once a request went there. Keys are never kept along. */
  remember(sent: EndpointChoice): void {
    const { endpoint, address } = this.#store.state;
    const base = endpoint.base === sent.base ? reached(address)?.base : undefined;
    if (!sent.editable || base === undefined) return;
    this.#remembered.add({ base, profile: sent.profile });
    this.#choices = undefined;
  }

  /** Asks for the model list, once for each endpoint and key; silent where there is none. */
  async loadModels(): Promise<void> {
    const { endpoint, address } = this.#store.state;
    const url = reached(address)?.models;
    if (url === undefined || this.#listed === endpoint.base) return;
    const key = this.keyFor(endpoint, url);
    if (endpoint.keyNeeded === "yes" && key === "") return;
    this.#listed = endpoint.base;
    this.#listing?.abort();
    const listing = new AbortController();
    this.#listing = listing;
    const models = await listModels(url, key, this.fetchFor(endpoint), listing.signal);
    if (!listing.signal.aborted && this.#store.state.endpoint.base === endpoint.base) this.#store.set({ models });
  }

  close(): void {
    this.#end();
    this.#listing?.abort();
  }

  #move(endpoint: EndpointChoice): void {
    const before = this.#store.state.endpoint;
    const same = before.base === endpoint.base && this.#store.state.address !== undefined;
    if (!same) {
      this.#listed = "";
      this.#listing?.abort();
    }
    this.#store.set({
      endpoint,
      refusal: undefined,
      ...(same ? {} : { address: undefined, models: [], hasKey: false, keyForTab: false }),
    });
    if (same) this.#arrive();
    else void this.#ask(endpoint.base);
    if (before.profile !== endpoint.profile) {
      this.#store.set({ current: false });
      this.#core.setProfile(endpoint.profile);
    }
  }

  /** Has the core say what a base stands for. An answer on a base that was left meanwhile does not count. */
  async #ask(base: string): Promise<void> {
    if (this.#asking === base) return;
    this.#asking = base;
    try {
      const address = await this.#core.base(base);
      if (this.#store.state.endpoint.base !== base) return;
      this.#store.set({ address });
      this.#arrive();
    } catch {
      // Without the core nothing can be sent; what it stands for is asked again when it is back.
    } finally {
      if (this.#asking === base) this.#asking = undefined;
    }
  }

  /** What the keys have to do with the address that is now known. */
  #arrive(): void {
    const { endpoint, address, keyWarning } = this.#store.state;
    const { origin, host } = reached(address) ?? { origin: "", host: "another server" };
    const left = this.#left;
    const builtIn = endpoint.builtIn === true;
    this.#left = { origin, host, builtIn };
    const moved = left.origin !== origin;
    const hasKey = !builtIn && this.#vault.has(origin);
    const stays = moved && !left.builtIn && !builtIn && !hasKey && this.#vault.has(left.origin);
    this.#store.set({
      hasKey,
      keyForTab: this.#vault.remembered(origin),
      keyWarning: stays ? `The key belongs to ${left.host} and is not sent to ${host}.` : moved ? "" : keyWarning,
    });
  }
}

/** A storage, or undefined where the browser closes it to the page: even naming it may throw. */
function storage(open: () => Storage): Storage | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
