import document from "../../../schema/completion-request.json";

/** The control a field asks for; its value in the schema's `x-control`. */
export type Control = "model" | "prompts" | "text" | "switch" | "integer" | "slider" | "tags" | "bias" | "object";

/** One field of the request as the form needs it. */
export interface Field {
  /** Wire name. */
  readonly name: string;
  /** RFC 6901 pointer in wire names. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly control: Control;
  readonly required: boolean;
  /** Bounds for what fits a JavaScript number exactly; undefined otherwise (the core knows the exact ones). */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly step: number;
  readonly maxItems: number | undefined;
  /** The server's default as JSON text; undefined where the server decides. */
  readonly fallback: string | undefined;
  /** Examples as JSON text. */
  readonly examples: readonly string[];
  /** The members of an object field. */
  readonly fields: readonly Field[];
}

export interface Group {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

interface Property {
  readonly title: string;
  readonly description: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: boolean | { readonly minimum?: number; readonly maximum?: number };
  readonly "x-group"?: string;
  readonly "x-order": number;
  readonly "x-step"?: number;
  readonly "x-control": Control;
}

interface SchemaDocument {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Property>>;
  readonly "x-groups": readonly { readonly name: string; readonly title: string; readonly description: string }[];
}

// The bundler turns the schema into an object whose literal type says nothing of optional members.
const schema = document as unknown as SchemaDocument;

function exact(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}

function readField(name: string, property: Property, base: string, required: boolean): Field {
  const path = `${base}/${name}`;
  // A table's bounds are those of its values.
  const values = typeof property.additionalProperties === "object" ? property.additionalProperties : property;
  return {
    name,
    path,
    title: property.title,
    description: property.description,
    control: property["x-control"],
    required,
    minimum: exact(values.minimum),
    maximum: exact(values.maximum),
    step: property["x-step"] ?? 1,
    maxItems: property.maxItems,
    fallback: property.default === undefined ? undefined : JSON.stringify(property.default),
    examples: (property.examples ?? []).map((example) => JSON.stringify(example)),
    fields: readFields(property.properties ?? {}, path, []),
  };
}

function readFields(
  properties: Readonly<Record<string, Property>>,
  base: string,
  required: readonly string[],
): Field[] {
  return Object.entries(properties)
    .sort(([, a], [, b]) => a["x-order"] - b["x-order"])
    .map(([name, property]) => readField(name, property, base, required.includes(name)));
}

/** The top-level fields in the schema's order. */
export const fields: readonly Field[] = readFields(schema.properties, "", schema.required);

/** The fields in the schema's groups, both in the schema's order. */
export const groups: readonly Group[] = schema["x-groups"].map((group) => ({
  ...group,
  fields: fields.filter((field) => schema.properties[field.name]?.["x-group"] === group.name),
}));

/** camelCase of a wire name, as the SDKs spell it. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const byName = new Map<string, Field>();
for (const field of fields) {
  for (const each of [field, ...field.fields]) {
    byName.set(each.name, each);
    byName.set(camelCase(each.name), each);
  }
}

/** A field, also a nested one, by its wire or camelCase name. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name);
}

/** "−2 to 2", "at least 1"; "" where the schema sets no bound worth telling. */
export function describeRange(field: Field): string {
  const { minimum, maximum } = field;
  const bounded = maximum !== undefined && maximum < 2 ** 31 - 1;
  if (minimum !== undefined && bounded) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return "";
}
