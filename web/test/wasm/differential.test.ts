// The core beside an independent validator: Ajv, on documents that are made at random, valid ones and mutated ones. Both
// have to give the same verdict on the part that is the schema's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Issue } from "../../src/model/verdict.ts";
import { canonicalInstance, type JsonObject, type ObjectSchema } from "./canonical.ts";
import { Random } from "./random.ts";
import { setting, startEngine } from "./support.ts";

const documents = 12_000;

/** Profiles with prompts as texts only, as a plain string or a list, and with token ids. */
const profiles = ["atoma", "openai", "tgi", "vllm"] as const;

for (const [number, profile] of profiles.entries()) {
  test(`Ajv gives the same verdict under ${profile}`, async (t) => {
    const engine = await startEngine();
    engine.profile(profile);
    const { schema, unjudged } = readProfile(profile);
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    const random = new Random(number + 1);
    const counts = { valid: 0, invalid: 0, skipped: 0 };
    for (let i = 0; i < documents / profiles.length; i++) {
      const text = randomDocument(random, schema);
      const instance = canonicalInstance(JSON.parse(text) as JsonObject, schema);
      if (instance === null || ajvErrs(text)) {
        counts.skipped++;
        continue;
      }
      for (const name of unjudged) delete instance[name];
      const theirs = validate(instance);
      engine.setText(text);
      const ours = engine.check().issues.filter((issue) => isOfSchema(issue) && !unjudged.includes(issue.field));
      assert.equal(ours.length === 0, theirs, explanation(text, instance, ours, validate.errors));
      counts[theirs ? "valid" : "invalid"]++;
    }
    t.diagnostic(`${counts.valid} valid, ${counts.invalid} invalid, ${counts.skipped} not comparable`);
    assert.ok(counts.valid > 500 && counts.invalid > 500, "both verdicts are well represented");
    assert.ok(counts.skipped < documents / profiles.length / 5, "most documents are compared");
  });
}

/**
 * Where Ajv is the one that errs: it reads numbers as doubles.
 * - The bounds of seed, ±2^63, round to doubles that are the bounds themselves or lie beyond them: 9223372036854775808
 *   is one too many, and Ajv takes it for 2^63 - 1.
 * - A number within half a unit of the last place of a bound rounds to the bound: 2.00000000000000000001 is above 2.
 * - A fraction below a double's precision rounds to a whole number: 1.99999999999999999999 is none.
 * - What underflows rounds to zero: 1e-400 is above an exclusive minimum of 0.
 */
function ajvErrs(text: string): boolean {
  return numbersOutsideStrings(text).some((token) => {
    const digits = token.replace(/e.*$/i, "").replace(/^-?0*\.?0*|[-.]/g, "");
    return digits.length > 15 || (Number(token) === 0 && /[1-9]/.test(token.replace(/e.*$/i, "")));
  });
}

function numbersOutsideStrings(text: string): string[] {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
}

/**
 * Issues that a schema can know: not those of the text, of rules between fields, or of top-level names, except a name
 * that is taken for a required one and reported instead of its absence. Severity does not matter: where a server is
 * known to clamp a number, one out of range is only a warning.
 */
function isOfSchema({ rule, message }: Issue): boolean {
  return rule.startsWith("#/") && (rule !== "#/additionalProperties" || message.endsWith(" is required"));
}

function explanation(text: string, instance: unknown, ours: unknown, theirs: unknown): string {
  const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 800) ?? "";
  return [`document: ${text}`, `instance: ${show(instance)}`, `core: ${show(ours)}`, `Ajv: ${show(theirs)}`].join("\n");
}

type RequestSchema = ObjectSchema & { readonly additionalProperties: unknown };

