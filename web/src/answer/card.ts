import { guard } from "lit/directives/guard.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Choice, Finish, Run, RunSnapshot } from "../model/answer.ts";
import type { RunActions, ViewActions } from "../state/actions.ts";
import type { RunEntry, RunsSlice } from "../state/runs.ts";
import { icon } from "../ui/icons.ts";
import { shown } from "../ui/shown.ts";
import { visibleLine } from "../ui/visible.ts";
import { TextBlocks } from "./blocks.ts";
import type { PageWatch } from "./page-watch.ts";
import { renderTokens } from "./tokens.ts";

// The blocks of a run's texts live as long as the run does.
const blocksOf = new WeakMap<Run, Map<string, TextBlocks>>();

function blocksFor(run: Run, choice: Choice, part: "text" | "reasoning"): TextBlocks {
  const ofRun = blocksOf.get(run) ?? new Map<string, TextBlocks>();
  blocksOf.set(run, ofRun);
  const place = `${part} ${choice.index}`;
  const blocks = ofRun.get(place) ?? new TextBlocks();
  ofRun.set(place, blocks);
  blocks.update(choice[part] ?? "");
  return blocks;
}

/** One choice: which prompt it continues, its text as it comes, and how it ended. */
export function renderCard(
  entry: RunEntry,
  choice: Choice,
  snapshot: RunSnapshot,
  runs: RunsSlice,
  actions: RunActions & ViewActions,
  watch: PageWatch,
): TemplateResult {
  const tokens = runs.tokenView && choice.tokenCount > 0;
  const live = snapshot.phase !== "done" && choice.finish === undefined;
  return html`
    <article class="card" aria-label=${title(entry, choice)}>
      <header class="card-head">
        <h3>${title(entry, choice)}</h3>
        ${entry.prompts.length > 1 ? html`<span class="card-prompt"><bdi>${entry.prompts[Math.floor(choice.index / entry.perPrompt)] ?? ""}</bdi></span>` : nothing}
        <span class="grow"></span>
        ${choice.finish ? renderFinish(choice.finish) : nothing}
        <button class="quiet icon-only" aria-label="Copy ${title(entry, choice).toLowerCase()}" title="Copy the text" @click=${() => actions.copyText(choice.text, "The answer")}>${icon("copy")}</button>
      </header>
      ${choice.reasoning === undefined ? nothing : renderReasoning(entry.run, choice)}
      ${tokens ? renderTokens(entry, choice, runs.selectedToken, actions, watch) : renderText(blocksFor(entry.run, choice, "text"), live)}
    </article>
  `;
}

function title(entry: RunEntry, choice: Choice): string {
  const number = (choice.index % entry.perPrompt) + 1;
  if (entry.prompts.length > 1) {
    const prompt = `Prompt ${Math.floor(choice.index / entry.perPrompt) + 1}`;
    return entry.perPrompt > 1 ? `${prompt}, choice ${number}` : prompt;
  }
  return entry.perPrompt > 1 || choice.index > 0 ? `Choice ${choice.index + 1}` : "Completion";
}

function renderText(blocks: TextBlocks, live: boolean): TemplateResult {
  return html`<div class="answer-text" dir="auto">${blocks.closed.map((block) => guard([block], () => html`<div class="block" dir="auto">${shown(block)}</div>`))}<div class="block open" dir="auto">${shown(blocks.open)}${live ? html`<span class="caret" aria-hidden="true"></span>` : nothing}</div></div>`;
}

/** Open while there is nothing else to read. */
function renderReasoning(run: Run, choice: Choice): TemplateResult {
  return html`
    <details ?open=${choice.text === ""}>
      <summary class="muted">Reasoning</summary>
      ${renderText(blocksFor(run, choice, "reasoning"), false)}
    </details>
  `;
}

const endings: Readonly<Record<Finish["kind"], string>> = {
  stop: "Stop",
  length: "Length limit",
  filtered: "Filtered",
  tool: "Tool call",
  aborted: "Aborted",
  error: "Error",
  other: "Finished",
};

function renderFinish(finish: Finish): TemplateResult {
  return html`<span class="finish ${finish.kind}" title="finish_reason: ${visibleLine(finish.raw)}">${finish.kind === "other" ? shown(finish.raw) : endings[finish.kind]}</span>`;
}
