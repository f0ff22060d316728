import { html, nothing, type TemplateResult } from "lit/html.js";
import { describeRange, type Field, fields, groups } from "../model/fields.ts";
import { booleanValue, stringValue } from "../model/json-value.ts";
import type { CheckResult, Issue, Member } from "../model/verdict.ts";
import type { EndpointActions, TextActions, ViewActions } from "../state/actions.ts";
import type { EndpointSlice } from "../state/endpoint.ts";
import type { State } from "../state/store.ts";
import { icon } from "../ui/icons.ts";
import { renderControl } from "./controls.ts";
import type { Drafts } from "./drafts.ts";
import type { FieldView, ToldIssue } from "./field-view.ts";

/** What the form shows. */
export type FormState = Pick<State, "core" | "text" | "endpoint" | "view">;

type FormActions = TextActions & EndpointActions & ViewActions;

/** The form, drawn from the schema: one row for each field, in its groups. */
export function renderForm(state: FormState, actions: FormActions, drafts: Drafts): TemplateResult {
  const { result } = state.text;
  const { helpField, shownFields, lockedFields } = state.view;
  const members = new Map(result?.members.map((member) => [member.field, member]));
  const issues = byField(result);
  const waiting = result === undefined;
  return html`
    <header class="panel-head"><h2>Form</h2><span class="grow"></span>${waiting ? html`<span class="muted">${state.core.state === "failed" ? "not available" : "reading the text…"}</span>` : html`<span class="muted">${members.size} of ${fields.length} set</span>`}</header>
    <form
      class="form-body"
      autocomplete="off"
      @submit=${(event: Event) => event.preventDefault()}
      @focusin=${(event: Event) => actions.help(fieldAt(event))}
      @pointerover=${(event: Event) => actions.help(fieldAt(event))}
    >
      <fieldset class="form-fields" ?disabled=${waiting}>
        <legend class="hidden">Fields of the request</legend>
        ${groups
          .filter(({ fields }) => fields.some(({ name }) => shownFields?.has(name) ?? true))
          .map(
            (group) => html`
            <div class="group" role="group" aria-labelledby="group-${group.name}">
              <h3 id="group-${group.name}" title=${group.description}>${group.title}</h3>
              ${group.fields.filter(({ name }) => shownFields?.has(name) ?? true).map((field) => renderField(field, members.get(field.name), issues.get(field.name) ?? [], state.endpoint, lockedFields.has(field.name), actions, drafts))}
            </div>
          `,
          )}
      </fieldset>
    </form>
    <div class="form-help ${helpField === "" ? "idle" : ""}" aria-hidden="true">${renderHelp(fields.find((field) => field.name === helpField))}</div>
  `;
}

function fieldAt(event: Event): string {
  const target = event.target as Element;
  return target.closest<HTMLElement>("[data-field]")?.dataset.field ?? "";
}

// Those who hear the page have each text with its field already.
function renderHelp(field: Field | undefined): TemplateResult {
  if (!field) return html`What a field does stands here when you are at it.`;
  return html`<strong>${field.title}</strong> ${field.description}${range(field)}`;
}

function byField(result: CheckResult | undefined): ReadonlyMap<string, readonly Issue[]> {
  const found = new Map<string, Issue[]>();
  for (const issue of result?.issues ?? []) {
    const issues = found.get(issue.field);
    if (issues) issues.push(issue);
    else found.set(issue.field, [issue]);
  }
  return found;
}

