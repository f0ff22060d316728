// The files that were published with the element. It knows their hashes, and runs none that is another one.

import files from "build:files";
import { fetchPublished, fileName, NotPublished } from "./core/fetch-published.ts";
import type { Published } from "./model/parts.ts";

const parts = new Map<string, Promise<unknown>>();
/** How often each part was tried. */
const tries = new Map<string, number>();

/** Undefined where nothing was published: in a bundle of one's own, or while developing. */
export const published: Published | undefined = Object.keys(files).length === 0 ? undefined : { load, integrityOf };

function integrityOf(file: string): string | undefined {
  const name = fileName(file);
  for (const group of Object.values(files)) if (group[name] !== undefined) return `sha256-${group[name]}`;
  return undefined;
}

function load(source: string): Promise<unknown> {
  const known = parts.get(source);
  if (known) return known;
  const loading = open(source);
  parts.set(source, loading);
  loading.catch(() => parts.delete(source));
  return loading;
}

/**
 * Puts the module and all that it imports into the document's map of modules, where only what matches its hash comes in;
 * what import() gives then is that. The map remembers a failure, so that another try of the module takes another address.
 */
async function open(source: string): Promise<unknown> {
  const names = Object.keys(files[source] ?? {});
  const count = tries.get(source) ?? 0;
  tries.set(source, count + 1);
  // The first is the module itself. All links are there before any of them has arrived and could ask for others.
  const urls = names.map(
    (name, at) => new URL(at > 0 || count === 0 ? name : `${name}?${count}`, import.meta.url).href,
  );
  const lost = (
    await Promise.all(urls.map(async (url, at) => ((await verified(url, names[at] as string)) ? [] : [url])))
  ).flat();
  const [first = ""] = urls;
  for (const url of lost) {
    // Says what is wrong, or finds that it was a moment's trouble.
    await fetchPublished(url, integrityOf(fileName(url).replace(/\?.*/, "")));
    if (url !== first || lost.length > 1 || count > 0) throw new NotPublished(`${fileName(url)} did not arrive.`);
    return open(source);
  }
  return import(first);
}

function verified(url: string, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.integrity = integrityOf(name) ?? "";
    // A policy that allows scripts by a nonce allows what they load.
    link.nonce = [...document.scripts].find(({ src }) => src === import.meta.url)?.nonce ?? "";
    const end = (there: boolean) => () => {
      link.remove();
      resolve(there);
    };
    link.onload = end(true);
    link.onerror = end(false);
    link.href = url;
    document.head.append(link);
  });
}
