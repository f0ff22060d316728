import { render } from "lit/html.js";
import { AnswerFollow } from "./answer/follow.ts";
import { PageWatch } from "./answer/page-watch.ts";
import type { CheckDetail, ChunkDetail, DoneDetail, View, ViewHost } from "./element-types.ts";
import { Drafts } from "./form/drafts.ts";
import { renderFrame } from "./frame.ts";
import type { RunSnapshot } from "./model/answer.ts";
import { firstError } from "./model/issue-words.ts";
import { hearOfLost, usePublished } from "./model/parts.ts";
import type { CheckResult } from "./model/verdict.ts";
import { Playground } from "./playground.ts";
import { readSettings, type Settings } from "./settings.ts";
import type { RunsSlice } from "./state/runs.ts";
import { initialState, type State, Store } from "./state/store.ts";
import { firstText } from "./text/examples.ts";
import { adopt } from "./ui/adopt.ts";
import { announceCounts, clearNotices } from "./ui/announce.ts";
import { FileDrop } from "./ui/drop.ts";
import { FocusKeeper } from "./ui/focus.ts";
import { levelHeadings } from "./ui/headings.ts";
import { listenForKeys } from "./ui/keys.ts";
import { Later } from "./ui/later.ts";
import { followWidth, layoutFor } from "./ui/layout.ts";
import { watchPointer } from "./ui/press.ts";
import { type Begun, leaveShell } from "./ui/shell.ts";
import { styles } from "./ui/styles.ts";
import { followPage, followTheme, rememberedTheme } from "./ui/theme.ts";

/** Opens the playground in the shadow root of its element. */
export function openView(element: HTMLElement, root: ShadowRoot, host: ViewHost): View {
  return new PlaygroundView(element, root, host);
}

