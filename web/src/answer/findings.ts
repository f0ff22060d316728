import type { nothing, TemplateResult } from "lit/html.js";
import type { Outcome } from "../model/answer.ts";
import type { Difference, Preflight, Score, Scored, Told } from "../model/findings.ts";
import type { RunActions } from "../state/actions.ts";
import type { RunEntry, RunsSlice } from "../state/runs.ts";
import type { Kit } from "../ui/kit.ts";
import css from "./findings.css";

/** The style sheet of what is drawn here; it comes with this file, not with the page. */
export const findingsCss = css;

/** What was found out about a run: whether its answer is as asked, and what it says about a text that was scored. */
export function renderFindings(
  kit: Kit,
  entry: RunEntry,
  runs: RunsSlice,
  actions: RunActions,
): TemplateResult | typeof nothing {
  const { html, nothing } = kit;
  const findings = runs.findings.get(entry.id);
  if (!findings) return nothing;
  const { differences, scored, group = [] } = findings;
  return html`
    ${scored ? renderScored(kit, scored) : nothing}
    ${group.length > 1 ? renderTable(kit, entry, group, runs, actions) : nothing}
    ${scored ? renderPreflight(kit, scored.preflight) : nothing}
    ${differences ? renderDifferences(kit, differences, entry.run.snapshot().outcome) : nothing}
  `;
}

function renderDifferences(
  { html, icon, plural, shownWithCode }: Kit,
  differences: readonly Difference[],
  outcome: Outcome | undefined,
): TemplateResult {
  const hard = differences.filter(({ mild }) => !mild).length;
  const good = outcome === "complete" ? "As asked" : "As asked, as far as it came";
  if (differences.length === 0) return html`<p class="compared">${icon("check")} ${good}</p>`;
  const line =
    hard === 0
      ? `${good}, with ${plural(differences.length, "remark")}`
      : `${plural(hard, "thing")} ${hard === 1 ? "differs" : "differ"}`;
  return html`
    <details class="compared">
      <summary>${line}</summary>
      <ul>
        ${differences.map(
          ({ field, message, known = [] }) => html`<li>
            <code>${field}</code>
            <span dir="auto">${shownWithCode(message)}</span>
            ${known.map((clause) => html`<span class="known">Known of this server: ${shownWithCode(clause)}.</span>`)}
          </li>`,
        )}
      </ul>
    </details>
  `;
}

function renderScored({ html, icon, plural }: Kit, { score, why }: Scored): TemplateResult {
  if (!score) return html`<p class="unscored">${icon("warning")} No score: ${why}</p>`;
  const made =
    score.made === 0
      ? ""
      : ` The last ${plural(score.made, "token")} came from the model and ${score.made === 1 ? "does" : "do"} not count.`;
  return html`
    <dl class="figures score">${figuresOf(score).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <p class="muted">Over ${plural(score.counted, "token")}, which are ${plural(score.bytes, "byte")}.${made}</p>
  `;
}

function figuresOf({ sum, mean, bitsPerByte, perplexity }: Score): readonly (readonly [string, string])[] {
  return [
    ["Log probability", figure(sum)],
    ["for each token", figure(mean)],
    ["Bits per byte", figure(bitsPerByte)],
    ["Perplexity", figure(perplexity)],
  ];
}

/** A number with as many digits as say something. */
function figure(value: number): string {
  if (Math.abs(value) >= 1e6) return value.toExponential(2);
  const digits = Math.abs(value) < 10 ? 3 : 1;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The texts that were scored together, to see which is likelier. */
function renderTable(
  { html, nothing, shown }: Kit,
  entry: RunEntry,
  group: readonly number[],
  runs: RunsSlice,
  actions: RunActions,
): TemplateResult {
  const rows = group.flatMap((id) => {
    const scored = runs.findings.get(id)?.scored;
    return scored ? [{ id, ...scored }] : [];
  });
  const best = Math.max(...rows.map(({ score }) => score?.sum ?? Number.NEGATIVE_INFINITY));
  return html`
    <div class="scores">
      <table>
        <caption class="hidden">Scores of the prompts</caption>
        <thead><tr><th scope="col">Prompt</th><th scope="col">Tokens</th><th scope="col">Sum</th><th scope="col">Mean</th><th scope="col">Bits per byte</th><th scope="col">Perplexity</th></tr></thead>
        <tbody>
          ${rows.map(
            ({ id, text, score, why }) => html`<tr class=${id === entry.id ? "here" : ""}>
              <th scope="row"><button class="link" aria-current=${id === entry.id ? "true" : nothing} @click=${() => actions.showRun(id)}><bdi>${shown(text)}</bdi></button>${score?.sum === best && rows.length > 1 ? html` <span class="best">likeliest</span>` : nothing}</th>
              ${
                score
                  ? [
                      String(score.counted),
                      figure(score.sum),
                      figure(score.mean),
                      figure(score.bitsPerByte),
                      figure(score.perplexity),
                    ].map((value) => html`<td>${value}</td>`)
                  : html`<td colspan="5" class="muted">${why}</td>`
              }
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

const verdicts: Readonly<Record<Told, string>> = {
  yes: "Fit for evaluations by log probability",
  no: "Not fit for evaluations by log probability",
  unsure: "May be fit for evaluations by log probability",
};
const signs = { yes: "check", no: "close", unsure: "unknown" } as const;
const words: Readonly<Record<Told, string>> = { yes: "Yes", no: "No", unsure: "Not known" };

function renderPreflight({ html, icon, shownWithCode }: Kit, { verdict, needs }: Preflight): TemplateResult {
  return html`
    <details class="preflight">
      <summary>${verdicts[verdict]}</summary>
      <ul>
        ${needs.map(
          ({ title, verdict, message }) =>
            html`<li class=${verdict}>${icon(signs[verdict])}<span><span class="hidden">${words[verdict]}: </span>${shownWithCode(title)}: <span class="muted">${shownWithCode(message)}</span></span></li>`,
        )}
      </ul>
    </details>
  `;
}
