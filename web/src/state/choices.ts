import { type Preset, presets, type RememberedEndpoint } from "../net/endpoints.ts";
import { addressSpace } from "../net/reach.ts";

/** A server the page can send to, as the chooser lists it. */
export interface EndpointChoice extends Preset {
  /** The base is the person's to type; "" while they have not. */
  readonly editable?: true;
}

/** The built-in model, with which everything works without a server. */
export function demoEndpoint(): EndpointChoice {
  const demo = presets.find((preset) => preset.builtIn);
  if (!demo) throw new Error("the list of endpoints lacks the built-in model");
  return demo;
}

/** All choices: the local gateway where there is one, the presets, and the servers the person entered earlier. */
export function endpointChoices(
  gateway: string,
  origin: string,
  remembered: readonly RememberedEndpoint[],
): readonly EndpointChoice[] {
  const choices: EndpointChoice[] = presets.map((preset) =>
    preset.base === "" ? { ...preset, editable: true } : preset,
  );
  const own = remembered.map(
    ({ base, profile }): EndpointChoice => ({
      id: `own ${base}`,
      title: hostOf(base),
      base,
      profile,
      keyNeeded: "optional",
      browserHelp: "The server has to allow this page's origin and the headers Authorization and Content-Type (CORS).",
      startCommand: "",
    }),
  );
  const local: EndpointChoice[] =
    gateway === ""
      ? []
      : [
          {
            id: "gateway",
            title: `Local gateway → ${gateway}`,
            base: origin,
            profile: "atoma",
            keyNeeded: "no",
            browserHelp:
              "The local server forwards requests and adds the key itself, so that no key enters the browser.",
            startCommand: "",
          },
        ];
  return [...local, ...choices, ...own];
}

/** A set of rules that a text can be checked by: a file name of schema/profiles, and its name for people. */
export interface ProfileChoice {
  readonly profile: string;
  readonly title: string;
}

/** The profiles of all presets, what every server takes first. */
export function profileChoices(): readonly ProfileChoice[] {
  const titles = new Map([["portable", "Every server"]]);
  for (const { profile, title, builtIn } of presets) {
    if (!builtIn && !titles.has(profile)) titles.set(profile, title);
  }
  return [...titles].map(([profile, title]) => ({ profile, title }));
}

/** The command that starts such a server so that this page may call it; "" where none is needed. */
export function startCommand(endpoint: EndpointChoice): string {
  return endpoint.startCommand.replaceAll("<origin>", location.origin);
}

/** Host and port of a URL for people; the URL itself where it is none. */
export function hostOf(base: string): string {
  try {
    return new URL(base).host;
  } catch {
    return base;
  }
}

/**
 * What a person most likely meant by a base URL without its scheme: http where no certificate can be expected, on this
 * machine and in its network, https elsewhere. Anything else stays as it was typed.
 */
export function completeBase(typed: string): string {
  const base = typed.trim();
  if (!/^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?(?:\/\S*)?$/i.test(base)) return base;
  if (!/[.:[]|^localhost\b/i.test(base)) return base;
  const url = `http://${base}`;
  // A name without a dot is one of the network one is in.
  const local = addressSpace(url) !== "public" || !hostOf(url).includes(".");
  return `${local ? "http" : "https"}://${base}`;
}

/** Why requests cannot go to this base; "" when they can. */
export function baseFault(base: string): string {
  if (base.trim() === "") return "Enter the server's base URL, such as http://localhost:8000.";
  try {
    const url = new URL(base);
    if (url.protocol !== "http:" && url.protocol !== "https:")
      return "The base URL has to begin with http:// or https://.";
    if (url.username !== "" || url.password !== "")
      return "Leave user name and password out of the base URL; the key has its own field.";
    return "";
  } catch {
    return "This is no complete URL: it has to begin with http:// or https://.";
  }
}
