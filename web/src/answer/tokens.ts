import { guard } from "lit/directives/guard.js";
import { ref } from "lit/directives/ref.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Choice, TokenLogprob } from "../model/answer.ts";
import type { RunActions } from "../state/actions.ts";
import type { RunEntry, TokenPlace } from "../state/runs.ts";
import { visibleLine } from "../ui/visible.ts";
import type { PageWatch } from "./page-watch.ts";

/** Tokens that come and go together as the answer is scrolled. */
const pageSize = 250;

/** The tokens of a choice, tinted by their probability, and what is known of the chosen one. */
export function renderTokens(
  entry: RunEntry,
  choice: Choice,
  selection: TokenPlace | undefined,
  actions: RunActions,
  watch: PageWatch,
): TemplateResult {
  const selected = selection?.run === entry.id && selection.choice === choice.index ? selection.token : undefined;
  const pick = (token: number) => {
    if (token >= 0 && token < choice.tokenCount) actions.selectToken({ run: entry.id, choice: choice.index, token });
  };
  const pages = Math.ceil(choice.tokenCount / pageSize);
  return html`
    <div
      class="tokens"
      dir="auto"
      role="group"
      tabindex="0"
      aria-label="Tokens; arrow keys move from one to the next"
      @click=${(event: MouseEvent) => {
        const index = (event.target as HTMLElement).closest<HTMLElement>("[data-token]")?.dataset.token;
        if (index !== undefined) pick(Number(index));
      }}
      @keydown=${(event: KeyboardEvent) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        pick(selected === undefined ? 0 : Math.min(choice.tokenCount - 1, Math.max(0, selected + step)));
      }}
    >${Array.from({ length: pages }, (_, page) => renderPage(entry, choice, page, page === pages - 1, selected, watch))}</div>
    ${selected === undefined ? nothing : html`<div class="token-details" role="status">${renderDetails(choice.tokens[selected], selected)}</div>`}
  `;
}

function renderPage(
  entry: RunEntry,
  choice: Choice,
  number: number,
  last: boolean,
  selected: number | undefined,
  watch: PageWatch,
): TemplateResult {
  const page = watch.page(entry.run, `${choice.index}/${number}`);
  const from = number * pageSize;
  const to = Math.min(choice.tokenCount, from + pageSize);
  const drawn = last || page.near;
  const mark = selected !== undefined && selected >= from && selected < to ? selected : -1;
  return html`<div class="token-page" ${ref(page.attach)}>${guard([drawn, to, mark], () => (drawn ? choice.tokens.slice(from, to).map((token, i) => renderToken(token, from + i, from + i === mark)) : nothing))}</div>`;
}

/** The step of the scale, 0 (unlikely) to 9 (all but certain); "none" without a log probability. */
function scale(logprob: number | null): string {
  if (logprob === null) return "none";
  return String(Math.min(9, Math.max(0, Math.floor(Math.exp(logprob) * 10))));
}

function renderToken(token: TokenLogprob, index: number, selected: boolean): TemplateResult {
  // Spaces stay spaces here, so that lines break where the text's would; line ends are seen and act.
  const shown = visibleLine(token.text).replace(/·/g, " ").replace(/⏎/g, "⏎\n");
  return html`<span class="token p-${scale(token.logprob)} ${selected ? "selected" : ""}" data-token=${index}>${shown}</span>`;
}

/** What the tints mean, once for all choices. */
export function renderLegend(): TemplateResult {
  return html`
    <p class="legend">
      <span class="scale" aria-hidden="true">
        <span>unlikely</span>${Array.from({ length: 10 }, (_, step) => html`<i class="p-${step}"></i>`)}<span>certain</span>
      </span>
      <span>Choose a token to see what else was likely.</span>
    </p>
  `;
}

function renderDetails(token: TokenLogprob | undefined, index: number): TemplateResult | typeof nothing {
  if (!token) return nothing;
  return html`
    <p>
      Token ${index + 1}: <code class="token-name" dir="auto">${visibleLine(token.text)}</code>
      ${token.logprob === null ? html`<span class="muted">no log probability</span>` : html`<strong>${percent(token.logprob)}</strong> <span class="muted">log probability ${token.logprob.toFixed(3)}</span>`}
    </p>
    ${
      token.top.length === 0
        ? nothing
        : html`<table class="alternatives">
          <caption class="hidden">Likeliest tokens at this place</caption>
          <thead class="hidden"><tr><th scope="col">Token</th><th scope="col">Share</th><th scope="col">Probability</th></tr></thead>
          <tbody>
            ${token.top.map(
              (other) => html`<tr class=${other.text === token.text ? "chosen" : ""}>
                <td><code dir="auto">${visibleLine(other.text)}</code></td>
                <td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${Math.max(0.5, Math.exp(other.logprob) * 100)} height="8" rx="1"></rect></svg></td>
                <td class="number">${percent(other.logprob)}</td>
              </tr>`,
            )}
          </tbody>
        </table>`
    }
  `;
}

function percent(logprob: number): string {
  const share = Math.exp(logprob) * 100;
  return share >= 99.95 ? "100 %" : share < 0.01 ? "< 0.01 %" : `${share.toFixed(share < 1 ? 2 : 1)} %`;
}
