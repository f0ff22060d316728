import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";

// Control characters except tab and line feed, soft hyphens, bidirectional controls, and spaces that nobody sees.
const unseen =
  /[^\P{Cc}\t\n]|[\u00AD\u061C\u200B\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\uFFF9-\uFFFC]/gu;

/**
 * Shows characters that are not seen, or would act on the text around them, as signs. CodeMirror's own extension reads the
 * rest of a line at every key, which is felt in one of a megabyte; this reads what is drawn.
 */
export const specialCharacters = ViewPlugin.fromClass(
  class {
    signs: DecorationSet;

    constructor(view: EditorView) {
      this.signs = signsIn(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.signs = signsIn(update.view);
    }
  },
  { decorations: ({ signs }) => signs },
);

function signsIn({ state, visibleRanges }: EditorView): DecorationSet {
  const signs = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges)
    for (const { index, 0: character } of state.sliceDoc(from, to).matchAll(unseen))
      signs.add(from + index, from + index + 1, Decoration.replace({ widget: new Sign(character.charCodeAt(0)) }));
  return signs.finish();
}

class Sign extends WidgetType {
  readonly #code: number;

  constructor(code: number) {
    super();
    this.#code = code;
  }

  override eq(other: Sign): boolean {
    return other.#code === this.#code;
  }

  override toDOM(): HTMLElement {
    const sign = document.createElement("span");
    sign.className = "cm-specialChar";
    // Unicode has pictures of the first 32.
    sign.textContent = this.#code < 0x20 ? String.fromCharCode(0x2400 + this.#code) : "•";
    sign.title = `U+${this.#code.toString(16).toUpperCase().padStart(4, "0")}`;
    sign.setAttribute("aria-label", `character ${sign.title}`);
    return sign;
  }
}
