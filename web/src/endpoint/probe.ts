import type { TemplateResult } from "lit/html.js";
import type { ProbeQuestion, ProbeRow, ProbeVerdict } from "../model/probe.ts";
import type { EndpointActions } from "../state/actions.ts";
import type { ProbeState } from "../state/probe.ts";
import type { Kit } from "../ui/kit.ts";

const icons = {
  honoured: "check",
  ignored: "warning",
  changed: "warning",
  refused: "error",
  taken: "check",
  unknown: "unknown",
} as const satisfies Record<ProbeVerdict, string>;

/** The probe of a server in a window of its own: what it would cost, how far it is, what it has found. */
export function renderProbe(
  kit: Kit,
  probe: ProbeState | undefined,
  actions: EndpointActions,
): TemplateResult | symbol {
  const { html, icon, nothing } = kit;
  if (!probe?.open) return nothing;
  return html`
    <dialog class="sheet probe" aria-labelledby="probe-title" @close=${() => actions.probe({ act: "close" })}>
      <div class="panel-head">
        <h2 id="probe-title">What this server does</h2>
        <span class="grow"></span>
        <button class="quiet icon-only" aria-label="Close" title="Close" @click=${(event: Event) => (event.currentTarget as HTMLElement).closest("dialog")?.close()}>${icon("close")}</button>
      </div>
      <div class="sheet-body">
        ${probe.trouble === "" ? nothing : html`<p class="trouble" role="status">${icon("error")} ${probe.trouble}</p>`}
        ${probe.phase === "asking" ? renderQuestion(kit, probe, actions) : renderStanding(kit, probe, actions)}
      </div>
    </dialog>
  `;
}

