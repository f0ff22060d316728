import { html, nothing, type TemplateResult } from "lit/html.js";
import type { TextActions, ViewActions } from "../state/actions.ts";
import type { WirePreview } from "../state/text.ts";
import { icon } from "../ui/icons.ts";

/** The exact request in a dialog: line, headers without the key, body, and the same as a curl command. */
export function renderPreview(
  preview: WirePreview | undefined,
  actions: TextActions & ViewActions,
): TemplateResult | typeof nothing {
  if (!preview) return nothing;
  return html`
    <dialog class="sheet" aria-labelledby="preview-title" @close=${actions.closePreview}>
      <div class="panel-head">
        <h2 id="preview-title">On the wire</h2>
        <span class="grow"></span>
        <button class="quiet icon-only" aria-label="Close" title="Close" @click=${(event: Event) => (event.currentTarget as HTMLElement).closest("dialog")?.close()}>${icon("close")}</button>
      </div>
      <div class="sheet-body">${preview.problem === "" ? renderRequest(preview, actions) : html`<p class="too-long">${preview.problem}</p>`}</div>
    </dialog>
  `;
}

function renderRequest(preview: WirePreview, actions: ViewActions): TemplateResult {
  const head = [
    `${preview.method} ${preview.url}`,
    ...preview.headers.map((header) => `${header.name}: ${header.value}`),
  ].join("\n");
  return html`
    ${renderBlock("Request", "The request", head, actions)}
    ${renderBlock("Body", "The body", preview.body, actions)}
    ${renderBlock("curl", "The command", preview.curl, actions)}
    ${preview.note === "" ? nothing : html`<p class="muted">${preview.note}</p>`}
  `;
}

function renderBlock(title: string, what: string, text: string, actions: ViewActions): TemplateResult {
  return html`
    <section class="wire-block">
      <header><h3>${title}</h3><span class="grow"></span><button class="quiet icon-only small" aria-label="Copy: ${title}" title="Copy" @click=${() => actions.copyText(text, what)}>${icon("copy")}</button></header>
      <pre tabindex="0" role="group" aria-label=${title}>${text}</pre>
    </section>
  `;
}
