import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { stringsValue, stringValue } from "../model/json-value.ts";
import { plural } from "../model/words.ts";
import { focusSoon } from "../ui/focus.ts";
import { icon } from "../ui/icons.ts";
import { type FieldView, marksOf } from "./field-view.ts";
import { addItem, removeItem, setItem } from "./lists.ts";
import { type Box, renderUnread, typing } from "./typing.ts";

// A form with more boxes at a time is neither read nor quick.
const shownAtOnce = 20;
// A box with more text than this would be felt at each key; it shows the beginning, and the large editor has the rest.
const longestInBox = 5_000;
const beginning = 500;

let known: { readonly json: string; readonly items: readonly string[] | undefined } | undefined;

/** The texts of a list. The newest is remembered, since a form of ten thousand is drawn more often than it changes. */
function textsOf(json: string | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  if (known?.json !== json) known = { json, items: stringsValue(json) };
  return known.items;
}

/** A list of texts, each in an area that grows with it; of many, some at a time. */
export function renderPrompts(view: FieldView): TemplateResult {
  const items = textsOf(view.json);
  if (view.json !== undefined && items === undefined)
    return html`<p class="too-long">This is not a list of texts; edit it in the text.</p>`;
  const shown = items ?? [""];
  const last = Math.max(0, Math.ceil(shown.length / shownAtOnce) - 1);
  const page = Math.min(view.drafts.page, last);
  const from = page * shownAtOnce;
  const here = shown.slice(from, from + shownAtOnce);
  const add = (event: Event) => {
    view.drafts.turnTo(Math.floor(shown.length / shownAtOnce));
    addItem(view, shown, "");
    focusSoon(event.currentTarget as HTMLElement, `#${view.id}-${shown.length}`);
  };
  return html`
    <div class="prompts" role="group" aria-labelledby="${view.id}-label">
      ${last > 0 ? renderPages(view, shown.length, from, here.length, last) : nothing}
      ${here.map((item, i) => renderPrompt(view, shown, item, from + i, items !== undefined))}
      <button type="button" class="add" ?disabled=${items === undefined} @click=${add}>${icon("plus")} Add a prompt</button>
    </div>
  `;
}

function renderPages(view: FieldView, count: number, from: number, here: number, last: number): TemplateResult {
  const page = from / shownAtOnce;
  const { drafts } = view;
  return html`
    <div class="pages" role="group" aria-label="Which prompts are shown">
      <button type="button" class="tool" ?disabled=${page === 0} @click=${() => drafts.turnTo(page - 1)}>Previous</button>
      <label class="pages-go">
        <span class="hidden">Go to prompt</span>
        <input
          class="mono number"
          type="text"
          inputmode="numeric"
          .value=${live(String(from + 1))}
          @change=${(event: Event) => {
            const wanted = Number((event.currentTarget as HTMLInputElement).value);
            if (Number.isInteger(wanted) && wanted >= 1)
              drafts.turnTo(Math.min(last, Math.floor((wanted - 1) / shownAtOnce)));
            else drafts.turnTo(page);
          }}
        />
      </label>
      <span role="status">to ${(from + here).toLocaleString("en")} of ${count.toLocaleString("en")}</span>
      <button type="button" class="tool" ?disabled=${page === last} @click=${() => drafts.turnTo(page + 1)}>Next</button>
    </div>
  `;
}

function renderPrompt(
  view: FieldView,
  items: readonly string[],
  item: string,
  index: number,
  set: boolean,
): TemplateResult {
  const path = `${view.field.path}/${index}`;
  const box: Box = {
    path,
    // A prompt may be long, and this is seldom asked for.
    get json() {
      return set ? JSON.stringify(item) : undefined;
    },
    read: (typed) => ({ json: JSON.stringify(typed) }),
    write: (json, gesture) => setItem(view, items, index, stringValue(json) ?? "", gesture),
  };
  const draft = view.drafts.text(path);
  const cut = draft === undefined && item.length > longestInBox;
  const value = cut ? item.slice(0, beginning) : (draft ?? item);
  const several = items.length > 1;
  const name = several ? `Prompt ${index + 1}` : "Prompt";
  const id = index === 0 ? view.id : `${view.id}-${index}`;
  const on = typing(view, box);
  const marks = marksOf(view, path, id);
  return html`
    <div class="prompt" role=${several ? "group" : nothing} aria-label=${several ? `${index + 1} of ${items.length}` : nothing}>
      <div class="prompt-box">
        <div class="grow-area" data-value=${value}>
          <textarea
            id=${id}
            rows="1"
            dir="auto"
            aria-label=${name}
            aria-describedby="${marks.describedBy} ${cut ? `${id}-cut` : ""}"
            aria-invalid=${marks.invalid}
            aria-required=${marks.required}
            placeholder=${set ? "empty text" : "The text to continue"}
            ?readonly=${cut}
            .value=${live(value)}
            @input=${on.input}
            @paste=${(event: ClipboardEvent) => {
              const box = event.currentTarget as HTMLTextAreaElement;
              const pasted = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
              if (cut || value.length + pasted.length <= longestInBox) return;
              // The box itself would take a long time over it. It goes into the text, and the box shows its beginning.
              event.preventDefault();
              const text = value.slice(0, box.selectionStart) + pasted + value.slice(box.selectionEnd);
              view.drafts.drop(path);
              void setItem(view, items, index, text, "");
            }}
            @blur=${on.blur}
            @commit=${on.commit}
          ></textarea>
        </div>
        ${cut ? html`<p class="too-long" id="${id}-cut">The beginning of ${plural(item.length, "character")}; edit it in the large editor.</p>` : nothing}
      </div>
      <div class="prompt-tools" data-focus="#${id}">
        <button type="button" class="quiet icon-only small" aria-label="Large editor for ${several ? `prompt ${index + 1}` : "the prompt"}" title="Open in a large editor" @click=${() => view.actions.openPrompt(index)}>${icon("enlarge")}</button>
        ${several && set ? html`<button type="button" class="quiet icon-only small" aria-label="Remove prompt ${index + 1}" title="Remove this prompt" @click=${() => removeItem(view, items, index)}>${icon("close")}</button>` : nothing}
      </div>
    </div>
    ${renderUnread(view, id, box)}
  `;
}
