// Fetching and compiling the core, with one clear sentence for each way in which that fails.

import { fetchPublished } from "./fetch-published.ts";

/**
 * Fetches and compiles a .wasm file, only the given one where its `integrity` is. Rejects with an Error for people, whose
 * sentence begins with `what`.
 */
export async function loadModule(url: string, integrity?: string, what = "The checker"): Promise<WebAssembly.Module> {
  const quick = integrity === undefined ? undefined : await compileAndHash(url, integrity);
  if (quick) return quick;
  const response = await fetchPublished(url, integrity, what);
  try {
    return isWasm(response)
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (/content security policy|unsafe-eval|blocked by CSP/i.test(detail)) {
      throw new Error(`${what} may not run here: the page's Content-Security-Policy lacks 'wasm-unsafe-eval'.`);
    }
    throw new Error(`${what} could not be started: ${detail}.`);
  }
}

/** To compile while downloading takes the type application/wasm, which not every file server knows. */
function isWasm(response: Response): boolean {
  return /^application\/wasm\s*$/i.test(response.headers.get("content-type") ?? "");
}

/**
 * Compiles a file beside hashing it: a browser that is asked to hold one to its integrity hands nothing out before, and to
 * divide what comes into two streams takes longer than either. Undefined where the hash, or anything, is wrong, for the way
 * that says what.
 */
async function compileAndHash(url: string, integrity: string): Promise<WebAssembly.Module | undefined> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined; // only secure contexts have it
  if (!subtle) return undefined;
  try {
    const response = await fetch(url, { credentials: "omit" });
    if (!response.ok) return undefined;
    const bytes = await response.arrayBuffer();
    const [module, sum] = await Promise.all([WebAssembly.compile(bytes), subtle.digest("SHA-256", bytes)]);
    return integrity === `sha256-${btoa(String.fromCharCode(...new Uint8Array(sum)))}` ? module : undefined;
  } catch {
    return undefined;
  }
}
