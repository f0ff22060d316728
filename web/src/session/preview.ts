import type { Core } from "../core/protocol.ts";
import type { EndpointChoice } from "../state/choices.ts";
import type { WirePreview } from "../state/text.ts";

/** The request that the core would build now, errors or not, and the same as a curl command. */
export async function previewRequest(
  core: Core,
  chosen: EndpointChoice,
  hasKey: boolean,
  headers: readonly string[],
): Promise<WirePreview> {
  const endpoint = { base: chosen.base || "http://localhost:8000", hasKey, headers, force: true };
  // The local server answers for the built-in model too, and curl can reach only that one.
  const local = chosen.builtIn === true && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
  const reachable = local ? { ...endpoint, base: location.origin } : endpoint;
  try {
    const [request, curl] = await Promise.all([core.build(endpoint), core.curl(reachable)]);
    return { ...request, curl, note: noteOn(chosen, headers.length > 0, local), problem: "" };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { method: "", url: "", headers: [], body: "", curl: "", note: "", problem };
  }
}

function noteOn({ builtIn, keyNeeded }: EndpointChoice, own: boolean, local: boolean): string {
  if (!builtIn && own)
    return "The key and your own headers are added at the last moment; their values are shown nowhere.";
  if (!builtIn) return keyNeeded === "no" ? "" : "The key is added at the last moment and shown nowhere.";
  const here = "The demo model is asked inside this page, and nothing leaves it.";
  return local ? `${here} The command asks the same model at the page's own server.` : here;
}