/** What will be sent, and the button that consents. */
function renderQuestion({ html, nothing, plural }: Kit, probe: ProbeState, actions: EndpointActions): TemplateResult {
  const { requests, tokens, all } = probe.step.budget;
  const start = (event: Event) => {
    event.preventDefault();
    const model = new FormData(event.currentTarget as HTMLFormElement).get("model");
    actions.probe({ act: "start", model: String(model ?? "") });
  };
  return html`
    <p>Small requests, each with one field that another lacks, show what the server makes of it. Nothing has been sent yet.</p>
    <dl class="budget">
      <div><dt>Goes to</dt><dd><code class="wrap">${probe.url}</code></dd></div>
      <div><dt>At most</dt><dd>${plural(requests, "request")}, two at once, with ${plural(tokens, "token")} of answers between them. A server may charge for them.</dd></div>
      <div><dt>Sends</dt><dd>a fixed sentence, “Once upon a time, in a village near”, and no text of yours; key and own headers as with any request.</dd></div>
      <div><dt>Held to</dt><dd>the rules of <code>${probe.rules}</code>.</dd></div>
    </dl>
    ${all <= requests && !probe.all ? nothing : html`<label class="row check"><input type="checkbox" .checked=${probe.all} @change=${(event: Event) => actions.probe({ act: "all", all: (event.currentTarget as HTMLInputElement).checked })} /><span>Ask about every field of the server's own (${plural(all, "request")})</span></label>`}
    <form class="probe-start" @submit=${start}>
      <label><span>Model</span><input class="mono" name="model" type="text" autocapitalize="off" spellcheck="false" autocomplete="off" .defaultValue=${probe.model} /></label>
      <button class="primary" ?disabled=${probe.trouble !== ""}>Send the requests</button>
    </form>
  `;
}

function renderStanding(kit: Kit, probe: ProbeState, actions: EndpointActions): TemplateResult {
  const { html, icon, nothing, shownWithCode } = kit;
  const { phase, step, waiting, onlyDiffering } = probe;
  const asked = step.requests.length;
  const differing = step.rows.filter(({ differs }) => differs).length;
  const shown = onlyDiffering ? step.rows.filter(({ differs }) => differs) : step.rows;
  const account = `${step.account.charAt(0).toUpperCase()}${step.account.slice(1)}.`;
  return html`
    ${
      phase === "running"
        ? html`
          <div class="probe-bar">
            <progress aria-label="Requests answered" max=${step.budget.requests} .value=${asked}></progress>
            <span>${asked} of at most ${step.budget.requests}</span>
            <button class="secondary" data-focus=".probe .icon-only" @click=${() => actions.probe({ act: "stop" })}>${icon("stop")} Stop</button>
          </div>
          ${waiting > 0 ? html`<p class="muted">${icon("warning")} The server wants fewer requests: waiting ${waiting} s.</p>` : nothing}
        `
        : html`
          <p dir="auto">${shownWithCode(account)}</p>
          <div class="probe-bar">
            ${step.profile === undefined || step.rows.every(({ verdict }) => verdict === "unknown") ? nothing : html`<button class="primary" ?disabled=${probe.used} @click=${() => actions.probe({ act: "use" })}>${probe.used ? html`${icon("check")} In use for this endpoint` : "Use these findings"}</button>`}
            ${step.report === undefined ? nothing : html`<button class="secondary" @click=${() => actions.probe({ act: "save" })}>${icon("save")} Download the report</button>`}
            ${step.end === "stopped" ? html`<button class="secondary" data-focus=".probe .icon-only" @click=${() => actions.probe({ act: "start", model: probe.model })}>Go on</button>` : nothing}
            <button class="quiet" data-focus=".probe .icon-only" @click=${() => actions.probe({ act: "again" })}>Probe anew</button>
          </div>
        `
    }
    <label class="row check"><input type="checkbox" .checked=${onlyDiffering} @change=${(event: Event) => actions.probe({ act: "filter", onlyDiffering: (event.currentTarget as HTMLInputElement).checked })} /><span>Only what differs from the rules of <code>${probe.rules}</code> (${differing})</span></label>
    ${shown.length === 0 ? html`<p class="muted">Nothing differs so far.</p>` : renderTable(kit, shown, step.requests)}
  `;
}

function renderTable(kit: Kit, rows: readonly ProbeRow[], requests: readonly ProbeQuestion[]): TemplateResult {
  const { html } = kit;
  return html`
    <div class="probe-rows" role="table" aria-label="Fields and verdicts">
      <div role="row" class="probe-head"><span role="columnheader">Field</span><span role="columnheader">Verdict</span><span role="columnheader">Why</span></div>
      ${rows.map((row) => renderRow(kit, row, requests))}
    </div>
  `;
}

function renderRow(
  { html, icon, nothing, plural, shown, shownWithCode }: Kit,
  { field, about, verdict, reason, expected, differs, evidence }: ProbeRow,
  requests: readonly ProbeQuestion[],
): TemplateResult {
  const proof = evidence.flatMap((id) => requests.find((each) => each.id === id) ?? []);
  const same = !differs && verdict !== "unknown";
  const told = expected === undefined ? "" : same ? "as expected" : `expected: ${expected}`;
  return html`
    <div role="row" class=${differs ? "differs" : ""}>
      <span role="rowheader">${field === "" ? "a field nobody knows" : html`<code>${field}</code>`} ${about ?? ""}</span>
      <span role="cell"><span class="verdict ${verdict}">${icon(icons[verdict])} ${verdict}</span>${told === "" ? nothing : html` <small>${told}</small>`}</span>
      <span role="cell">
        <span dir="auto">${shownWithCode(reason)}</span>
        ${
          proof.length === 0
            ? nothing
            : html`<details><summary>${plural(proof.length, "request")}</summary>${proof.map(({ why, body, answer }) => html`<p class="muted">${why}</p><pre tabindex="0" role="group" aria-label="Request and answer">${shown(body)}\n→ ${shown(answer)}</pre>`)}</details>`
        }
      </span>
    </div>
  `;
}
