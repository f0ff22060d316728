/** What stands in a box of the form and not in the text. */
export interface KeptBox {
  /** RFC 6901 pointer of the value that it is to become, or a name of the form's own. */
  readonly path: string;
  /** As it was typed. */
  readonly text: string;
  /** The name of its field for people; "" for an entry that waits to be added to a list. */
  readonly title: string;
  /** A sentence on why the text does not have it; "" where nobody has tried. */
  readonly why: string;
  /** JSON texts of values that may have been meant. */
  readonly fixes: readonly string[];
}
