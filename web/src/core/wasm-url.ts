import coreFile from "wasm:core";
import plainFile from "wasm:plain";
import restFile from "wasm:rest";
import { here } from "../model/here.ts";
import { integrityOf } from "../model/parts.ts";

/** Where the core lies. */
export interface WasmUrls {
  readonly wasm: string;
  /** Its second half, where the first is not all of it. */
  readonly rest?: string;
  /** The same core, before its start: for where the first does not come to life. */
  readonly plain?: string;
  /** What each file has to be, where that is known, as in the attribute `integrity`. */
  readonly integrity?: { readonly [K in "wasm" | "rest" | "plain"]?: string | undefined };
}

/** The address that the page gives; beside the scripts when it gives none. */
export function wasmUrls(given: string | undefined): WasmUrls {
  if (given !== undefined) return { wasm: given };
  return {
    wasm: new URL(coreFile, here).href,
    rest: new URL(restFile, here).href,
    plain: new URL(plainFile, here).href,
    integrity: { wasm: integrityOf(coreFile), rest: integrityOf(restFile), plain: integrityOf(plainFile) },
  };
}
