import { guard } from "lit/directives/guard.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { RunEvent, RunSnapshot } from "../model/answer.ts";
import { plural } from "../model/words.ts";
import { extraFields } from "../net/events.ts";
import type { Actions, RunActions } from "../state/actions.ts";
import { busyElsewhere, type RunEntry, type RunsSlice } from "../state/runs.ts";
import { kit } from "../ui/kit.ts";
import { shown, shownWithCode } from "../ui/shown.ts";
import { visibleLine } from "../ui/visible.ts";
import { renderCard } from "./card.ts";
import { duration, figuresOf } from "./figures.ts";
import type { PageWatch } from "./page-watch.ts";
import { renderProblem } from "./problem.ts";
import { renderLegend } from "./tokens.ts";

/** Views that come with what they are about. */
export type LaterViews = typeof import("./findings.ts");

// More than this cannot be read, and costs the page its fluency.
const eventsShown = 200;
const cardsShown = 200;

// Lists are mapped here rather than repeated: Lit's repeat leaves a comment behind for each entry that goes.

/** One run: how it stands, its choices, what went wrong, and the raw events. `title` names it beside another. */
export function renderRun(
  entry: RunEntry,
  runs: RunsSlice,
  actions: Actions,
  watch: PageWatch,
  later: LaterViews | undefined,
  title = "",
): TemplateResult {
  const snapshot = entry.run.snapshot();
  const newest = runs.entries[0] === entry;
  const cards = snapshot.choices.slice(0, cardsShown);
  // What ended an answer stands at its end, where whoever follows it is.
  const problem = snapshot.problem
    ? renderProblem(
        snapshot.problem,
        snapshot.outcome === "failed",
        newest ? runs.retryIn : 0,
        newest ? actions : undefined,
      )
    : nothing;
  // What the comparison with the request tells need not be told twice.
  const told = later ? runs.findings.get(entry.id)?.differences?.map(({ code }) => code) : undefined;
  const notes = snapshot.notes.filter((_, i) => !told?.includes(snapshot.noteCodes[i] ?? ""));
  const withTokens = snapshot.choices.some((choice) => choice.tokenCount > 0);
  return html`
    <section class="run" aria-label="Run ${entry.id}">
      <div class="run-head">
        ${title === "" ? nothing : html`<h3>${title}</h3>`}
        <span class="pill ${pillClass(snapshot)}">${pillText(snapshot)}</span>
        <code class="run-model" dir="auto">${shown(snapshot.model ?? entry.model)}</code>
        <span class="muted">${entry.endpoint}</span>
        ${entry.recording ? renderReplay(entry, busyElsewhere(runs, entry.recording), actions) : nothing}
        ${withTokens ? renderViewSwitch(runs.tokenView, actions) : nothing}
      </div>
      ${renderFigures(snapshot)}
      ${cards.length === 0 ? problem : nothing}
      ${later?.renderFindings(kit, entry, runs, actions) ?? nothing}
      ${notes.length > 0 ? html`<ul class="notes">${notes.map((note) => html`<li dir="auto">${shownWithCode(note)}</li>`)}</ul>` : nothing}
      ${snapshot.phase !== "done" && cards.length === 0 ? html`<div class="card waiting" aria-hidden="true"><span class="caret"></span></div>` : nothing}
      ${withTokens && runs.tokenView ? renderLegend() : nothing}
      ${cards.map((choice) => renderCard(entry, choice, snapshot, runs, actions, watch))}
      ${snapshot.choices.length > cardsShown ? html`<p class="muted">${plural(snapshot.choices.length - cardsShown, "more choice")} not shown.</p>` : nothing}
      ${cards.length > 0 ? problem : nothing}
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
  const figures = figuresOf(snapshot);
  if (figures.length === 0) return nothing;
  return html`<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
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
    <code dir="auto">${shown(event.data)}${event.cut ? " …" : ""}</code>
    ${extra.length > 0 ? html`<span class="event-extra">also: ${extra.map((field) => visibleLine(field.path)).join(", ")}</span>` : nothing}
  </li>`;
}
