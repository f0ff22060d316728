import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { faultOf, reached, sentence } from "../model/address.ts";
import type { Detected } from "../model/detected.ts";
import type { EndpointActions, KeepActions, ViewActions } from "../state/actions.ts";
import { profileChoices, startCommand } from "../state/choices.ts";
import { type EndpointSlice, worksWithoutKey } from "../state/endpoint.ts";
import type { State } from "../state/store.ts";
import type { ThemeChoice } from "../state/view.ts";
import { icon } from "../ui/icons.ts";
import { kit } from "../ui/kit.ts";
import type { Later } from "../ui/later.ts";
import { popoverAt } from "../ui/popover.ts";
import { afterPress } from "../ui/press.ts";
import type { DetailsFacts } from "./details.ts";
import { renderKept, renderKeptNotes } from "./kept.ts";

/** What the head shows. */
export type HeaderState = Pick<State, "endpoint" | "view" | "keep">;

const profiles = profileChoices();

type HeaderActions = EndpointActions & KeepActions & ViewActions;

/** The module of what the details show. */
type Details = typeof import("./details.ts");

/** The page's head: its name, where requests go, with which key, and the theme. */
export function renderHeader(state: HeaderState, actions: HeaderActions, details: Later<Details>): TemplateResult {
  const { chosen: endpoint, choices, address, keyWarning } = state.endpoint;
  const fault = endpoint.editable && endpoint.base !== "" ? faultOf(address) : "";
  const asked = endpoint.editable ? reached(address) : undefined;
  const own = !endpoint.editable && !endpoint.builtIn && endpoint.id !== "gateway";
  const here = own && reached(address)?.origin === location.origin;
  const takesKey = !endpoint.builtIn && endpoint.keyNeeded !== "no";
  const quiet = worksWithoutKey(state.endpoint);
  const about = takesKey ? "About this endpoint and its key" : "About this endpoint";
  const want = () => {
    details.want();
    actions.listVersions();
  };
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
        ${endpoint.editable ? renderBase(endpoint.base, fault, asked !== undefined, actions) : nothing}
        ${takesKey && !quiet ? renderKey(state.endpoint, actions) : nothing}
        <button class="quiet icon-only" popovertarget="endpoint-details" aria-label=${about} title=${about} @pointerenter=${want} @focus=${want} @click=${want}>${icon("settings")}</button>
        ${renderDetails(state.endpoint, actions, details)}
      </div>
      <span class="grow"></span>
      ${renderKept(state.keep, actions)}
      ${state.view.themeGiven ? nothing : renderTheme(state.view.theme, actions)}
      <button class="quiet icon-only shortcuts-open" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${() => actions.shortcuts(true)}>${icon("unknown")}</button>
    </header>
    ${renderKeptNotes(state.keep, actions)}
    ${fault === "" ? nothing : html`<p class="head-note fault" id="base-fault" role="status">${icon("error")} ${fault}</p>`}
    ${asked === undefined ? nothing : html`<p class="head-note asked" id="base-asked" role="status">Asks <code class="wrap">${asked.completions}</code>${asked.notes.map((note) => html` <span>${sentence(note)}</span>`)}</p>`}
    ${here ? html`<p class="head-note" role="status">${icon("warning")} This is the address of the page's own server, not of ${endpoint.title}. Give it the right one in the details.</p>` : nothing}
    ${renderFound(state.endpoint, actions)}
    ${keyWarning === "" ? nothing : html`<p class="head-note" role="status" data-focus="#endpoint">${icon("warning")} ${keyWarning} <button class="link" @click=${actions.clearKeys}>Forget all keys</button></p>`}
  `;
}

/** The rules that fit what the server says it is, where others are chosen. */
function renderFound(
  { chosen, found, foundTold }: EndpointSlice,
  actions: EndpointActions,
): TemplateResult | typeof nothing {
  // Whoever chose other rules for the model that is built in knows what they are for.
  if (!found || foundTold || found.profile === "" || chosen.probed || chosen.builtIn) return nothing;
  const version = found.older ? found.version : "";
  if (found.profile === chosen.profile && (version === "" || version === chosen.version)) return nothing;
  const rules = () => actions.setProfile(found.profile, version);
  return html`<p class="head-note asked" role="status" data-focus="#endpoint"><span>Looks like ${nameOf(found)}.</span> <button class="link" @click=${rules}>Use its rules</button> <button class="quiet icon-only small" aria-label="Close: looks like ${found.title}" title="Close" @click=${actions.dismissFound}>${icon("close")}</button></p>`;
}

/** A server by its kind and version. */
function nameOf({ title, version }: Detected): string {
  return version === "" ? title : `${title} ${version}`;
}

// What stands in the box is set only where another address is chosen: an answer that arrives late must not take away
// what was typed meanwhile.
function renderBase(base: string, fault: string, asked: boolean, actions: EndpointActions): TemplateResult {
  const commit = (box: HTMLInputElement) => {
    const typed = box.value.trim();
    if (box.value !== typed) box.value = typed;
    if (typed !== base) actions.setBase(typed);
  };
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
      aria-required="true"
      aria-invalid=${fault === "" ? nothing : "true"}
      aria-describedby=${fault !== "" ? "base-fault" : asked ? "base-asked" : nothing}
      .value=${guard([base], () => live(base))}
      @blur=${(event: Event) => {
        const box = event.currentTarget as HTMLInputElement;
        afterPress(() => commit(box));
      }}
      @commit=${(event: Event) => commit(event.currentTarget as HTMLInputElement)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Enter" && !event.isComposing) commit(event.currentTarget as HTMLInputElement);
      }}
    />
  `;
}

