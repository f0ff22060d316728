import coreFile from "wasm:core";
import plainFile from "wasm:plain";

/** Where the core lies. */
export interface WasmUrls {
  readonly wasm: string;
  /** The same core, before its start: for where the first does not come to life. */
  readonly plain?: string;
}

/** The address that the page gives; beside the scripts when it gives none. */
export function wasmUrls(given: string | undefined): WasmUrls {
  if (given !== undefined) return { wasm: given };
  return { wasm: new URL(coreFile, import.meta.url).href, plain: new URL(plainFile, import.meta.url).href };
}