function renderField(
  field: Field,
  member: Member | undefined,
  issues: readonly Issue[],
  endpoint: EndpointSlice,
  locked: boolean,
  actions: FormActions,
  drafts: Drafts,
): TemplateResult {
  const id = `field-${field.name}`;
  // Nobody's box goes away while it is typed into.
  const tooLong = member !== undefined && member.json === undefined && drafts.get(field.path) === undefined;
  // A group of controls takes its name from the text; a label belongs to one control.
  const grouped = field.control === "switch" || field.control === "object";
  const severities = new Set(issues.map(({ severity }) => severity));
  const error = severities.has("error") || drafts.told(field.path) !== undefined;
  const worst = error ? "error" : severities.has("warning") ? "warning" : "";
  const told = issues.map((issue, i) => ({ issue, id: `${id}-issue-${i}` }));
  const view: FieldView = { field, json: member?.json, id, issues: told, endpoint, actions, drafts };
  return html`
    <div class="field ${member ? "set" : "unset"} ${worst}" data-field=${field.name} data-focus="#${id}">
      <fieldset class="lock" data-focus="#${id}" ?disabled=${locked}>
      <div class="field-head" data-focus="#${id}">
        ${grouped ? html`<span class="label" id="${id}-label">${field.title}</span>` : html`<label id="${id}-label" for=${id}>${field.title}</label>`}
        <code class="field-name">${field.name}</code>
        <span class="grow"></span>
        ${member ? renderSet(field, member, actions, drafts) : renderNotSet(field, actions)}
      </div>
      ${tooLong ? html`<p class="too-long">This value is too long for the form, or cannot be read as one; edit it in the text.</p>` : renderControl(view)}
      ${error ? nothing : misfit(view)}
      <span class="hidden" id="${id}-help">${field.description}${range(field)}</span>
      ${told.map((each) => renderIssue(each, actions))}
      </fieldset>
    </div>
  `;
}

function range(field: Field): TemplateResult | typeof nothing {
  const text = describeRange(field);
  return text === "" ? nothing : html` <span class="range">${text}</span>`;
}

function notSet(field: Field): string {
  if (field.required) return "required";
  return field.fallback === undefined ? "server decides" : `not set · default ${field.fallback}`;
}

/** A box that is emptied is a field that is not set; the empty text is chosen here. */
function renderNotSet(field: Field, actions: TextActions): TemplateResult {
  const empty = { text: '""', prompts: '[""]' }[field.control as string];
  return html`
    <span class="not-set">${notSet(field)}</span>
    ${empty === undefined ? nothing : html`<button type="button" class="empty-text" title="Set ${field.name} to the empty text" aria-label="Set ${field.title} to the empty text" @click=${() => actions.setField(field.path, empty)}>""</button>`}
  `;
}

/** A value that the control cannot show, such as null, where no error tells it; numbers' boxes show any. */
function misfit({ field, json }: FieldView): TemplateResult | typeof nothing {
  const { control } = field;
  const text = (control === "model" || control === "text") && stringValue(json) === undefined;
  const choice = control === "switch" && booleanValue(json) === undefined;
  if (json === undefined || !(text || choice)) return nothing;
  return html`<p class="too-long">The text has <code>${json}</code> here, which is ${text ? "no text" : "neither true nor false"}.</p>`;
}

function renderSet(field: Field, member: Member, actions: TextActions, drafts: Drafts): TemplateResult {
  const remove = () => {
    drafts.drop(field.path);
    void actions.unsetField(field.path);
  };

  return html`
    <button type="button" class="quiet icon-only small" title="Show ${field.name} in the text" aria-label="Show ${field.title} in the text" @click=${() => actions.show(member.span)}>${icon("target")}</button>
    <button type="button" class="quiet icon-only small" title="Remove ${field.name}" aria-label="Remove ${field.title}" @click=${remove}>${icon("close")}</button>
  `;
}

function renderIssue({ issue, id }: ToldIssue, actions: TextActions): TemplateResult {
  return html`
    <p class="field-issue ${issue.severity}" id=${id}>
      ${icon(issue.severity)}<span><span class="hidden">${issue.severity}: </span>${issue.message}</span>
      ${issue.fix ? html`<button type="button" class="fix" @click=${() => actions.fix(issue)}>${issue.fix.title}</button>` : nothing}
    </p>
  `;
}