function renderKey(
  { chosen: endpoint, address, hasKey, keyBox }: EndpointSlice,
  actions: EndpointActions,
): TemplateResult {
  const asked = endpoint.keyNeeded === "yes" ? "API key" : "API key, if any";
  // A key belongs to a server: typed while none is known, it waits for the next one that is named.
  const waits = reached(address) === undefined;
  return html`
    <span class="key">
      ${icon("key")}
      <input
        type="password"
        class="mono"
        autocomplete="off"
        spellcheck="false"
        aria-label="API key"
        aria-required=${endpoint.keyNeeded === "yes" ? "true" : nothing}
        aria-describedby=${waits ? "key-waits" : nothing}
        placeholder=${hasKey ? "Key is set" : asked}
        .value=${guard([keyBox], () => live(""))}
        @input=${(event: Event) => actions.setKey((event.currentTarget as HTMLInputElement).value)}
      />
      ${waits ? html`<span class="hidden" id="key-waits">It is kept once the base URL is known.</span>` : nothing}
      ${
        hasKey
          ? html`<button class="quiet icon-only small" data-focus=".key input" aria-label="Clear the key" title="Forget this key" @click=${actions.clearKey}>${icon("close")}</button>`
          : nothing
      }
    </span>
  `;
}

// What stands in it is loaded when somebody is about to open it.
function renderDetails(endpoint: EndpointSlice, actions: HeaderActions, details: Later<Details>): TemplateResult {
  return html`
    <div id="endpoint-details" class="popover" popover @beforetoggle=${popoverAt} role="dialog" aria-label="About this endpoint">
      ${details.part?.renderDetails(kit, factsOf(endpoint, actions), endpoint, actions)}
    </div>
    ${details.part?.renderProbe(kit, endpoint.probe, actions)}
  `;
}

function factsOf(state: EndpointSlice, actions: EndpointActions): DetailsFacts {
  const { chosen, address, found } = state;
  return {
    name: found && found.title !== "" ? nameOf(found) : "",
    key: worksWithoutKey(state) ? renderKey(state, actions) : nothing,
    profiles,
    completions: reached(address)?.completions,
    fault: faultOf(address),
    command: startCommand(chosen),
  };
}

const themes = [
  ["auto", "System theme"],
  ["light", "Light theme"],
  ["dark", "Dark theme"],
] as const satisfies readonly (readonly [ThemeChoice, string])[];

function renderTheme(theme: ThemeChoice, actions: ViewActions): TemplateResult {
  return html`
    <div class="segments icons" role="radiogroup" aria-label="Theme">
      ${themes.map(([choice, text]) => html`<label title=${text}><input type="radio" name="theme" aria-label=${text} .checked=${live(theme === choice)} @change=${() => actions.theme(choice)} /><span>${icon(choice)}</span></label>`)}
    </div>
  `;
}
