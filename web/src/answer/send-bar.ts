import { html, nothing, type TemplateResult } from "lit";
import type { Actions } from "../actions.ts";
import { icon } from "../icons.ts";
import { countIssues, describeCounts, running, type State } from "../state.ts";
import { sendKeys } from "./empty.ts";

/** Send or Stop, how the text stands, and why Send was refused. */
export function renderSendBar(state: State, actions: Actions): TemplateResult {
  // One button for both, so that the focus is not lost when one becomes the other.
  const busy = running(state);
  return html`
    <div class="send-bar">
      <button
        class="primary ${busy ? "stop" : ""}"
        ?disabled=${!busy && state.core === "failed"}
        @click=${() => (busy ? actions.stop() : actions.send(false))}
      >
        ${icon(busy ? "stop" : "send")} ${busy ? "Stop" : "Send"} <kbd>${busy ? "Esc" : sendKeys()}</kbd>
      </button>
      <span class="send-state">${standing(state)}</span>
    </div>
    ${
      state.refusal
        ? html`<div class="refusal" role="alert">
          ${icon("error")}<p>${state.refusal.message}</p>
          ${state.refusal.canForce ? html`<button class="secondary" @click=${() => actions.send(true)}>Send anyway</button>` : nothing}
          <button class="quiet icon-only small" aria-label="Dismiss" title="Dismiss" @click=${actions.dismissRefusal}>${icon("close")}</button>
        </div>`
        : nothing
    }
  `;
}

function standing(state: State): TemplateResult | string {
  if (state.sending) return state.core === "ready" ? "Sending…" : "Waiting for the check…";
  if (state.core === "failed") return "Checking is not available";
  if (!state.result) return "Checking is on its way…";
  const counts = countIssues(state.result);
  const tone = counts.errors ? "error" : counts.warnings ? "warning" : "good";
  return html`<span class="standing ${tone}"></span>${sentence(describeCounts(counts))}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
