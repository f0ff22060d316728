import { camelCase, type Field, fieldNamed, fields } from "../model/fields.ts";
import type { Place } from "./place.ts";

/** Something to complete a word to. */
export interface Offer {
  /** What the list shows, without quotes. */
  readonly shown: string;
  /** What takes the place of the word and its quotes. */
  readonly insert: string;
  readonly detail: string;
  /** The field it names; undefined for values. */
  readonly field: Field | undefined;
  /** The part of `shown` that was typed; empty where nothing was. */
  readonly match: readonly [from: number, to: number];
}

/** What is known at a place besides the schema. */
export interface Surroundings {
  /** What was typed of the word, without its quote. */
  readonly typed: string;
  /** The person asked, rather than just typed. */
  readonly asked: boolean;
  /** What stands behind the word: the quote that closes it, and a colon. */
  readonly closed: boolean;
  readonly colon: boolean;
  /** Names are written without quotes, in camelCase. */
  readonly bare: boolean;
  /** Wire names of the fields that stand in the text already. */
  readonly present: ReadonlySet<string>;
  readonly models: readonly string[];
}

/** Whether the models of the endpoint are what may be typed here. */
export function wantsModels(place: Place): boolean {
  return place.kind === "value" && fieldNamed(place.key)?.control === "model";
}

/** What may be meant by the word, the likeliest first: by how it matches, then in the schema's order. */
export function offersAt(place: Place, around: Surroundings): readonly Offer[] {
  if (place.kind === "key") return nameOffers(place, around);
  const field = fieldNamed(place.key);
  return field ? valueOffers(field, place, around) : [];
}

function nameOffers(place: Place, around: Surroundings): readonly Offer[] {
  const { typed, closed, colon, bare, present } = around;
  const top = place.path.length === 0;
  const known = top ? fields : (fieldNamed(place.path.at(-1) ?? "")?.fields ?? []);
  const quote = place.quote || '"';
  const offers = known.map((field) => {
    const name = bare ? camelCase(field.name) : field.name;
    const written = bare && place.quote === "" ? name : `${quote}${name}${quote}`;
    const offer = { shown: name, insert: colon ? written : `${written}: `, detail: field.title, field };
    // A name may be typed in either spelling.
    return { offer, ways: [name, field.name, camelCase(field.name)], taken: top && present.has(field.name) };
  });
  return ranked(
    offers.filter(({ offer, taken }) => !taken && !(offer.shown === typed && (closed || colon))),
    typed,
  );
}

function valueOffers(field: Field, place: Place, around: Surroundings): readonly Offer[] {
  const { typed, asked, models } = around;
  const own = (json: string, detail: string) => {
    const shown = place.quote && json.startsWith('"') ? json.slice(1, -1) : json;
    return { offer: { shown, insert: json, detail, field: undefined }, ways: [shown] };
  };
  const list = () => {
    switch (field.control) {
      case "switch":
        return place.quote ? [] : ["true", "false"].map((word) => own(word, ""));
      case "model":
        return models.map((model) => {
          const offer = { shown: model, insert: JSON.stringify(model), detail: "", field: undefined };
          return { offer, ways: [model] };
        });
      default: {
        // An example is no guess at what somebody is typing.
        if (!asked) return [];
        const texts = new Set([...(field.fallback === undefined ? [] : [field.fallback]), ...field.examples]);
        return [...texts]
          .filter((json) => place.quote === "" || json.startsWith('"'))
          .map((json) => own(json, json === field.fallback ? "default" : "example"));
      }
    }
  };
  return ranked(
    list().filter(({ offer }) => offer.shown !== typed),
    typed,
  );
}

interface Candidate {
  readonly offer: Omit<Offer, "match">;
  /** The spellings by which it may be typed. */
  readonly ways: readonly string[];
}

// Fewer letters stand in the middle of too many words.
const middleFrom = 3;

/** Those that begin with what was typed, then those of which a part does, then those that hold it; no others. */
function ranked(candidates: readonly Candidate[], typed: string): readonly Offer[] {
  const word = typed.toLowerCase();
  const tiers: Offer[][] = [[], [], []];
  for (const { offer, ways } of candidates) {
    const ranks = ways.map((way) => rank(way.toLowerCase(), word)).filter((each) => each >= 0);
    if (ranks.length === 0) continue;
    tiers[Math.min(...ranks)]?.push({ ...offer, match: matchIn(offer.shown.toLowerCase(), word) });
  }
  return tiers.flat();
}

function rank(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 1;
  return word.length >= middleFrom && name.includes(word) ? 2 : -1;
}

/** Where the word stands in the name, at the beginning of a part if it can be. */
function matchIn(name: string, word: string): readonly [number, number] {
  let at = name.indexOf(word);
  const first = at;
  while (at > 0 && /[\p{L}\p{N}]/u.test(name.charAt(at - 1))) at = name.indexOf(word, at + 1);
  const from = at < 0 ? first : at;
  return from < 0 ? [0, 0] : [from, from + word.length];
}
