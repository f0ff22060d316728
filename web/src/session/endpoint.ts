import type { Core } from "../core/protocol.ts";
import { faultOf, reached } from "../model/address.ts";
import type { DetectArgs, Detected } from "../model/detected.ts";
import { stringValue } from "../model/json-value.ts";
import type { Fetch, Header } from "../model/request.ts";
import { systemClock } from "../net/clock.ts";
import { detectServer } from "../net/detect.ts";
import { isPlainBase, rememberedEndpoints } from "../net/endpoints.ts";
import { startRun } from "../net/run.ts";
import type { EndpointActions } from "../state/actions.ts";
import { type EndpointChoice, endpointChoices, type OwnRules, rulesOf } from "../state/choices.ts";
import type { ProbeAct } from "../state/probe.ts";
import { headerFault, lacksKey } from "../state/ready.ts";
import type { Store } from "../state/store.ts";
import type { Adopted } from "./adopted.ts";
import type { ProbeSession } from "./probe.ts";
import { saveAs } from "./save.ts";
import { Secrets } from "./secrets.ts";

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

/** Which server, by which rules, with which models; its keys and own headers are `Secrets`. */
export class EndpointSession {
  readonly actions: EndpointActions;
  readonly #ownActions: Omit<EndpointActions, keyof Secrets["actions"]> = {
    chooseEndpoint: (id) => this.#choose(id),
    setBase: (base) => this.#move({ ...this.#chosen, base: base.trim() || this.#ownBase(this.#chosen) }),
    setProfile: (profile, version) => {
      this.#move({ ...this.#chosen, profile });
      if (version !== undefined) void this.#setRules(this.#chosen, { version, probed: "" });
    },
    listVersions: () => void this.#listVersions(),
    dropFindings: () => this.useFindings(this.#chosen, ""),
    loadModels: () => void this.models(),
    askServer: () => void this.#look(true),
    probe: (act) => void this.#probeDoes(act),
    dismissFound: () => this.#store.change({ endpoint: { foundTold: true } }),
  };
  readonly #store: Store;
  readonly #core: Core;
  readonly #secrets: Secrets;
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
  /** The address that a person typed, for when they come back to it from another choice. */
  #typed: EndpointChoice | undefined;
  /** Addresses that a person gave to servers of the list, by id. */
  readonly #moved = new Map<string, string>();
  /** The base that the core is being asked about, and when it has answered. */
  #asking: string | undefined;
  #located: Promise<void> = Promise.resolve();

  constructor(store: Store, core: Core, options: EndpointSessionOptions) {
    this.#store = store;
    this.#core = core;
    this.#options = options;
    this.#given = options.given;
    const tab = storage(() => sessionStorage);
    this.#secrets = new Secrets(store, tab, () => {
      this.#listed = "";
    });
    this.actions = { ...this.#ownActions, ...this.#secrets.actions };
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
  keyFor(chosen: EndpointChoice, url: string): string {
    return this.#secrets.keyFor(chosen, url);
  }

  /** The headers of the person's own for a request to this address of an endpoint, the values in them. */
  headersFor(chosen: EndpointChoice, url: string): readonly Header[] {
    return this.#secrets.headersFor(chosen, url);
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
    const { givenRules } = await import("./seldom.ts");
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
  async adopt(adopted: Adopted): Promise<void> {
    const { base, profile } = adopted;
    const address = await this.#core.base(base).catch(() => undefined);
    const origin = reached(address)?.origin;
    if (origin === undefined) return;
    this.#secrets.adopt(origin, adopted);
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
    this.#secrets.abandon();
    this.#move(endpoint);
  }

  /** Every key that is known, values of headers among them, for those who have to keep them out of something. */
  get keys(): readonly string[] {
    return this.#secrets.all;
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
    const { loadRules } = await import("./seldom.ts");
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
      const { writtenRules } = await import("./seldom.ts");
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

  /** Asks the endpoint which models it has and what it is. `all` asks a server that does not say so at once some more. */
  async #look(all: boolean): Promise<void> {
    // What is in the way of own headers is told by code that comes later.
    await this.#secrets.check();
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
      if (before.id !== endpoint.id || !nowhere) this.#secrets.emptyBoxes();
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

  /** The address is known now. */
  #arrive(): void {
    this.#secrets.arrive();
    if (!this.#chosen.builtIn) void this.models();
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
