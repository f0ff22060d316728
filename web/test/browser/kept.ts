// What a browser keeps for the page, seen from inside.

import type { Page } from "playwright-core";

/** Everything that the browser keeps for the page, as text: every table, storage, cache, cookie and the history. */
export async function kept(page: Page): Promise<{
  readonly text: string;
  readonly drafts: readonly { readonly id: string; readonly text: string }[];
  readonly runs: number;
}> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const tables: Record<string, { bytes?: unknown }[]> = {};
    const parts: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const table of database.objectStoreNames)
        tables[table] = await asked(database.transaction(table).objectStore(table).getAll());
      database.close();
    }
    const decoder = new TextDecoder();
    // Bytes are joined first: a key may lie across two pieces.
    const bytes = (tables.pieces ?? [])
      .map(({ bytes }) => (bytes instanceof Uint8Array ? decoder.decode(bytes) : ""))
      .join("");
    parts.push(tables.drafts, tables.runs, bytes, Object.entries(localStorage), Object.entries(sessionStorage));
    parts.push(history.state, document.cookie, location.href);
    for (const name of await caches.keys())
      parts.push(
        name,
        (await (await caches.open(name)).keys()).map(({ url }) => url),
      );
    return {
      text: JSON.stringify(parts),
      drafts: (tables.drafts ?? []) as { id: string; text: string }[],
      runs: (tables.runs ?? []).length,
    };
  });
}
