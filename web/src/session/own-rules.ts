import type { Core } from "../core/protocol.ts";
import type { OwnRules } from "../state/choices.ts";

const mostKept = 10;
const mostUnits = 200_000;

/** By profile and base, with a space between them; the oldest first. */
export type RulesByEndpoint = ReadonlyMap<string, OwnRules>;

/** What was kept of the rules of endpoints, without profiles that the core does not take: they may be of an older page. */
export async function loadRules(text: string, core: Core): Promise<RulesByEndpoint> {
  const known = new Map<string, OwnRules>();
  for (const [key, version, probed] of entries(text).slice(-mostKept)) {
    if (typeof key !== "string" || typeof version !== "string" || typeof probed !== "string") continue;
    if (probed.length > mostUnits || (probed !== "" && !(await takes(core, probed)))) continue;
    known.set(key, { version, probed });
  }
  return known;
}

function entries(text: string): unknown[][] {
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter((entry) => Array.isArray(entry)) : [];
  } catch {
    return [];
  }
}

function takes(core: Core, profile: string): Promise<boolean> {
  const nothing = { model: "", options: { seed: 0 }, answers: [], stopped: false, whole: false };
  return core.probe({ ...nothing, profile }).then(
    () => true,
    () => false,
  );
}

/** The newest rules as a text to keep. A base that could hold a key is left out. */
export function writtenRules(known: RulesByEndpoint, isPlain: (base: string) => boolean): string {
  const lasting = [...known].filter(([key]) => isPlain(key.slice(key.indexOf(" ") + 1)));
  return JSON.stringify(lasting.slice(-mostKept).map(([key, { version, probed }]) => [key, version, probed]));
}
