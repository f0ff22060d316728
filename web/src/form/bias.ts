import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { DemoToken } from "../model/core.ts";
import { objectValue, roundToStep } from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { visibleLine } from "../ui/visible.ts";
import { type FieldView, marksOf } from "./field-view.ts";
import { tokenFault } from "./token-id.ts";
import { type Box, readNumber, renderUnread, typing } from "./typing.ts";

const newBias = "1";
// A longer text has more tokens than anybody picks from.
const tokensOffered = 24;

/** The table of token biases: id, number, slider. With the demo model, tokens can be found by their text. */
export function renderBias(view: FieldView): TemplateResult {
  const entries = objectValue(view.json);
  if (view.json !== undefined && entries === undefined)
    return html`<p class="too-long">This is not a table of biases; edit it in the text.</p>`;
  const { id } = view;
  return html`
    <div class="bias" role="group" aria-labelledby="${id}-label">
      ${entries && entries.length > 0 ? html`<ul class="bias-rows">${entries.map(([token, json]) => renderEntry(view, token, json))}</ul>` : nothing}
      ${renderAdd(view, entries ?? [])}
      ${view.endpoint.chosen.builtIn ? renderFinder(view) : nothing}
    </div>
  `;
}

/** The pointer of one entry: RFC 6901 escapes for ids that are no ids yet. */
function entryPath(view: FieldView, token: string): string {
  return `${view.field.path}/${token.replace(/~/g, "~0").replace(/\//g, "~1")}`;
}

function renderEntry(view: FieldView, token: string, json: string): TemplateResult {
  const { field, actions, drafts } = view;
  const path = entryPath(view, token);
  const id = `${view.id}-${token}`;
  const number = Number(json);
  // An empty box leaves the entry: that is taken out by the button beside it.
  const read = (typed: string) =>
    typed.trim() === ""
      ? ({ kind: "unreadable", begun: true, why: "A bias needs a number.", fixes: [] } as const)
      : readNumber(typed);
  const box: Box = { path, json, read };
  const on = typing(view, box);
  const marks = marksOf(view, path, id);
  return html`
    <li class="bias-row" data-focus="#${id}">
      <code class="bias-token">${token}</code>
      <input
        type="range"
        min=${field.minimum ?? -100}
        max=${field.maximum ?? 100}
        step=${field.step}
        aria-label="Bias of token ${token}, slider"
        .value=${live(String(Number.isFinite(number) ? number : 0))}
        @input=${(event: Event) => {
          if (drafts.get(path)) drafts.drop(path);
          const { valueAsNumber } = event.currentTarget as HTMLInputElement;
          void actions.setField(path, roundToStep(valueAsNumber, field.step), drafts.gesture(path));
        }}
        @change=${() => drafts.endGesture()}
      />
      <input
        id=${id}
        class="mono number"
        type="text"
        inputmode="decimal"
        aria-label="Bias of token ${token}"
        aria-describedby=${marks.describedBy}
        aria-invalid=${marks.invalid}
        .value=${live(drafts.text(path) ?? json)}
        @input=${on.input}
        @blur=${on.blur}
        @commit=${on.commit}
      />
      <button type="button" class="quiet icon-only small" aria-label="Remove token ${token}" title="Remove this token" @click=${() => {
        drafts.drop(path);
        void actions.unsetField(path);
      }}>${icon("close")}</button>
      ${renderUnread(view, id, box)}
    </li>
  `;
}

function add(view: FieldView, entries: readonly (readonly [string, string])[], token: string): void {
  if (tokenFault(token, entries) !== "") return;
  view.drafts.added = token;
  if (view.json === undefined) view.actions.setField(view.field.path, `{"${token}": ${newBias}}`);
  else view.actions.setField(entryPath(view, token), newBias);
}

function renderAdd(view: FieldView, entries: readonly (readonly [string, string])[]): TemplateResult {
  const key = `${view.field.path} new`;
  const typed = view.drafts.text(key) ?? "";
  const fault = tokenFault(typed, entries);
  // The box stays where it is, emptied for the next token.
  const { added } = view.drafts;
  const told = typed === "" && entries.some(([token]) => token === added) ? `Token ${added} is in the table.` : "";
  const take = () => {
    const token = (view.drafts.text(key) ?? "").trim();
    if (token === "" || tokenFault(token, entries) !== "") return;
    view.drafts.drop(key);
    add(view, entries, token);
  };
  return html`
    <input
      id=${view.id}
      class="mono"
      type="text"
      inputmode="numeric"
      aria-describedby="${view.id}-fault ${view.id}-help"
      aria-invalid=${fault !== ""}
      placeholder="Token id, then Enter"
      .value=${live(typed)}
      @input=${(event: Event) => view.drafts.hold(key, (event.currentTarget as HTMLInputElement).value)}
      @commit=${take}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        take();
      }}
      @blur=${take}
    />
    <p class="field-issue error" id="${view.id}-fault" role="status">${fault === "" ? nothing : html`${icon("error")}<span>${fault}</span>`}</p>
    <p class="hidden" role="status">${told}</p>
  `;
}

function renderFinder(view: FieldView): TemplateResult {
  const key = `${view.field.path} find`;
  const found = view.drafts.tokens;
  return html`
    <details class="finder">
      <summary>Find tokens of the demo model</summary>
      <input
        class="mono"
        type="text"
        dir="auto"
        aria-label="Text whose tokens to find"
        placeholder="Type a word"
        .value=${live(view.drafts.text(key) ?? "")}
        @input=${async (event: Event) => {
          const text = (event.currentTarget as HTMLInputElement).value;
          view.drafts.hold(key, text);
          const tokens = text === "" ? [] : await view.actions.tokens(text);
          if (view.drafts.text(key) === text) view.drafts.offer(tokens.slice(0, tokensOffered));
        }}
      />
      ${found.length === 0 ? nothing : html`<ul class="found" aria-label="Tokens found">${found.map((token) => renderFound(view, token))}</ul>`}
    </details>
  `;
}

function renderFound(view: FieldView, token: DemoToken): TemplateResult {
  return html`<li><button type="button" class="try" @click=${() => add(view, objectValue(view.json) ?? [], String(token.id))}><code>${visibleLine(token.text)}</code> <span class="muted">${token.id}</span><span class="hidden"> add this token</span></button></li>`;
}
