import type { Core } from "../core/protocol.ts";
import type { Fetch } from "../model/request.ts";
import { listModels, rememberedEndpoints } from "../net/endpoints.ts";
import { KeyVault, originOf } from "../net/keys.ts";
import type { EndpointActions } from "../state/actions.ts";
import { baseFault, completeBase, type EndpointChoice, endpointChoices, hostOf } from "../state/choices.ts";
import type { Store } from "../state/store.ts";

export interface EndpointSessionOptions {
  readonly demo: Fetch;
  readonly network: Fetch;
  /** The host that the page's own server forwards to; "" for none. */
  readonly gateway: string;
  /** The id of a choice or a base URL to begin with. */
  readonly endpoint: string | undefined;
  /** Whose rules count at first; those of the endpoint when absent. */
  readonly profile: string | undefined;
}

/** Which server, with which key. Keys are in the vault alone; the state only knows whether there is one. */
export class EndpointSession {
  readonly actions: EndpointActions = {
    chooseEndpoint: (id) => this.#choose(id),
    setBase: (base) => this.#move({ ...this.#chosen, base: completeBase(base) }),
    setProfile: (profile) => this.#move({ ...this.#chosen, profile }),
    setKey: (key) => this.#setKey(key),
    keepKey: (keep) => this.#keepForTab(keep),
    clearKey: () => this.#clearKey(),
    clearKeys: () => this.#clearKeys(),
    loadModels: () => void this.models(),
  };
  readonly #store: Store;
  readonly #core: Core;
  readonly #vault: KeyVault;
  readonly #options: EndpointSessionOptions;
  readonly #remembered: ReturnType<typeof rememberedEndpoints>;
  readonly #end: () => void;
  #listing: AbortController | undefined;
  #listed = "";

  constructor(store: Store, core: Core, options: EndpointSessionOptions) {
    this.#store = store;
    this.#core = core;
    this.#options = options;
    this.#vault = new KeyVault(storage(() => sessionStorage));
    this.#remembered = rememberedEndpoints(storage(() => localStorage));
    this.#list();
    // The demo's Worker starts with its model list. It waits for a verdict, lest the checker start beside it and later.
    this.#end = store.subscribe(({ endpoint, editor, core }) => {
      if (endpoint.chosen.builtIn && (editor.checked || core.state === "failed")) void this.models();
    });
  }

  fetchFor({ builtIn }: EndpointChoice): Fetch {
    return builtIn ? this.#options.demo : this.#options.network;
  }

  /**
   * The key for exactly the endpoint's origin; "" for none, and always "" for the built-in model. The endpoint is
   * named by whoever sends: another may be chosen by the time a request is built, and must not lend its key.
   */
  keyFor({ builtIn, keyNeeded, base }: EndpointChoice): string {
    return builtIn || keyNeeded === "no" ? "" : this.#vault.get(base);
  }

  /** Chooses the first endpoint, for a core that knows no profile yet. */
  begin(): void {
    const choice = this.#first();
    this.#move(choice);
    this.#core.setProfile(choice.profile);
  }

  /** Keeps a typed address for later visits, once a request went there. Keys are never kept along. */
  remember({ editable, base, profile }: EndpointChoice): void {
    if (!editable || baseFault(base) !== "") return;
    this.#remembered.add({ base, profile });
    this.#list();
  }

  /** The models of the endpoint. Asks for them once for each endpoint and key; silent where there are none. */
  async models(): Promise<readonly string[]> {
    const endpoint = this.#chosen;
    if (this.#listed !== endpoint.base && baseFault(endpoint.base) === "") {
      if (endpoint.keyNeeded !== "yes" || this.keyFor(endpoint) !== "") await this.#ask(endpoint);
    }
    return this.#store.state.endpoint.models;
  }

  close(): void {
    this.#end();
    this.#listing?.abort();
  }

  get #chosen(): EndpointChoice {
    return this.#store.state.endpoint.chosen;
  }

  #list(): void {
    const choices = endpointChoices(this.#options.gateway, location.origin, this.#remembered.list());
    this.#store.change({ endpoint: { choices } });
  }

  #first(): EndpointChoice {
    const { endpoint, profile, gateway } = this.#options;
    const { chosen: standing, choices } = this.#store.state.endpoint;
    const wanted = endpoint ?? (gateway === "" ? standing.id : "gateway");
    // Connected anew, the element goes on with the address that was typed.
    const known = standing.id === wanted ? standing : choices.find((choice) => choice.id === wanted);
    const other = choices.find((choice) => choice.editable);
    const first = known ?? (other ? { ...other, base: wanted } : standing);
    return profile === undefined ? first : { ...first, profile };
  }

  #choose(id: string): void {
    const choice = this.#store.state.endpoint.choices.find((each) => each.id === id);
    if (choice) this.#move(choice);
  }

  #setKey(key: string): void {
    const { chosen, keyForTab } = this.#store.state.endpoint;
    this.#vault.set(chosen.base, key, { remember: keyForTab });
    this.#listed = "";
    this.#store.change({ endpoint: { hasKey: this.#vault.has(chosen.base), keyWarning: "" } });
  }

  #keepForTab(keep: boolean): void {
    const { base } = this.#chosen;
    const key = this.#vault.get(base);
    const kept = key === "" || this.#vault.set(base, key, { remember: keep });
    this.#store.change({
      endpoint: { keyForTab: keep && kept },
      editor: { notice: kept ? "" : "This browser does not let the page keep the key." },
    });
  }

  /** Forgets the key of the endpoint that is chosen. */
  #clearKey(): void {
    this.#vault.forget(this.#chosen.base);
    this.#listed = "";
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false },
      editor: { notice: "The key is forgotten." },
    });
  }

  #clearKeys(): void {
    this.#vault.clear();
    this.#listed = "";
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false, keyWarning: "" },
      editor: { notice: "All keys are forgotten." },
    });
  }

  async #ask(endpoint: EndpointChoice): Promise<void> {
    this.#listed = endpoint.base;
    this.#listing?.abort();
    const listing = new AbortController();
    this.#listing = listing;
    const models = await listModels(endpoint, this.keyFor(endpoint), this.fetchFor(endpoint), listing.signal);
    if (!listing.signal.aborted && this.#chosen.base === endpoint.base) this.#store.change({ endpoint: { models } });
  }

  #move(endpoint: EndpointChoice): void {
    const before = this.#chosen;
    const moved = originOf(before.base) !== originOf(endpoint.base);
    const left = moved && !before.builtIn && this.#vault.has(before.base);
    const hasKey = !endpoint.builtIn && this.#vault.has(endpoint.base);
    const keyWarning =
      left && !hasKey && !endpoint.builtIn
        ? `The key belongs to ${hostOf(before.base)} and is not sent to ${hostOf(endpoint.base) || "another server"}.`
        : "";
    if (before.base !== endpoint.base) this.#listed = "";
    this.#store.change({
      endpoint: {
        chosen: endpoint,
        hasKey,
        keyForTab: this.#vault.remembered(endpoint.base),
        ...(moved ? { keyWarning } : {}),
        ...(before.base === endpoint.base ? {} : { models: [] }),
      },
      runs: { refusal: undefined },
    });
    if (before.profile !== endpoint.profile) {
      this.#store.change({ editor: { checked: false } });
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
