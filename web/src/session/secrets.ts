import { reached } from "../model/address.ts";
import type { Header } from "../model/request.ts";
import { KeyVault } from "../net/keys.ts";
import { namesHeader } from "../net/send.ts";
import type { EndpointActions } from "../state/actions.ts";
import type { EndpointChoice } from "../state/choices.ts";
import type { Store } from "../state/store.ts";
import { type Adopted, adoptKey, type BeforeAdopting, restoreKey } from "./adopted.ts";

type SecretActions = Pick<
  EndpointActions,
  "setKey" | "keepKey" | "clearKey" | "clearKeys" | "setHeader" | "removeHeader"
>;

/**
 * The keys and own headers of servers. Their values are in the vault alone; the state only knows whether there are some,
 * and for which server.
 */
export class Secrets {
  readonly actions: SecretActions = {
    setKey: (key) => this.#setKey(key),
    keepKey: (keep) => this.#keepForTab(keep),
    clearKey: () => this.#clearKey(),
    clearKeys: () => this.#clearKeys(),
    setHeader: (at, change) =>
      this.#changeHeaders((headers) => {
        const changed = [...headers];
        changed[at] = { name: "", value: "", ...headers[at], ...change };
        return changed;
      }),
    removeHeader: (at) => {
      this.#changeHeaders((headers) => headers.filter((_, i) => i !== at));
      this.emptyBoxes(); // the rows below move up, into boxes that others typed into
    },
  };
  readonly #store: Store;
  readonly #vault: KeyVault;
  /** Hears that a server may answer otherwise now. */
  readonly #changed: () => void;
  /** Where the keys' warning was last thought about. */
  #left = { origin: "", host: "", builtIn: true };
  /** A key that was typed while its server was not known. */
  #waitingKey = "";
  /** Where an import put a key, and what was there before. */
  #adopted: BeforeAdopting | undefined;

  constructor(store: Store, tab: Storage | undefined, changed: () => void) {
    this.#store = store;
    this.#vault = new KeyVault(tab);
    this.#changed = changed;
  }

  /** The key for a request to this address of an endpoint; "" for none, and always "" for the built-in model. */
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

  /** Every key that is known, values of headers among them. */
  get all(): readonly string[] {
    return this.#vault.all();
  }

  /** Takes over the key of an imported text; one that stood in a header of its own becomes an own header. */
  adopt(origin: string, { key, keyHeader }: Adopted): void {
    this.#adopted = undefined;
    this.emptyBoxes();
    if (key === "") return;
    this.#adopted = adoptKey(this.#vault, origin, key, keyHeader);
    this.#changed();
  }

  /** Forgets an adopted key, and brings back the one that was there before. */
  abandon(): void {
    if (this.#adopted) restoreKey(this.#vault, this.#adopted);
    this.#adopted = undefined;
    this.emptyBoxes();
  }

  /** What is typed into the boxes, and not taken yet, belongs to nobody any more. */
  emptyBoxes(): void {
    this.#waitingKey = "";
    this.#store.change({ endpoint: { keyBox: this.#store.state.endpoint.keyBox + 1 } });
  }

  /** Says what is in the way of the own headers of the server that is chosen; at once where it has none. */
  async check(): Promise<void> {
    if (this.#vault.headers(this.#origin).length > 0) await this.#showHeaders(this.#origin);
  }

  /** What the keys have to do with the address that is now known. */
  arrive(): void {
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
    if (!builtIn) void this.#showHeaders(origin);
  }

  /** What a key belongs to; "" where that is not known. */
  get #origin(): string {
    return reached(this.#store.state.endpoint.address)?.origin ?? "";
  }

  #setKey(key: string): void {
    const { address, keyForTab } = this.#store.state.endpoint;
    const origin = reached(address)?.origin;
    this.#waitingKey = origin === undefined ? key : "";
    if (origin === undefined) return;
    this.#vault.set(origin, key, { remember: keyForTab });
    this.#changed();
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
    this.emptyBoxes();
    this.#changed();
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false },
      editor: { notice: "The key is forgotten." },
    });
  }

  #clearKeys(): void {
    this.#vault.clear();
    this.#changed();
    this.emptyBoxes();
    this.#store.change({
      endpoint: { hasKey: false, keyForTab: false, keyWarning: "", headers: [] },
      editor: { notice: "All keys are forgotten." },
    });
  }

  #changeHeaders(change: (headers: readonly Header[]) => readonly Header[]): void {
    const origin = this.#origin;
    if (origin === "") return;
    this.#vault.setHeaders(origin, change(this.#vault.headers(origin)));
    this.#changed();
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
}
