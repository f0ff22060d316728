import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { isList, stringsValue } from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { visibleLine } from "../ui/visible.ts";
import type { FieldView } from "./field-view.ts";

/** Sets one text of a list: by its own pointer where the list is one, or else the whole. */
export function setItem(view: FieldView, items: readonly string[], index: number, text: string, gesture: string): void {
  const { field, actions } = view;
  if (isList(view.json) && index < items.length)
    actions.setField(`${field.path}/${index}`, JSON.stringify(text), gesture);
  else actions.setField(field.path, JSON.stringify(items.with(index, text)), gesture);
}

/** Removes one text of a list; the last one takes the field with it. */
export function removeItem(view: FieldView, items: readonly string[], index: number): void {
  const { field, actions } = view;
  if (items.length === 1) actions.unsetField(field.path);
  else if (isList(view.json)) actions.unsetField(`${field.path}/${index}`);
}

/** Sets the list with one more text at its end. */
export function addItem(view: FieldView, items: readonly string[], text: string): void {
  view.actions.setField(view.field.path, JSON.stringify([...items, text]));
}

/** A short list of short texts, as chips; white space in them is made visible. */
export function renderTags(view: FieldView): TemplateResult {
  const items = stringsValue(view.json);
  if (view.json !== undefined && items === undefined)
    return html`<p class="too-long">This is not a list of texts; edit it in the text.</p>`;
  const { field, id } = view;
  const most = field.maxItems ?? Number.POSITIVE_INFINITY;
  const shown = items ?? [];
  const add = (input: HTMLInputElement) => {
    const text = readEscapes(view.drafts.get(field.path) ?? input.value);
    if (text === "") return;
    view.drafts.drop(field.path);
    addItem(view, shown, text);
  };
  return html`
    <div class="tags">
      ${
        shown.length === 0
          ? nothing
          : html`<ul aria-label=${field.title}>
            ${shown.map((item, index) => html`<li class="tag"><code>${item === "" ? "(empty)" : visibleLine(item)}</code><button type="button" class="quiet icon-only small" aria-label="Remove ${visibleLine(item) || "empty text"}" @click=${() => removeItem(view, shown, index)}>${icon("close")}</button></li>`)}
          </ul>`
      }
      <input
        id=${id}
        class="mono"
        type="text"
        ?disabled=${shown.length >= most}
        aria-describedby="${id}-help"
        placeholder=${shown.length >= most ? `${most} is the most` : "Text, then Enter; \\n for a new line"}
        .value=${live(view.drafts.get(field.path) ?? "")}
        @input=${(event: Event) => view.drafts.set(field.path, (event.currentTarget as HTMLInputElement).value)}
        @paste=${(event: ClipboardEvent) => {
          // A one-line box would drop line ends; here they are what is meant.
          const text = event.clipboardData?.getData("text/plain") ?? "";
          if (!text.includes("\n")) return;
          event.preventDefault();
          view.drafts.set(field.path, (view.drafts.get(field.path) ?? "") + writeEscapes(text));
        }}
        @keydown=${(event: KeyboardEvent) => {
          const input = event.currentTarget as HTMLInputElement;
          if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            add(input);
          } else if (event.key === "Backspace" && input.value === "" && shown.length > 0)
            removeItem(view, shown, shown.length - 1);
        }}
        @blur=${(event: Event) => add(event.currentTarget as HTMLInputElement)}
      />
    </div>
  `;
}

function writeEscapes(text: string): string {
  return text
    .replace(/\\/g, "\\\\")
    .replace(/\r\n?|\n/g, "\\n")
    .replace(/\t/g, "\\t");
}

function readEscapes(text: string): string {
  return text.replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? "\\");
}
