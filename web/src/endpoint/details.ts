import type { TemplateResult } from "lit/html.js";
import type { EndpointActions, ViewActions } from "../state/actions.ts";
import type { ProfileChoice } from "../state/choices.ts";
import type { EndpointSlice, OwnHeader } from "../state/endpoint.ts";
import { adopt } from "../ui/adopt.ts";
import type { Kit } from "../ui/kit.ts";
import probeCss from "./probe.css";

export { renderProbe } from "./probe.ts";

/** What is shown beside the state. */
export interface DetailsFacts {
  /** What the server says it is, with its version; "" where it does not. */
  readonly name: string;
  /** The box for a key that is not asked for. */
  readonly key: unknown;
  readonly profiles: readonly ProfileChoice[];
  /** Where requests go; undefined where that is not known, or the base was refused: it may hold a password. */
  readonly completions: string | undefined;
  /** Why requests cannot go to the base; "" where they can. */
  readonly fault: string;
  /** How the server is started; "" where there is nothing to start. */
  readonly command: string;
}

type DetailsActions = EndpointActions & ViewActions;

/** What is to be known and set about the endpoint: its address, how to start it, its rules, its key and own headers. */
export function renderDetails(
  kit: Kit,
  facts: DetailsFacts,
  state: EndpointSlice,
  actions: DetailsActions,
): TemplateResult {
  const { html, icon, live, nothing } = kit;
  const { profiles, completions, command } = facts;
  const { chosen: endpoint, keyForTab } = state;
  const probe = (event: Event) => {
    adopt(event.currentTarget as Element, probeCss);
    actions.probe({ act: "open" });
  };
  return html`
    <h2>${endpoint.title}</h2>
    ${endpoint.builtIn || endpoint.editable || endpoint.id === "gateway" ? nothing : renderAddress(kit, facts.fault, state, actions)}
    ${endpoint.builtIn || completions === undefined ? nothing : html`<p><code class="wrap">${completions}</code></p>`}
    <p>${endpoint.browserHelp}</p>
    ${command === "" ? nothing : html`<div class="command"><code class="wrap">${command}</code><button class="quiet icon-only small" aria-label="Copy the command" title="Copy the command" @click=${() => actions.copyText(command, "The command")}>${icon("copy")}</button></div>`}
    ${endpoint.builtIn || completions === undefined ? nothing : renderFound(kit, facts.name, state, actions)}
    <label class="row">
      <span>Checked by the rules of</span>
      <select @change=${(event: Event) => actions.setProfile((event.currentTarget as HTMLSelectElement).value)}>
        ${profiles.map(({ profile, title }) => html`<option value=${profile} .selected=${profile === endpoint.profile}>${title}</option>`)}
      </select>
    </label>
    ${renderRules(kit, state, actions)}
    ${completions === undefined || facts.fault !== "" ? nothing : html`<button class="secondary" popovertarget="endpoint-details" popovertargetaction="hide" @click=${probe}>Find out what this server does</button>`}
    ${
      endpoint.builtIn || endpoint.keyNeeded === "no"
        ? nothing
        : html`
          ${facts.key}
          <label class="row check"><input type="checkbox" .checked=${live(keyForTab)} @change=${(event: Event) => actions.keepKey((event.currentTarget as HTMLInputElement).checked)} /><span>Keep the key for this tab</span></label>
          <p class="muted">Otherwise it is gone when the page is left. It is sent to this server alone and stands in no link, file or snippet.</p>
        `
    }
    ${endpoint.builtIn || completions === undefined ? nothing : renderHeaders(kit, state, actions)}
    ${endpoint.builtIn ? nothing : html`<button class="secondary" @click=${actions.clearKeys}>Forget all keys</button>`}
  `;
}

/** Which version's rules count, or that they are those that were found out. */
function renderRules(
  { html, nothing }: Kit,
  { chosen, versions = [], found }: EndpointSlice,
  actions: DetailsActions,
): TemplateResult | typeof nothing {
  const { profile, version = "", probed = "" } = chosen;
  if (probed !== "")
    return html`<p class="found">What was found out about this server is laid over them.</p><button class="secondary" @click=${actions.dropFindings}>Drop the findings</button>`;
  const newest = versions.at(-1);
  const oldest = versions[0];
  if (newest === undefined || oldest === undefined) return nothing;
  const told = found?.profile === profile ? found.version : "";
  const others = [told, version].filter((each) => each !== "" && !versions.includes(each));
  const ranges = versions.slice(0, -1).map((from, i) => [from, `${from} to before ${versions[i + 1]}`] as const);
  const options = [
    ["", `newest (${newest} and later)`],
    ...ranges.reverse(),
    // The first of all, in the numbering of the server.
    [oldest.replace(/\d.*/, "0"), `before ${oldest}`],
    ...[...new Set(others)].map((each) => [each, each === told ? `${each}, as it says` : each] as const),
  ] as const;
  return html`
    <label class="row">
      <span>Version</span>
      <select @change=${(event: Event) => actions.setProfile(profile, (event.currentTarget as HTMLSelectElement).value)}>
        ${options.map(([value, title]) => html`<option value=${value} .selected=${value === version}>${title}</option>`)}
      </select>
    </label>
  `;
}

