import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { RunEvent, RunSnapshot, Timing, Usage } from "../model/answer.ts";
import { plural } from "../model/words.ts";
import { extraFields } from "../net/events.ts";
import type { Actions, RunActions } from "../state/actions.ts";
import { busyElsewhere, type RunEntry, type RunsSlice } from "../state/runs.ts";
import { visibleLine } from "../ui/visible.ts";
import { renderCard } from "./card.ts";
import type { PageWatch } from "./page-watch.ts";
import { renderProblem } from "./problem.ts";
import { shown, shownWithCode } from "./shown.ts";
import { renderLegend } from "./tokens.ts";

// More than this cannot be read, and costs the page its fluency.
const eventsShown = 200;
const cardsShown = 200;

// Lists are mapped here rather than repeated: Lit's repeat leaves a comment behind for each entry that goes.

/** One run: how it stands, what went wrong, its choices, and the raw events. */
export function renderRun(entry: RunEntry, runs: RunsSlice, actions: Actions, watch: PageWatch): TemplateResult {
  const snapshot = entry.run.snapshot();
  const newest = runs.entries[0] === entry;
  const cards = snapshot.choices.slice(0, cardsShown);
  const withTokens = snapshot.choices.some((choice) => choice.tokenCount > 0);
  return html`
    <section class="run" aria-label="Run ${entry.id}">
      <div class="run-head">
        <span class="pill ${pillClass(snapshot)}">${pillText(snapshot)}</span>
        <code class="run-model">${shown(snapshot.model ?? entry.model)}</code>
        <span class="muted">${entry.endpoint}</span>
        ${entry.recording ? renderReplay(entry, busyElsewhere(runs, entry.recording), actions) : nothing}
        ${withTokens ? renderViewSwitch(runs.tokenView, actions) : nothing}
      </div>
      ${renderFigures(snapshot)}
      ${snapshot.problem ? renderProblem(snapshot.problem, snapshot.outcome === "failed", newest ? runs.retryIn : 0, newest ? actions : undefined) : nothing}
      ${snapshot.notes.length > 0 ? html`<ul class="notes">${snapshot.notes.map((note) => html`<li>${shownWithCode(note)}</li>`)}</ul>` : nothing}
      ${snapshot.phase !== "done" && cards.length === 0 ? html`<div class="card waiting" aria-hidden="true"><span class="caret"></span></div>` : nothing}
      ${withTokens && runs.tokenView ? renderLegend() : nothing}
      ${cards.map((choice) => renderCard(entry, choice, snapshot, runs, actions, watch))}
      ${snapshot.choices.length > cardsShown ? html`<p class="muted">${plural(snapshot.choices.length - cardsShown, "more choice")} not shown.</p>` : nothing}
      ${renderEvents(snapshot, runs.eventsOpen, actions)}
    </section>
  `;
}

function renderReplay(entry: RunEntry, disabled: boolean, actions: RunActions): TemplateResult {
  return html`
    <span class="replay">
      <button class="secondary" ?disabled=${disabled} title="Play it again as fast as it was" @click=${() => actions.replayRun(entry, "original")}>Replay</button>
      <button class="secondary" ?disabled=${disabled} title="Play it again without the waits" @click=${() => actions.replayRun(entry, "at-once")}>Show at once</button>
    </span>
  `;
}

function pillClass(snapshot: RunSnapshot): string {
  return snapshot.phase === "done" ? (snapshot.outcome ?? "") : "live";
}

function pillText(snapshot: RunSnapshot): string {
  if (snapshot.phase !== "done")
    return { sending: "Sending", waiting: "Waiting", streaming: "Streaming" }[snapshot.phase];
  const texts = {
    complete: "Complete",
    "ended-early": "Ended early",
    empty: "Empty",
    failed: "Failed",
    stopped: "Stopped",
  };
  return texts[snapshot.outcome ?? "complete"];
}

function renderViewSwitch(tokenView: boolean, actions: RunActions): TemplateResult {
  return html`
    <span class="segments small" role="group" aria-label="View of the answer">
      <button aria-pressed=${!tokenView} @click=${() => actions.tokenView(false)}>Text</button>
      <button aria-pressed=${tokenView} @click=${() => actions.tokenView(true)}>Tokens</button>
    </span>
  `;
}

function renderFigures(snapshot: RunSnapshot): TemplateResult | typeof nothing {
  const figures = [...timingFigures(snapshot.timing), ...usageFigures(snapshot.usage)];
  if (snapshot.status !== undefined) figures.unshift(["Status", String(snapshot.status)]);
  if (figures.length === 0) return nothing;
  return html`<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

type Figure = readonly [name: string, value: string];

function timingFigures(timing: Timing): Figure[] {
  const figures: Figure[] = [];
  if (timing.firstTokenMs !== undefined) figures.push(["First token", duration(timing.firstTokenMs)]);
  if (timing.tokensPerSecond !== undefined) {
    // Where nobody counted the tokens, the pieces of text stand for them, and the figure says so.
    const unit = timing.tokensCounted === "pieces" ? "pieces/s" : "tokens/s";
    figures.push(["Speed", `${timing.tokensPerSecond.toFixed(timing.tokensPerSecond < 10 ? 1 : 0)} ${unit}`]);
  }
  if (timing.totalMs !== undefined) figures.push(["Total", duration(timing.totalMs)]);
  return figures;
}

function usageFigures(usage: Usage | undefined): Figure[] {
  if (!usage) return [];
  const { promptTokens, completionTokens, totalTokens } = usage;
  const sum = [promptTokens, completionTokens].map((count) => count?.toLocaleString("en") ?? "?").join(" + ");
  return [["Tokens", totalTokens === undefined ? sum : `${sum} = ${totalTokens.toLocaleString("en")}`]];
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function renderEvents(snapshot: RunSnapshot, open: boolean, actions: RunActions): TemplateResult | typeof nothing {
  const { total } = snapshot.events;
  if (total === 0) return nothing;
  return html`
    <details class="events" .open=${open} @toggle=${(event: Event) => actions.openEvents((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>${plural(total, "event")} as received</summary>
      ${open ? renderEventList(snapshot) : nothing}
    </details>
  `;
}

function renderEventList(snapshot: RunSnapshot): TemplateResult {
  const events = snapshot.events.recent().slice(-eventsShown);
  const hidden = snapshot.events.total - events.length;
  return html`
    ${hidden > 0 ? html`<p class="muted">The newest ${events.length.toLocaleString("en")} of ${snapshot.events.total.toLocaleString("en")}.</p>` : nothing}
    <ol class="event-list" tabindex="0" aria-label="Events">
      ${events.map((event) => guard([event], () => renderEvent(event)))}
    </ol>
  `;
}

function renderEvent(event: RunEvent): TemplateResult {
  const extra = extraFields(event);
  return html`<li>
    <span class="event-time">${duration(event.atMs)}</span>
    <span class="event-kind ${event.kind}">${shown(event.name || event.kind)}</span>
    <code>${shown(event.data)}${event.cut ? " …" : ""}</code>
    ${extra.length > 0 ? html`<span class="event-extra">also: ${extra.map((field) => visibleLine(field.path)).join(", ")}</span>` : nothing}
  </li>`;
}
