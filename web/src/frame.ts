import { html, nothing, type TemplateResult } from "lit/html.js";
import type { PageWatch } from "./answer/page-watch.ts";
import { renderAnswer } from "./answer/panel.ts";
import type { LaterViews } from "./answer/run-view.ts";
import { renderSendBar } from "./answer/send-bar.ts";
import { renderHeader } from "./endpoint/header.ts";
import type { Drafts } from "./form/drafts.ts";
import { renderForm } from "./form/panel.ts";
import type { Actions } from "./state/actions.ts";
import type { State } from "./state/store.ts";
import { shownLayout, shownTabs, type Tab, type ViewSlice } from "./state/view.ts";
import { renderText } from "./text/panel.ts";
import { renderPreview } from "./text/preview.ts";
import type { FileDrop } from "./ui/drop.ts";
import { icon } from "./ui/icons.ts";
import type { Later } from "./ui/later.ts";
import { drawnFrom } from "./ui/redraw.ts";
import { renderShortcuts } from "./ui/shortcuts.ts";
import { renderSkips } from "./ui/skips.ts";
import { renderTabs } from "./ui/tabs.ts";

/** What the areas need beside the state. */
export interface FrameParts {
  readonly drafts: Drafts;
  readonly pages: PageWatch;
  readonly files: FileDrop;
  readonly details: Later<typeof import("./endpoint/details.ts")>;
  readonly code: Later<typeof import("./text/code.ts")>;
  readonly findings: { readonly part: LaterViews | undefined };
}

/** All that the element shows. `ticks` change when the drafts, or the pages that are near, have changed. */
export function renderFrame(
  state: State,
  actions: Actions,
  { drafts, pages, files, details, code, findings }: FrameParts,
  ticks: readonly [drafts: number, pages: number],
): TemplateResult {
  const { view } = state;
  return html`
    <div
      class="app ${shownLayout(view)} mode-${view.mode} shows-${shownTabs(view).join("-")} theme-${view.theme === "auto" ? view.pageTheme : view.theme} ${view.unboxed ? "unboxed" : ""} ${state.runs.dropping ? "dropping" : ""}"
      @dragover=${files.over}
      @dragleave=${files.leave}
      @drop=${files.drop}
    >
      ${renderSkips(view, actions)}
      ${drawnFrom(state, ["endpoint", "view", "keep"], (slices) => renderHeader(slices, actions, details), [
        actions,
        details.part,
      ])}
      ${view.troubles.map((trouble) => html`<p class="head-note" role="status">${icon("warning")} ${trouble}</p>`)}
      ${view.lost === "" ? nothing : html`<p class="head-note" role="status">${icon("warning")} ${view.lost} <button type="button" @click=${() => location.reload()}>Reload</button></p>`}
      <div class="main">
        ${drawnFrom(state, ["view", "text", "runs"], (slices) => renderTabs(slices, actions), [actions])}
        <div class="areas">
        <div class="area-send" ?hidden=${!view.sends}>${drawnFrom(state, ["core", "text", "runs", "endpoint"], (slices) => renderSendBar(slices, actions), [actions])}</div>
        ${area(
          view,
          "form",
          "Form",
          drawnFrom(state, ["core", "text", "endpoint", "view"], (slices) => renderForm(slices, actions, drafts), [
            actions,
            ticks[0],
          ]),
        )}
        ${area(
          view,
          "text",
          "Text",
          drawnFrom(
            state,
            ["core", "text", "editor", "endpoint"],
            (slices) => renderText(slices, actions, view, code.part),
            [actions, view.codes, view.linkPage, code.part],
          ),
        )}
        ${area(
          view,
          "answer",
          "Answer",
          drawnFrom(
            state,
            ["core", "endpoint", "runs"],
            (slices) => renderAnswer(slices, actions, pages, findings.part),
            [actions, ticks[1], findings.part],
          ),
        )}
        </div>
      </div>
      ${drawnFrom(state, ["text"], ({ text }) => renderPreview(text.preview, actions), [actions])}
      ${renderShortcuts(view.shortcuts, actions)}
      <p class="hidden" role="status" aria-live="polite">${view.announcement}</p>
    </div>
  `;
}

// One template for all layouts: another would make new elements, and the editor lives in these.
function area(view: ViewSlice, tab: Tab, label: string, content: unknown): TemplateResult {
  const narrow = shownLayout(view) === "narrow" && view.mode !== "example";
  const there = shownTabs(view).includes(tab);
  return html`
    <section
      class="area area-${tab}"
      id="area-${tab}"
      role=${narrow ? "tabpanel" : "region"}
      aria-label=${label}
      ?hidden=${!there || (narrow && view.tab !== tab)}
      data-focus=${narrow && view.tab !== tab ? ".answer-body" : nothing}
    >${content}</section>
  `;
}