/** A profile's schema, and the fields whose values do not matter because the server ignores or refuses them as such. */
function readProfile(name: string): { schema: RequestSchema; unjudged: readonly string[] } {
  const read = (file: string): JsonObject =>
    JSON.parse(readFileSync(join(setting("PLAYGROUND_ROOT"), "schema", file), "utf8")) as JsonObject;
  const profile = read(`profiles/${name}.json`);
  const fields = Object.entries((profile.fields ?? {}) as Record<string, { use?: string; insteadOf?: string }>);
  const schema = merge(read("completion-request.json"), profile.schema ?? {}) as RequestSchema;
  // A field that stands for a required one.
  const stands = fields.flatMap(([field, { insteadOf }]) => (insteadOf === undefined ? [] : [[insteadOf, field]]));
  const required = (schema.required as string[]).filter((name) => !stands.some(([instead]) => instead === name));
  return {
    schema: {
      ...schema,
      required,
      ...(stands.length === 0
        ? {}
        : { allOf: stands.map((pair) => ({ anyOf: pair.map((name) => ({ required: [name] })) })) }),
    },
    unjudged: fields.filter(([, { use }]) => use === "ignored" || use === "refused").map(([field]) => field),
  };
}

/** A JSON merge patch, RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value);
  }
  return result;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values that are right for many fields and wrong for others, bounds and their neighbours among them. */
const values = [
  ..."0 1 -1 2 3 5 20 21 100 101 -100 -101 0.5 -0.5 1.5 2.0 2.5 1e0 1E+1 10e-1 -0 -0.0 0.1 1e-7 1e22 1e400".split(" "),
  ..."2147483647 2147483648 9007199254740991 9007199254740993 9223372036854775807 9223372036854775808".split(" "),
  ..."-9223372036854775808 -9223372036854775809 2.00000000000000000001 1.99999999999999999999 1e-400".split(" "),
  ..."null true false".split(" "),
  ...['""', '"x"', '"\\u0041"', '"\\ud83d\\ude00"', '"1"', '"true"', '"a\\nb"', '"json"'],
  ..."[] [[]] {} [null] [1] [1.5] [-1] [1,2,3] [[1],[2]] [[1,2],[]] [{}]".split(" "),
  ...['["a"]', '["a","b"]', '["a","b","c","d"]', '["a","b","c","d","e"]', '["a",1]', '[1,"a"]', '[["a"]]', '[""]'],
  ...[
    '{"1":1}',
    '{"1":101}',
    '{"a":1}',
    '{"":0}',
    '{"1":"1"}',
    '{"01":-100}',
    '{"12345678901234567890":1}',
    '{"1":null}',
  ],
  ...['{"include_usage":true}', '{"includeUsage":true}', '{"include_usage":1}', '{"other":true}', '{"__proto__":true}'],
  ...['{"type":"json_object"}', '{"type":"xml"}', '{"type":1}', '{"include_usage":true,"includeUsage":false}'],
];

/** Values that suit a field of this type. */
const suitable: Readonly<Record<string, readonly string[]>> = {
  string: ['"x"', '"two words"', '"\\u0041"'],
  integer: ["1", "5", "1.0", "1e0"],
  number: ["0.5", "1", "0", "1e-1"],
  boolean: ["true", "false"],
  array: ['["a"]', '["a","b"]', '"lone"'],
  object: ['{"include_usage":true}', '{"1":1}', "{}"],
};

function randomDocument(random: Random, schema: ObjectSchema): string {
  const members: string[] = [];
  const names = Object.keys(schema.properties);
  const add = (name: string, value: string): void => void members.push(`${JSON.stringify(name)}:${value}`);
  if (!random.oneIn(15)) add("model", random.oneIn(20) ? random.pick(values) : '"m"');
  if (!random.oneIn(15))
    add("prompt", random.oneIn(4) ? random.pick(values) : random.pick(['["x"]', '"x"', '["x","y"]']));
  for (let count = random.below(5); count > 0; count--) {
    const name = random.pick(names);
    const field = schema.properties[name] as { type?: string };
    const value = random.oneIn(2) ? random.pick(suitable[field.type ?? ""] ?? values) : random.pick(values);
    add(spelt(random, name), value);
  }
  for (let i = members.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [members[i], members[j]] = [members[j] as string, members[i] as string];
  }
  return `{${members.join(random.oneIn(3) ? " ,\n " : ",")}}`;
}

/** A name as on the wire, as in the SDK, or as nobody has it. */
function spelt(random: Random, name: string): string {
  if (random.oneIn(4)) return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (random.oneIn(20)) return random.pick(["colour", "__proto__", "constructor", "Model", "top-p"]);
  return name;
}
