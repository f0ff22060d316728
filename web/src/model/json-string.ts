/** Places inside strict JSON strings, in UTF-16 units: a text of a megabyte is edited in place, not written anew. */

const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the string with this number stands in strict JSON: the string itself, or a list of nothing but strings. Quotes included. */
export function stringAt(json: string, index: number): Range | undefined {
  let from = json.indexOf('"');
  for (let i = 0; from >= 0; i++) {
    const to = stringEnd(json, from);
    if (to === undefined) return undefined;
    if (i === index) return { from, to };
    from = json.indexOf('"', to);
  }
  return undefined;
}

function stringEnd(json: string, from: number): number | undefined {
  for (let i = from + 1; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i + 1;
  }
  return undefined;
}

/** Where the units `offsets` of a string's value, in rising order, are written in its literal. The literal has its quotes. */
export function writtenAt(literal: string, offsets: readonly number[]): readonly number[] {
  const found: number[] = [];
  let at = 1;
  let value = 0;
  for (const offset of offsets) {
    while (value < offset && at < literal.length - 1) {
      if (literal.charCodeAt(at) === backslash) at += literal.charCodeAt(at + 1) === letterU ? 6 : 2;
      else at++;
      value++;
    }
    found.push(at);
  }
  return found;
}

/** A text as it is written inside a JSON string, without the quotes. */
export function written(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
