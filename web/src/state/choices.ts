import { type Preset, presets, type RememberedEndpoint } from "../net/endpoints.ts";

/** What is known of an endpoint's rules beyond the name of their profile. */
export interface OwnRules {
  /** The version of the server whose rules count; "" for the newest. */
  readonly version: string;
  /** A profile as JSON, with what was found out about the server, that counts instead of the one that is named; "" for none. */
  readonly probed: string;
}

/** A server the page can send to, as the chooser lists it. */
export interface EndpointChoice extends Preset, Partial<OwnRules> {
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
      // Kept in its canonical form, and listed before the core is there to be asked.
      title: new URL(base).host,
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
  for (const { profile, title } of presets) {
    if (!titles.has(profile)) titles.set(profile, title);
  }
  return [...titles].map(([profile, title]) => ({ profile, title }));
}

/** What the core checks by: a profile as JSON, or a name with @ and a version where one was chosen. */
export function rulesOf({
  profile,
  version = "",
  probed = "",
}: Pick<EndpointChoice, "profile" | "version" | "probed">): string {
  return probed || (version === "" ? profile : `${profile}@${version}`);
}

/** The command that starts such a server so that this page may call it; "" where none is needed. */
export function startCommand(endpoint: EndpointChoice): string {
  return endpoint.startCommand.replaceAll("<origin>", location.origin);
}
