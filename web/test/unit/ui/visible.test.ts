import assert from "node:assert/strict";
import { test } from "node:test";
import { visibleLine, visiblePieces } from "../../../src/ui/visible.ts";

/** The text with its signs in angle brackets. */
function shown(text: string): string {
  return visiblePieces(text)
    .map((piece) => (typeof piece === "string" ? piece : `<${piece.sign}>`))
    .join("");
}

test("ordinary text of any script is one piece, as it is", () => {
  for (const text of ["plain", "two\nlines\tand a tab", "Ünïcode 漢字 עברית العربية 😀👩‍👩‍👧", "<b>&amp;</b>"])
    assert.deepEqual(visiblePieces(text), [text]);
  assert.deepEqual(visiblePieces(""), []);
});

test("what acts or cannot be seen becomes a sign that says what it was", () => {
  assert.equal(shown("a\u0000b\u001b[31mc\u007f"), "a<NUL>b<ESC>[31mc<DEL>");
  assert.equal(shown("\u202Egnp.exe\u202C\u2066x\u2069"), "<RLO>gnp.exe<PDF><LRI>x<PDI>");
  assert.equal(shown("zero\u200Bwidth\uFEFF\u2060"), "zero<ZWSP>width<BOM><WJ>");
  assert.equal(shown("a\r\nb\u2028c\u0085"), "a<CR>\nb<LSEP>c<U+0085>");
  assert.deepEqual(visiblePieces("\u200F"), [{ sign: "RLM", name: "U+200F" }]);
});

test("half of a surrogate pair is a sign, a whole one is a character", () => {
  assert.equal(shown("\ud83d\ude00"), "😀");
  assert.equal(shown("x\ud83dy"), "x<U+D83D>y");
  assert.equal(shown("\ude00\ud83d"), "<U+DE00><U+D83D>");
});

test("nothing is lost: the pieces are the text again", () => {
  const text = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join("");
  const restored = visiblePieces(text)
    .map((piece) =>
      typeof piece === "string" ? piece : String.fromCodePoint(Number.parseInt(piece.name.slice(2), 16)),
    )
    .join("");
  assert.equal(restored, text);
});

test("in one line, white space is seen", () => {
  assert.equal(visibleLine(" a\n\tb\u0000"), "·a⏎⇥bNUL");
});
