import { fill, limits, type NoteCode, noteSentences } from "./facts.ts";

export interface Note {
  readonly code: NoteCode;
  /** For the placeholders of the sentence. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The peculiarities of one answer, each told once. */
export class Notes {
  #codes: readonly NoteCode[] = [];
  #sentences: readonly string[] = [];

  /** In the order they were met; a fresh array after each new one. */
  get codes(): readonly NoteCode[] {
    return this.#codes;
  }

  get sentences(): readonly string[] {
    return this.#sentences;
  }

  add(code: NoteCode, values: Readonly<Record<string, string>> = {}): void {
    if (this.#codes.length >= limits.notes || this.#codes.includes(code)) return;
    this.#codes = [...this.#codes, code];
    this.#sentences = [...this.#sentences, fill(noteSentences[code], values)];
  }
}
