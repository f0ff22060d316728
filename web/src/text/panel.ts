import { html, nothing, type TemplateResult } from "lit";
import { editingKeys, emptyText } from "../editor/text-editor.ts";
import { countFixes } from "../model/counts.ts";
import type { ImportActions, TextActions } from "../state/actions.ts";
import type { State } from "../state/store.ts";
import { icon } from "../ui/icons.ts";
import { moveInMenu, popoverAt } from "../ui/popover.ts";
import { examples } from "./examples.ts";
import { renderIssues } from "./issue-list.ts";
import { renderOffer } from "./offer.ts";

const dialects = { json: "JSON", jsonc: "JSON with comments", javascript: "JavaScript" } as const;

/** What the text's area shows. */
export type TextState = Pick<State, "core" | "text" | "editor">;

/** The text's area: toolbar, editor, and what is wrong with the text. The editor itself lives in the two empty hosts. */
export function renderText(state: TextState, actions: TextActions & ImportActions): TemplateResult {
  const { core, editor } = state;
  const { result } = state.text;
  const fixes = countFixes(result).safe;
  return html`
    <header class="panel-head">
      <h2>Text</h2>
      <span class="grow"></span>
      <div class="toolbar" role="group" aria-label="Text tools">
        ${fixes > 0 ? html`<button class="tool accent" @click=${actions.fixAll}>Fix all<span class="count">${fixes}</span></button>` : nothing}
        <button class="tool" ?disabled=${result === undefined} @click=${actions.format}>Format</button>
        <button class="tool" popovertarget="examples" aria-haspopup="menu">Examples${icon("chevron")}</button>
        <button class="tool" @click=${actions.preview}>Wire</button>
        <button class="quiet icon-only" aria-label="Undo" title="Undo" ?disabled=${!editor.ready} @click=${actions.undo}>${icon("undo")}</button>
        <button class="quiet icon-only" aria-label="Redo" title="Redo" ?disabled=${!editor.ready} @click=${actions.redo}>${icon("redo")}</button>
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
      ${result ? html`<span>${dialects[result.dialect]}</span>` : nothing}
      <span class="foot-note" title=${editor.notice || editingKeys}>${editor.notice || "Ctrl Space lists · Esc, then Tab, leaves"}</span>
      ${result ? renderTime(result.micros, editor.checked) : nothing}
    </p>
    ${renderIssues(core, result, actions)}
  `;
}

// While a check is under way its predecessor's time stays in sight for a moment, lest the words flicker at every key.
function renderTime(micros: number, checked: boolean): TemplateResult {
  const time = milliseconds(micros);
  return html`<span class="foot-time ${checked ? "" : "pending"}" data-time=${time} title="Time the core took for the last check"><span>${checked ? time : "checking…"}</span></span>`;
}

function milliseconds(micros: number): string {
  return micros < 1000 ? `checked in ${Math.round(micros)} µs` : `checked in ${(micros / 1000).toFixed(1)} ms`;
}
