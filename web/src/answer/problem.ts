import { guard } from "lit/directives/guard.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Check, Problem } from "../model/problem.ts";
import type { RunActions, TextActions } from "../state/actions.ts";
import { icon } from "../ui/icons.ts";
import { shown, shownWithCode } from "../ui/shown.ts";

const states = { ok: ["check", "Fine"], bad: ["close", "Trouble"], unknown: ["unknown", "Unknown"] } as const;

/** A failure in words: what happened, what to do, what was looked at, and the raw answer. `grave`: nothing usable came. `actions`: only where it can be sent again. */
export function renderProblem(
  problem: Problem,
  grave: boolean,
  retryIn: number,
  actions: (RunActions & TextActions) | undefined,
): TemplateResult {
  return html`
    <div class="problem ${grave ? "" : "mild"}" data-focus=".answer-body">
      <h3>${icon(grave ? "error" : "warning")} ${problem.title}</h3>
      <p dir="auto">${shownWithCode(problem.detail)}</p>
      ${problem.advice.length > 0 ? html`<ul class="advice">${problem.advice.map((line) => html`<li>${shownWithCode(line)}</li>`)}</ul>` : nothing}
      ${problem.checklist && problem.checklist.length > 0 ? html`<ul class="checklist" aria-label="What was looked at">${problem.checklist.map(renderCheck)}</ul>` : nothing}
      ${actions ? renderRetry(problem, retryIn, actions) : nothing}
      ${problem.raw === undefined ? nothing : html`<details><summary>What the server sent</summary><pre class="raw" dir="auto" tabindex="0" role="group" aria-label="Raw answer">${guard([problem.raw], () => shown(problem.raw ?? ""))}</pre></details>`}
    </div>
  `;
}

function renderCheck(check: Check): TemplateResult {
  const [name, word] = states[check.state];
  return html`<li class="check-${check.state}">${icon(name)}<span><strong>${check.label}</strong><span class="hidden">: ${word}.</span> ${check.detail}</span></li>`;
}

function renderRetry(problem: Problem, retryIn: number, actions: RunActions & TextActions): TemplateResult {
  const waits = retryIn > 0;
  return html`
    <div class="retry">
    <button class="secondary" ?disabled=${waits} @click=${() => actions.send(false)}>${waits ? `Send again in ${retryIn} s` : "Send again"}</button>
    ${problem.checklist ? html`<button class="secondary" @click=${actions.preview}>Show the curl command</button>` : nothing}
    ${problem.retryAfterSeconds === undefined ? nothing : html`<span class="muted">The server asked to wait ${problem.retryAfterSeconds} s.</span>`}
    </div>
  `;
}
