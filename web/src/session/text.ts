import { maxTextUnits } from "../core/limits.ts";
import type { Core } from "../core/protocol.ts";
import type { CodeEditor } from "../editor/code.ts";
import { PlainEditor } from "../editor/plain.ts";
import type { EditorEvents, TextEditor } from "../editor/text-editor.ts";
import type { EditOp } from "../model/core.ts";
import { stringsValue } from "../model/json-value.ts";
import { difference } from "../model/text-change.ts";
import type { CheckResult, Issue, Span, TextEdit } from "../model/verdict.ts";
import { isSurelyKey } from "../net/redact.ts";
import type { ImportActions, TextActions } from "../state/actions.ts";
import type { Store } from "../state/store.ts";
import { copy } from "./clipboard.ts";
import type { CodeOptions, CodeSession } from "./code.ts";
import { EditQueue } from "./edit-queue.ts";
import type { EndpointSession } from "./endpoint.ts";
import { ImportSession } from "./imports.ts";
import type { LargePrompt, PromptHost } from "./large-prompt.ts";
import { previewRequest, reachableBase } from "./preview.ts";

/** The text, its editor and its verdicts: whatever changes the text goes through here, and ends in one undo history. */
export class TextSession {
  readonly actions: TextActions & ImportActions;
  readonly #textActions: TextActions = {
    setField: (path, value, gesture = "") => this.#change({ op: "set", path, value }, gesture),
    unsetField: (path, gesture = "") => this.#change({ op: "unset", path }, gesture),
    openPrompt: (index) => void this.#openPrompt(index),
    fix: (issue) => void this.#fix(issue),
    fixAll: () => void this.#edits.push({ op: "fix-all" }, ""),
    format: () => void this.#edits.push({ op: "format" }, ""),
    checkAgain: () => this.#core.retry(),
    undo: () => this.#code?.undo(),
    redo: () => this.#code?.redo(),
    copyRequest: () => void copy(this.#store, this.text, "The text"),
    copyLink: () => void this.#copyLink(),
    useExample: (text) => this.replace(text),
    show: (span) => this.#show(span),
    preview: () => void this.#preview(),
    closePreview: () => this.#store.change({ text: { preview: undefined } }),
    toggleCode: () => void this.#withCode((code) => code.toggle()),
    chooseLanguage: (name) => void this.#withCode((code) => code.choose(name)),
    saveCode: () => void this.#withCode((code) => code.save()),
    // Tokens are an offer; where they cannot be had, there is none.
    tokens: (sample) => this.#core.tokens(sample).catch(() => []),
  };
  /** Keys that stood in the text, for those who have to keep them out of something. */
  readonly keysSeen = new Set<string>();
  readonly #core: Core;
  readonly #store: Store;
  readonly #edits: EditQueue;
  readonly #imports: ImportSession;
  readonly #told: (text: string) => void;
  readonly #endpoints: EndpointSession;
  readonly #waiting = new Set<(result: CheckResult) => void>();
  #editor: TextEditor | undefined;
  #code: CodeEditor | undefined;
  #frame: HTMLElement | undefined;
  #large: LargePrompt | undefined;
  #asCode: CodeSession | undefined;
  readonly #codeOptions: CodeOptions;
  #text: string;
  /** The typing whose last key emptied its box, and with it took a field out of the text. */
  #emptied = "";
  #standing: { readonly from: number; readonly to: number } = { from: 0, to: 0 };

