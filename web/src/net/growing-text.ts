/**
 * A text that grows by pieces, in which the two halves of a character (UTF-16 surrogates, escaped one by one in the
 * JSON of two chunks) find together. Half a character that stays alone becomes U+FFFD.
 */
export class GrowingText {
  #text = "";
  /** A first half at the end of a piece, which the next piece may complete. */
  #half = "";

  /** Without a half that is still waiting. */
  get text(): string {
    return this.#text;
  }

  /** Whether all that has come is whole, but for a half that is still waiting. */
  add(piece: string): boolean {
    let text = this.#half + piece;
    this.#half = "";
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last < 0xdc00) {
      this.#half = text.slice(-1);
      text = text.slice(0, -1);
    }
    if (text.isWellFormed()) {
      this.#text += text;
      return true;
    }
    this.#text += text.toWellFormed();
    return false;
  }

  /** Nothing more comes. False where a half was left waiting. */
  end(): boolean {
    if (this.#half === "") return true;
    this.#half = "";
    this.#text += "\ufffd";
    return false;
  }
}
