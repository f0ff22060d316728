import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { KeepActions } from "../state/actions.ts";
import type { DraftOffer, KeepSlice } from "../state/keep.ts";
import { icon } from "../ui/icons.ts";
import { popoverAt } from "../ui/popover.ts";

/** The button that tells what stays on this device, with the switch for it, older drafts, and the way to clear it all. */
export function renderKept(keep: KeepSlice, actions: KeepActions): TemplateResult | typeof nothing {
  if (!keep.offered) return nothing;
  const name = "What is kept on this device";
  return html`
    <button class="quiet icon-only" popovertarget="kept" aria-label=${name} title=${name}>${icon("kept")}</button>
    <div
      id="kept"
      class="popover kept"
      popover
      role="dialog"
      aria-label=${name}
      @beforetoggle=${popoverAt}
      @toggle=${({ newState }: ToggleEvent) => (newState === "open" ? actions.listDrafts() : actions.confirmClear(false))}
    >
      <h2>On this device</h2>
      <label class="row check"><input type="checkbox" .checked=${live(keep.on)} @change=${(event: Event) => actions.keepDrafts((event.currentTarget as HTMLInputElement).checked)} /><span>Keep drafts on this device</span></label>
      <p class="muted">${keep.on ? "Text, endpoint, view and answers are here again after a reload, a crash or another day. Keys are not kept with them." : "Text and answers are gone when the page is left. Nothing is kept."}</p>
      ${keep.on && keep.trouble !== "" ? html`<p class="trouble">${icon("warning")} ${keep.trouble}</p>` : nothing}
      ${keep.drafts.length > 0 ? renderDrafts(keep.drafts, actions) : nothing}
      ${renderClear(keep.confirming, actions)}
    </div>
  `;
}

function renderDrafts(drafts: readonly DraftOffer[], actions: KeepActions): TemplateResult {
  return html`
    <h3>Drafts of closed tabs</h3>
    <ul class="kept-drafts">
      ${drafts.map(({ id, time, beginning }) => html`<li><button class="quiet" popovertarget="kept" popovertargetaction="hide" @click=${() => actions.restoreDraft(id)}><span class="hidden">Open the draft of </span><span class="muted">${time}</span> <code>${beginning || "empty"}</code></button></li>`)}
    </ul>
  `;
}

// One button turns into another, and the focus stays where it was.
function renderClear(confirming: boolean, actions: KeepActions): TemplateResult {
  return html`
    <div class="kept-clear">
      ${confirming ? html`<p role="alert">This erases all drafts, answers, remembered servers and keys in this browser, and what stands in this page. Other tabs keep what they show.</p>` : nothing}
      <button class=${confirming ? "secondary danger" : "secondary"} @click=${() => (confirming ? actions.clearAll() : actions.confirmClear(true))}>${confirming ? "Yes, clear everything" : "Clear everything"}</button>
      ${confirming ? html`<button class="quiet" @click=${() => actions.confirmClear(false)}>No</button>` : nothing}
    </div>
  `;
}

/** What is told of keeping below the head: that something is not kept, once, and a draft that gave way to another text. */
export function renderKeptNotes({ on, trouble, told, offer }: KeepSlice, actions: KeepActions): TemplateResult {
  return html`
    ${on && trouble !== "" && !told ? html`<p class="head-note" role="status">${icon("warning")} ${trouble} <button class="quiet icon-only small" aria-label="Close: not kept" title="Close" @click=${actions.dismissTrouble}>${icon("close")}</button></p>` : nothing}
    ${offer ? html`<p class="head-note kept-offer" role="status"><span>Your draft of ${offer.time} is kept:</span> <code>${offer.beginning || "empty"}</code> <button class="secondary" @click=${() => actions.restoreDraft(offer.id)}>Restore draft</button> <button class="quiet icon-only small" aria-label="Close: draft" title="Close" @click=${actions.dismissDraft}>${icon("close")}</button></p>` : nothing}
  `;
}
