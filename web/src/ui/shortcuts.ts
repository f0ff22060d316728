import { html, nothing, type TemplateResult } from "lit/html.js";
import type { ViewActions } from "../state/actions.ts";
import { icon } from "./icons.ts";

/** "Mod" is the Command key on Apple's keyboards and Ctrl on all others. */
type Shortcut = readonly [keys: readonly string[], does: string];

const groups: readonly (readonly [title: string, shortcuts: readonly Shortcut[]])[] = [
  [
    "Everywhere",
    [
      [["Mod Enter"], "Send the request"],
      [["Esc"], "Stop the answer"],
      [["?"], "Show this list, outside of boxes"],
    ],
  ],
  [
    "In the text",
    [
      [["Ctrl Space"], "Complete a name or a value"],
      [["Mod Z", "Mod Shift Z"], "Undo, redo; the form's changes too"],
      [["F8", "Shift F8"], "Next problem, previous problem"],
      [["Mod F"], "Find and replace"],
      [["Mod ]", "Mod ["], "Indent more, indent less"],
      [["Tab"], "Move on to the next control"],
    ],
  ],
  [
    "In the form and the answer",
    [
      [["↑", "↓"], "Change a number by one step"],
      [["←", "→"], "Move between tabs and tokens"],
    ],
  ],
];

const apple = /Mac|iPhone|iPad/.test(navigator.platform);

/** The list of keyboard shortcuts, in a dialog. */
export function renderShortcuts(open: boolean, actions: ViewActions): TemplateResult | typeof nothing {
  if (!open) return nothing;
  return html`
    <dialog class="sheet shortcuts" aria-labelledby="shortcuts-title" @close=${() => actions.shortcuts(false)}>
      <div class="panel-head">
        <h2 id="shortcuts-title">Keyboard shortcuts</h2>
        <span class="grow"></span>
        <button class="quiet icon-only" aria-label="Close" title="Close" @click=${(event: Event) => (event.currentTarget as HTMLElement).closest("dialog")?.close()}>${icon("close")}</button>
      </div>
      <div class="sheet-body">
        ${groups.map(
          ([title, shortcuts]) => html`
            <h3>${title}</h3>
            <dl>${shortcuts.map(([keys, does]) => html`<div><dt>${keys.map((key, i) => html`${i > 0 ? " " : nothing}<kbd>${named(key)}</kbd>`)}</dt><dd>${does}</dd></div>`)}</dl>
          `,
        )}
      </div>
    </dialog>
  `;
}

function named(keys: string): string {
  return keys.replace("Mod", apple ? "⌘" : "Ctrl");
}
