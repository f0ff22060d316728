import type { Header } from "../model/request.ts";

/** The part of sessionStorage that is used. Any of it may throw. */
export interface KeyStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
  key(index: number): string | null;
  readonly length: number;
}

const prefix = "completion-playground.key ";

/** The origin a key belongs to (scheme, host, port), or undefined where the URL has none a request could go to. */
export function originOf(url: string): string | undefined {
  try {
    const { protocol, origin } = new URL(url);
    return protocol === "https:" || protocol === "http:" ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** A pasted key without what comes along with it: white space, quotes, the word "Bearer". */
export function tidyKey(pasted: string): string {
  return pasted
    .trim()
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}

/** Why a key cannot be sent in a header, or undefined. The text does not hold the key. */
export function keyFault(key: string): string | undefined {
  for (const character of key) {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0x20 || code === 0x7f) return "The key holds white space or a control character in its middle.";
    // A header could carry Latin-1, but no server hands out such keys: it is a typographic quote or dash from a copy.
    if (code > 0x7e)
      return `The key holds the character U+${code.toString(16).toUpperCase().padStart(4, "0")}, which cannot be part of a key.`;
  }
  return undefined;
}

/**
 * Keys, each bound to the exact origin it was entered for, so that changing the host never takes a key along.
 * They live in memory; the session storage is used only where `remember` is asked for. Neither printing nor
 * serialising a vault shows anything.
 */
export class KeyVault {
  readonly #keys = new Map<string, string>();
  readonly #headers = new Map<string, readonly Header[]>();
  readonly #storage: KeyStorage | undefined;

  /** `storage`: the window's sessionStorage, left out where there is none. */
  constructor(storage?: KeyStorage) {
    this.#storage = storage;
  }

  /** The key for requests to this URL; "" when none was entered for exactly its origin. */
  get(url: string): string {
    const origin = originOf(url);
    if (origin === undefined) return "";
    return this.#keys.get(origin) ?? this.#stored(origin) ?? "";
  }

  has(url: string): boolean {
    return this.get(url) !== "";
  }

  /**
   * Keeps a key for the URL's origin; "" forgets it. With `remember` it survives a reload of this tab.
   * Returns false when it should have been remembered and the storage refused: it then is in memory alone.
   */
  set(url: string, key: string, options: { readonly remember: boolean }): boolean {
    const origin = originOf(url);
    if (origin === undefined) return false;
    const tidy = tidyKey(key);
    if (tidy === "") {
      this.forget(url);
      return true;
    }
    this.#keys.set(origin, tidy);
    return options.remember ? this.#store(origin, tidy) : this.#erase(origin);
  }

  /** Whether the key for this URL also lies in the session storage. */
  remembered(url: string): boolean {
    const origin = originOf(url);
    return origin !== undefined && this.#stored(origin) !== undefined;
  }

  /** The headers of the person's own for requests to this URL, as they were typed. They live in memory alone. */
  headers(url: string): readonly Header[] {
    return this.#headers.get(originOf(url) ?? "") ?? [];
  }

  setHeaders(url: string, headers: readonly Header[]): void {
    const origin = originOf(url);
    if (origin !== undefined) this.#headers.set(origin, headers);
  }

  /** Origins that have a key, for a warning when the endpoint moves away from one. */
  origins(): readonly string[] {
    const origins = new Set(this.#keys.keys());
    for (const name of this.#names()) origins.add(name.slice(prefix.length));
    return [...origins].sort();
  }

  /** Every key and every header's value, for those who have to keep them out of something. */
  all(): readonly string[] {
    const values = [...this.#headers.values()].flatMap((headers) => headers.map(({ value }) => value));
    return [...this.origins().map((origin) => this.get(origin)), ...values];
  }

  forget(url: string): void {
    const origin = originOf(url);
    if (origin === undefined) return;
    this.#keys.delete(origin);
    this.#erase(origin);
  }

  /** Forgets every key and header, here and in the storage, those of earlier loads of this tab included. */
  clear(): void {
    this.#keys.clear();
    this.#headers.clear();
    for (const name of this.#names()) this.#erase(name.slice(prefix.length));
  }

  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return "[KeyVault]";
  }

  #stored(origin: string): string | undefined {
    try {
      const key = this.#storage?.getItem(prefix + origin) ?? "";
      return key !== "" && keyFault(key) === undefined ? key : undefined;
    } catch {
      return undefined;
    }
  }

  #store(origin: string, key: string): boolean {
    if (this.#storage === undefined) return false;
    try {
      this.#storage.setItem(prefix + origin, key);
      return true;
    } catch {
      return false;
    }
  }

  #erase(origin: string): boolean {
    try {
      this.#storage?.removeItem(prefix + origin);
      return true;
    } catch {
      return false;
    }
  }

  #names(): readonly string[] {
    const names: string[] = [];
    try {
      const storage = this.#storage;
      for (let i = 0; storage !== undefined && i < storage.length; i++) {
        const name = storage.key(i);
        if (name?.startsWith(prefix)) names.push(name);
      }
    } catch {
      // A storage that cannot be listed holds nothing that could be cleared.
    }
    return names;
  }
}
