import { html, nothing, type TemplateResult } from "lit/html.js";
import { reached } from "../model/address.ts";
import type { TextActions } from "../state/actions.ts";
import { startCommand } from "../state/choices.ts";
import type { EndpointSlice } from "../state/endpoint.ts";
import type { State } from "../state/store.ts";

/** What stands there before anything was sent. */
export type EmptyState = Pick<State, "core" | "endpoint">;

/** What the answer's area says before the first run: how to begin, and what can be tried. */
export function renderEmpty({ core, endpoint }: EmptyState, actions: TextActions): TemplateResult {
  if (core.state === "failed") {
    return html`<div class="empty"><p class="empty-lead">Nothing can be sent while the checker is missing.</p></div>`;
  }
  return html`
    <div class="empty">
      <p class="empty-lead">The answer streams in here.</p>
      <p>Press <kbd>${sendKeys()}</kbd> to send the text as it stands, <kbd>Esc</kbd> to stop; <kbd>?</kbd> lists all keys.</p>
      ${endpoint.chosen.builtIn ? renderModels(endpoint.models, actions) : renderServer(endpoint)}
    </div>
  `;
}

/** How many models of the demo do as they are asked, or fail in the open; a test of core/demo holds it to the list. */
const plain = 12;

function renderModels(models: readonly string[], actions: TextActions): TemplateResult {
  if (models.length === 0) return html`<p>The demo model runs inside this page.</p>`;
  return html`
    <p>The demo model runs inside this page. Its other names show what a server can do to you:</p>
    ${renderNames(models.slice(0, plain), "Demo models", actions)}
    <details>
      <summary>${models.length - plain} more that misbehave on purpose</summary>
      ${renderNames(models.slice(plain), "Demo models that misbehave", actions)}
    </details>
  `;
}

function renderNames(models: readonly string[], label: string, actions: TextActions): TemplateResult {
  return html`
    <ul class="try-list" aria-label=${label}>
      ${models.map(
        (model) =>
          html`<li><button class="try" @click=${() => actions.setField("/model", JSON.stringify(model))}><span class="hidden">Use </span><code>${model}</code></button></li>`,
      )}
    </ul>
  `;
}

function renderServer({ chosen: endpoint, address }: EndpointSlice): TemplateResult {
  const to = endpoint.editable ? reached(address)?.host : endpoint.title;
  const where = to === undefined ? "Enter the server's base URL above." : `Requests go to ${to}.`;
  return html`
    <p>${where}</p>
    <p>${endpoint.browserHelp}</p>
    ${endpoint.startCommand === "" ? nothing : html`<p>To start it for this page:</p><p class="command"><code class="wrap">${startCommand(endpoint)}</code></p>`}
    <p class="muted">The demo model in the list of endpoints works without a server or a key.</p>
  `;
}

/** The keys that send, as the person's keyboard names them. */
export function sendKeys(): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ Enter" : "Ctrl Enter";
}
