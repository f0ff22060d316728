import { html, LitElement, nothing, type TemplateResult } from "lit";
import { AnswerFollow } from "./answer/follow.ts";
import { PageWatch } from "./answer/page-watch.ts";
import { renderAnswer } from "./answer/panel.ts";
import { renderSendBar } from "./answer/send-bar.ts";
import { renderHeader } from "./endpoint/header.ts";
import { Drafts } from "./form/drafts.ts";
import { renderForm } from "./form/panel.ts";
import { Playground } from "./playground.ts";
import { initialState, Store } from "./state/store.ts";
import type { Tab, ViewSlice } from "./state/view.ts";
import { firstText } from "./text/examples.ts";
import { renderText } from "./text/panel.ts";
import { renderPreview } from "./text/preview.ts";
import { adopt } from "./ui/adopt.ts";
import { announceCounts, clearNotices } from "./ui/announce.ts";
import { FileDrop } from "./ui/drop.ts";
import { FocusKeeper } from "./ui/focus.ts";
import { listenForKeys } from "./ui/keys.ts";
import { Later } from "./ui/later.ts";
import { followWidth } from "./ui/layout.ts";
import { watchPointer } from "./ui/press.ts";
import { drawnFrom } from "./ui/redraw.ts";
import { renderShortcuts } from "./ui/shortcuts.ts";
import { renderSkips } from "./ui/skips.ts";
import { styles } from "./ui/styles.ts";
import { renderTabs } from "./ui/tabs.ts";
import { followTheme, rememberedTheme } from "./ui/theme.ts";

/**
 * The playground: a form and a text for one completion request, what is wrong with it, and the answer.
 *
 * ```html
 * <script type="module" src="https://example.com/playground/main.js"></script>
 * <completion-playground endpoint="http://localhost:8000" profile="vllm"></completion-playground>
 * ```
 *
 * Attributes, read when the element is connected:
 *
 * - `value`: the text to begin with, in anything the core reads; an example when absent.
 * - `endpoint`: where requests go: the id of a preset (web/src/net/endpoints.ts, such as "openai" or "ollama") or a base
 *   URL. The built-in demo model when absent, or the gateway where there is one.
 * - `profile`: whose rules check the text: a file name in schema/profiles without ".json". That of the endpoint when absent.
 * - `keep`: what the person does stays in this browser: text, endpoint, view and runs in IndexedDB, the theme and the
 *   addresses of servers in the local storage, never a key. There is a switch for it on the page. The value names the
 *   element where a page has several. Nothing is kept when absent. A text from `value`, and an endpoint from `endpoint`
 *   or `profile`, go before what was kept, which is then offered.
 * - `gateway`: the host that the page's own server forwards `/v1/*` to, with a key of its own; for that server to set.
 *
 * The layout follows the element's own width. Its height is the page's to say (CSS `height` on the element); unless told,
 * it is 45rem. Scripts, Worker and core are looked for beside the script that defines the element, wherever that lies.
 * Several elements on a page are independent of each other, keys included; those with `keep` share the remembered
 * servers and the theme. An element that is taken out of the page stops what it was doing and forgets its keys; put back, it goes on
 * with its text, endpoint and answers.
 */
export class CompletionPlayground extends LitElement {
  static override styles = styles;
  static override properties = {
    endpoint: { type: String },
    profile: { type: String },
    value: { type: String },
    gateway: { type: String },
    keep: { type: String },
  };

  declare endpoint: string | undefined;
  declare profile: string | undefined;
  declare value: string | undefined;
  declare gateway: string | undefined;
  declare keep: string | undefined;

