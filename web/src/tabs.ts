import { html, nothing, type TemplateResult } from "lit";
import type { Actions } from "./actions.ts";
import { countIssues, running, type State, type Tab } from "./state.ts";

const tabs = [
  ["form", "Form"],
  ["text", "Text"],
  ["answer", "Answer"],
] as const satisfies readonly (readonly [Tab, string])[];

/** The tabs of a narrow page, one for each area. */
export function renderTabs(state: State, actions: Actions): TemplateResult | typeof nothing {
  if (state.layout !== "narrow") return nothing;
  return html`
    <div class="tabs" role="tablist" aria-label="Areas" @keydown=${(event: KeyboardEvent) => move(event, state, actions)}>
      ${tabs.map(
        ([tab, title]) => html`
          <button role="tab" id="tab-${tab}" aria-selected=${state.tab === tab} aria-controls="area-${tab}" tabindex=${state.tab === tab ? 0 : -1} @click=${() => actions.tab(tab)}>
            ${title}${mark(tab, state)}
          </button>
        `,
      )}
    </div>
  `;
}

function mark(tab: Tab, state: State): TemplateResult | typeof nothing {
  const { errors } = countIssues(state.result);
  if (tab === "text" && errors > 0)
    return html`<span class="count error"><span class="hidden">, errors: </span>${errors}</span>`;
  if (tab === "answer" && running(state))
    return html`<span class="live-dot"><span class="hidden">, streaming</span></span>`;
  return nothing;
}

function move(event: KeyboardEvent, state: State, actions: Actions): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const at = tabs.findIndex(([tab]) => tab === state.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (!next) return;
  actions.tab(next[0]);
  const list = event.currentTarget as HTMLElement;
  queueMicrotask(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
}
