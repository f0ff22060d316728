import { html, nothing, type TemplateResult } from "lit/html.js";
import { plural } from "../model/words.ts";
import type { Actions, RunActions } from "../state/actions.ts";
import { type RunEntry, type RunsSlice, running } from "../state/runs.ts";
import type { State } from "../state/store.ts";
import { icon } from "../ui/icons.ts";
import { renderEmpty } from "./empty.ts";
import type { PageWatch } from "./page-watch.ts";
import { type LaterViews, renderRun } from "./run-view.ts";

/** What the answer's area shows. */
export type AnswerState = Pick<State, "core" | "endpoint" | "runs">;

/** The answer's area: the run that is shown, the one it is compared with, and the runs before. */
export function renderAnswer(
  state: AnswerState,
  actions: Actions,
  watch: PageWatch,
  later: LaterViews | undefined,
): TemplateResult {
  const { runs } = state;
  const shown = runs.entries.find((entry) => entry.id === runs.shownId);
  const pinned = runs.entries.find((entry) => entry.id === runs.pinnedId && entry !== shown);
  return html`
    <header class="panel-head">
      <h2>Answer</h2>
      ${runs.entries.length > 0 ? renderHistory(runs, actions) : nothing}
      <span class="grow"></span>
      <button class="quiet" title="Ask how likely the model finds the prompts: echo, log probabilities, nothing to be made" ?disabled=${runs.sending || running(runs)} @click=${actions.score}>Score</button>
      ${shown ? renderTools(shown, runs.pinnedId === shown.id, actions) : nothing}
      <button class="quiet icon-only" title="Open a recorded run, a curl -N capture or an .sse file" aria-label="Open a recording" @click=${pick}>${icon("open")}</button>
      <input
        type="file"
        hidden
        aria-label="Recording"
        accept=".json,.sse,.txt,application/json,text/event-stream,text/plain"
        @change=${(event: Event) => {
          const input = event.currentTarget as HTMLInputElement;
          const file = input.files?.[0];
          if (file) actions.openRun(file);
          input.value = "";
        }}
      />
    </header>
 ${runs.dropping ? html`<p class="drop-hint">Drop a recorded run, a <code>curl -N</code> capture or an <code>.sse</code> file to play it.</p>` : nothing}
    <div class="answers ${pinned ? "compared" : ""}">
      <div class="answer-body" tabindex="0" role="group" aria-label="Answer text">
        ${shown ? renderRun(shown, runs, actions, watch, later) : renderEmpty(state, actions)}
      </div>
      <div class="answer-body" tabindex="0" role="group" aria-label="Answer text to compare with" ?hidden=${!pinned}>
        ${pinned ? renderRun(pinned, runs, actions, watch, later, `Compared with run ${pinned.id}`) : nothing}
      </div>
    </div>
  `;
}

function pick(event: Event): void {
  (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>("input[type=file]")?.click();
}

function renderHistory({ entries, shownId }: RunsSlice, actions: RunActions): TemplateResult {
  return html`
    <select class="run-select" aria-label="Runs, ${plural(entries.length, "run")} kept" @change=${(event: Event) => actions.showRun(Number((event.currentTarget as HTMLSelectElement).value))}>
      ${entries.map((entry) => html`<option value=${entry.id} ?selected=${entry.id === shownId} .selected=${entry.id === shownId}>${label(entry)}</option>`)}
    </select>
  `;
}

function label(entry: RunEntry): string {
  return `Run ${entry.id} · ${entry.time} · ${entry.model || "no model"}`;
}

function renderTools(shown: RunEntry, pinned: boolean, actions: RunActions): TemplateResult {
  const done = shown.run.snapshot().phase === "done";
  return html`
    <button
      class="quiet icon-only"
      aria-pressed=${pinned}
      aria-label="Compare with this run"
      title="Keep this run below the others, to compare"
      @click=${() => actions.pinRun(pinned ? undefined : shown.id)}
    >${icon("pin")}</button>
    ${
      shown.recorder && done
        ? html`<button class="quiet icon-only" aria-label="Save this run" title="Save this run as a file, without the key" @click=${() => actions.saveRun(shown)}>${icon("save")}</button>`
        : nothing
    }
  `;
}
