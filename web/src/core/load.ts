// Fetching and compiling the core, with one clear sentence for each way in which that fails.

import { fetchPublished } from "./fetch-published.ts";

/** Fetches and compiles a .wasm file, only the given one where its `integrity` is. Rejects with an Error for people. */
export async function loadModule(url: string, integrity?: string): Promise<WebAssembly.Module> {
  const response = await fetchPublished(url, integrity, "The checker");
  try {
    // Compiles while downloading, but insists on the type application/wasm, which not every file server knows.
    const type = response.headers.get("content-type") ?? "";
    if (/^application\/wasm\s*$/i.test(type)) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (/content security policy|unsafe-eval|blocked by CSP/i.test(detail)) {
      throw new Error("The checker may not run here: the page's Content-Security-Policy lacks 'wasm-unsafe-eval'.");
    }
    throw new Error(`The checker could not be started: ${detail}.`);
  }
}
