import { html, LitElement, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { PageWatch } from "./answer/page-watch.ts";
import { renderAnswer } from "./answer/panel.ts";
import { renderSendBar } from "./answer/send-bar.ts";
import { firstText } from "./editor/examples.ts";
import { renderText } from "./editor/panel.ts";
import { renderPreview } from "./editor/preview.ts";
import { demoEndpoint, profileChoices } from "./endpoint/endpoints.ts";
import { renderHeader } from "./endpoint/header.ts";
import { Drafts } from "./form/drafts.ts";
import { renderForm } from "./form/form.ts";
import { Playground } from "./playground.ts";
import { countIssues, describeCounts, type Layout, running, type State, Store, type Tab } from "./state.ts";
import { styles } from "./styles.ts";
import { renderTabs } from "./tabs.ts";
import { rememberedTheme } from "./theme.ts";

const profiles = profileChoices();

// Widths in CSS pixels from which two and three areas fit beside each other.
const twoAreas = 820;
const threeAreas = 1200;

// A person types on; only where the count of issues comes to rest is it worth saying.
const announceAfter = 1200;

/** The elements that are connected: a key pressed while nothing has the focus can only be meant for a lone one. */
const connected = new Set<CompletionPlayground>();

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
 * - `gateway`: the host that the page's own server forwards `/v1/*` to, with a key of its own; for that server to set.
 *
 * The layout follows the element's own width. Its height is the page's to say (CSS `height` on the element); unless told,
 * it is 45rem. Scripts, Worker and core are looked for beside the script that defines the element, wherever that lies.
 * Several elements on a page are independent of each other, keys included; they share the remembered servers and the
 * theme. An element that is taken out of the page stops what it was doing and forgets its keys; put back, it goes on
 * with its text, endpoint and answers.
 */
export class CompletionPlayground extends LitElement {
  static override styles = styles;
  static override properties = {
    endpoint: { type: String },
    profile: { type: String },
    value: { type: String },
    gateway: { type: String },
  };

  declare endpoint: string | undefined;
  declare profile: string | undefined;
  declare value: string | undefined;
  declare gateway: string | undefined;

  readonly #drafts = new Drafts(() => {
    this.#draftTick++;
    this.requestUpdate();
  });
  readonly #pages = new PageWatch(() => {
    this.#pageTick++;
    this.requestUpdate();
  });
  readonly #store = new Store(initialState());
  /** The text of an element that was connected before. */
  #text: string | undefined;
  #draftTick = 0;
  #pageTick = 0;
  #playground: Playground | undefined;
  #ended = new AbortController();
  #announcing: ReturnType<typeof setTimeout> | undefined;
  /** The answer follows its end until the person scrolls up. */
  #follows = true;

  override connectedCallback(): void {
    super.connectedCallback();
    connected.add(this);
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    const end = this.#store.subscribe((state, before) => this.#changed(state, before));
    signal.addEventListener("abort", end);
    this.#playground = new Playground(this.#store, {
      text: this.#text ?? this.value ?? firstText,
      endpoint: this.endpoint,
      profile: this.profile,
      gateway: this.gateway ?? "",
    });
    const size = new ResizeObserver(
      ([entry]) => entry && this.#store.set({ layout: layoutFor(entry.contentRect.width) }),
    );
    size.observe(this);
    signal.addEventListener("abort", () => size.disconnect());
    document.addEventListener("keydown", this.#keydown, { signal });
    if (this.hasUpdated) {
      this.requestUpdate();
      this.#open();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connected.delete(this);
    this.#text = this.#playground?.text;
    this.#ended.abort();
    this.#playground?.close();
    this.#playground = undefined;
    this.#pages.close();
    clearTimeout(this.#announcing);
  }

  /** Disconnected, the element stays as it was: what it drew is there when it is connected again. */
  protected override shouldUpdate(): boolean {
    return this.#playground !== undefined;
  }

  protected override firstUpdated(): void {
    this.#open();
  }

  protected override updated(): void {
    const body = this.renderRoot.querySelector(".answer-body");
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    if (body && this.#follows && running(this.#store.state)) body.scrollTop = body.scrollHeight;
  }

  protected override render(): TemplateResult {
    const playground = this.#playground;
    const { state } = this.#store;
    if (!playground) return html``;
    const { actions } = playground;
    const choices = playground.choices();
    const { theme } = state;
    return html`
      <div
        class="app ${state.layout} theme-${theme} ${state.dropping ? "dropping" : ""}"
        @dragover=${this.#dragOver}
        @dragleave=${this.#dragLeave}
        @drop=${this.#drop}
      >
        ${guard(
          [actions, choices, theme, state.endpoint, state.address, state.hasKey, state.keyForTab, state.keyWarning],
          () => renderHeader(state, choices, profiles, actions),
        )}
        <main class="main">
          ${renderTabs(state, actions)}
          <div class="areas">
          ${this.#area(
            state,
            "form",
            "Form",
            guard(
              [actions, state.core, state.result, state.models, state.endpoint, state.helpField, this.#draftTick],
              () => renderForm(state, actions, this.#drafts),
            ),
          )}
          ${this.#area(
            state,
            "text",
            "Text",
            guard(
              [
                actions,
                state.result,
                state.current,
                state.core,
                state.coreNote,
                state.cursor,
                state.editorReady,
                state.notice,
              ],
              () => renderText(state, actions),
            ),
          )}
          <div class="area-send">${renderSendBar(state, actions)}</div>
          ${this.#area(
            state,
            "answer",
            "Answer",
            guard(
              [
                actions,
                state.core,
                state.runs,
                state.shownRun,
                state.pinnedRun,
                state.runTick,
                state.tokenView,
                state.eventsOpen,
                state.selectedToken,
                state.retryIn,
                state.models,
                state.endpoint,
                state.address,
                state.dropping,
                this.#pageTick,
              ],
              () => renderAnswer(state, actions, this.#pages),
            ),
          )}
          </div>
        </main>
        ${renderPreview(state.preview, actions)}
        <p class="hidden" role="status" aria-live="polite">${state.announcement}</p>
      </div>
    `;
  }

  // One template for all layouts: another would make new elements, and the editor lives in these.
  #area(state: State, tab: Tab, label: string, content: unknown): TemplateResult {
    const narrow = state.layout === "narrow";
    return html`
      <section
        class="area area-${tab}"
        id="area-${tab}"
        role=${narrow ? "tabpanel" : "region"}
        aria-label=${label}
        ?hidden=${narrow && state.tab !== tab}
      >${content}</section>
    `;
  }

  #open(): void {
    const area = this.renderRoot.querySelector<HTMLTextAreaElement>(".plain-editor");
    const frame = this.renderRoot.querySelector<HTMLElement>(".code-editor");
    const body = this.renderRoot.querySelector<HTMLElement>(".answer-body");
    if (area && frame) this.#playground?.open(area, frame);
    body?.addEventListener(
      "scroll",
      () => (this.#follows = body.scrollHeight - body.scrollTop - body.clientHeight < 40),
      {
        signal: this.#ended.signal,
        passive: true,
      },
    );
  }

  #changed(state: State, before: State): void {
    this.requestUpdate();
    if (state.runs !== before.runs) this.#follows = true;
    if (state.result && state.result !== before.result) {
      const counts = describeCounts(countIssues(state.result));
      if (before.result && counts === describeCounts(countIssues(before.result))) return;
      clearTimeout(this.#announcing);
      this.#announcing = setTimeout(() => this.#store.set({ announcement: counts }), announceAfter);
    }
  }

  // A file dropped on the text becomes text. Anywhere else it is a recording, and must not make the browser leave the page.
  readonly #dragOver = (event: DragEvent): void => {
    const file = event.dataTransfer?.types.includes("Files") && !onText(event);
    if (file) event.preventDefault();
    this.#store.set({ dropping: file === true });
  };

  readonly #dragLeave = (event: DragEvent): void => {
    const app = event.currentTarget as HTMLElement;
    if (!(event.relatedTarget instanceof Node && app.contains(event.relatedTarget)))
      this.#store.set({ dropping: false });
  };

  readonly #drop = (event: DragEvent): void => {
    this.#store.set({ dropping: false });
    const file = event.dataTransfer?.files[0];
    if (!file || onText(event)) return;
    event.preventDefault();
    this.#playground?.actions.openRun(file);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const actions = this.#playground?.actions;
    if (!actions || event.defaultPrevented || event.isComposing) return;
    // Keys count while the focus is in here, or nowhere and there is no other playground.
    if (event.target !== this && (event.target !== document.body || connected.size > 1)) return;
    // An open dialog or popover closes with Escape, and nothing is sent from behind it.
    if (event.composedPath().some((node) => node instanceof HTMLElement && node.matches("dialog, [popover]"))) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      actions.send(false);
    } else if (event.key === "Escape" && running(this.#store.state)) {
      event.preventDefault();
      actions.stop();
    }
  };
}

function onText(event: Event): boolean {
  return event.composedPath().some((node) => node instanceof HTMLElement && node.matches(".editor"));
}

function layoutFor(width: number): Layout {
  return width >= threeAreas ? "wide" : width >= twoAreas ? "middle" : "narrow";
}

function initialState(): State {
  return {
    layout: "wide",
    tab: "text",
    theme: rememberedTheme(),
    core: "loading",
    coreNote: "",
    result: undefined,
    current: false,
    editorReady: false,
    cursor: { line: 1, column: 1 },
    endpoint: demoEndpoint(),
    address: undefined,
    models: [],
    helpField: "",
    hasKey: false,
    keyForTab: false,
    keyWarning: "",
    sending: false,
    refusal: undefined,
    runs: [],
    shownRun: undefined,
    pinnedRun: undefined,
    runTick: 0,
    tokenView: true,
    eventsOpen: false,
    selectedToken: undefined,
    retryIn: 0,
    preview: undefined,
    announcement: "",
    notice: "",
    dropping: false,
  };
}
