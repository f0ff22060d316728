import type { Core } from "../core/protocol.ts";
import type { Fetch } from "../model/request.ts";
import { readText } from "../net/body.ts";
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

/** The rules that a page names, as far as they could be had. */
export interface GivenRules {
  /** Undefined where the endpoint's own stay. */
  readonly profile: string | undefined;
  readonly version: string;
  readonly probed: string;
  /** Why they are not those that were named; "" where they are. */
  readonly trouble: string;
}

/** Reads the name of a profile, with @ and a version where an older one is meant, or the address of one as JSON. */
export async function givenRules(
  core: Core,
  named: string | undefined,
  address: string | undefined,
  fetch: Fetch,
): Promise<GivenRules> {
  const rules: GivenRules = { profile: undefined, version: "", probed: "", trouble: "" };
  if (address !== undefined) {
    const probed = await profileAt(address, fetch).catch(() => undefined);
    if (probed !== undefined && (await takes(core, probed))) return { ...rules, probed };
    const why = probed === undefined ? "could not be loaded" : "is no profile";
    return { ...(await givenRules(core, named, undefined, fetch)), trouble: `schema="${address}" ${why}.` };
  }
  if (named === undefined) return rules;
  if (!(await takes(core, named))) return { ...rules, trouble: `profile="${named}" is no profile that is known.` };
  const [profile = named, version = ""] = named.split("@");
  return { ...rules, profile, version };
}

async function profileAt(address: string, fetch: Fetch): Promise<string | undefined> {
  const url = new URL(address, document.baseURI);
  const response = await fetch(url.href, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) return undefined;
  const { text, cut } = await readText(response, mostUnits);
  return cut ? undefined : text;
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