/** What the element shows once it is loaded, and what is behind it. */
class PlaygroundView implements View {
  readonly #element: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #host: ViewHost;
  readonly #store = new Store();
  // What a view keeps for itself; its count makes the view be drawn anew.
  readonly #drafts = new Drafts(() => {
    this.#draftTick++;
    this.#drawSoon();
    const { unread } = this.#drafts;
    // What was refused because of it may be sent now.
    if (unread !== this.#unread) this.#store.change({ runs: { refusal: undefined } });
    this.#unread = unread;
    this.#playground?.boxesChanged();
  });
  #unread = "";
  readonly #pages = new PageWatch(() => {
    this.#pageTick++;
    this.#drawSoon();
  });
  /** The view of what is found out about runs, fetched once there is any. Without it the answers stand alone. */
  readonly #findings = new Later(
    () => import("./answer/findings.ts"),
    () => {
      const body = this.#root.querySelector(".answer-body");
      if (body && this.#findings.part) adopt(body, this.#findings.part.findingsCss);
      this.#drawSoon();
    },
  );
  #draftTick = 0;
  #pageTick = 0;
  readonly #details = new Later(
    () => import("./endpoint/details.ts"),
    () => this.#drawSoon(),
  );
  readonly #code = new Later(
    () => import("./text/code.ts"),
    () => {
      if (this.#code.part) adopt(this.#root.querySelector(".area-text") ?? this.#element, this.#code.part.codeCss);
      this.#drawSoon();
    },
  );
  readonly #follow = new AnswerFollow(this.#store);
  readonly #focus = new FocusKeeper();
  readonly #parts = {
    drafts: this.#drafts,
    pages: this.#pages,
    files: new FileDrop(this.#store, () => this.#playground?.actions),
    details: this.#details,
    findings: this.#findings,
    code: this.#code,
  };
  /** What was done before any of this was there. */
  #begun: Begun | undefined;
  #settings: Settings;
  /** The text to begin with: that of the page, or of the element as it was connected before. */
  #text: string | undefined;
  #again = false;
  #playground: Playground | undefined;
  #ended = new AbortController();
  #drawing = false;

  constructor(element: HTMLElement, root: ShadowRoot, host: ViewHost) {
    usePublished(host.published);
    this.#element = element;
    this.#root = root;
    this.#host = host;
    this.#text = host.text;
    this.#settings = readSettings(element, host.keepName());
    this.#begun = leaveShell(root);
    root.replaceChildren();
    root.adoptedStyleSheets = [...styles()];
    // What is typed into boxes, keys among it, is nobody's but ours.
    root.addEventListener("input", (event) => event.stopPropagation());
  }

  get text(): string {
    return this.#playground?.text ?? this.#text ?? "";
  }

  setText(text: string): void {
    if (this.#playground) this.#playground.setText(text);
    else this.#text = text;
  }

  connected(): void {
    if (this.#playground) return;
    this.#settings = this.#readSettings();
    this.#start();
    this.#draw();
    this.#open();
  }

  disconnected(): void {
    this.#text = this.#playground?.text;
    this.#again = true;
    this.#stop();
  }

  configure(): void {
    this.#settings = this.#readSettings();
    this.#showSettings();
    this.#playground?.configure(this.#settings);
  }

  async check(): Promise<CheckDetail> {
    return detailOf(await this.#here.verdict(), this.text);
  }

  async send(force: boolean): Promise<DoneDetail> {
    if (!this.#settings.sends) throw new Error("This element does not send requests.");
    return doneOf(await this.#here.send(force));
  }

  stop(): void {
    this.#playground?.actions.stop();
  }

  request(): Promise<string> {
    return this.#here.body();
  }

  focusField(name: string): boolean {
    const control = this.#root.querySelector<HTMLElement>(
      `#field-${CSS.escape(name)}, [data-field="${CSS.escape(name)}"] :is(input, textarea, select, button)`,
    );
    if (!control) return false;
    this.#store.change({ view: { tab: "form" } });
    this.#draw();
    control.focus();
    return this.#root.activeElement === control;
  }

  focusText(): void {
    this.#store.change({ view: { tab: "text" } });
    this.#draw();
    this.#playground?.focusText();
  }

  get #here(): Playground {
    if (!this.#playground) throw new Error("The element is not in a page.");
    return this.#playground;
  }

  /** Reads the attributes; what is wrong with them is told once each time. */
  #readSettings(): Settings {
    const troubles: string[] = [];
    const settings = readSettings(this.#element, this.#host.keepName(), (sentence) => troubles.push(sentence));
    this.#store.change({ view: { troubles } });
    for (const message of troubles) this.#host.tell("error", { message, from: "attribute" });
    return settings;
  }

  #showSettings(): void {
    const { mode, shownFields, lockedFields, sends, codes, linkPage, theme } = this.#settings;
    this.#store.change({
      view: {
        mode,
        shownFields,
        lockedFields,
        sends,
        codes,
        linkPage,
        themeGiven: theme !== undefined,
        ...(theme && { theme }),
      },
    });
  }

  #start(): void {
    const settings = this.#settings;
    const lasting = settings.keep !== undefined;
    if (lasting) this.#store.change({ view: { theme: rememberedTheme() } });
    this.#showSettings();
    // Known before the first drawing, or that would stand otherwise for a moment.
    this.#store.change({ view: { layout: layoutFor(this.#element.clientWidth) } });
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    signal.addEventListener(
      "abort",
      this.#store.subscribe((state, before) => this.#changed(state, before)),
    );
    this.#playground = new Playground(this.#store, {
      settings,
      text: this.#text ?? firstText,
      drafts: this.#drafts,
      textGiven: this.#host.text !== undefined,
      again: this.#again,
      reset: () => this.#reset(),
      mayStart: ({ method, url, body }) => this.#host.tell("send", { method, url, body }),
      changed: (text) => {
        this.#host.changed(text);
        this.#host.tell("change", { text });
      },
    });
    hearOfLost((lost) => this.#store.change({ view: { lost } }), signal);
    announceCounts(this.#store, signal);
    clearNotices(this.#store, signal);
    if (lasting) followTheme(this.#store, signal);
    followPage(this.#store, signal);
    watchPointer(signal);
    listenForKeys(this.#root, this.#store, this.#playground.actions, settings.page, signal);
  }

  /** Tells the page what it may want to know. */
  #changed({ core, editor, runs, text }: State, before: State): void {
    if (runs.findings !== before.runs.findings) this.#findings.want();
    if (text.code) this.#code.want();
    const { result } = text;
    if (result && editor.checked && (result !== before.text.result || !before.editor.checked)) {
      const detail = detailOf(result, this.text);
      this.#host.invalid(firstError(result.issues));
      this.#host.tell("check", detail);
    }
    if (core.state === "failed" && before.core.state !== "failed")
      this.#host.tell("error", { message: core.note, from: "checker" });
    if (runs.refusal && runs.refusal !== before.runs.refusal)
      this.#host.tell("error", { message: runs.refusal.message, from: "send" });
    if (runs.tick !== before.runs.tick) this.#tellAnswer(runs);
    this.#drawSoon();
  }

  /** The headings are at another level than in the markup. */
  #levelled = false;
  #told: RunSnapshot | undefined;

  #tellAnswer({ entries }: RunsSlice): void {
    const snapshot = entries[0]?.run.snapshot();
    if (!snapshot || snapshot === this.#told) return;
    const ended = snapshot.phase === "done";
    const more = snapshot.choices !== this.#told?.choices;
    const already = this.#told?.phase === "done" && ended;
    this.#told = snapshot;
    if (more && !already && snapshot.choices.length > 0) this.#host.tell("chunk", { choices: choicesOf(snapshot) });
    if (!ended || already) return;
    if (snapshot.problem) this.#host.tell("error", { message: snapshot.problem.title, from: "answer" });
    this.#host.tell("done", doneOf(snapshot));
  }

  #stop(): void {
    this.#ended.abort();
    this.#playground?.close();
    this.#playground = undefined;
    this.#pages.close();
  }

  /** Forgets everything: text, undo history, runs, keys and what stands in boxes. */
  #reset(): void {
    this.#stop();
    this.#text = this.#host.text;
    this.#again = false;
    const { layout } = this.#store.state.view;
    this.#store.change({ ...initialState, view: { ...initialState.view, layout } });
    this.#drafts.resume([]);
    for (const box of this.#root.querySelectorAll("input")) box.value = "";
    this.#start();
    this.#draw();
    this.#open();
  }

  /** All changes of one moment are drawn together. */
  #drawSoon(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => this.#draw());
  }

  /** Disconnected, the element stays as it was: what it drew is there when it is connected again. */
  #draw(): void {
    this.#drawing = false;
    if (!this.#playground) return;
    const { actions } = this.#playground;
    render(renderFrame(this.#store.state, actions, this.#parts, [this.#draftTick, this.#pageTick]), this.#root);
    // A list that the browser keeps: to look through all that is drawn takes two milliseconds of each keystroke.
    const dialogs = this.#root.querySelector(".app")?.getElementsByTagName("dialog") ?? [];
    for (const dialog of dialogs) if (!dialog.open) dialog.showModal();
    const { headingLevel } = this.#settings;
    if (headingLevel !== 1 || this.#levelled) levelHeadings(this.#root, headingLevel);
    this.#levelled = headingLevel !== 1;
    this.#follow.drawn();
    this.#focus.drawn();
  }

  /** Gives the places in the page that only exist once it is drawn to those who work in them. */
  #open(): void {
    const place = this.#root.querySelector<HTMLTextAreaElement>(".plain-editor");
    const frame = this.#root.querySelector<HTMLElement>(".code-editor");
    const body = this.#root.querySelector<HTMLElement>(".answer-body");
    const { signal } = this.#ended;
    if (place) this.#begun?.resume(place);
    this.#begun = undefined;
    if (place && frame) this.#playground?.open(place, frame);
    this.#focus.start(this.#root, signal);
    if (body) this.#follow.start(body, signal);
    const app = this.#root.querySelector<HTMLElement>(".app");
    if (app) followWidth(app, this.#store, signal);
  }
}

function detailOf({ ok, issues, changes }: CheckResult, text: string): CheckDetail {
  return { text, ok, issues, changes };
}

function choicesOf({ choices }: RunSnapshot): ChunkDetail["choices"] {
  return choices.map(({ index, text, reasoning, finish }) => ({
    index,
    text,
    ...(reasoning !== undefined && { reasoning }),
    ...(finish && { finish }),
  }));
}

function doneOf(snapshot: RunSnapshot): DoneDetail {
  const { outcome = "failed", status = 0, model, usage, problem } = snapshot;
  return {
    outcome,
    status,
    choices: choicesOf(snapshot),
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(problem && { problem }),
  };
}