/** What the server says of itself, and the button that asks. */
function renderFound(
  { html, nothing }: Kit,
  name: string,
  { found }: EndpointSlice,
  actions: DetailsActions,
): TemplateResult {
  const told = found
    ? [
        name === "" ? "It does not say what it is." : `It says it is ${name}.`,
        ...(found.context > 0
          ? [`A prompt and its answer have room for ${found.context.toLocaleString("en")} tokens.`]
          : []),
        ...found.limits.map(({ field, most }) => `${field}: at most ${most}.`),
      ]
    : [];
  return html`
    ${told.length === 0 ? nothing : html`<p class="found">${told.join(" ")}</p>`}
    <button class="secondary" @click=${actions.askServer}>Ask the server what it is</button>
  `;
}

/** The address of a server of the list, which may run elsewhere. */
function renderAddress(
  { guard, html, icon, live, nothing }: Kit,
  fault: string,
  { chosen, choices }: EndpointSlice,
  actions: DetailsActions,
): TemplateResult {
  const { base } = chosen;
  const own = choices.find(({ id }) => id === chosen.id)?.base ?? base;
  const commit = (event: Event) => {
    const box = event.currentTarget as HTMLInputElement;
    const typed = box.value.trim();
    if (typed !== base) actions.setBase(typed);
    if (typed === "") box.value = own;
  };
  return html`
    <label class="row stacked">
      <span>Address</span>
      <input
        class="mono"
        type="text"
        inputmode="url"
        autocapitalize="off"
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${fault === "" ? nothing : "true"}
        aria-describedby=${fault === "" ? nothing : "address-fault"}
        .value=${guard([base], () => live(base))}
        @change=${commit}
        @commit=${commit}
      />
    </label>
    ${fault === "" ? nothing : html`<p class="trouble" id="address-fault" role="status">${icon("error")} ${fault}</p>`}
    ${base === own ? nothing : html`<button class="link" @click=${() => actions.setBase("")}>Back to ${own}</button>`}
  `;
}

function renderHeaders(kit: Kit, { headers, keyBox }: EndpointSlice, actions: DetailsActions): TemplateResult {
  const { html, icon } = kit;
  return html`
    <div class="own-headers" role="group" aria-labelledby="own-headers-title">
      <h3 id="own-headers-title">Own headers</h3>
      ${headers.map((header, at) => renderHeader(kit, header, at, keyBox, actions))}
      <button class="secondary" @click=${() => actions.setHeader(headers.length, {})}>${icon("plus")} Add a header</button>
      <p class="muted">For servers that take their key elsewhere, as <code>api-key</code>. Values are secret like a key: in memory alone, sent to this server alone.</p>
    </div>
  `;
}

function renderHeader(
  { guard, html, icon, live, nothing }: Kit,
  { name, hasValue, fault }: OwnHeader,
  at: number,
  keyBox: number,
  actions: DetailsActions,
): TemplateResult {
  const id = `own-header-${at}`;
  const called = name || `header ${at + 1}`;
  const described = fault === "" ? nothing : `${id}-fault`;
  return html`
    <div class="own-header">
      <input id=${id} class="mono" type="text" autocapitalize="off" spellcheck="false" autocomplete="off" aria-label="Name of header ${at + 1}" aria-describedby=${described} placeholder="api-key" .value=${live(name)} @input=${(event: Event) => actions.setHeader(at, { name: (event.currentTarget as HTMLInputElement).value.trim() })} />
      <input class="mono" type="password" spellcheck="false" autocomplete="off" aria-label="Value of ${called}" aria-describedby=${described} placeholder=${hasValue ? "Value is set" : "value"} .value=${guard([keyBox, at], () => live(""))} @input=${(event: Event) => actions.setHeader(at, { value: (event.currentTarget as HTMLInputElement).value.trim() })} />
      <button class="quiet icon-only small" data-focus=".own-headers .secondary" aria-label="Remove ${called}" title="Remove" @click=${() => actions.removeHeader(at)}>${icon("close")}</button>
    </div>
    ${fault === "" ? nothing : html`<p class="trouble" id="${id}-fault" role="status">${icon("error")} ${fault}.</p>`}
  `;
}
