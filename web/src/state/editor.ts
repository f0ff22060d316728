/** The text's editor at this moment. Changes with every key, which is why nothing but the text's own area reads it. */
export interface EditorSlice {
  readonly ready: boolean;
  readonly cursor: { readonly line: number; readonly column: number };
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** False from a change of the text until its verdict. */
  readonly checked: boolean;
  /** A short confirmation at the foot of the text, such as "Copied". */
  readonly notice: string;
}

export const initialEditor: EditorSlice = {
  ready: false,
  cursor: { line: 1, column: 1 },
  canUndo: false,
  canRedo: false,
  checked: false,
  notice: "",
};
