import { html, nothing, type TemplateResult } from "lit/html.js";
import { capitalized } from "../model/words.ts";
import type { ImportActions } from "../state/actions.ts";
import type { ImportOffer } from "../state/imports.ts";
import { icon } from "../ui/icons.ts";

/** What can be made of a text that is a request in another language, and once it is made, the way back. */
export function renderOffer(offer: ImportOffer | undefined, actions: ImportActions): TemplateResult | typeof nothing {
  if (!offer) return nothing;
  const { from, done } = offer;
  return html`
    <section class="offer" aria-label="Import">
      <div class="offer-head">
        <p role="status">${done === "" ? found(offer) : made(offer)}</p>
        <button class="quiet icon-only small" aria-label="Close: import" title="Close" @click=${actions.dismissImport}>${icon("close")}</button>
      </div>
      ${done === "" ? renderChoices(offer, actions) : html`<div class="offer-choices"><button class="fix plain" @click=${actions.undoImport}>Undo the import</button></div>`}
      ${from.notes.length > 0 ? renderNotes(offer) : nothing}
    </section>
  `;
}

function found({ from, hasKey }: ImportOffer): TemplateResult {
  const inHeader = from.keyHeader === "" ? "" : html`, in the header <code>${from.keyHeader}</code>`;
  const key = hasKey ? html`, with an API key in it${inHeader}` : "";
  return html`This is <strong>${from.name}</strong>${from.host === "" ? nothing : html` for <code>${from.host}</code>`}${key}.${from.text === null ? " No request could be read from it." : ""}`;
}

function made({ from, hasKey, done }: ImportOffer): TemplateResult {
  const what = from.name.replace(/^an? /, "");
  if (done === "text") return html`The text is the request of the ${what} now. Endpoint and key are as they were.`;
  return html`The request of the ${what}, sent to <code>${from.host}</code>${hasKey ? html` with its key${from.keyHeader === "" ? "" : html`, as the endpoint's own header <code>${from.keyHeader}</code>`}, which is kept in memory alone` : ""}.`;
}

function renderChoices({ from, hasKey }: ImportOffer, actions: ImportActions): TemplateResult | typeof nothing {
  if (from.text === null) return nothing;
  const what = from.name.replace(/^an? /, "");
  const turn = `Turn this ${what} into a request`;
  if (from.host === "")
    return html`<div class="offer-choices"><button class="fix" @click=${() => actions.takeImport(false)}>${turn}</button></div>`;
  return html`
    <div class="offer-choices">
      <button class="fix" @click=${() => actions.takeImport(true)}>${turn} for ${from.host}${hasKey ? ", with its key" : ""}</button>
      <button class="fix plain" @click=${() => actions.takeImport(false)}>Only its text</button>
    </div>
  `;
}

function renderNotes({ from }: ImportOffer): TemplateResult {
  return html`
    <ul class="offer-notes">
      ${from.notes.map(({ message, span }) => html`<li><span class="hidden">line </span>${span.start.line}<span aria-hidden="true">:</span><span class="hidden"> column </span>${span.start.column} ${capitalized(message)}.</li>`)}
    </ul>
  `;
}
