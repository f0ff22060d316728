import { defaultKeymap } from "@codemirror/commands";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import type { TextChange } from "../model/text-change.ts";
import { editorTheme } from "./code-theme.ts";
import { letFocusGo } from "./leave.ts";
import { specialCharacters } from "./special.ts";

const fromOutside = Annotation.define<boolean>();

export interface LargeEditorOptions {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  readonly label: string;
  readonly text: string;
  /** What was typed: ranges against the text before, in document order. `text` makes the whole new text. */
  changed(changes: readonly TextChange[]): void;
  undo(): void;
  redo(): void;
}

/** An editor for one long text with real line breaks. It has no history: whoever owns the text has. */
export class LargeEditor {
  readonly #view: EditorView;

  constructor(options: LargeEditorOptions) {
    const undo = () => {
      options.undo();
      return true;
    };
    const redo = () => {
      options.redo();
      return true;
    };
    this.#view = new EditorView({
      parent: options.parent,
      root: options.root,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          // Only LF ends a line, so that a CR in a prompt stays the character that it is.
          EditorState.lineSeparator.of("\n"),
          specialCharacters,
          letFocusGo,
          EditorView.lineWrapping,
          EditorView.perLineTextDirection.of(true),
          placeholder("The text to continue"),
          search({ top: true }),
          editorTheme,
          EditorView.contentAttributes.of({ "aria-label": options.label, dir: "auto", autocapitalize: "off" }),
          keymap.of([
            { key: "Mod-z", run: undo, preventDefault: true },
            { key: "Mod-y", mac: "Mod-Shift-z", run: redo, preventDefault: true },
            { linux: "Ctrl-Shift-z", run: redo, preventDefault: true },
            ...searchKeymap,
            ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((each) => each.annotation(fromOutside))) return;
            const changes: TextChange[] = [];
            update.changes.iterChanges((from, to, _from, _to, insert) =>
              changes.push({ from, to, insert: insert.sliceString(0, insert.length, "\n") }),
            );
            options.changed(changes);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.sliceString(0, this.#view.state.doc.length, "\n");
  }

  /** A change that somebody else made. */
  apply(change: TextChange): void {
    this.#view.dispatch({
      changes: { from: change.from, to: change.to, insert: this.#view.state.toText(change.insert) },
      annotations: fromOutside.of(true),
      scrollIntoView: true,
    });
  }

  find(): void {
    openSearchPanel(this.#view);
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}
