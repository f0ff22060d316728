// Failures in words. What a status, a server's code or the end of a stream means, and what to do about it, is data in
// schema/failures.json, which the Go client reads as well; here it is only put together.

import failures from "../../../schema/failures.json";
import type { Problem } from "../model/problem.ts";
import { fill, limits } from "./facts.ts";
import { retryAfter } from "./http-time.ts";
import { parse } from "./json.ts";
import { readError, type ServerError, short } from "./server-error.ts";

/** The entries for what is no refusal. */
export type FailureId = keyof typeof failures.answers;

type Flag = "text" | "upstream" | "streamed" | "html" | "browser" | "checklist" | "target";

interface More {
  readonly profiles?: readonly string[];
  readonly when?: Readonly<Record<string, boolean | undefined>>;
  readonly title?: string;
  readonly detail?: string;
  readonly advice?: readonly string[];
}

interface Entry {
  readonly title: string;
  readonly detail: string;
  readonly advice: readonly string[];
  readonly more?: readonly More[];
}

interface Rule {
  readonly id: string;
  /** One status, or the first and the last of a range. */
  readonly status: number | readonly number[];
  readonly profiles?: readonly string[];
  /** The server's own code or type. */
  readonly says?: string;
  /** What its message or its code holds. */
  readonly message?: string;
  readonly body?: string;
  readonly key?: boolean;
  readonly title: string;
  readonly detail: string;
  readonly advice: readonly string[];
}

const entries: Readonly<Record<FailureId, Entry>> = failures.answers;
const rules: readonly Rule[] = failures.refusals;
const { phrases } = failures;

export interface FailureFacts {
  /** A file name of schema/profiles, without ".json"; "" where none is known. */
  readonly profile?: string;
  readonly status?: number;
  /** Those that are not named do not hold. Everything here is read in a browser. */
  readonly flags?: Partial<Readonly<Record<Flag, boolean>>>;
  /** For the placeholders. */
  readonly values?: Readonly<Record<string, string>>;
  /** The server's own words, and all that it sent; both without the key. */
  readonly said?: string;
  readonly raw?: string;
}

/** Puts an entry into words, with all additions whose conditions hold. */
export function explain(
  id: FailureId,
  { profile = "", status, flags = {}, values = {}, said = "", raw }: FailureFacts,
): Problem {
  const entry = entries[id];
  const holds: Readonly<Record<string, boolean>> = { browser: true, ...flags };
  const additions = (entry.more ?? []).filter(
    ({ profiles, when = {} }) =>
      (profiles?.includes(profile) ?? true) &&
      Object.entries(when).every(([flag, wanted]) => (holds[flag] ?? false) === wanted),
  );
  const all = { status: String(status ?? ""), ...values };
  return {
    failure: id,
    title: additions.findLast(({ title }) => title !== undefined)?.title ?? entry.title,
    detail: [entry.detail, ...additions.map(({ detail = "" }) => detail)].map((part) => fill(part, all)).join(""),
    advice: [...additions.flatMap(({ advice = [] }) => advice), ...entry.advice],
    ...(said === "" ? {} : { said }),
    ...(raw === undefined ? {} : { raw: shown(raw) }),
    // A browser that hides a status gives 0.
    ...(status === undefined || status === 0 ? {} : { status }),
  };
}

/** An error inside an answer whose status was 2xx: in the stream, or instead of it. */
export function explainErrorInAnswer(error: ServerError, facts: FailureFacts): Problem {
  const coded = error.code !== undefined && /^[45]\d\d$/.test(error.code);
  return explain("error-in-answer", {
    ...facts,
    said: messageOf(error),
    flags: { ...facts.flags, upstream: error.upstream !== undefined },
    values: {
      ...facts.values,
      says: wordsOf(error),
      code: coded ? fill(phrases.code, { code: error.code ?? "" }) : "",
    },
  });
}

export function explainRedirect(status: number, location: string | null, url: string): Problem {
  let target = "";
  try {
    if (location !== null) target = fill(phrases.target, { url: short(new URL(location, url).href) });
  } catch {
    // A location that is no URL says nothing more than that there was one.
  }
  return explain("redirect", { status, flags: { target: target !== "" }, values: { target } });
}

