/** What a person typed into a box for a number. */
export type TypedNumber =
  /** `token`: the JSON number, digit for digit as it was typed. */
  { readonly kind: "number"; readonly token: string } | { readonly kind: "empty" } | Unreadable;

export interface Unreadable {
  readonly kind: "unreadable";
  /** More letters may make it a number: "-" on the way to "-1". */
  readonly begun: boolean;
  /** A sentence on why; it stays the same while one types on. */
  readonly why: string;
  /** JSON numbers that may have been meant. */
  readonly fixes: readonly string[];
}

const json = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const beginning = /^[-+−]?(?:\.|(?:\d+\.?\d*|\.\d+)[eE][-+]?)?$/;
const noJson = /^[-+−]?(?:(inf|infinity|∞)|nan)$/i;

/** Reads a typed number. What range and kind of number a field takes is the core's to say. */
export function readTypedNumber(typed: string): TypedNumber {
  const text = typed.trim();
  if (text === "") return { kind: "empty" };
  const token = numberToken(text);
  if (token !== undefined) return { kind: "number", token };
  if (beginning.test(text)) return { kind: "unreadable", begun: true, why: "This is no number yet.", fixes: [] };
  const named = noJson.exec(text);
  if (named) {
    const why = named[1] === undefined ? "JSON has no NaN." : "JSON has no Infinity.";
    return { kind: "unreadable", begun: false, why, fixes: [] };
  }
  const fixes = [...new Set(meant(text).flatMap((each) => numberToken(each) ?? []))];
  const why = fixes.length === 0 ? "This is no number." : "JSON does not write numbers this way.";
  return { kind: "unreadable", begun: false, why, fixes };
}

/** The JSON number of a text, or undefined. A plus sign, zeros in front and a bare point at either end are forgiven. */
function numberToken(text: string): string | undefined {
  const token = text
    .replace(/^−/, "-")
    .replace(/^\+(?=[\d.])/, "")
    .replace(/^(-?)0+(?=\d)/, "$1")
    .replace(/^(-?\d+)\.$/, "$1")
    .replace(/^(-?)\./, "$10.");
  return json.test(token) ? token : undefined;
}

/** Readings of a number as other places and languages write it. */
function meant(text: string): readonly string[] {
  const plain = text
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/^(["'])(.*)\1$/, "$2")
    .replace(/(?<=\d)[\s_'’](?=\d)/g, "");
  if (/^0(?:x[\da-f]+|o[0-7]+|b[01]+)$/i.test(plain)) return [String(BigInt(plain.toLowerCase()))];
  if (/^[-+]?\d{1,3}(?:\.\d{3})+,\d+$/.test(plain)) return [plain.replace(/\./g, "").replace(",", ".")];
  const readings = [plain];
  // Commas that stand every three digits may be left out; one alone may be the point.
  if (/^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(plain)) readings.push(plain.replace(/,/g, ""));
  if (/^[^,.]*,[^,.]*$/.test(plain)) readings.push(plain.replace(",", "."));
  return readings;
}
