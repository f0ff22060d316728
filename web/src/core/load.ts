// Fetching and compiling the core, with one clear sentence for each way in which that fails.

import { fetchPublished } from "./fetch-published.ts";

/** Fetches and compiles a .wasm file, only the given one where its `integrity` is. Rejects with an Error for people. */
export async function loadModule(url: string, integrity?: string): Promise<WebAssembly.Module> {
  const quick = integrity === undefined ? undefined : await compileWhileItComes(url, integrity);
  if (quick) return quick;
  const response = await fetchPublished(url, integrity, "The checker");
  try {
    return isWasm(response)
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (/content security policy|unsafe-eval|blocked by CSP/i.test(detail)) {
      throw new Error("The checker may not run here: the page's Content-Security-Policy lacks 'wasm-unsafe-eval'.");
    }
    throw new Error(`The checker could not be started: ${detail}.`);
  }
}

/** To compile while downloading takes the type application/wasm, which not every file server knows. */
function isWasm(response: Response): boolean {
  return /^application\/wasm\s*$/i.test(response.headers.get("content-type") ?? "");
}

/**
 * Compiles and hashes a file while it comes: asked to hold it to its integrity, a browser hands nothing out before the end.
 * Undefined where the hash, or anything, is wrong, for the way that says what.
 */
async function compileWhileItComes(url: string, integrity: string): Promise<WebAssembly.Module | undefined> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined; // only secure contexts have it
  if (!subtle) return undefined;
  try {
    const response = await fetch(url, { credentials: "omit" });
    if (!response.ok || !isWasm(response)) return undefined;
    const bytes = response.clone().arrayBuffer();
    const hash = bytes.then((all) => subtle.digest("SHA-256", all));
    const [module, sum] = await Promise.all([WebAssembly.compileStreaming(response), hash]);
    return integrity === `sha256-${btoa(String.fromCharCode(...new Uint8Array(sum)))}` ? module : undefined;
  } catch {
    return undefined;
  }
}
