import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import { html, type TemplateResult } from "lit/html.js";
import { reached } from "../model/address.ts";
import {
  booleanValue,
  numberValue,
  objectValue,
  roundToStep,
  stepInteger,
  stringValue,
  wholeValue,
} from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { renderBias } from "./bias.ts";
import { type FieldView, marksOf } from "./field-view.ts";
import { renderTags } from "./lists.ts";
import { modelBox } from "./model-box.ts";
import { renderPrompts } from "./prompts.ts";
import { type Box, readNumber, readText, readWhole, renderUnread, typing } from "./typing.ts";

/** The control that the schema asks for. */
export function renderControl(view: FieldView): TemplateResult {
  switch (view.field.control) {
    case "model":
      return renderModel(view);
    case "prompts":
      return renderPrompts(view);
    case "text":
      return renderText(view);
    case "switch":
      return renderSwitch(view);
    case "integer":
      return renderInteger(view);
    case "slider":
      return renderSlider(view);
    case "tags":
      return renderTags(view);
    case "bias":
      return renderBias(view);
    case "object":
      return renderObject(view);
  }
}

function renderModel(view: FieldView): TemplateResult {
  const { id, endpoint, json } = view;
  const box: Box = { path: view.field.path, json, read: readText };
  const on = typing(view, box);
  const marks = marksOf(view, box.path, id);
  const { chosen, models } = endpoint;
  const of = (chosen.editable && reached(endpoint.address)?.host) || chosen.title;
  const choose = (model: string) => on.use(JSON.stringify(model));
  // The list sets what of the ARIA attributes changes; a second drawing does not touch them.
  return html`
    <input
      ${ref((element) => modelBox(element as HTMLInputElement | undefined, { models, of, choose }))}
      id=${id}
      class="mono"
      type="text"
      role="combobox"
      aria-autocomplete="list"
      aria-expanded="false"
      aria-controls="models"
      autocomplete="off"
      dir="auto"
      spellcheck="false"
      autocapitalize="off"
      aria-describedby=${marks.describedBy}
      aria-invalid=${marks.invalid}
      aria-required=${marks.required}
      placeholder=${json === '""' ? "empty text" : (models[0] ?? stringValue(view.field.examples[0]) ?? "")}
      .value=${live(view.drafts.text(box.path) ?? stringValue(json) ?? "")}
      @focus=${view.actions.loadModels}
      @input=${on.input}
      @blur=${on.blur}
      @commit=${on.commit}
    />
    <div class="models" popover="manual"><p role="status"></p><ul id="models" role="listbox"></ul><p></p></div>
    ${renderUnread(view, id, box)}
  `;
}

function renderText(view: FieldView): TemplateResult {
  const { id, json } = view;
  const box: Box = { path: view.field.path, json, read: readText };
  const on = typing(view, box);
  const marks = marksOf(view, box.path, id);
  const value = view.drafts.text(box.path) ?? stringValue(json) ?? "";
  return html`
    <div class="grow-area" data-value=${value}>
      <textarea
        id=${id}
        rows="1"
        dir="auto"
        aria-describedby=${marks.describedBy}
        aria-invalid=${marks.invalid}
        aria-required=${marks.required}
        placeholder=${json === '""' ? "empty text" : "not set"}
        .value=${live(value)}
        @input=${on.input}
        @blur=${on.blur}
        @commit=${on.commit}
      ></textarea>
    </div>
    ${renderUnread(view, id, box)}
  `;
}

const positions = [
  ["unset", "Not set"],
  ["true", "On"],
  ["false", "Off"],
] as const;

function renderSwitch(view: FieldView): TemplateResult {
  const { id, field, actions } = view;
  const value = booleanValue(view.json);
  // A value of another kind is none of the three.
  const standing = view.json === undefined ? "unset" : String(value);
  const marks = marksOf(view, field.path, id);
  return html`
    <div class="segments" id=${id} role="radiogroup" aria-labelledby="${id}-label" aria-describedby=${marks.describedBy} aria-invalid=${marks.invalid}>
      ${positions.map(
        ([position, text]) => html`
          <label>
            <input
              id="${id}-${position}"
              type="radio"
              name=${id}
              aria-label=${text}
              .checked=${live(position === standing)}
              @change=${() => (position === "unset" ? actions.unsetField(field.path) : actions.setField(field.path, position))}
            /><span>${text}</span>
          </label>
        `,
      )}
    </div>
  `;
}

