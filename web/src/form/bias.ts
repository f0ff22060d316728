import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { DemoToken } from "../model/core.ts";
import { numberToken, objectValue, roundToStep } from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { visibleLine } from "../ui/visible.ts";
import type { FieldView } from "./field-view.ts";
import { tokenFault } from "./token-id.ts";

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
  const number = Number(json);
  return html`
    <li class="bias-row">
      <code class="bias-token">${token}</code>
      <input
        type="range"
        min=${field.minimum ?? -100}
        max=${field.maximum ?? 100}
        step=${field.step}
        aria-label="Bias of token ${token}, slider"
        .value=${live(String(Number.isFinite(number) ? number : 0))}
        @input=${(event: Event) => actions.setField(path, roundToStep((event.currentTarget as HTMLInputElement).valueAsNumber, field.step), drafts.gesture(path))}
        @change=${() => drafts.endGesture()}
      />
      <input
        class="mono number"
        type="text"
        inputmode="decimal"
        aria-label="Bias of token ${token}"
        .value=${live(drafts.get(path) ?? json)}
        @input=${(event: Event) => {
          const typed = (event.currentTarget as HTMLInputElement).value;
          drafts.set(path, typed);
          const value = numberToken(typed);
          if (value !== undefined) actions.setField(path, value, drafts.gesture(path));
        }}
        @blur=${() => drafts.drop(path)}
      />
      <button type="button" class="quiet icon-only small" aria-label="Remove token ${token}" title="Remove this token" @click=${() => actions.unsetField(path)}>${icon("close")}</button>
    </li>
  `;
}

function add(view: FieldView, entries: readonly (readonly [string, string])[], token: string): void {
  if (tokenFault(token, entries) !== "") return;
  if (view.json === undefined) view.actions.setField(view.field.path, `{"${token}": ${newBias}}`);
  else view.actions.setField(entryPath(view, token), newBias);
}

function renderAdd(view: FieldView, entries: readonly (readonly [string, string])[]): TemplateResult {
  const key = `${view.field.path} new`;
  const typed = view.drafts.get(key) ?? "";
  const fault = tokenFault(typed, entries);
  const take = () => {
    const token = (view.drafts.get(key) ?? "").trim();
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
      @input=${(event: Event) => view.drafts.set(key, (event.currentTarget as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        take();
      }}
      @blur=${take}
    />
    <p class="field-issue error" id="${view.id}-fault" role="status">${fault === "" ? nothing : html`${icon("error")}<span>${fault}</span>`}</p>
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
        .value=${live(view.drafts.get(key) ?? "")}
        @input=${async (event: Event) => {
          const text = (event.currentTarget as HTMLInputElement).value;
          view.drafts.set(key, text);
          const tokens = text === "" ? [] : await view.actions.tokens(text);
          if (view.drafts.get(key) === text) view.drafts.offer(tokens.slice(0, tokensOffered));
        }}
      />
      ${found.length === 0 ? nothing : html`<ul class="found" aria-label="Tokens found">${found.map((token) => renderFound(view, token))}</ul>`}
    </details>
  `;
}

function renderFound(view: FieldView, token: DemoToken): TemplateResult {
  return html`<li><button type="button" class="try" @click=${() => add(view, objectValue(view.json) ?? [], String(token.id))}><code>${visibleLine(token.text)}</code> <span class="muted">${token.id}</span><span class="hidden"> add this token</span></button></li>`;
}
