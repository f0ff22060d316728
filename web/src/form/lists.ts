import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { isList, stringsValue } from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { afterPress } from "../ui/press.ts";
import { visibleLine } from "../ui/visible.ts";
import { type FieldView, marksOf } from "./field-view.ts";

/**
 * Sets one text of a list: by its own pointer where the list is one, or else the whole. The only one that is emptied is a
 * field that is not set; of several, one that is emptied stays as the empty text.
 */
export function setItem(
  view: FieldView,
  items: readonly string[],
  index: number,
  text: string,
  gesture: string,
): Promise<string> {
  const { field, actions } = view;
  if (text === "" && items.length === 1) return actions.unsetField(field.path, gesture);
  if (isList(view.json) && index < items.length)
    return actions.setField(`${field.path}/${index}`, JSON.stringify(text), gesture);
  return actions.setField(field.path, JSON.stringify(items.with(index, text)), gesture);
}

/** Removes one text of a list; the last one takes the field with it. */
export function removeItem(view: FieldView, items: readonly string[], index: number): void {
  const { field, actions } = view;
  if (items.length === 1) void actions.unsetField(field.path);
  else if (isList(view.json)) void actions.unsetField(`${field.path}/${index}`);
}

/** Sets the list with one more text at its end. */
export function addItem(view: FieldView, items: readonly string[], text: string): void {
  void view.actions.setField(view.field.path, JSON.stringify([...items, text]));
}

/** A short list of short texts, as chips; white space in them is made visible. */
export function renderTags(view: FieldView): TemplateResult {
  const items = stringsValue(view.json);
  if (view.json !== undefined && items === undefined)
    return html`<p class="too-long">This is not a list of texts; edit it in the text.</p>`;
  const { field, id } = view;
  const most = field.maxItems ?? Number.POSITIVE_INFINITY;
  const shown = items ?? [];
  const marks = marksOf(view, field.path, id);
  const add = (input: HTMLInputElement) => {
    const text = readEscapes(view.drafts.text(field.path) ?? input.value);
    if (text === "" || shown.length >= most) return;
    view.drafts.drop(field.path);
    addItem(view, shown, text);
  };
  return html`
    <div class="tags">
      ${
        shown.length === 0
          ? nothing
          : html`<ul aria-label=${field.title}>
            ${shown.map((item, index) => html`<li class="tag"><code dir="auto">${item === "" ? "(empty)" : visibleLine(item)}</code><button type="button" class="quiet icon-only small" aria-label="Remove ${visibleLine(item) || "empty text"}" @click=${() => removeItem(view, shown, index)}>${icon("close")}</button></li>`)}
          </ul>`
      }
      <input
        id=${id}
        class="mono"
        type="text"
        dir="auto"
        ?readonly=${shown.length >= most}
        aria-describedby=${marks.describedBy}
        aria-invalid=${marks.invalid}
        placeholder=${shown.length >= most ? `${most} is the most` : "Text, then Enter; \\n for a new line"}
        .value=${live(view.drafts.text(field.path) ?? "")}
        @input=${(event: Event) => view.drafts.hold(field.path, (event.currentTarget as HTMLInputElement).value)}
        @paste=${(event: ClipboardEvent) => {
          // A one-line box would drop line ends; here they are what is meant.
          const text = event.clipboardData?.getData("text/plain") ?? "";
          if (!text.includes("\n") || shown.length >= most) return;
          event.preventDefault();
          view.drafts.hold(field.path, (view.drafts.text(field.path) ?? "") + writeEscapes(text));
        }}
        @keydown=${(event: KeyboardEvent) => {
          const input = event.currentTarget as HTMLInputElement;
          if (event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            add(input);
          } else if (event.key === "Backspace" && input.value === "" && shown.length > 0)
            removeItem(view, shown, shown.length - 1);
        }}
        @blur=${(event: Event) => {
          const input = event.currentTarget as HTMLInputElement;
          afterPress(() => add(input));
        }}
        @commit=${(event: Event) => add(event.currentTarget as HTMLInputElement)}
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
