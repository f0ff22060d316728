import answers from "../../../schema/answers.json";

/** Every size limit of answers, with its unit in its name. */
export const limits = answers.limits;

export type NoteCode = keyof typeof answers.notes;

/** The sentence of each code, with {placeholders}. */
export const noteSentences: Readonly<Record<NoteCode, string>> = answers.notes;

/** The servers' words for why a choice ended, in lower case, by kind. */
export const finishWords: Readonly<Record<string, readonly string[]>> = answers.finishReasons;

/** The members that hold reasoning; the first with a text counts. */
export const reasoningMembers: readonly string[] = answers.reasoning;

/** Puts values in the place of {names}; a name without a value stays as it is. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  );
}
