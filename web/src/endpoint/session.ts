import type { Core } from "../core/protocol.ts";
import type { Fetch } from "../model/request.ts";
import { listModels, rememberedEndpoints } from "../net/endpoints.ts";
import { KeyVault, originOf } from "../net/keys.ts";
import type { Store } from "../state.ts";
import { baseFault, completeBase, type EndpointChoice, endpointChoices, hostOf } from "./endpoints.ts";

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

  constructor(store: Store, core: Core, fetches: { readonly demo: Fetch; readonly network: Fetch }, gateway: string) {
    this.#store = store;
    this.#core = core;
    this.#fetches = fetches;
    this.#gateway = gateway;
    this.#vault = new KeyVault(storage(() => sessionStorage));
    this.#remembered = rememberedEndpoints(storage(() => localStorage));
    // The demo's Worker starts with its model list. It waits for a verdict, lest the checker start beside it and later.
    this.#end = store.subscribe(({ endpoint, current, core }) => {
      if (endpoint.builtIn && (current || core === "failed")) void this.loadModels();
    });
  }

  /** The same list until a server is added to it: the page asks at every update. */
  choices(): readonly EndpointChoice[] {
    this.#choices ??= endpointChoices(this.#gateway, location.origin, this.#remembered.list());
    return this.#choices;
  }

  get fetch(): Fetch {
    return this.#store.state.endpoint.builtIn ? this.#fetches.demo : this.#fetches.network;
  }

  /** The key for exactly the endpoint's origin; "" for none, and always "" for the built-in model. */
  get key(): string {
    const { endpoint } = this.#store.state;
    return endpoint.builtIn || endpoint.keyNeeded === "no" ? "" : this.#vault.get(endpoint.base);
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
    this.#move({ ...this.#store.state.endpoint, base: completeBase(base) });
  }

  setProfile(profile: string): void {
    this.#move({ ...this.#store.state.endpoint, profile });
  }

  setKey(key: string): void {
    const { endpoint, keyForTab } = this.#store.state;
    this.#vault.set(endpoint.base, key, { remember: keyForTab });
    this.#listed = "";
    this.#store.set({ hasKey: this.#vault.has(endpoint.base), keyWarning: "" });
  }

  keepForTab(keep: boolean): void {
    const { endpoint } = this.#store.state;
    const key = this.#vault.get(endpoint.base);
    const kept = key === "" || this.#vault.set(endpoint.base, key, { remember: keep });
    this.#store.set({
      keyForTab: keep && kept,
      notice: kept ? "" : "This browser does not let the page keep the key.",
    });
  }

  /** Forgets the key of the endpoint that is chosen. */
  clearKey(): void {
    this.#vault.forget(this.#store.state.endpoint.base);
    this.#listed = "";
    this.#store.set({ hasKey: false, keyForTab: false, notice: "The key is forgotten." });
  }

  clearKeys(): void {
    this.#vault.clear();
    this.#listed = "";
    this.#store.set({ hasKey: false, keyForTab: false, keyWarning: "", notice: "All keys are forgotten." });
  }

  /** Keeps a typed address for later visits, once a request went there. Keys are never kept along. */
  remember(): void {
    const { endpoint } = this.#store.state;
    if (!endpoint.editable || baseFault(endpoint.base) !== "") return;
    this.#remembered.add({ base: endpoint.base, profile: endpoint.profile });
    this.#choices = undefined;
  }

  /** Asks for the model list, once for each endpoint and key; silent where there is none. */
  async loadModels(): Promise<void> {
    const { endpoint } = this.#store.state;
    if (this.#listed === endpoint.base || baseFault(endpoint.base) !== "") return;
    if (endpoint.keyNeeded === "yes" && this.key === "") return;
    this.#listed = endpoint.base;
    this.#listing?.abort();
    const listing = new AbortController();
    this.#listing = listing;
    const models = await listModels(endpoint, this.key, this.fetch, listing.signal);
    if (!listing.signal.aborted && this.#store.state.endpoint.base === endpoint.base) this.#store.set({ models });
  }

  close(): void {
    this.#end();
    this.#listing?.abort();
  }

  #move(endpoint: EndpointChoice): void {
    const before = this.#store.state.endpoint;
    const moved = originOf(before.base) !== originOf(endpoint.base);
    const left = moved && !before.builtIn && this.#vault.has(before.base);
    const hasKey = !endpoint.builtIn && this.#vault.has(endpoint.base);
    const keyWarning =
      left && !hasKey && !endpoint.builtIn
        ? `The key belongs to ${hostOf(before.base)} and is not sent to ${hostOf(endpoint.base) || "another server"}.`
        : "";
    if (before.base !== endpoint.base) this.#listed = "";
    this.#store.set({
      endpoint,
      hasKey,
      keyForTab: this.#vault.remembered(endpoint.base),
      keyWarning: moved ? keyWarning : this.#store.state.keyWarning,
      ...(before.base === endpoint.base ? {} : { models: [] }),
      refusal: undefined,
    });
    if (before.profile !== endpoint.profile) {
      this.#store.set({ current: false });
      this.#core.setProfile(endpoint.profile);
    }
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
