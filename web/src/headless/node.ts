// As index.ts, where files are read rather than fetched: in Node, Deno and Bun.

import { readFile } from "node:fs/promises";
import { open } from "./open.ts";
import type { CoreSource } from "./source.ts";

export * from "./headless.ts";

export function init(source?: CoreSource | PromiseLike<CoreSource>): Promise<void> {
  return open(async () => {
    const given = await (source ?? new URL("./core.wasm", import.meta.url));
    return given instanceof URL && given.protocol === "file:" ? readFile(given) : given;
  });
}
