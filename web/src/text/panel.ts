import { ref } from "lit/directives/ref.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { editingKeys, emptyText } from "../editor/text-editor.ts";
import { countFixes } from "../model/counts.ts";
import type { ImportActions, TextActions, ViewActions } from "../state/actions.ts";
import { lackOf } from "../state/ready.ts";
import type { State } from "../state/store.ts";
import type { ViewSlice } from "../state/view.ts";
import { icon } from "../ui/icons.ts";
import { kit } from "../ui/kit.ts";
import { moveInMenu, popoverAt } from "../ui/popover.ts";
import { roving } from "../ui/roving.ts";
import { examples } from "./examples.ts";
import { renderIssues } from "./issue-list.ts";
import { renderOffer } from "./offer.ts";

const dialects = { json: "JSON", jsonc: "JSON with comments", javascript: "JavaScript" } as const;

/** What the text's area shows. */
export type TextState = Pick<State, "core" | "text" | "editor" | "endpoint">;

/** The text's area: toolbar, editor, and what is wrong with the text. The editor itself lives in the two empty hosts. */
export function renderText(
  state: TextState,
  actions: TextActions & ImportActions & ViewActions,
  { codes, linkPage }: Pick<ViewSlice, "codes" | "linkPage">,
  code: typeof import("./code.ts") | undefined,
): TemplateResult {
  const { core, editor } = state;
  const { result } = state.text;
  const fixes = countFixes(result).safe;
  return html`
    <header class="panel-head">
      <h2>Text</h2>
      <span class="grow"></span>
      <div class="toolbar" role="toolbar" aria-label="Text tools" ${ref(roving)}>
        ${fixes > 0 ? html`<button class="tool accent" @click=${actions.fixAll}>Fix all<span class="count">${fixes}</span></button>` : nothing}
        <button class="tool" ?disabled=${result === undefined} @click=${actions.format}>Format</button>
        <button class="tool" popovertarget="examples" aria-haspopup="menu">Examples${icon("chevron")}</button>
        <button class="tool" @click=${actions.preview}>Wire</button>
        ${codes ? html`<button class="tool" aria-expanded=${state.text.code !== undefined} @click=${actions.toggleCode}>Code</button>` : nothing}
        ${renderStep("Undo", "undo", editor.canUndo, actions.undo)}
        ${renderStep("Redo", "redo", editor.canRedo, actions.redo)}
        ${linkPage === undefined ? nothing : html`<button class="quiet icon-only" aria-label="Copy a link to this request" title="Copy a link to this request" @click=${actions.copyLink}>${icon("link")}</button>`}
        <button class="quiet icon-only tool-copy" aria-label="Copy the text" title="Copy the text" @click=${actions.copyRequest}>${icon("copy")}</button>
      </div>
      <div id="examples" class="popover menu" popover @beforetoggle=${popoverAt} @keydown=${moveInMenu} role="menu" aria-label="Examples">
        ${examples.map((example, i) => html`<button role="menuitem" ?autofocus=${i === 0} popovertarget="examples" popovertargetaction="hide" @click=${() => actions.useExample(example.text)}><strong>${example.title}</strong><span>${example.about}</span></button>`)}
      </div>
    </header>
    ${renderOffer(state.text.offer, actions)}
    <div class="editor">
      <textarea class="plain-editor" aria-label="Request text" placeholder=${emptyText} spellcheck="false" autocapitalize="off" autocomplete="off" ?hidden=${editor.ready}></textarea>
      <div class="code-editor" ?hidden=${!editor.ready}></div>
    </div>
    <p class="editor-foot">
      <span>Ln ${editor.cursor.line}, Col ${editor.cursor.column}</span>
      <span class="foot-note ${editor.notice === "" ? "" : "message"}" title=${editor.notice || editingKeys}>${editor.notice || "Ctrl Space lists · Esc, then Tab, leaves"}</span>
      ${result ? html`<span>${dialects[result.dialect]}</span>` : nothing}
      ${result ? renderTime(result.micros, editor.checked) : nothing}
    </p>
    ${state.text.code && code ? code.renderCode(kit, state.text.code, actions) : nothing}
    ${renderIssues(core, result, lackOf(state.endpoint, state.text), actions)}
  `;
}

// Not the attribute "disabled": pressed for the last time, the button would lose the focus.
function renderStep(name: string, sign: "undo" | "redo", can: boolean, act: () => void): TemplateResult {
  return html`<button class="quiet icon-only" aria-label=${name} title=${name} aria-disabled=${!can} @click=${() => can && act()}>${icon(sign)}</button>`;
}

// While a check is under way its predecessor's time stays in sight for a moment, lest the words flicker at every key.
function renderTime(micros: number, checked: boolean): TemplateResult {
  const time = milliseconds(micros);
  return html`<span class="foot-time ${checked ? "" : "pending"}" data-time=${time} title="Time the core took for the last check"><span>${checked ? time : "checking…"}</span></span>`;
}

function milliseconds(micros: number): string {
  // A page's clock is too coarse to tell less.
  return micros < 1000 ? "checked in under 1 ms" : `checked in ${(micros / 1000).toFixed(1)} ms`;
}
