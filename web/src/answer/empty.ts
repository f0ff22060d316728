import { html, type TemplateResult } from "lit";
import type { Actions } from "../actions.ts";
import { icon } from "../icons.ts";
import type { State } from "../state.ts";

/** What the answer's area says before the first run: how to begin, and what can be tried. */
export function renderEmpty(state: State, actions: Actions): TemplateResult {
  return html`
    <div class="empty">
      <p class="empty-lead">The answer streams in here.</p>
      <p>Press <kbd>${sendKeys()}</kbd> to send the text as it stands, <kbd>Esc</kbd> to stop.</p>
      ${state.endpoint.builtIn ? renderModels(state.models, actions) : html`<p class="muted">Requests go to ${state.endpoint.title}. The demo model in the list above works without a server or a key.</p>`}
    </div>
  `;
}

function renderModels(models: readonly string[], actions: Actions): TemplateResult {
  return html`
    <p>The demo model runs inside this page. Its other names show what a server can do to you:</p>
    <ul class="try-list" aria-label="Demo models">
      ${models.map(
        (model) =>
          html`<li><button class="try" @click=${() => actions.setField("/model", JSON.stringify(model))}><code>${model}</code>${icon("target")}<span class="hidden">Use ${model}</span></button></li>`,
      )}
    </ul>
  `;
}

/** The keys that send, as the person's keyboard names them. */
export function sendKeys(): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ Enter" : "Ctrl Enter";
}
