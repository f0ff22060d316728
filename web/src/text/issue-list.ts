import { html, nothing, type TemplateResult } from "lit/html.js";
import { countFixes, countIssues } from "../model/counts.ts";
import { subjectOf } from "../model/issue-words.ts";
import type { Change, CheckResult, Issue, Severity } from "../model/verdict.ts";
import { plural } from "../model/words.ts";
import type { TextActions } from "../state/actions.ts";
import type { CoreSlice } from "../state/core.ts";
import type { Lack } from "../state/ready.ts";
import { icon } from "../ui/icons.ts";

// A list beyond this is no longer read; the first ones are the ones to mend.
const listed = 200;

const severities = ["error", "warning", "hint"] as const satisfies readonly Severity[];

/** What is wrong with the text and what it takes to mend it, the gravest first. */
export function renderIssues(
  core: CoreSlice,
  result: CheckResult | undefined,
  lack: Lack | undefined,
  actions: TextActions,
): TemplateResult {
  const issues = result?.issues ?? [];
  const sorted = severities.flatMap((severity) => issues.filter((issue) => issue.severity === severity));
  return html`
    <section class="problems ${issues.length > 0 || core.note !== "" || core.state === "failed" ? "some" : ""}" aria-labelledby="problems-title" data-focus="#problems-title">
      <header class="problems-head">
        <h3 id="problems-title" tabindex="-1">Problems</h3>
        ${renderCounts(result)}
      </header>
      ${core.note === "" ? nothing : html`<p class="core-note">${icon("warning")} ${core.note}</p>`}
      ${renderBody(core, result, sorted, lack, actions)}
      ${result && result.changes.length > 0 ? renderChanges(result.changes, actions) : nothing}
    </section>
  `;
}

function renderCounts(result: CheckResult | undefined): TemplateResult | typeof nothing {
  const { errors, warnings, hints } = countIssues(result);
  const counts = [
    ["error", errors],
    ["warning", warnings],
    ["hint", hints],
  ] as const;
  return html`${counts.map(([severity, count]) => (count > 0 ? html`<span class="badge ${severity}">${icon(severity)}${plural(count, severity)}</span>` : nothing))}`;
}

function renderBody(
  core: CoreSlice,
  result: CheckResult | undefined,
  issues: readonly Issue[],
  lack: Lack | undefined,
  actions: TextActions,
): TemplateResult {
  if (core.state === "failed")
    return html`<p class="problems-note">Checking is not available. The text can still be edited. <button @click=${actions.checkAgain}>Try again</button></p>`;
  if (!result)
    return html`<p class="problems-note"><span class="spinner" aria-hidden="true"></span>Checking is on its way…</p>`;
  if (issues.length === 0 && lack) return html`<p class="problems-note">No problems in the text. ${lack.words}.</p>`;
  if (issues.length === 0) return html`<p class="problems-note good">${icon("check")} No problems. Ready to send.</p>`;
  return html`
    <ul class="issue-list">
      ${issues.slice(0, listed).map((issue) => renderIssue(issue, actions))}
    </ul>
    ${renderUndecided(countFixes(result).toDecide)}
    ${issues.length > listed ? html`<p class="problems-note">${plural(issues.length - listed, "more problem")} not listed.</p>` : nothing}
  `;
}

function renderUndecided(count: number): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`<p class="problems-note">${count === 1 ? "1 fix takes" : `${count} fixes take`} something away, so “Fix all” leaves ${count === 1 ? "it" : "them"} to you.</p>`;
}

function renderIssue(issue: Issue, actions: TextActions): TemplateResult {
  const { line, column } = issue.span.start;
  const subject = subjectOf(issue);
  return html`
    <li class="issue ${issue.severity}">
      <button class="issue-go" @click=${() => actions.show(issue.span)}>
        ${icon(issue.severity)}
        <span class="issue-text"><span class="hidden">${issue.severity}: </span>${subject === "" ? nothing : html`<code>${subject}</code>: `}${issue.message} <code class="issue-code">${issue.code}</code></span>
        <span class="issue-place"><span class="hidden">line </span>${line}<span aria-hidden="true">:</span><span class="hidden"> column </span>${column}</span>
      </button>
      ${issue.fix ? html`<button class="fix" @click=${() => actions.fix(issue)}><span class="hidden">Fix: </span>${issue.fix.title}</button>` : nothing}
    </li>
  `;
}

function renderChanges(changes: readonly Change[], actions: TextActions): TemplateResult {
  return html`
    <details class="changes">
      <summary>${plural(changes.length, "change")} on the way to the wire<span class="changes-first">: ${changes[0]?.message}${changes.length > 1 ? " …" : ""}</span></summary>
      <ul>
        ${changes.slice(0, listed).map((change) => html`<li><button class="issue-go" @click=${() => actions.show(change.span)}><span class="issue-text">${change.message}</span><span class="issue-place">${change.span.start.line}:${change.span.start.column}</span></button></li>`)}
      </ul>
    </details>
  `;
}