  readonly #store = new Store();
  // What a view keeps for itself; its count makes the view be drawn anew.
  readonly #drafts = new Drafts(() => {
    this.#draftTick++;
    this.requestUpdate();
    const { unread } = this.#drafts;
    // What was refused because of it may be sent now.
    if (unread !== this.#unread) this.#store.change({ runs: { refusal: undefined } });
    this.#unread = unread;
    this.#playground?.boxesChanged();
  });
  #unread = "";
  readonly #pages = new PageWatch(() => {
    this.#pageTick++;
    this.requestUpdate();
  });
  /** The view of what is found out about runs, fetched once there is any. Without it the answers stand alone. */
  readonly #findings = new Later(
    () => import("./answer/findings.ts"),
    () => {
      const body = this.renderRoot.querySelector(".answer-body");
      if (body && this.#findings.part) adopt(body, this.#findings.part.findingsCss);
      this.requestUpdate();
    },
  );
  #draftTick = 0;
  #pageTick = 0;
  readonly #details = new Later(
    () => import("./endpoint/details.ts"),
    () => this.requestUpdate(),
  );
  readonly #follow = new AnswerFollow(this.#store);
  readonly #focus = new FocusKeeper();
  readonly #files = new FileDrop(this.#store, () => this.#playground?.actions);
  /** The text of an element that was connected before. */
  #text: string | undefined;
  #playground: Playground | undefined;
  #ended = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#start();
    if (this.hasUpdated) {
      this.requestUpdate();
      this.#open();
    }
  }

  #start(): void {
    const lasting = typeof this.keep === "string";
    if (lasting) this.#store.change({ view: { theme: rememberedTheme() } });
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    signal.addEventListener(
      "abort",
      this.#store.subscribe(({ runs }, before) => {
        if (runs.findings !== before.runs.findings) this.#findings.want();
        this.requestUpdate();
      }),
    );
    this.#playground = new Playground(this.#store, {
      text: this.#text ?? this.value ?? firstText,
      endpoint: this.endpoint,
      profile: this.profile,
      gateway: this.gateway ?? "",
      drafts: this.#drafts,
      keep: lasting ? this.keep : undefined,
      textGiven: typeof this.value === "string",
      again: this.#text !== undefined,
      reset: () => this.#reset(),
    });
    announceCounts(this.#store, signal);
    clearNotices(this.#store, signal);
    if (lasting) followTheme(this.#store, signal);
    followWidth(this, this.#store, signal);
    watchPointer(signal);
    listenForKeys(this, this.#store, this.#playground.actions, signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#text = this.#playground?.text;
    this.#stop();
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
    this.#text = undefined;
    const { layout } = this.#store.state.view;
    this.#store.change({ ...initialState, view: { ...initialState.view, layout } });
    this.#drafts.resume([]);
    for (const box of this.renderRoot.querySelectorAll("input")) box.value = "";
    this.#start();
    this.requestUpdate();
    this.#open();
  }

  /** Disconnected, the element stays as it was: what it drew is there when it is connected again. */
  protected override shouldUpdate(): boolean {
    return this.#playground !== undefined;
  }

  protected override firstUpdated(): void {
    this.#open();
  }

  protected override updated(): void {
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
    this.#follow.drawn();
    this.#focus.drawn();
  }

  protected override render(): TemplateResult {
    const actions = this.#playground?.actions;
    if (!actions) return html``;
    const { state } = this.#store;
    const { view } = state;
    return html`
      <div
        class="app ${view.layout} theme-${view.theme} ${state.runs.dropping ? "dropping" : ""}"
        @dragover=${this.#files.over}
        @dragleave=${this.#files.leave}
        @drop=${this.#files.drop}
      >
        ${renderSkips(actions)}
        ${drawnFrom(state, ["endpoint", "view", "keep"], (slices) => renderHeader(slices, actions, this.#details), [
          actions,
          this.#details.part,
        ])}
        <main class="main">
          ${drawnFrom(state, ["view", "text", "runs"], (slices) => renderTabs(slices, actions), [actions])}
          <div class="areas">
          <div class="area-send">${drawnFrom(state, ["core", "text", "runs", "endpoint"], (slices) => renderSendBar(slices, actions), [actions])}</div>
          ${area(
            view,
            "form",
            "Form",
            drawnFrom(
              state,
              ["core", "text", "endpoint", "view"],
              (slices) => renderForm(slices, actions, this.#drafts),
              [actions, this.#draftTick],
            ),
          )}
          ${area(
            view,
            "text",
            "Text",
            drawnFrom(state, ["core", "text", "editor", "endpoint"], (slices) => renderText(slices, actions), [
              actions,
            ]),
          )}
          ${area(
            view,
            "answer",
            "Answer",
            drawnFrom(
              state,
              ["core", "endpoint", "runs"],
              (slices) => renderAnswer(slices, actions, this.#pages, this.#findings.part),
              [actions, this.#pageTick, this.#findings.part],
            ),
          )}
          </div>
        </main>
        ${drawnFrom(state, ["text"], ({ text }) => renderPreview(text.preview, actions), [actions])}
        ${renderShortcuts(view.shortcuts, actions)}
        <p class="hidden" role="status" aria-live="polite">${view.announcement}</p>
      </div>
    `;
  }

  /** Gives the places in the page that only exist once it is drawn to those who work in them. */
  #open(): void {
    const place = this.renderRoot.querySelector<HTMLTextAreaElement>(".plain-editor");
    const frame = this.renderRoot.querySelector<HTMLElement>(".code-editor");
    const body = this.renderRoot.querySelector<HTMLElement>(".answer-body");
    const { signal } = this.#ended;
    if (place && frame) this.#playground?.open(place, frame);
    if (this.shadowRoot) this.#focus.start(this.shadowRoot, signal);
    if (body) this.#follow.start(body, signal);
  }
}

// One template for all layouts: another would make new elements, and the editor lives in these.
function area(view: ViewSlice, tab: Tab, label: string, content: unknown): TemplateResult {
  const narrow = view.layout === "narrow";
  return html`
    <section
      class="area area-${tab}"
      id="area-${tab}"
      role=${narrow ? "tabpanel" : "region"}
      aria-label=${label}
      ?hidden=${narrow && view.tab !== tab}
      data-focus=${narrow && view.tab !== tab ? ".answer-body" : nothing}
    >${content}</section>
  `;
}
