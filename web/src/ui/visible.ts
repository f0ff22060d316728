/** A piece of text to show as it is, or one character to show as a sign because it would be invisible or do something. */
export type Piece = string | { readonly sign: string; readonly name: string };

// Control characters except tab and line feed, bidirectional controls, invisible spaces, and halves of surrogate pairs
// (with the u flag, Cs matches only those without a partner).
const unseen =
  /[^\P{Cc}\t\n]|[\u061C\u200B\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\p{Cs}]/gu;

const controls: readonly string[] =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

const names: Readonly<Record<string, string>> = {
  "\u061C": "ALM",
  "\u200B": "ZWSP",
  "\u200E": "LRM",
  "\u200F": "RLM",
  "\u2028": "LSEP",
  "\u2029": "PSEP",
  "\u202A": "LRE",
  "\u202B": "RLE",
  "\u202C": "PDF",
  "\u202D": "LRO",
  "\u202E": "RLO",
  "\u2060": "WJ",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\uFEFF": "BOM",
};

/** Cuts a text into pieces that can be shown without any of it acting on the page or vanishing. */
export function visiblePieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(unseen)) {
    if (found.index > at) pieces.push(text.slice(at, found.index));
    pieces.push(signOf(found[0]));
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

/** One line of text with every white space character visible: for chips and tokens. */
export function visibleLine(text: string): string {
  return visiblePieces(text)
    .map((piece) => (typeof piece === "string" ? piece : piece.sign))
    .join("")
    .replace(/\n/g, "⏎")
    .replace(/\t/g, "⇥")
    .replace(/ /g, "·");
}

function signOf(character: string): Piece {
  const code = character.charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  // Unicode has pictures of these, which many fonts lack; letters are in all of them.
  const control = code === 0x7f ? "DEL" : controls[code];
  return { sign: control ?? names[character] ?? name, name };
}
