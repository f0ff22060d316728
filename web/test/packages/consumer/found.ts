/** What the core says of a text, wherever it runs. */
export interface Found {
  readonly codes: readonly string[];
  readonly fixed: string;
  readonly body: string;
  /** Names that are among the globals afterwards, and were not before. */
  readonly left: readonly string[];
}
