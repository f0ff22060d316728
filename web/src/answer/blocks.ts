import { isHighSurrogate } from "../model/surrogate.ts";

/** How much text a block holds before the next line end closes it, in UTF-16 units. */
const blockSize = 4_096;
/** A block without a line end is closed here all the same: laying out one endless line would stop the page. */
const blockLimit = 16_384;

/**
 * Cuts a growing text into blocks of which only the last still changes, so that showing one more piece costs the same
 * at the end of a long answer as at its beginning. Blocks end behind a line feed where there is one.
 */
export class TextBlocks {
  readonly #closed: string[] = [];
  #taken = 0;
  #open = "";

  /** Takes the whole text so far; it must begin with what was given before. */
  update(text: string): void {
    if (text.length === this.#taken + this.#open.length) return;
    this.#open = text.slice(this.#taken);
    while (this.#open.length > blockSize) {
      const end = blockEnd(this.#open);
      if (end === 0) break;
      this.#closed.push(this.#open.slice(0, end));
      this.#taken += end;
      this.#open = this.#open.slice(end);
    }
  }

  /** The finished blocks, which never change again. A block that ends in a line feed still holds it. */
  get closed(): readonly string[] {
    return this.#closed;
  }

  get open(): string {
    return this.#open;
  }
}

/** Where the first block of the text ends; 0 when it cannot be told yet. */
function blockEnd(text: string): number {
  const line = text.indexOf("\n", blockSize);
  if (line >= 0 && line < blockLimit) return line + 1;
  if (text.length <= blockLimit) return 0;
  // Never between the halves of a surrogate pair.
  return isHighSurrogate(text.charCodeAt(blockLimit - 1)) ? blockLimit - 1 : blockLimit;
}
