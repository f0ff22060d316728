// What the body of a request is, said a second time and independently of the core: an instance for a JSON Schema
// validator, made from a parsed document. It shares nothing with core/canonicalize.go, so that a mistake in one shows.

/** The part of a JSON Schema that is needed here. */
export interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

interface FieldSchema {
  readonly "x-group"?: string;
  readonly type?: string | readonly string[];
  readonly minItems?: number;
  readonly items?: { readonly type?: string };
  readonly anyOf?: readonly FieldSchema[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The instance, or null where one field stands twice under different names, which no schema can tell. */
export function canonicalInstance(document: JsonObject, schema: ObjectSchema): Record<string, unknown> | null {
  const instance: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    const field = wireName(name, schema.properties);
    if (field === null) continue; // unknown names are the profile's business
    if (Object.hasOwn(instance, field)) return null;
    const whole = fieldValue(value, schema.properties[field] as FieldSchema);
    if (whole === null) return null;
    Object.defineProperty(instance, field, { value: whole.value, enumerable: true, configurable: true });
  }
  for (const name of Object.keys(instance)) {
    if (!schema.required?.includes(name) && isLeftOut(instance[name], schema.properties[name] as FieldSchema)) {
      delete instance[name];
    }
  }
  return instance;
}

/** snake_case as it stands, camelCase as its snake_case; null for what is no field. */
function wireName(name: string, properties: Readonly<Record<string, unknown>>): string | null {
  if (Object.hasOwn(properties, name)) return name;
  if (name.includes("_")) return null; // a mixture is nobody's spelling
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(properties, snake) ? snake : null;
}

function fieldValue(value: unknown, field: FieldSchema): { value: unknown } | null {
  // A server takes a lone text for a list of its own only where its schema says so.
  const lone = typeof value === "string" && field.type === "array" && field["x-group"] !== "server";
  if (lone && takesTexts(field)) return { value: [value] };
  if (field.properties && isObject(value)) {
    const renamed: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      const wire = wireName(name, field.properties) ?? name;
      if (Object.hasOwn(renamed, wire)) return null;
      Object.defineProperty(renamed, wire, { value: member, enumerable: true });
    }
    return { value: renamed };
  }
  return { value };
}

function takesTexts({ items, anyOf }: FieldSchema): boolean {
  return items?.type === "string" || anyOf?.some(takesTexts) === true;
}

/** null, and an empty list where the schema does not ask for items, say the same as nothing. */
function isLeftOut(value: unknown, field: FieldSchema): boolean {
  return value === null || (Array.isArray(value) && value.length === 0 && field.type === "array" && !field.minItems);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
