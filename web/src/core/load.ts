// Fetching and compiling the core, with one clear sentence for each way in which that fails.

/** Fetches and compiles a .wasm file. Rejects with an Error whose message is for people. */
export async function loadModule(url: string): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit" });
  } catch {
    throw new Error(
      globalThis.navigator?.onLine === false
        ? "You are offline, and the checker has not been downloaded yet."
        : "The checker could not be downloaded; the connection failed or the page's policy forbids it.",
    );
  }
  if (!response.ok) {
    throw new Error(`The checker could not be downloaded; the server answered ${response.status}.`);
  }
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
