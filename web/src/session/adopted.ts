import type { Imported } from "../model/imported.ts";
import type { Header } from "../model/request.ts";
import type { KeyVault } from "../net/keys.ts";

/** What an imported text says of its server. */
export type Adopted = Pick<Imported, "base" | "profile" | "key" | "keyHeader">;

/** What a server had before a key was taken over from a text. */
export interface BeforeAdopting {
  readonly origin: string;
  readonly key: string;
  readonly remembered: boolean;
  readonly headers: readonly Header[];
}

/** Gives a server the key of an imported text: as an own header where it stood in one. It is kept in memory alone. */
export function adoptKey(vault: KeyVault, origin: string, key: string, keyHeader: string): BeforeAdopting {
  const headers = vault.headers(origin);
  const before = { origin, key: vault.get(origin), remembered: vault.remembered(origin), headers };
  const others = headers.filter(({ name }) => name.toLowerCase() !== keyHeader.toLowerCase());
  if (keyHeader === "") vault.set(origin, key, { remember: false });
  else vault.setHeaders(origin, [...others, { name: keyHeader, value: key }]);
  return before;
}

/** Gives it back what it had. */
export function restoreKey(vault: KeyVault, { origin, key, remembered, headers }: BeforeAdopting): void {
  vault.set(origin, key, { remember: remembered });
  vault.setHeaders(origin, headers);
}
