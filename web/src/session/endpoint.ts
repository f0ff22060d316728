import type { Core } from "../core/protocol.ts";
import { faultOf, reached } from "../model/address.ts";
import type { DetectArgs, Detected } from "../model/detected.ts";
import { stringValue } from "../model/json-value.ts";
import type { Fetch, Header } from "../model/request.ts";
import { systemClock } from "../net/clock.ts";
import { detectServer } from "../net/detect.ts";
import { isPlainBase, rememberedEndpoints } from "../net/endpoints.ts";
import { KeyVault } from "../net/keys.ts";
import { startRun } from "../net/run.ts";
import { namesHeader } from "../net/send.ts";
import type { EndpointActions } from "../state/actions.ts";
import { type EndpointChoice, endpointChoices, type OwnRules, rulesOf } from "../state/choices.ts";
import type { ProbeAct } from "../state/probe.ts";
import { headerFault, lacksKey } from "../state/ready.ts";
import type { Store } from "../state/store.ts";
import { type Adopted, adoptKey, type BeforeAdopting, restoreKey } from "./adopted.ts";
import type { ProbeSession } from "./probe.ts";
import { saveAs } from "./save.ts";

/** What the page that holds the element says of where requests go; it may say something else later. */
export interface GivenEndpoint {
  /** The id of a preset, or a base URL; undefined for the built-in model, or the gateway where there is one. */
  readonly endpoint: string | undefined;
  /** A profile, with @ and a version where an older one is meant; undefined for that of the endpoint. */
  readonly profile: string | undefined;
  /** Where a profile as JSON lies, which counts instead. */
  readonly schema: string | undefined;
  /** Models to choose from beside those that the endpoint has. */
  readonly models: readonly string[];
  readonly gateway: string;
  /** The built-in model is among the endpoints. */
  readonly demo: boolean;
}

export interface EndpointSessionOptions {
  readonly demo: Fetch;
  readonly network: Fetch;
  /** Whether addresses that were typed are remembered for later visits. */
  readonly lasting: boolean;
  readonly given: GivenEndpoint;
}

// Handed to what is loaded later: if it imported them, the bundler would cut what the page starts with into more parts.
const tools = { startRun, clock: systemClock, reached, faultOf, stringValue, lacksKey, headerFault, saveAs };
const rulesName = "completion-playground.rules";
const newestRules: OwnRules = { version: "", probed: "" };

/** What outlives a visit of where requests go. Never holds a key. */
export interface LastingEndpoint {
  readonly id: string;
  /** "" for a choice that is known by its id, or where a key might stand in it. */
  readonly base: string;
  readonly profile: string;
}