function renderInteger(view: FieldView): TemplateResult {
  const { id, field, actions } = view;
  // What is no number is shown as it stands, to be typed over.
  const box: Box = { path: field.path, json: view.json, read: readWhole };
  const on = typing(view, box);
  const marks = marksOf(view, field.path, id);
  const step = (direction: 1 | -1) => {
    const from = wholeValue(view.json) ?? field.fallback ?? String(field.minimum ?? 0);
    view.drafts.drop(field.path);
    actions.setField(field.path, stepInteger(from, direction * field.step, field));
  };
  return html`
    <div class="stepper">
      <button type="button" class="quiet icon-only" tabindex="-1" aria-label="Less ${field.title}" @click=${() => step(-1)}>${icon("minus")}</button>
      <input
        id=${id}
        class="mono number"
        type="text"
        inputmode="numeric"
        aria-describedby=${marks.describedBy}
        aria-invalid=${marks.invalid}
        aria-required=${marks.required}
        placeholder=${field.fallback ?? "not set"}
        .value=${live(view.drafts.text(field.path) ?? view.json ?? "")}
        @input=${on.input}
        @blur=${on.blur}
        @commit=${on.commit}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          step(event.key === "ArrowUp" ? 1 : -1);
        }}
      />
      <button type="button" class="quiet icon-only" tabindex="-1" aria-label="More ${field.title}" @click=${() => step(1)}>${icon("plus")}</button>
    </div>
    ${renderUnread(view, id, box)}
  `;
}

function renderSlider(view: FieldView): TemplateResult {
  const { id, field, actions, drafts } = view;
  const { path, step } = field;
  const minimum = field.minimum ?? 0;
  const maximum = field.maximum ?? 1;
  const value = numberValue(view.json);
  // Not set, the thumb stands where the example does; the row is dimmed and the number box empty.
  const rest = Number(field.fallback ?? field.examples[0] ?? minimum);
  const box: Box = { path, json: view.json, read: readNumber };
  const on = typing(view, box);
  const marks = marksOf(view, path, id);
  return html`
    <div class="slider">
      <input
        type="range"
        min=${minimum}
        max=${maximum}
        step=${step}
        aria-label="${field.title}, slider"
        aria-describedby=${marks.describedBy}
        .value=${live(String(value === undefined ? rest : Number(value)))}
        @input=${(event: Event) => {
          if (drafts.get(path)) drafts.drop(path);
          const { valueAsNumber } = event.currentTarget as HTMLInputElement;
          void actions.setField(path, roundToStep(valueAsNumber, step), drafts.gesture(path));
        }}
        @change=${() => drafts.endGesture()}
      />
      <input
        id=${id}
        class="mono number"
        type="text"
        inputmode="decimal"
        aria-describedby=${marks.describedBy}
        aria-invalid=${marks.invalid}
        aria-required=${marks.required}
        placeholder=${field.fallback ?? "–"}
        .value=${live(drafts.text(path) ?? view.json ?? "")}
        @input=${on.input}
        @blur=${on.blur}
        @commit=${on.commit}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          const next = Number(value ?? rest) + (event.key === "ArrowUp" ? step : -step);
          drafts.drop(path);
          actions.setField(path, roundToStep(Math.min(maximum, Math.max(minimum, next)), step));
        }}
      />
    </div>
    ${renderUnread(view, id, box)}
  `;
}

function renderObject(view: FieldView): TemplateResult {
  const members = objectValue(view.json);
  if (view.json !== undefined && members === undefined)
    return html`<p class="too-long">This is no object; edit it in the text.</p>`;
  const values = new Map(members);
  return html`
    <div class="subfields" role="group" aria-labelledby="${view.id}-label">
      ${view.field.fields.map((field) => {
        const inner: FieldView = { ...view, field, json: values.get(field.name), id: `${view.id}-${field.name}` };
        return html`
          <div class="subfield">
            <span class="label" id="${inner.id}-label" title=${field.description}>${field.title}</span>
            ${renderControl(inner)}
            <span class="hidden" id="${inner.id}-help">${field.description}</span>
          </div>
        `;
      })}
    </div>
  `;
}
