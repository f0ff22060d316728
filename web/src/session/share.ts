import { masker } from "../keep/mask.ts";
import { presets } from "../net/endpoints.ts";
import { type EndpointChoice, rulesOf } from "../state/choices.ts";

/** Longer links are cut by what they are pasted into. */
export const longestLink = 30_000;

/**
 * A link to a page that opens it with this text, and says by which rules it is to be checked. Where it goes is in the link
 * for servers of the list alone: whoever opens it is not to meet an address that somebody else chose. Throws where the
 * text is too long, or one of the `keys` or anything else that looks like a key stands in it.
 */
export function requestLink(page: string, text: string, chosen: EndpointChoice, keys: readonly string[]): string {
  if (masker(keys)(text) !== text)
    throw new Error("A key stands in the text, and a link would carry it. Take it out first.");
  const { id, base, profile, version = "" } = chosen;
  const preset = presets.find((each) => each.id === id && each.base !== "" && each.base === base);
  const rules = rulesOf({ profile, version });
  const url = new URL(page);
  url.hash = "";
  const given = new URLSearchParams({
    value: text,
    ...(preset && { endpoint: id }),
    ...(rules !== preset?.profile && { profile: rules }),
  });
  const link = `${url.href}#${given}`;
  if (link.length > longestLink)
    throw new Error(`The text is too long for a link, which can have ${longestLink.toLocaleString("en")} characters.`);
  return link;
}
