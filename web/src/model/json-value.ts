/** Reading values out of a member's JSON text. Numbers stay text, so that an int64 keeps all its digits. */

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function parse(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export function stringValue(json: string | undefined): string | undefined {
  const value = parse(json);
  return typeof value === "string" ? value : undefined;
}

/** A list of strings; a lone string counts as a list of one, as the core takes it. */
export function stringsValue(json: string | undefined): readonly string[] | undefined {
  const value = parse(json);
  if (typeof value === "string") return [value];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

/** Whether the list is written as one: a lone string has no elements that a pointer could address. */
export function isList(json: string | undefined): boolean {
  return json?.trimStart().startsWith("[") ?? false;
}

export function booleanValue(json: string | undefined): boolean | undefined {
  return json === "true" ? true : json === "false" ? false : undefined;
}

/** The JSON number text of a member that is a number. */
export function numberValue(json: string | undefined): string | undefined {
  return json !== undefined && number.test(json) ? json : undefined;
}

/** The members of an object as [name, JSON text]. Only for values whose numbers are small, such as token biases. */
export function objectValue(json: string | undefined): readonly (readonly [string, string])[] | undefined {
  const value = parse(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([name, member]) => [name, JSON.stringify(member)] as const);
}

/** The whole number that a member has, fractions cut off; undefined where it is no number, or too large to tell. */
export function wholeValue(json: string | undefined): string | undefined {
  if (json !== undefined && /^-?\d+$/.test(json)) return json;
  const whole = Math.trunc(Number(numberValue(json) ?? Number.NaN));
  return Number.isSafeInteger(whole) ? String(whole) : undefined;
}

/** One step up or down from an integer's text, without passing through a floating-point number. */
export function stepInteger(
  text: string,
  step: number,
  bounds: { minimum: number | undefined; maximum: number | undefined },
): string {
  let value = BigInt(text) + BigInt(step);
  if (bounds.minimum !== undefined && value < BigInt(bounds.minimum)) value = BigInt(bounds.minimum);
  if (bounds.maximum !== undefined && value > BigInt(bounds.maximum)) value = BigInt(bounds.maximum);
  return value.toString();
}

/** A slider's number as short decimal text: 0.30000000000000004 is 0.3 to a step of 0.05. */
export function roundToStep(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  return String(Number(value.toFixed(decimals)));
}
