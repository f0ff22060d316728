import type { Attribute } from "./attributes.ts";
import { fields } from "./model/fields.ts";
import { here } from "./model/here.ts";
import type { ThemeChoice, ViewMode } from "./state/view.ts";

/** What the page that holds an element says about it, as its attributes say it. */
export interface Settings {
  /** The id of a preset, or a base URL; undefined for the built-in model, or the gateway where there is one. */
  readonly endpoint: string | undefined;
  /** A file name of schema/profiles, without ".json"; undefined for that of the endpoint. */
  readonly profile: string | undefined;
  /** Where a profile as JSON lies, resolved against the page. It counts instead of the one that is named. */
  readonly schema: string | undefined;
  /** Models to choose from beside those that the endpoint names. */
  readonly models: readonly string[];
  readonly gateway: string;
  /** The name under which the element keeps what is done in it; undefined to keep nothing. */
  readonly keep: string | undefined;
  /** Wire names of the fields that the form shows; undefined for all. */
  readonly shownFields: ReadonlySet<string> | undefined;
  /** Wire names of those that the form shows and does not change. */
  readonly lockedFields: ReadonlySet<string>;
  readonly mode: ViewMode;
  /** Undefined where the person has to choose. */
  readonly theme: ThemeChoice | undefined;
  /** The element sends requests. */
  readonly sends: boolean;
  /** The element shows requests as code. */
  readonly codes: boolean;
  /** The page that links to a request lead to; undefined where the element makes none. */
  readonly linkPage: string | undefined;
  /** The language that code is shown in at first, a name of schema/languages.json; undefined for the one chosen last. */
  readonly language: string | undefined;
  /** The built-in model is among the endpoints. */
  readonly demo: boolean;
  /** The element is the page: keys that are pressed while nothing has the focus are meant for it. */
  readonly page: boolean;
  /** Of the element's own heading; those inside count on from it. */
  readonly headingLevel: number;
}

const modes: readonly ViewMode[] = ["full", "compact", "form", "editor", "example"];

/** Reads an element's attributes. `trouble` gets a sentence for each that cannot be read, which then counts as absent. */
export function readSettings(
  element: Element,
  keep: string | undefined,
  trouble: (sentence: string) => void = () => {},
): Settings {
  const text = (name: Attribute) => element.getAttribute(name)?.trim() || undefined;
  const one = <Value extends string>(name: Attribute, values: readonly Value[]): Value | undefined => {
    const given = text(name);
    const found = values.find((value) => value === given);
    if (given !== undefined && found === undefined)
      trouble(`${name}="${given}" is none of ${values.map((value) => `"${value}"`).join(", ")}.`);
    return found;
  };
  const names = (name: Attribute): ReadonlySet<string> | undefined => {
    const given = text(name)?.split(/[\s,]+/);
    if (given === undefined) return undefined;
    const known = new Set(given.filter((each) => fields.some((field) => field.name === each)));
    for (const each of given) if (!known.has(each)) trouble(`${name}: there is no field "${each}".`);
    return known;
  };
  const shown = names("fields");
  const hidden = names("hide-fields");
  const level = Number(text("heading-level") ?? (element.hasAttribute("page") ? 1 : 2));
  if (!(level >= 1 && level <= 6)) trouble('heading-level is none of "1" to "6".');
  return {
    endpoint: text("endpoint"),
    profile: text("profile"),
    schema: text("schema"),
    models: text("models")?.split(/\s*,\s*|\s+/) ?? [],
    gateway: text("gateway") ?? "",
    keep,
    shownFields:
      shown === undefined && hidden === undefined
        ? undefined
        : new Set(fields.map(({ name }) => name).filter((name) => (shown?.has(name) ?? true) && !hidden?.has(name))),
    lockedFields: names("lock-fields") ?? new Set(),
    mode: one("layout", modes) ?? "full",
    theme: one("theme", ["auto", "light", "dark"]),
    sends: one("send", ["on", "off"]) !== "off",
    codes: one("code", ["on", "off"]) !== "off",
    linkPage: linkPage(text("share"), element.hasAttribute("page"), trouble),
    language: text("language"),
    demo: one("demo", ["on", "off"]) !== "off",
    page: element.hasAttribute("page"),
    headingLevel: level >= 1 && level <= 6 ? level : 2,
  };
}

/** Links lead to the page itself, and from an element elsewhere to the page beside these scripts, or to one that is named. */
function linkPage(given: string | undefined, page: boolean, trouble: (sentence: string) => void): string | undefined {
  const chosen = given ?? (page ? "on" : "off");
  if (chosen === "off") return undefined;
  if (chosen === "on") return new URL(page ? location.href : "./", here).href;
  const url = URL.canParse(chosen, document.baseURI) ? new URL(chosen, document.baseURI) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  trouble(`share="${given}" is none of "on", "off" and the address of a page.`);
  return undefined;
}
