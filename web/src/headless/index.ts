import { open } from "./open.ts";
import type { CoreSource } from "./source.ts";

export * from "./headless.ts";

/**
 * Loads the core, once; all functions but `stream` and `apply` need it. Without a source it is core.wasm, beside this
 * script. Rejects with an Error whose message is for people. After a call that ended the core, it starts another.
 */
export function init(source?: CoreSource | PromiseLike<CoreSource>): Promise<void> {
  return open(() => source ?? new URL("./core.wasm", import.meta.url));
}
