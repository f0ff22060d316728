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
  const local = answeredHere(chosen);
  const reachable = { ...endpoint, base: reachableBase(chosen) };
  try {
    const [request, curl] = await Promise.all([core.build(endpoint), core.snippet({ ...reachable, language: "curl" })]);
    return { ...request, curl: curl.text, note: noteOn(chosen, headers.length > 0, local), problem: "" };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { method: "", url: "", headers: [], body: "", curl: "", note: "", problem };
  }
}

/** Whether the built-in model is chosen and the page's own server answers for it too. */
function answeredHere(chosen: EndpointChoice): boolean {
  return chosen.builtIn === true && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
}

/** The base that a program asks: it cannot reach the model inside the page. */
export function reachableBase(chosen: EndpointChoice): string {
  return answeredHere(chosen) ? location.origin : chosen.base || "http://localhost:8000";
}

function noteOn({ builtIn, keyNeeded }: EndpointChoice, own: boolean, local: boolean): string {
  if (!builtIn && own)
    return "The key and your own headers are added at the last moment; their values are shown nowhere.";
  if (!builtIn) return keyNeeded === "no" ? "" : "The key is added at the last moment and shown nowhere.";
  const here = "The demo model is asked inside this page, and nothing leaves it.";
  return local ? `${here} The command asks the same model at the page's own server.` : here;
}
