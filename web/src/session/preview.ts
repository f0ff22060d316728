import type { Core } from "../core/protocol.ts";
import type { EndpointChoice } from "../state/choices.ts";
import type { WirePreview } from "../state/text.ts";

/** The request that the core would build now, errors or not, and the same as a curl command. */
export async function previewRequest(core: Core, chosen: EndpointChoice, hasKey: boolean): Promise<WirePreview> {
  const endpoint = { base: chosen.base || "http://localhost:8000", hasKey, force: true };
  // The local server answers for the built-in model too, and curl can reach only that one.
  const local = chosen.builtIn && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
  const reachable = local ? { ...endpoint, base: location.origin } : endpoint;
  try {
    const [request, curl] = await Promise.all([core.build(endpoint), core.curl(reachable)]);
    return { ...request, curl, problem: "" };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { method: "", url: "", headers: [], body: "", curl: "", problem };
  }
}
