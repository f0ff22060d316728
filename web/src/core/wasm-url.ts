import wasmFile from "wasm:core";

/** Where the core lies unless the page says otherwise: beside the scripts. */
export function defaultWasmUrl(): string {
  return new URL(wasmFile, import.meta.url).href;
}
