import { spellingsOf } from "../net/redact.ts";

// Where keys stand in commands, programs, headers and addresses. Each pattern has the key as its group "key". They only
// have to catch what the core has not told of yet: a text is usually written after its verdict.
const places: readonly RegExp[] = [
  // Authorization: Bearer …, "Authorization": "Bearer …", x-api-key: …
  /\b(?:(?:proxy-)?authorization|(?:x-)?(?:goog-)?api-?key|x-(?:auth|access)-token)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?(?!(?:bearer|basic|token)\s)(?<key>[^\s"'\\,;<>{}$]{6,})/dgi,
  /\b(?:bearer|basic)\s+(?=[A-Za-z_~+/=.-]*\d)(?<key>[A-Za-z0-9_~+/=.-]{12,})/dgi,
  // api_key="…", OPENAI_API_KEY=…, "token": "…"
  /(?:api_?key|access_?token|auth_?token|secret(?:_?key)?)["']?\s*[:=]\s*["']?(?<key>[^\s"'\\,;<>{}$()]{12,})/dgi,
  // ?key=…, &token=…
  /[?&](?:[\w.-]*(?:key|token|secret|password|signature|sig|code))=(?<key>[^\s&"'#\\<>{}$]{4,})/dgi,
  // https://user:password@host
  /\/\/[^\s/"'@:]*:(?<key>[^\s/"'@]+)@/dgi,
  // curl -u user:password
  /(?:\s-u|\s--user(?:=|\s))\s*["']?[^\s"':]*:(?<key>[^\s"']{4,})/dgi,
  // Keys that are known by how they begin.
  /\b(?<key>(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}|(?:gsk|hf|r8|xai|fw|nvapi|pplx|tgp|ghp|glpat)[-_][A-Za-z0-9_-]{12,}|AIza[A-Za-z0-9_-]{30,})/dg,
];

/** Puts asterisks for every key in a text, as many as it has characters. */
export type Mask = (text: string) => string;

/** Masks the `known` keys, and what stands where keys do. */
export function masker(known: readonly string[]): Mask {
  const spellings = spellingsOf(known);
  return (text) => {
    let clean = text;
    for (const spelling of spellings) clean = clean.replaceAll(spelling, (found) => "*".repeat(found.length));
    for (const place of places) clean = maskedBy(clean, place);
    return clean;
  };
}

function maskedBy(text: string, place: RegExp): string {
  let clean = "";
  let from = 0;
  for (const found of text.matchAll(place)) {
    const [start, end] = found.indices?.groups?.key ?? [0, 0];
    if (start < from) continue;
    clean += text.slice(from, start) + "*".repeat(end - start);
    from = end;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/** The same of every string in a value of plain JSON. */
export function maskedIn<T>(value: T, mask: Mask): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return mask(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value) as T;
}
