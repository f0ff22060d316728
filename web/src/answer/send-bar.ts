import { html, nothing, type TemplateResult } from "lit/html.js";
import { countIssues, describeCounts } from "../model/counts.ts";
import { capitalized } from "../model/words.ts";
import type { RunActions, TextActions, ViewActions } from "../state/actions.ts";
import { type Lack, lackOf } from "../state/ready.ts";
import { running } from "../state/runs.ts";
import type { State } from "../state/store.ts";
import { focusSoon } from "../ui/focus.ts";
import { icon } from "../ui/icons.ts";
import { renderSkip } from "../ui/skips.ts";
import { sendKeys } from "./empty.ts";

/** What stands around Send. */
export type SendState = Pick<State, "core" | "text" | "runs" | "endpoint">;

type SendActions = RunActions & TextActions & ViewActions;

/** Send or Stop, how the text stands, and why Send was refused. */
export function renderSendBar(state: SendState, actions: SendActions): TemplateResult {
  const { refusal } = state.runs;
  // One button for both, so that the focus is not lost when one becomes the other.
  const busy = running(state.runs);
  return html`
    <div class="send-bar">
      <button
        class="primary ${busy ? "stop" : ""}"
        ?disabled=${!busy && state.core.state === "failed"}
        @click=${() => (busy ? actions.stop() : actions.send(false))}
      >
        ${icon(busy ? "stop" : "send")} ${busy ? "Stop" : "Send"} <kbd>${busy ? "Esc" : sendKeys()}</kbd>
      </button>
      ${state.runs.entries.length > 0 ? renderSkip("answer", actions) : nothing}
      <span class="send-state">${standing(state, actions)}</span>
    </div>
    ${
      refusal
        ? html`<div class="refusal" role="alert">
          ${icon("error")}<p>${refusal.message}</p>
          ${refusal.canForce ? html`<button class="secondary" @click=${() => actions.send(true)}>Send anyway</button>` : nothing}
          <button class="quiet icon-only small" aria-label="Dismiss" title="Dismiss" @click=${actions.dismissRefusal}>${icon("close")}</button>
        </div>`
        : nothing
    }
  `;
}

function standing(state: SendState, actions: SendActions): TemplateResult | string {
  if (state.runs.sending) return state.core.state === "ready" ? "Sending…" : "Waiting for the check…";
  if (state.core.state === "failed") return "Checking is not available";
  const { result } = state.text;
  if (!result) return "Checking is on its way…";
  const counts = countIssues(result);
  const lack = counts.errors > 0 ? undefined : lackOf(state.endpoint, state.text);
  if (lack) return html`<span class="standing warning"></span>${lack.words}. ${renderMend(lack, actions)}`;
  const tone = counts.errors ? "error" : counts.warnings ? "warning" : "good";
  return html`<span class="standing ${tone}"></span>${capitalized(describeCounts(counts))}`;
}

const boxes = { base: "#base", key: ".key input", model: "#field-model" } as const;

/** Puts in what is missing where it is known, or goes to the box that is to be filled. */
function renderMend({ box, value }: Lack, actions: SendActions): TemplateResult {
  const go = (event: Event) => {
    if (value !== undefined) return void actions.setField("/model", JSON.stringify(value));
    if (box === "model") actions.tab("form");
    focusSoon(event.currentTarget as HTMLElement, boxes[box]);
  };
  const words = { base: "Name one", key: "Enter it", model: "Choose one" }[box];
  return html`<button class="link" @click=${go}>${value === undefined ? words : `Use ${value}`}</button>`;
}
