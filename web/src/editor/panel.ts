import { html, nothing, type TemplateResult } from "lit";
import type { Actions } from "../actions.ts";
import { icon } from "../icons.ts";
import { moveInMenu, popoverAt } from "../popover.ts";
import type { State } from "../state.ts";
import { examples } from "./examples.ts";
import { renderProblems } from "./problems.ts";
import { emptyText } from "./text-editor.ts";

const dialects = { json: "JSON", jsonc: "JSON with comments", javascript: "JavaScript" } as const;

/** The text's area: toolbar, editor, and what is wrong with the text. The editor itself lives in the two empty hosts. */
export function renderText(state: State, actions: Actions): TemplateResult {
  const fixes = state.result?.issues.filter((issue) => issue.fix).length ?? 0;
  return html`
    <header class="panel-head">
      <h2>Text</h2>
      <span class="grow"></span>
      <div class="toolbar" role="group" aria-label="Text tools">
        ${fixes > 0 ? html`<button class="tool accent" @click=${actions.fixAll}>Fix all<span class="count">${fixes}</span></button>` : nothing}
        <button class="tool" ?disabled=${state.result === undefined} @click=${actions.format}>Format</button>
        <button class="tool" popovertarget="examples" aria-haspopup="menu">Examples${icon("chevron")}</button>
        <button class="tool" @click=${actions.preview}>Wire</button>
        <button class="quiet icon-only" aria-label="Undo" title="Undo" ?disabled=${!state.editorReady} @click=${actions.undo}>${icon("undo")}</button>
        <button class="quiet icon-only" aria-label="Redo" title="Redo" ?disabled=${!state.editorReady} @click=${actions.redo}>${icon("redo")}</button>
        <button class="quiet icon-only tool-copy" aria-label="Copy the text" title="Copy the text" @click=${actions.copyRequest}>${icon("copy")}</button>
      </div>
      <div id="examples" class="popover menu" popover @beforetoggle=${popoverAt} @keydown=${moveInMenu} role="menu" aria-label="Examples">
        ${examples.map((example, i) => html`<button role="menuitem" ?autofocus=${i === 0} popovertarget="examples" popovertargetaction="hide" @click=${() => actions.useExample(example.text)}><strong>${example.title}</strong><span>${example.about}</span></button>`)}
      </div>
    </header>
    <div class="editor">
      <textarea class="plain-editor" aria-label="Request text" placeholder=${emptyText} spellcheck="false" autocapitalize="off" autocomplete="off" ?hidden=${state.editorReady}></textarea>
      <div class="code-editor" ?hidden=${!state.editorReady}></div>
    </div>
    <p class="editor-foot">
      <span>Ln ${state.cursor.line}, Col ${state.cursor.column}</span>
      ${state.result ? html`<span>${dialects[state.result.dialect]}</span>` : nothing}
      <span class="foot-note">${state.notice || "Tab moves on · Ctrl Space completes"}</span>
      ${state.result ? renderTime(state.result.micros, state.current) : nothing}
    </p>
    ${renderProblems(state, actions)}
  `;
}

// While a check is under way its predecessor's time stays in sight for a moment, lest the words flicker at every key.
function renderTime(micros: number, current: boolean): TemplateResult {
  const time = milliseconds(micros);
  return html`<span class="foot-time ${current ? "" : "pending"}" data-time=${time} title="Time the core took for the last check"><span>${current ? time : "checking…"}</span></span>`;
}

function milliseconds(micros: number): string {
  return micros < 1000 ? `checked in ${Math.round(micros)} µs` : `checked in ${(micros / 1000).toFixed(1)} ms`;
}