/** How many choices the server did not end, as a continuation of a sentence. */
export function missingReasons(unfinished: number, expected: number): string {
  return expected === 1
    ? phrases["no-reason"]
    : fill(phrases["some-reasons"], { unfinished: String(unfinished), expected: String(expected) });
}

/** "" for none, else a continuation of a sentence. */
export function contentTypeNamed(contentType: string): string {
  return contentType === "" ? "" : fill(phrases.type, { type: short(contentType) });
}

/** What is known of an answer whose status is not 2xx. `body` is at most the part that was read, without the key. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly profile: string;
  readonly hasKey: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Turns an HTTP refusal into words. */
export function explainRefusal(refusal: Refusal): Problem {
  const { status, body } = refusal;
  const error = readError(parse(body)?.value);
  const rule = rules.find((each) => fits(each, refusal, error));
  const seconds = retryAfter(refusal.retryAfter, refusal.now);
  const said = error === undefined ? plainWords(body) : messageOf(error);
  return {
    failure: rule?.id ?? "",
    title: rule?.title ?? "",
    detail: `HTTP ${status}. ${rule?.detail ?? ""}${quote(error, body)}`,
    advice: rule?.advice ?? [],
    status,
    ...(said === "" ? {} : { said }),
    ...(body === "" ? {} : { raw: shown(body) }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

function fits(rule: Rule, { status, body, profile, hasKey }: Refusal, error: ServerError | undefined): boolean {
  const [from = 0, to = from] = typeof rule.status === "number" ? [rule.status] : rule.status;
  if (status < from || status > to) return false;
  if (rule.profiles !== undefined && !rule.profiles.includes(profile)) return false;
  if (!matches(rule.says, error?.code, error?.type) || !matches(rule.message, error?.message, error?.code))
    return false;
  if (rule.key !== undefined && rule.key !== hasKey) return false;
  if (rule.body === "empty") return body.trim() === "";
  return rule.body !== "html" || isHtml(body);
}

function matches(pattern: string | undefined, ...words: readonly (string | undefined)[]): boolean {
  if (pattern === undefined) return true;
  const found = new RegExp(pattern);
  return words.some((word) => word !== undefined && found.test(word));
}

/** The server's own words for a refusal, as a continuation of a sentence. */
function quote(error: ServerError | undefined, body: string): string {
  if (error !== undefined) return wordsOf(error);
  if (body.trim() === "") return phrases["no-body"];
  if (isHtml(body)) return phrases.html + pageTitled(body);
  const words = plainWords(body);
  return words === "" ? "" : fill(phrases.says, { words, about: "" });
}

/** A body that is nothing but words; "" for JSON and web pages. */
function plainWords(body: string): string {
  return isHtml(body) || parse(body) !== undefined ? "" : short(body.trim());
}

/** What an error says, or else how it is called. */
function messageOf({ message, type, code }: ServerError): string {
  return message !== "" ? message : [type, code].filter((word) => word !== undefined).join(", ");
}

function wordsOf(error: ServerError): string {
  const words = messageOf(error);
  const about = error.param === undefined ? "" : fill(phrases.field, { field: error.param });
  return (
    (words === "" ? "" : fill(phrases.says, { words, about })) +
    (error.upstream === undefined ? "" : fill(phrases.upstream, { words: error.upstream }))
  );
}

export function isHtml(text: string): boolean {
  return text.trimStart().startsWith("<");
}

/** The title of a web page, as a sentence; "" where it has none. */
export function pageTitled(page: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(page.slice(0, 16 << 10))?.[1]?.trim() ?? "";
  return title === "" ? "" : fill(phrases["page-title"], { title: short(unescaped(title)) });
}

const references: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Only what stands in titles of error pages; anything else stays as it is written. */
function unescaped(html: string): string {
  return html.replace(/&(?:#(\d{1,6})|([a-z]+));/g, (whole, number: string | undefined, name: string | undefined) =>
    number === undefined ? (references[name ?? ""] ?? whole) : String.fromCodePoint(Number(number)).toWellFormed(),
  );
}

function shown(raw: string): string {
  const most = limits.rawUnits;
  return raw.length > most ? `${raw.slice(0, most)}…` : raw;
}
