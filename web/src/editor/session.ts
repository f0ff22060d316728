import type { CheckResult, Core, EditOp, Issue, TextEdit } from "../core/protocol.ts";
import { EditQueue } from "../form/edits.ts";
import type { Store } from "../state.ts";
import type { CodeEditor } from "./code.ts";
import { PlainEditor } from "./plain.ts";
import { difference, type EditorEvents, type TextEditor } from "./text-editor.ts";

/** The text, its editor and its verdicts: whatever changes the text goes through here, and ends in one undo history. */
export class TextSession {
  readonly #core: Core;
  readonly #store: Store;
  readonly #edits: EditQueue;
  readonly #models: () => Promise<readonly string[]>;
  readonly #waiting = new Set<(result: CheckResult) => void>();
  #editor: TextEditor | undefined;
  #code: CodeEditor | undefined;
  #text: string;

  constructor(core: Core, store: Store, text: string, models: () => Promise<readonly string[]>) {
    this.#core = core;
    this.#models = models;
    this.#store = store;
    this.#text = text;
    this.#edits = new EditQueue((op, gesture) => this.#edit(op, gesture));
  }

  get text(): string {
    return this.#editor?.text ?? this.#text;
  }

  /** Puts the text into a textarea at once, and into CodeMirror inside `frame` when its chunk has arrived. */
  async open(area: HTMLTextAreaElement, frame: HTMLElement, signal: AbortSignal): Promise<void> {
    const plain = new PlainEditor(area, this.#text, this.#events());
    this.#editor = plain;
    this.#text = plain.text;
    this.#core.setText(plain.text);
    let module: typeof import("./code.ts");
    try {
      module = await import("./code.ts");
    } catch {
      if (!signal.aborted)
        this.#store.set({ notice: "The full editor could not be loaded; this plain one does the same work." });
      return;
    }
    if (signal.aborted) return;
    const code = new module.CodeEditor({
      parent: frame,
      root: frame.getRootNode() as ShadowRoot,
      text: plain.text,
      events: this.#events(),
      surroundings: { result: () => this.#store.state.result, models: this.#models },
    });
    const standing = plain.selection();
    plain.destroy();
    this.#editor = code;
    this.#code = code;
    this.#store.set({ editorReady: true });
    code.resume(standing);
    const { result, current } = this.#store.state;
    if (result && current) code.showResult(result);
  }

  close(): void {
    this.#text = this.text;
    this.#editor?.destroy();
    this.#editor = undefined;
    this.#code = undefined;
  }

  /** Takes a verdict for the newest text. */
  receive(result: CheckResult): void {
    this.#store.set({ result, current: true });
    this.#editor?.showResult(result);
    for (const resolve of this.#waiting) resolve(result);
    this.#waiting.clear();
  }

  /** The verdict on the text as it is now; waits for it where it is still on its way. */
  settled(): Promise<CheckResult> {
    const { result, current } = this.#store.state;
    if (result && current) return Promise.resolve(result);
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Asks the core for an edit of the newest text and makes it. */
  request(op: EditOp, gesture = ""): void {
    this.#edits.push(op, gesture);
  }

  /** Applies an issue's fix; where the text has moved on, that of the same issue in the newest verdict. */
  async fix(issue: Issue): Promise<void> {
    const result = await this.settled();
    const same =
      result.issues.find((each) => each === issue) ??
      result.issues.find((each) => each.code === issue.code && each.path === issue.path);
    if (same?.fix) this.#apply(same.fix.edits, "");
  }

  /** Replaces the whole text, as one undo step that touches only what differs. */
  replace(text: string): void {
    const change = difference(this.text, text.replace(/\r\n?/g, "\n"));
    if (change) this.#editor?.apply([change], "");
  }

  select(from: number, to: number): void {
    this.#editor?.select(from, to);
  }

  undo(): void {
    this.#code?.undo();
  }

  redo(): void {
    this.#code?.redo();
  }

  focus(): void {
    this.#editor?.focus();
  }

  /** The core answers for the newest text, whatever happened to it while it was thinking. */
  async #edit(op: EditOp, gesture: string): Promise<void> {
    try {
      this.#apply(await this.#core.edit(op), gesture);
    } catch (error) {
      this.#store.set({ notice: error instanceof Error ? error.message : String(error) });
    }
  }

  #apply(edits: readonly TextEdit[], gesture: string): void {
    const changes = edits.map((edit) => ({ from: edit.start16, to: edit.end16, insert: edit.text }));
    this.#editor?.apply(changes, gesture);
  }

  #events(): EditorEvents {
    return {
      changed: (changes, text) => {
        this.#text = text;
        this.#store.set({ current: false, coreNote: this.#core.reason, notice: "", refusal: undefined });
        this.#core.change(changes);
      },
      cursor: (line, column) => this.#store.set({ cursor: { line, column } }),
      fix: (issue) => void this.fix(issue),
    };
  }
}
