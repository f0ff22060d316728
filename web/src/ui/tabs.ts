import { html, nothing, type TemplateResult } from "lit/html.js";
import { countIssues } from "../model/counts.ts";
import type { ViewActions } from "../state/actions.ts";
import { running } from "../state/runs.ts";
import type { State } from "../state/store.ts";
import { shownLayout, shownTabs, type Tab } from "../state/view.ts";

const tabs = [
  ["form", "Form"],
  ["text", "Text"],
  ["answer", "Answer"],
] as const satisfies readonly (readonly [Tab, string])[];

/** What the tabs show. */
export type TabsState = Pick<State, "view" | "text" | "runs">;

/** The tabs of a narrow page, one for each area. */
export function renderTabs(state: TabsState, actions: ViewActions): TemplateResult | typeof nothing {
  const there = shownTabs(state.view);
  if (shownLayout(state.view) !== "narrow" || state.view.mode === "example" || there.length === 1) return nothing;
  return html`
    <div class="tabs" role="tablist" aria-label="Areas" @keydown=${(event: KeyboardEvent) => move(event, state, actions)}>
      ${tabs
        .filter(([tab]) => there.includes(tab))
        .map(
          ([tab, title]) => html`
          <button role="tab" id="tab-${tab}" aria-selected=${state.view.tab === tab} aria-controls="area-${tab}" tabindex=${state.view.tab === tab ? 0 : -1} @click=${() => actions.tab(tab)}>
            ${title}${mark(tab, state)}
          </button>
        `,
        )}
    </div>
  `;
}

function mark(tab: Tab, state: TabsState): TemplateResult | typeof nothing {
  const { errors } = countIssues(state.text.result);
  if (tab === "text" && errors > 0)
    return html`<span class="count error"><span class="hidden">, errors: </span>${errors}</span>`;
  if (tab === "answer" && running(state.runs))
    return html`<span class="live-dot"><span class="hidden">, streaming</span></span>`;
  return nothing;
}

function move(event: KeyboardEvent, state: TabsState, actions: ViewActions): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const there = shownTabs(state.view);
  const next = there[(there.indexOf(state.view.tab) + step + there.length) % there.length];
  if (!next) return;
  actions.tab(next);
  const list = event.currentTarget as HTMLElement;
  queueMicrotask(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
}
