import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import {
  booleanValue,
  integerToken,
  numberToken,
  numberValue,
  objectValue,
  roundToStep,
  stepInteger,
  stringValue,
} from "../model/json-value.ts";
import { icon } from "../ui/icons.ts";
import { renderBias } from "./bias.ts";
import type { FieldView } from "./field-view.ts";
import { renderTags } from "./lists.ts";
import { renderPrompts } from "./prompts.ts";

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

/** Input handlers for a control whose text may not be a value yet. `token` gives the JSON text, or undefined. */
function drafting(view: FieldView, token: (typed: string) => string | undefined) {
  const { path } = view.field;
  return {
    input: (event: Event) => {
      const typed = (event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value;
      view.drafts.set(path, typed);
      const json = token(typed);
      if (json !== undefined) view.actions.setField(path, json, view.drafts.gesture(path));
    },
    blur: () => view.drafts.drop(path),
  };
}

function renderModel(view: FieldView): TemplateResult {
  const { id, endpoint } = view;
  const on = drafting(view, (typed) => JSON.stringify(typed));
  return html`
    <input
      id=${id}
      class="mono"
      type="text"
      list="models"
      spellcheck="false"
      autocapitalize="off"
      aria-describedby="${id}-help"
      placeholder=${stringValue(view.field.examples[0]) ?? ""}
      .value=${live(view.drafts.get(view.field.path) ?? stringValue(view.json) ?? "")}
      @focus=${view.actions.loadModels}
      @input=${on.input}
      @blur=${on.blur}
    />
    <datalist id="models">${endpoint.models.map((model) => html`<option value=${model}></option>`)}</datalist>
  `;
}

function renderText(view: FieldView): TemplateResult {
  const { id } = view;
  const on = drafting(view, (typed) => JSON.stringify(typed));
  const value = view.drafts.get(view.field.path) ?? stringValue(view.json) ?? "";
  return html`
    <div class="grow-area" data-value=${value}>
      <textarea id=${id} rows="1" aria-describedby="${id}-help" placeholder="not set" .value=${live(value)} @input=${on.input} @blur=${on.blur}></textarea>
    </div>
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
  const standing = value === undefined ? "unset" : String(value);
  return html`
    <div class="segments" id=${id} role="radiogroup" aria-labelledby="${id}-label" aria-describedby="${id}-help">
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
  const on = drafting(view, integerToken);
  // What is no number is shown as it stands, to be typed over.
  const value = view.json ?? "";
  const step = (direction: 1 | -1) => {
    const from = integerToken(value) ?? field.fallback ?? String(field.minimum ?? 0);
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
        aria-describedby="${id}-help"
        placeholder=${field.fallback ?? "not set"}
        .value=${live(view.drafts.get(field.path) ?? value)}
        @input=${on.input}
        @blur=${on.blur}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          step(event.key === "ArrowUp" ? 1 : -1);
        }}
      />
      <button type="button" class="quiet icon-only" tabindex="-1" aria-label="More ${field.title}" @click=${() => step(1)}>${icon("plus")}</button>
    </div>
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
  const on = drafting(view, numberToken);
  return html`
    <div class="slider">
      <input
        type="range"
        min=${minimum}
        max=${maximum}
        step=${step}
        aria-label="${field.title}, slider"
        aria-describedby="${id}-help"
        .value=${live(String(value === undefined ? rest : Number(value)))}
        @input=${(event: Event) => {
          actions.setField(
            path,
            roundToStep((event.currentTarget as HTMLInputElement).valueAsNumber, step),
            drafts.gesture(path),
          );
        }}
        @change=${() => drafts.endGesture()}
      />
      <input
        id=${id}
        class="mono number"
        type="text"
        inputmode="decimal"
        aria-describedby="${id}-help"
        placeholder=${field.fallback ?? "–"}
        .value=${live(drafts.get(path) ?? view.json ?? "")}
        @input=${on.input}
        @blur=${on.blur}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          const next = Number(value ?? rest) + (event.key === "ArrowUp" ? step : -step);
          drafts.drop(path);
          actions.setField(path, roundToStep(Math.min(maximum, Math.max(minimum, next)), step));
        }}
      />
    </div>
  `;
}

function renderObject(view: FieldView): TemplateResult {
  const values = new Map(objectValue(view.json));
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
