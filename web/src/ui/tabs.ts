import { html, nothing, type TemplateResult } from "lit";
import { countIssues } from "../model/counts.ts";
import type { ViewActions } from "../state/actions.ts";
import { running } from "../state/runs.ts";
import type { State } from "../state/store.ts";
import type { Tab } from "../state/view.ts";

const tabs = [
  ["form", "Form"],
  ["text", "Text"],
  ["answer", "Answer"],
] as const satisfies readonly (readonly [Tab, string])[];

/** What the tabs show. */
export type TabsState = Pick<State, "view" | "text" | "runs">;

/** The tabs of a narrow page, one for each area. */
export function renderTabs(state: TabsState, actions: ViewActions): TemplateResult | typeof nothing {
  if (state.view.layout !== "narrow") return nothing;
  return html`
    <div class="tabs" role="tablist" aria-label="Areas" @keydown=${(event: KeyboardEvent) => move(event, state, actions)}>
      ${tabs.map(
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
  const at = tabs.findIndex(([tab]) => tab === state.view.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (!next) return;
  actions.tab(next[0]);
  const list = event.currentTarget as HTMLElement;
  queueMicrotask(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
}