  /** `told` hears of every other text; `code` is for those who want the request as code. */
  constructor(
    store: Store,
    core: Core,
    endpoints: EndpointSession,
    text: string,
    told: (text: string) => void = () => {},
    code: CodeOptions = { language: undefined, lasting: false },
  ) {
    this.#codeOptions = code;
    this.#told = told;
    this.#store = store;
    this.#core = core;
    this.#endpoints = endpoints;
    this.#text = text;
    this.#edits = new EditQueue((op, gesture) => this.#edit(op, gesture));
    this.#imports = new ImportSession(store, core, endpoints, {
      text: () => this.text,
      replace: (all) => this.replace(all),
      keySeen: (key) => this.keysSeen.add(key),
    });
    this.actions = { ...this.#textActions, ...this.#imports.actions };
  }

  get text(): string {
    this.#large?.flush();
    return this.#standingText;
  }

  /** How long the text is, in UTF-16 units. */
  get length(): number {
    return this.#standingText.length;
  }

  /** Without what the large editor keeps until the keys pause. */
  get #standingText(): string {
    return this.#editor?.text ?? this.#text;
  }

  /** The selection, in UTF-16 units. */
  get selection(): { readonly from: number; readonly to: number } {
    return this.#editor?.selection() ?? this.#standing;
  }

  /** Whether there is an editor, and with it a person who may be typing. */
  get opened(): boolean {
    return this.#editor !== undefined;
  }

  /** The text to open with, and what is selected in it. */
  begin(text: string, selection: { readonly from: number; readonly to: number }): void {
    this.#text = text;
    this.#standing = selection;
  }

  /** Puts the text into a textarea at once, and into CodeMirror inside `frame` when its chunk has arrived. */
  async open(area: HTMLTextAreaElement, frame: HTMLElement, signal: AbortSignal): Promise<void> {
    // Somebody may have been quicker than the text, or stand in it already.
    const typed = area.value !== area.defaultValue;
    const there = area.value === this.#text && (area.getRootNode() as ShadowRoot).activeElement === area;
    if (typed || there) this.begin(area.value, { from: area.selectionStart, to: area.selectionEnd });
    const plain = new PlainEditor(area, this.#text, this.#events());
    area.setSelectionRange(this.#standing.from, this.#standing.to);
    const readOnly = this.#store.state.view.mode === "example";
    area.readOnly = readOnly;
    this.#editor = plain;
    this.#frame = frame;
    this.#text = plain.text;
    this.#core.setText(plain.text);
    let module: typeof import("../editor/code.ts");
    try {
      module = await import("../editor/code.ts");
    } catch {
      if (!signal.aborted)
        this.#store.change({
          editor: { notice: "The full editor could not be loaded; this plain one does the same work." },
        });
      return;
    }
    if (signal.aborted) return;
    const code = new module.CodeEditor({
      parent: frame,
      root: frame.getRootNode() as ShadowRoot,
      text: plain.text,
      readOnly,
      events: this.#events(),
      sources: {
        result: () => this.#store.state.text.result,
        checked: () => (this.#newest ? undefined : new Promise((resolve) => this.#waiting.add(resolve))),
        models: () => this.#store.state.endpoint.models,
        loadModels: () => this.#endpoints.models(),
      },
    });
    const standing = plain.selection();
    plain.destroy();
    this.#editor = code;
    this.#code = code;
    this.#store.change({ editor: { ready: true } });
    // The place is drawn first: what is hidden takes no focus.
    await undefined;
    code.resume(standing);
    const result = this.#newest;
    if (result) code.showResult(result);
  }

  close(): void {
    this.#standing = this.selection;
    this.#text = this.text;
    this.#large?.close();
    this.#asCode?.close();
    this.#editor?.destroy();
    this.#editor = undefined;
    this.#code = undefined;
    this.#store.change({ editor: { ready: false, canUndo: false, canRedo: false, checked: false } });
  }

  /** Takes a verdict for the newest text. */
  receive(checked: CheckResult): void {
    const result = withLongPrompt(checked, this.#standingText);
    this.#large?.receive(result);
    this.#store.change({ text: { result }, editor: { checked: true } });
    this.#editor?.showResult(result);
    this.#imports.checked(result.issues.some(({ code }) => code === "pasted-request"));
    for (const resolve of this.#waiting) resolve(result);
    this.#waiting.clear();
  }

  /** The verdict on the text as it is now, with all that the form was asked to change; waits for both. */
  async settled(): Promise<CheckResult> {
    this.#large?.flush();
    await this.#edits.idle();
    return this.#newest ?? new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** The verdict, where it is about the text as it is now. */
  get #newest(): CheckResult | undefined {
    const { text, editor } = this.#store.state;
    return editor.checked ? text.result : undefined;
  }

  /** Applies an issue's fix; where the text has moved on, that of the same issue in the newest verdict. */
  async #fix(issue: Issue): Promise<void> {
    const result = await this.settled();
    const same =
      result.issues.find((each) => each === issue) ??
      result.issues.find((each) => each.code === issue.code && each.path === issue.path);
    if (same?.fix) this.#apply(same.fix.edits, "");
  }

  /** Opens the large editor for one prompt, which is written as a string of strict JSON first where it is not. */
  async #openPrompt(index: number): Promise<void> {
    const place = this.#frame?.closest<HTMLElement>(".app");
    if (!place || this.#large) return;
    try {
      const { LargePrompt } = await import("./large-prompt.ts");
      let result = await this.settled();
      const json = result.members.find(({ field }) => field === "prompt");
      const items = json ? stringsValue(json.json) : [""];
      if (items?.[index] === undefined) return;
      if (!json || !stringsValue(this.text.slice(json.span.start.utf16, json.span.end.utf16))) {
        await this.#edit({ op: "set", path: "/prompt", value: JSON.stringify(items) }, "");
        result = await this.settled();
      }
      if (this.#large || !place.isConnected) return;
      const host: PromptHost = {
        text: () => this.#standingText,
        apply: (changes, gesture) => this.#editor?.apply(changes, gesture),
        undo: () => this.#code?.undo(),
        redo: () => this.#code?.redo(),
        countTokens: async (text) =>
          this.#store.state.endpoint.chosen.builtIn ? (await this.#textActions.tokens(text)).length : undefined,
        closed: () => {
          this.#large = undefined;
        },
      };
      this.#large = new LargePrompt(host, place, index, result);
    } catch {
      this.#store.change({ editor: { notice: "The large editor could not be loaded." } });
    }
  }

  /** Replaces the whole text, as one undo step that touches only what differs. */
  replace(text: string): void {
    const whole = text.replace(/\r\n?/g, "\n");
    if (!this.#editor) this.#text = whole;
    const change = difference(this.text, whole);
    if (change) this.#editor?.apply([change], "");
  }

  focus(): void {
    this.#editor?.focus();
  }

  /** A file is a text of its own: it takes the place of the one that stands there, which an undo brings back. */
  async #drop(file: File): Promise<void> {
    if (file.size > maxTextUnits) {
      this.#store.change({ editor: { notice: `${file.name} is larger than a request can be.` } });
      return;
    }
    const text = await file.text().catch(() => undefined);
    if (text === undefined) {
      this.#store.change({ editor: { notice: `${file.name} cannot be read.` } });
      return;
    }
    this.replace(text);
    this.#store.change({
      editor: { notice: `The text is that of ${file.name} now. Undo brings back the one before.` },
    });
    await this.#imports.consider(text);
  }

  #show(span: Span): void {
    this.#store.change({ view: { tab: "text" } });
    // A narrow page shows the text only now, and what is hidden cannot be scrolled.
    requestAnimationFrame(() => this.#editor?.select(span.start.utf16, span.end.utf16));
  }

  async #copyLink(): Promise<void> {
    try {
      const { requestLink } = await import("./seldom.ts");
      await this.#edits.idle();
      const { view, endpoint } = this.#store.state;
      const keys = [...this.#endpoints.keys.filter(isSurelyKey), ...this.keysSeen];
      await copy(
        this.#store,
        requestLink(view.linkPage ?? "", this.text, endpoint.chosen, keys),
        "A link to this request",
      );
    } catch (error) {
      const notice = error instanceof Error ? error.message : String(error);
      this.#store.change({ editor: { notice }, view: { announcement: notice } });
    }
  }

  async #preview(): Promise<void> {
    const { chosen, hasKey, headers } = await this.#target();
    const preview = await previewRequest(this.#core, chosen, hasKey, headers);
    this.#store.change({ text: { preview } });
  }

  /** Where a request goes, with what is secret by name alone. */
  async #target() {
    await Promise.all([this.#edits.idle(), this.#endpoints.located()]);
    const { chosen, hasKey, headers } = this.#store.state.endpoint;
    return {
      chosen,
      hasKey: hasKey && chosen.keyNeeded !== "no",
      headers: headers.filter(({ hasValue, fault }) => hasValue && fault === "").map(({ name }) => name),
    };
  }

  async #withCode(act: (code: CodeSession) => void): Promise<void> {
    try {
      const { CodeSession } = await import("./seldom.ts");
      this.#asCode ??= new CodeSession(
        this.#store,
        this.#core,
        async () => {
          const { chosen, hasKey, headers } = await this.#target();
          return { base: reachableBase(chosen), hasKey, headers, force: true };
        },
        this.#codeOptions,
      );
      act(this.#asCode);
    } catch {
      this.#store.change({ editor: { notice: "What writes code could not be loaded." } });
    }
  }

  /** Resolves once the text is checked with the change in it, or with why there is none. */
  async #change(op: EditOp, gesture: string): Promise<string> {
    const why = await this.#edits.push(op, gesture);
    if (why === "") await this.settled();
    return why;
  }

  /** The core answers for the newest text, whatever happened to it while it was thinking. */
  async #edit(op: EditOp, gesture: string): Promise<string> {
    // Typed anew after it was emptied, a field keeps its place and the comments around it.
    if (op.op === "set" && gesture !== "" && gesture === this.#emptied) this.#code?.undo();
    this.#emptied = "";
    try {
      const edits = await this.#core.edit(op);
      this.#apply(edits, gesture);
      if (op.op === "unset" && edits.length > 0) this.#emptied = gesture;
      return "";
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#store.change({ editor: { notice: why } });
      return why;
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
        this.#large?.changed();
        this.#imports.changed(text);
        this.#store.change({
          editor: { checked: false, notice: "" },
          core: { note: this.#core.reason },
          runs: { refusal: undefined },
        });
        this.#core.change(changes, text);
        this.#told(text);
      },
      cursor: (line, column) => this.#store.change({ editor: { cursor: { line, column } } }),
      history: (canUndo, canRedo) => this.#store.change({ editor: { canUndo, canRedo } }),
      fix: (issue) => void this.#fix(issue),
      pasted: (text) => void this.#imports.consider(text),
      dropped: (file) => void this.#drop(file),
    };
  }
}

// Beyond this many UTF-16 units, the page would be felt to stop while it reads a value.
const longestPrompt = 4 << 20;

/**
 * The verdict with the prompt's own text where that is too long to come with it: in strict JSON, the value is what stands
 * in the text.
 */
function withLongPrompt(result: CheckResult, text: string): CheckResult {
  if (result.dialect !== "json") return result;
  const at = result.members.findIndex(({ field, json }) => field === "prompt" && json === undefined);
  const member = result.members[at];
  if (!member) return result;
  const { start, end } = member.span;
  if (end.utf16 - start.utf16 > longestPrompt) return result;
  const json = text.slice(start.utf16, end.utf16);
  return { ...result, members: result.members.with(at, { ...member, json }) };
}
