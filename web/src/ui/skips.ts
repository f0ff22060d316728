import { html, type TemplateResult } from "lit";
import type { ViewActions } from "../state/actions.ts";
import type { Tab } from "../state/view.ts";
import { focusSoon } from "./focus.ts";

const places = [
  ["text", "To the text", ".cm-content, .plain-editor:not([hidden])"],
  [undefined, "To Send", ".send-bar .primary"],
  ["answer", "To the answer", ".answer-body"],
] as const satisfies readonly (readonly [Tab | undefined, string, string])[];

/** Links past everything to the places that one comes back to. An address with "#" would not reach into the element. */
export function renderSkips(actions: ViewActions): TemplateResult {
  return html`
    <nav class="skips" aria-label="Skip">
      ${places.map(
        ([tab, title, selector]) =>
          html`<button
            @click=${(event: Event) => {
              if (tab) actions.tab(tab);
              focusSoon(event.currentTarget as HTMLElement, selector);
            }}
          >${title}</button>`,
      )}
    </nav>
  `;
}
