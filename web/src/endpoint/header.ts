import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { faultOf, reached, sentence } from "../model/address.ts";
import type { EndpointActions, KeepActions, ViewActions } from "../state/actions.ts";
import { profileChoices, startCommand } from "../state/choices.ts";
import type { EndpointSlice } from "../state/endpoint.ts";
import type { State } from "../state/store.ts";
import type { ThemeChoice } from "../state/view.ts";
import { icon } from "../ui/icons.ts";
import { popoverAt } from "../ui/popover.ts";
import { renderKept, renderKeptNotes } from "./kept.ts";

/** What the head shows. */
export type HeaderState = Pick<State, "endpoint" | "view" | "keep">;

type HeaderActions = EndpointActions & KeepActions & ViewActions;

const profiles = profileChoices();

/** The page's head: its name, where requests go, with which key, and the theme. */
export function renderHeader(state: HeaderState, actions: HeaderActions): TemplateResult {
  const { chosen: endpoint, choices, address, keyWarning } = state.endpoint;
  const fault = endpoint.editable && endpoint.base !== "" ? faultOf(address) : "";
  const asked = endpoint.editable ? reached(address) : undefined;
  const takesKey = !endpoint.builtIn && endpoint.keyNeeded !== "no";
  return html`
    <header class="head">
      <div class="brand">
        <svg class="logo" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5.5h14M3 10h8" /><path class="logo-accent" d="M3 14.5h5" /><rect class="logo-caret" x="10.5" y="12.2" width="2" height="4.6" rx=".6" /></svg>
        <h1>Completion Playground</h1>
      </div>
      <div class="endpoint">
        <label class="head-label" for="endpoint">Endpoint</label>
        <select id="endpoint" @change=${(event: Event) => actions.chooseEndpoint((event.currentTarget as HTMLSelectElement).value)}>
          ${choices.map((choice) => html`<option value=${choice.id} .selected=${choice.id === endpoint.id}>${choice.title}</option>`)}
        </select>
        ${endpoint.editable ? guard([endpoint, address, actions], () => renderBase(endpoint.base, fault, asked !== undefined, actions)) : nothing}
        ${takesKey ? renderKey(state.endpoint, actions) : nothing}
        <button class="quiet icon-only" popovertarget="endpoint-details" aria-label="About this endpoint and its key" title="About this endpoint and its key">${icon("settings")}</button>
        ${renderDetails(state.endpoint, actions)}
      </div>
      <span class="grow"></span>
      ${renderKept(state.keep, actions)}
      ${renderTheme(state.view.theme, actions)}
    </header>
    ${renderKeptNotes(state.keep, actions)}
    ${fault === "" ? nothing : html`<p class="head-note fault" id="base-fault" role="status">${icon("error")} ${fault}</p>`}
    ${asked === undefined ? nothing : html`<p class="head-note asked" id="base-asked" role="status">Asks <code class="wrap">${asked.completions}</code>${asked.notes.map((note) => html` <span>${sentence(note)}</span>`)}</p>`}
    ${keyWarning === "" ? nothing : html`<p class="head-note" role="status">${icon("warning")} ${keyWarning} <button class="link" @click=${actions.clearKeys}>Forget all keys</button></p>`}
  `;
}

// Drawn anew only for another endpoint: the box is set to the address that counts, over one that is being typed.
function renderBase(base: string, fault: string, asked: boolean, actions: EndpointActions): TemplateResult {
  return html`
    <label class="hidden" for="base">Base URL</label>
    <input
      id="base"
      class="mono base"
      type="text"
      inputmode="url"
      autocapitalize="off"
      spellcheck="false"
      autocomplete="off"
      placeholder="http://localhost:8000"
      aria-invalid=${fault !== ""}
      aria-describedby=${fault !== "" ? "base-fault" : asked ? "base-asked" : nothing}
      .value=${live(base)}
      @change=${(event: Event) => actions.setBase((event.currentTarget as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => {
        // The keys that send come before the change, and must not send to the server that stood here before.
        if (event.key === "Enter") actions.setBase((event.currentTarget as HTMLInputElement).value);
      }}
    />
  `;
}