/** Which server, with which key. Keys are in the vault alone; the state only knows whether there is one. */
export class EndpointSession {
  readonly actions: EndpointActions = {
    chooseEndpoint: (id) => this.#choose(id),
    setBase: (base) => this.#move({ ...this.#chosen, base: base.trim() || this.#ownBase(this.#chosen) }),
    setProfile: (profile, version) => {
      this.#move({ ...this.#chosen, profile });
      if (version !== undefined) void this.#setRules(this.#chosen, { version, probed: "" });
    },
    listVersions: () => void this.#listVersions(),
    dropFindings: () => this.useFindings(this.#chosen, ""),
    setKey: (key) => this.#setKey(key),
    keepKey: (keep) => this.#keepForTab(keep),
    clearKey: () => this.#clearKey(),
    clearKeys: () => this.#clearKeys(),
    setHeader: (at, change) => this.#setHeader(at, change),
    removeHeader: (at) => {
      this.#changeHeaders((headers) => headers.filter((_, i) => i !== at));
      this.#emptyKeyBox(); // the rows below move up, into boxes that others typed into
    },
    loadModels: () => void this.models(),
    askServer: () => void this.#look(true),
    probe: (act) => void this.#probeDoes(act),
    dismissFound: () => this.#store.change({ endpoint: { foundTold: true } }),
  };
  readonly #store: Store;
  readonly #core: Core;
  readonly #vault: KeyVault;
  readonly #options: EndpointSessionOptions;
  #given: GivenEndpoint;
  #giving = 0;
  readonly #remembered: ReturnType<typeof rememberedEndpoints>;
  /** By profile and base, with a space between them; the oldest first. */
  readonly #rules = new Map<string, OwnRules>();
  readonly #lasting: Storage | undefined;
  readonly #end: () => void;
  #probe: Promise<ProbeSession> | undefined;
  #listing: AbortController | undefined;
  #listed = "";
  /** Where the keys' warning was last thought about. */
  #left = { origin: "", host: "", builtIn: true };
  /** A key that was typed while its server was not known. */
  #waitingKey = "";
  /** The address that a person typed, for when they come back to it from another choice. */
  #typed: EndpointChoice | undefined;
  /** Addresses that a person gave to servers of the list, by id. */
  readonly #moved = new Map<string, string>();
  /** Where an import put a key, and what was there before. */
  #adopted: BeforeAdopting | undefined;
  /** The base that the core is being asked about, and when it has answered. */
  #asking: string | undefined;
  #located: Promise<void> = Promise.resolve();

  constructor(store: Store, core: Core, options: EndpointSessionOptions) {
    this.#store = store;
    this.#core = core;
    this.#options = options;
    this.#given = options.given;
    this.#vault = new KeyVault(storage(() => sessionStorage));
    this.#lasting = options.lasting ? storage(() => localStorage) : undefined;
    this.#remembered = rememberedEndpoints(this.#lasting);
    this.#list();
    const kept = this.#lasting?.getItem(rulesName);
    if (kept) void this.#loadRules(kept).catch(() => {});
    // The demo's list of models waits for a verdict, which more depends on.
    this.#end = store.subscribe(({ endpoint, editor, core }) => {
      // A core that failed may have come back.
      if (core.state === "ready" && endpoint.address === undefined) this.#locate(endpoint.chosen.base);
      if (endpoint.chosen.builtIn && (editor.checked || core.state === "failed")) void this.models();
    });
  }

  fetchFor({ builtIn }: EndpointChoice): Fetch {
    return builtIn ? this.#options.demo : this.#options.network;
  }

  /**
   * The key for a request to this address of an endpoint; "" for none, and always "" for the built-in model. Both are
   * named by whoever sends: another endpoint may be chosen by the time a request is built, and must not lend its key.
   */
  keyFor({ builtIn, keyNeeded }: EndpointChoice, url: string): string {
    return builtIn || keyNeeded === "no" ? "" : this.#vault.get(url);
  }

  /**
   * The headers of the person's own for a request to this address of an endpoint, the values in them. The local gateway
   * is told which of them it is to pass on.
   */
  headersFor({ id, builtIn }: EndpointChoice, url: string): readonly Header[] {
    if (builtIn) return [];
    const headers = this.#vault.headers(url).filter(({ name, value }) => name !== "" && value !== "");
    if (id !== "gateway" || headers.length === 0) return headers;
    return [...headers, { name: namesHeader, value: headers.map(({ name }) => name).join(", ") }];
  }

  /** The rules of an endpoint without what was found out about it. */
  rulesOf({ profile, version = "" }: EndpointChoice): string {
    return rulesOf({ profile, version });
  }

  /** Has texts for an endpoint checked by a profile, as JSON, now and later; "" goes back to the one that is named. */
  useFindings(chosen: EndpointChoice, probed: string): void {
    void this.#setRules(chosen, { version: chosen.version ?? "", probed });
  }

  /** Resolves when it is known what the base stands for that is chosen now, or cannot be known. */
  located(): Promise<void> {
    return this.#located;
  }

  /** Chooses the first endpoint, for a core that knows no profile yet. */
  begin(): void {
    this.#move(this.#first());
    this.#core.setProfile(rulesOf(this.#chosen));
    void this.#giveRules();
  }

  /** Takes over what the page that holds the element says now. */
  configure(given: GivenEndpoint): void {
    const before = this.#given;
    this.#given = given;
    if (given.gateway !== before.gateway || given.demo !== before.demo) this.#list();
    const moves = given.endpoint !== before.endpoint;
    if (moves) this.#move(this.#first());
    if (moves || given.profile !== before.profile || given.schema !== before.schema) void this.#giveRules();
    if (given.models.join() !== before.models.join()) this.#showModels(this.#store.state.endpoint.found);
  }

  /** Has texts checked by the rules that the page names. Where they cannot be had, those of the endpoint stay. */
  async #giveRules(): Promise<void> {
    const { profile, schema } = this.#given;
    const giving = ++this.#giving;
    if (profile === undefined && schema === undefined) return;
    const { givenRules } = await import("./own-rules.ts");
    const rules = await givenRules(this.#core, profile, schema, this.#options.network);
    if (giving !== this.#giving) return;
    const { troubles } = this.#store.state.view;
    if (rules.trouble !== "") this.#store.change({ view: { troubles: [...troubles, rules.trouble] } });
    const to = { ...this.#chosen, profile: rules.profile ?? this.#chosen.profile };
    this.#rules.set(`${to.profile} ${to.base}`, { version: rules.version, probed: rules.probed });
    this.#move(to);
  }

  /**
   * Goes to the server that an imported text names, with the key that stood in it. A server that is known by its base
   * keeps its name; `profile` is "" where none was guessed. A key that stood in a header of its own becomes an own header.
   */
  async adopt({ base, profile, key, keyHeader }: Adopted): Promise<void> {
    const address = await this.#core.base(base).catch(() => undefined);
    const origin = reached(address)?.origin;
    if (origin === undefined) return;
    this.#adopted = undefined;
    this.#emptyKeyBox();
    if (key !== "") {
      this.#adopted = adoptKey(this.#vault, origin, key, keyHeader);
      this.#listed = "";
    }
    const { choices } = this.#store.state.endpoint;
    // The presets leave out what the core adds.
    const bases = [base, base.replace(/\/v1$/, "")];
    const known = choices.find(({ base, profile: own }) => bases.includes(base) && (profile === "" || own === profile));
    const other = choices.find((choice) => choice.editable);
    if (known) this.#move(known);
    else if (other) this.#move({ ...other, base, profile: profile || other.profile });
  }

  /** Goes back to an endpoint from an adopted one, whose key is forgotten, or again the one that it had. */
  abandon(endpoint: EndpointChoice): void {
    if (this.#adopted) restoreKey(this.#vault, this.#adopted);
    this.#adopted = undefined;
    this.#emptyKeyBox();
    this.#move(endpoint);
  }

  /** Every key that is known, values of headers among them, for those who have to keep them out of something. */
  get keys(): readonly string[] {
    return this.#vault.all();
  }

  /**
   * The endpoint as it can be kept for a later visit. A typed base counts as far as the core has read it, and otherwise
   * only where it has no room for a key; else it is "".
   */
  get lasting(): LastingEndpoint {
    const { chosen, address } = this.#store.state.endpoint;
    const { id, profile } = chosen;
    if (!chosen.editable && !id.startsWith("own ") && chosen.base === this.#ownBase(chosen))
      return { id, base: "", profile };
    const base = reached(address)?.base ?? (/[?#@]/.test(chosen.base) ? "" : chosen.base);
    return { id, base, profile };
  }

  /** Goes to the endpoint of an earlier visit, or to the same address where the choice is no longer there. */
  resume({ id, base, profile }: LastingEndpoint): void {
    const { choices } = this.#store.state.endpoint;
    const other = choices.find((choice) => choice.editable);
    const known = choices.find((choice) => choice.id === id);
    if (known) this.#move({ ...known, base: known.editable ? base : base || known.base, profile });
    else if (other && base !== "") this.#move({ ...other, base, profile });
  }

  /** Keeps a typed address for later visits, once a request went there. Keys are never kept along. */
  remember(sent: EndpointChoice): void {
    const { chosen, address } = this.#store.state.endpoint;
    const base = chosen.base === sent.base ? reached(address)?.base : undefined;
    if (!sent.editable || base === undefined) return;
    this.#remembered.add({ base, profile: sent.profile });
    this.#list();
  }

  /** The models of the endpoint. Asks for them once for each endpoint and key; silent where there are none. */
  async models(): Promise<readonly string[]> {
    if (this.#listed !== this.#chosen.base) await this.#look(false).catch(() => {});
    return this.#store.state.endpoint.models;
  }

  close(): void {
    this.#end();
    this.#listing?.abort();
    void this.#probe?.then((probe) => probe.close());
  }

  async #listVersions(): Promise<void> {
    const { profile } = this.#chosen;
    const versions = await this.#core.versions(profile).catch(() => []);
    if (this.#chosen.profile === profile) this.#store.change({ endpoint: { versions } });
  }

  /** Puts rules that were kept into what is known, where nothing newer is. */
  async #loadRules(text: string): Promise<void> {
    const { loadRules } = await import("./own-rules.ts");
    for (const [key, own] of await loadRules(text, this.#core)) if (!this.#rules.has(key)) this.#rules.set(key, own);
    this.#move(this.#chosen);
  }

  async #setRules({ base, profile }: EndpointChoice, own: OwnRules): Promise<void> {
    const key = `${profile} ${base}`;
    this.#rules.delete(key);
    this.#rules.set(key, own);
    const { chosen } = this.#store.state.endpoint;
    if (chosen.base === base && chosen.profile === profile) this.#move(chosen);
    try {
      const { writtenRules } = await import("./own-rules.ts");
      this.#lasting?.setItem(rulesName, writtenRules(this.#rules, isPlainBase));
    } catch {
      // There is no room, or no such part: they are gone with the page.
    }
  }

  async #probeDoes(act: ProbeAct): Promise<void> {
    this.#probe ??= import("./probe.ts").then(
      ({ ProbeSession }) => new ProbeSession(this.#store, this.#core, this, tools),
    );
    try {
      await (await this.#probe).does(act);
    } catch {
      this.#probe = undefined; // it could not be loaded
      this.#store.change({ editor: { notice: "A part of the page could not be loaded." } });
    }
  }

  get #chosen(): EndpointChoice {
    return this.#store.state.endpoint.chosen;
  }

  /** What a key belongs to; "" where that is not known. */
  get #origin(): string {
    return reached(this.#store.state.endpoint.address)?.origin ?? "";
  }

  #list(): void {
    const { gateway, demo } = this.#given;
    const all = endpointChoices(gateway, location.origin, this.#remembered.list());
    this.#store.change({ endpoint: { choices: demo ? all : all.filter(({ builtIn }) => !builtIn) } });
  }

  #first(): EndpointChoice {
    const { endpoint, gateway, demo } = this.#given;
    const { chosen: standing, choices } = this.#store.state.endpoint;
    const other = choices.find((choice) => choice.editable);
    const wanted =
      endpoint ?? (gateway !== "" ? "gateway" : demo || !standing.builtIn ? standing.id : (other?.id ?? ""));
    // Connected anew, the element goes on with the address that was typed.
    const known = standing.id === wanted ? standing : choices.find((choice) => choice.id === wanted);
    return known ?? (other ? { ...other, base: wanted } : standing);
  }

  #choose(id: string): void {
    const choice = this.#store.state.endpoint.choices.find((each) => each.id === id);
    if (choice?.editable) this.#move(this.#typed ?? choice);
    else if (choice) this.#move({ ...choice, base: this.#moved.get(id) ?? choice.base });
  }

  /** The address that a choice has in the list; "" where a person has to say it. */
  #ownBase({ id }: EndpointChoice): string {
    return this.#store.state.endpoint.choices.find((each) => each.id === id)?.base ?? "";
  }

  #setKey(key: string): void {
    const { address, keyForTab } = this.#store.state.endpoint;
    const origin = reached(address)?.origin;
    this.#waitingKey = origin === undefined ? key : "";
    if (origin === undefined) return;
    this.#vault.set(origin, key, { remember: keyForTab });
    this.#listed = "";
    this.#store.change({ endpoint: { hasKey: this.#vault.has(origin), keyWarning: "" } });
  }

  #keepForTab(keep: boolean): void {
    const origin = this.#origin;
    const key = this.#vault.get(origin);
    const kept = key === "" || this.#vault.set(origin, key, { remember: keep });
    this.#store.change({
      endpoint: { keyForTab: keep && kept },
      editor: { notice: kept ? "" : "This browser does not let the page keep the key." },
    });
  }

  /** Forgets the key of the endpoint that is chosen. */
  #clearKey(): void {
    this.#vault.forget(this.#origin);
    this.#emptyKeyBox();
    this.#listed = "";
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false },
      editor: { notice: "The key is forgotten." },
    });
  }

  #clearKeys(): void {
    this.#vault.clear();
    this.#listed = "";
    this.#emptyKeyBox();
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false, keyWarning: "", headers: [] },
      editor: { notice: "All keys are forgotten." },
    });
  }

  #setHeader(at: number, change: Partial<Header>): void {
    this.#changeHeaders((headers) => {
      const changed = [...headers];
      changed[at] = { name: "", value: "", ...headers[at], ...change };
      return changed;
    });
  }

  #changeHeaders(change: (headers: readonly Header[]) => readonly Header[]): void {
    const origin = this.#origin;
    if (origin === "") return;
    this.#vault.setHeaders(origin, change(this.#vault.headers(origin)));
    this.#listed = "";
    void this.#showHeaders(origin);
  }

  async #showHeaders(origin: string): Promise<void> {
    if (this.#vault.headers(origin).length === 0) {
      this.#store.change({ endpoint: { headers: [] } });
      return;
    }
    const { headerFaults } = await import("../net/own-headers.ts");
    if (origin !== this.#origin) return;
    const headers = this.#vault.headers(origin);
    const faults = headerFaults(headers);
    this.#store.change({
      endpoint: {
        headers: headers.map(({ name, value }, i) => ({ name, hasValue: value !== "", fault: faults[i] ?? "" })),
      },
    });
  }

  /** Asks the endpoint which models it has and what it is. `all` asks a server that does not say so at once some more. */
  async #look(all: boolean): Promise<void> {
    // What is in the way of own headers is told by code that comes later.
    if (this.#vault.headers(this.#origin).length > 0) await this.#showHeaders(this.#origin);
    const { endpoint } = this.#store.state;
    const { chosen, address } = endpoint;
    const url = reached(address)?.models;
    if (url === undefined || lacksKey(endpoint) || headerFault(endpoint.headers) !== "") return;
    const key = this.keyFor(chosen, url);
    const headers = this.headersFor(chosen, url);
    this.#listed = chosen.base;
    this.#listing?.abort();
    this.#listing = new AbortController();
    const { signal } = this.#listing;
    const fetch = this.fetchFor(chosen);
    const judge = (args: DetectArgs) => this.#core.detect(args);
    const found = await detectServer({ base: chosen.base, all, key, headers, fetch, judge, signal });
    if (!found || signal.aborted || this.#chosen.base !== chosen.base) return;
    this.#store.change({ endpoint: { foundTold: false } });
    this.#showModels(found);
  }

  /** The models that the page names come first. */
  #showModels(found: Detected | undefined): void {
    const models = [...new Set([...this.#given.models, ...(found?.models ?? [])])];
    this.#store.change({ endpoint: { models, found } });
  }

  #move(to: EndpointChoice): void {
    const endpoint = { ...to, ...(this.#rules.get(`${to.profile} ${to.base}`) ?? newestRules) };
    const { chosen: before, address } = this.#store.state.endpoint;
    const same = before.base === endpoint.base && address !== undefined;
    if (endpoint.editable) this.#typed = endpoint;
    else this.#moved.set(endpoint.id, endpoint.base);
    if (!same) {
      this.#listed = "";
      this.#listing?.abort();
      // What stands in the key box belongs to the server that is left, unless there was none.
      const nowhere = before.base === "" || faultOf(address) !== "";
      if (before.id !== endpoint.id || !nowhere) this.#emptyKeyBox();
    }
    this.#store.change({
      endpoint: {
        chosen: endpoint,
        ...(same
          ? {}
          : {
              address: undefined,
              models: this.#given.models,
              found: undefined,
              hasKey: false,
              keyForTab: false,
              headers: [],
            }),
      },
      runs: { refusal: undefined },
    });
    if (same) this.#arrive();
    else this.#locate(endpoint.base);
    if (rulesOf(before) !== rulesOf(endpoint)) {
      this.#store.change({ editor: { checked: false } });
      this.#core.setProfile(rulesOf(endpoint));
    }
    if (before.profile !== endpoint.profile && this.#store.state.endpoint.versions) void this.#listVersions();
  }

  /** Has the core say what a base stands for. An answer on a base that was left meanwhile does not count. */
  #locate(base: string): void {
    if (this.#asking === base) return;
    this.#asking = base;
    this.#located = this.#askWhere(base);
  }

  async #askWhere(base: string): Promise<void> {
    try {
      const address = await this.#core.base(base);
      if (this.#chosen.base !== base) return;
      this.#store.change({ endpoint: { address } });
      this.#arrive();
    } catch {
      // Without the core nothing can be sent; what it stands for is asked again when it is back.
    } finally {
      if (this.#asking === base) this.#asking = undefined;
    }
  }

  #emptyKeyBox(): void {
    this.#waitingKey = "";
    this.#store.change({ endpoint: { keyBox: this.#store.state.endpoint.keyBox + 1 } });
  }

  /** What the keys have to do with the address that is now known. */
  #arrive(): void {
    const { chosen, address, keyWarning, keyForTab } = this.#store.state.endpoint;
    const { origin, host } = reached(address) ?? { origin: "", host: "another server" };
    const left = this.#left;
    const builtIn = chosen.builtIn === true;
    this.#left = { origin, host, builtIn };
    const moved = left.origin !== origin;
    if (origin !== "" && this.#waitingKey !== "") {
      this.#vault.set(origin, this.#waitingKey, { remember: keyForTab || this.#vault.remembered(origin) });
      this.#waitingKey = "";
    }
    const hasKey = !builtIn && this.#vault.has(origin);
    const stays = moved && !left.builtIn && !builtIn && !hasKey && this.#vault.has(left.origin);
    this.#store.change({
      endpoint: {
        hasKey,
        keyForTab: this.#vault.remembered(origin),
        keyWarning: stays ? `The key belongs to ${left.host} and is not sent to ${host}.` : moved ? "" : keyWarning,
      },
    });
    if (builtIn) return;
    void this.#showHeaders(origin);
    void this.models();
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
