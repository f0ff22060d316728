import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  insertNewline,
  redo,
  redoDepth,
  undo,
  undoDepth,
} from "@codemirror/commands";
import { indentUnit } from "@codemirror/language";
import { type Diagnostic, diagnosticCount, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Text, Transaction } from "@codemirror/state";
import {
  crosshairCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
} from "@codemirror/view";
import type { TextChange } from "../model/text-change.ts";
import type { CheckResult, Issue } from "../model/verdict.ts";
import { capitalized } from "../model/words.ts";
import { matchedBrackets } from "./brackets.ts";
import { editorTheme } from "./code-theme.ts";
import { type CompletionSources, completion } from "./complete.ts";
import { fieldDocs } from "./field-docs.ts";
import { colouredRequests } from "./language.ts";
import { letFocusGo } from "./leave.ts";
import { literalInput } from "./literal-input.ts";
import { overtype } from "./overtype.ts";
import { specialCharacters } from "./special.ts";
import { type EditorEvents, editingKeys, emptyText, listenForArrivals, type TextEditor } from "./text-editor.ts";

/** Names the drag or the typing in the form that a change belongs to. */
const gestureOf = Annotation.define<string>();

// Typing joins into one undo step while pauses are shorter than this, in milliseconds.
const typingPause = 500;

export interface CodeEditorOptions {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  readonly text: string;
  /** The text can be read and copied, and changed by the page alone. */
  readonly readOnly: boolean;
  readonly events: EditorEvents;
  readonly sources: CompletionSources;
}

/** CodeMirror as the text's home. */
export class CodeEditor implements TextEditor {
  readonly #view: EditorView;
  readonly #events: EditorEvents;
  readonly #ended = new AbortController();
  #text: string;
  #lastGesture = "";
  #lastTime = 0;

  constructor(options: CodeEditorOptions) {
    this.#events = options.events;
    const doc = Text.of(options.text.split(/\r\n?|\n/));
    this.#view = new EditorView({
      parent: options.parent,
      root: options.root,
      state: EditorState.create({
        doc,
        extensions: [EditorState.readOnly.of(options.readOnly), this.#extensions(options.sources, doc)],
      }),
    });
    this.#text = this.#view.state.doc.toString();
    if (!options.readOnly) listenForArrivals(this.#view.dom, options.events, this.#ended.signal);
  }

  get text(): string {
    return this.#text;
  }

  apply(changes: readonly TextChange[], gesture: string): void {
    if (changes.length === 0) return;
    this.#view.dispatch({
      changes: changes.map(({ from, to, insert }) => ({ from, to, insert })),
      annotations: gestureOf.of(gesture),
      // History joins only what counts as typing; which of it, joinToEvent decides.
      userEvent: gesture === "" ? "input.form" : "input.type.form",
    });
  }

  select(from: number, to: number): void {
    const end = this.#view.state.doc.length;
    const anchor = Math.min(from, end);
    this.#view.dispatch({
      selection: { anchor, head: Math.min(to, end) },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    this.#view.focus();
  }

  selection(): { from: number; to: number; focused: boolean; scrollTop: number } {
    const { from, to } = this.#view.state.selection.main;
    return { from, to, focused: this.#view.hasFocus, scrollTop: this.#view.scrollDOM.scrollTop };
  }

  /** Takes over from another editor, so that its replacement is not noticed. */
  resume(from: {
    readonly from: number;
    readonly to: number;
    readonly focused: boolean;
    readonly scrollTop: number;
  }): void {
    this.#view.dispatch({ selection: { anchor: from.from, head: from.to } });
    if (from.focused) this.#view.focus();
    this.#view.scrollDOM.scrollTop = from.scrollTop;
  }

  undo(): void {
    undo(this.#view);
  }

  redo(): void {
    redo(this.#view);
  }

  showResult(result: CheckResult): void {
    const end = this.#view.state.doc.length;
    // Most texts have no issue at most keys, and an update that changes nothing costs as much as one that does.
    if (result.issues.length === 0 && diagnosticCount(this.#view.state) === 0) return;
    const diagnostics = result.issues.map((issue) => this.#diagnostic(issue, end));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#ended.abort();
    this.#view.destroy();
  }

  #diagnostic(issue: Issue, end: number): Diagnostic {
    const from = Math.min(issue.span.start.utf16, end);
    return {
      from,
      to: Math.max(from, Math.min(issue.span.end.utf16, end)),
      severity: issue.severity,
      message: issue.message,
      source: issue.code,
      ...(issue.fix ? { actions: [{ name: capitalized(issue.fix.title), apply: () => this.#events.fix(issue) }] } : {}),
    };
  }

  #extensions(sources: CompletionSources, doc: Text) {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      specialCharacters,
      letFocusGo,
      history({
        newGroupDelay: Number.POSITIVE_INFINITY,
        joinToEvent: (transaction, adjacent) => this.#joins(transaction, adjacent),
      }),
      EditorView.lineWrapping,
      EditorState.tabSize.of(2),
      indentUnit.of("  "),
      EditorState.allowMultipleSelections.of(true),
      rectangularSelection(),
      crosshairCursor(),
      matchedBrackets(doc),
      literalInput,
      closeBrackets(),
      highlightSelectionMatches(),
      placeholder(emptyText),
      search({ top: true }),
      lintGutter({ hoverTime: 200 }),
      completion(sources),
      fieldDocs,
      colouredRequests,
      editorTheme,
      overtype,
      EditorView.contentAttributes.of({
        "aria-label": "Request text",
        "aria-description": editingKeys,
        spellcheck: "false",
        autocapitalize: "off",
      }),
      keymap.of([
        // Nothing but the line end: what is typed is what stands in the text. Format and Ctrl+] indent.
        { key: "Enter", run: insertNewline, shift: insertNewline },
        ...closeBracketsKeymap,
        ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"),
        ...searchKeymap,
        ...historyKeymap,
        ...lintKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          this.#text = update.state.doc.toString();
          for (const transaction of update.transactions) {
            if (!transaction.docChanged) continue;
            this.#lastGesture = transaction.annotation(gestureOf) ?? "";
            this.#lastTime = transaction.annotation(Transaction.time) ?? 0;
          }
          const changes: TextChange[] = [];
          update.changes.iterChanges((from, to, _fromNew, _toNew, insert) =>
            changes.push({ from, to, insert: insert.toString() }),
          );
          this.#events.changed(changes, this.#text);
          this.#events.history(undoDepth(update.state) > 0, redoDepth(update.state) > 0);
        }
        if (update.docChanged || update.selectionSet) {
          const { head } = update.state.selection.main;
          const line = update.state.doc.lineAt(head);
          this.#events.cursor(line.number, head - line.from + 1);
        }
      }),
    ];
  }

  #joins(transaction: Transaction, adjacent: boolean): boolean {
    const gesture = transaction.annotation(gestureOf) ?? "";
    if (gesture !== "" || this.#lastGesture !== "") return gesture === this.#lastGesture;
    return adjacent && (transaction.annotation(Transaction.time) ?? 0) - this.#lastTime < typingPause;
  }
}