function renderKey({ chosen: endpoint, address, hasKey }: EndpointSlice, actions: EndpointActions): TemplateResult {
  // A key belongs to a server, so there is nothing to enter it for until one is known.
  const homeless = reached(address) === undefined;
  const asked = endpoint.keyNeeded === "yes" ? "API key" : "API key, if any";
  const placeholder = homeless && endpoint.editable ? "Base URL first" : hasKey ? "Key is set" : asked;
  // A box of its own for each server: what was typed for one must not stand in the box of another.
  return html`
    <span class="key">
      ${icon("key")}
      ${keyed(
        endpoint.base,
        html`<input
          type="password"
          class="mono"
          autocomplete="off"
          spellcheck="false"
          aria-label="API key"
          ?disabled=${homeless}
          placeholder=${placeholder}
          @input=${(event: Event) => actions.setKey((event.currentTarget as HTMLInputElement).value)}
        />`,
      )}
      ${
        hasKey
          ? html`<button class="quiet icon-only small" aria-label="Clear the key" title="Forget this key" @click=${(
              event: Event,
            ) => {
              const box = (event.currentTarget as HTMLElement).parentElement?.querySelector("input");
              if (box) box.value = "";
              box?.focus();
              actions.clearKey();
            }}>${icon("close")}</button>`
          : nothing
      }
    </span>
  `;
}

function renderDetails(
  { chosen: endpoint, address, keyForTab }: EndpointSlice,
  actions: HeaderActions,
): TemplateResult {
  // A base that was refused may hold a password, and is not repeated.
  const completions = reached(address)?.completions;
  const command = startCommand(endpoint);
  return html`
    <div id="endpoint-details" class="popover" popover @beforetoggle=${popoverAt} role="dialog" aria-label="About this endpoint">
      <h2>${endpoint.title}</h2>
      ${endpoint.builtIn || completions === undefined ? nothing : html`<p><code class="wrap">${completions}</code></p>`}
      <p>${endpoint.browserHelp}</p>
      ${command === "" ? nothing : html`<div class="command"><code class="wrap">${command}</code><button class="quiet icon-only small" aria-label="Copy the command" title="Copy the command" @click=${() => actions.copyText(command, "The command")}>${icon("copy")}</button></div>`}
      <label class="row">
        <span>Checked by the rules of</span>
        <select @change=${(event: Event) => actions.setProfile((event.currentTarget as HTMLSelectElement).value)}>
          ${profiles.map(({ profile, title }) => html`<option value=${profile} .selected=${profile === endpoint.profile}>${title}</option>`)}
        </select>
      </label>
      ${
        endpoint.builtIn || endpoint.keyNeeded === "no"
          ? nothing
          : html`
            <label class="row check"><input type="checkbox" .checked=${live(keyForTab)} @change=${(event: Event) => actions.keepKey((event.currentTarget as HTMLInputElement).checked)} /><span>Keep the key for this tab</span></label>
            <p class="muted">Otherwise it is gone when the page is left. It is sent to this server alone and stands in no link, file or snippet.</p>
          `
      }
      <button class="secondary" @click=${actions.clearKeys}>Forget all keys</button>
    </div>
  `;
}

const themes = [
  ["auto", "System theme"],
  ["light", "Light theme"],
  ["dark", "Dark theme"],
] as const satisfies readonly (readonly [ThemeChoice, string])[];

function renderTheme(theme: ThemeChoice, actions: ViewActions): TemplateResult {
  return html`
    <div class="segments icons" role="group" aria-label="Theme">
      ${themes.map(([choice, text]) => html`<button aria-pressed=${theme === choice} aria-label=${text} title=${text} @click=${() => actions.theme(choice)}>${icon(choice)}</button>`)}
    </div>
  `;
}
