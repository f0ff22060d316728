import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";
import { camelCase, describeRange, type Field, fieldNamed, fields } from "../model/fields.ts";
import type { CheckResult } from "../model/verdict.ts";
import { type Place, placeAtEnd } from "./place.ts";

/** What completion knows besides the schema. */
export interface CompletionSources {
  result(): CheckResult | undefined;
  /** The endpoint's models; asks the server for them where that has not been done. */
  models(): Promise<readonly string[]>;
}

// Beyond this a keystroke would be felt, and so long a text before the cursor is no request that is typed by hand.
const longestRead = 200_000;

/** Completes names of fields, and values that can be listed, with the schema's own descriptions. */
export async function completions(
  context: CompletionContext,
  sources: CompletionSources,
): Promise<CompletionResult | null> {
  if (context.pos > longestRead) return null;
  const place = placeAtEnd(context.state.sliceDoc(0, context.pos));
  if (!place) return null;
  const typed = place.from < context.pos;
  if (!typed && !context.explicit) return null;
  const options = place.kind === "key" ? names(place, context, sources) : await values(place, sources);
  if (options.length === 0) return null;
  return { from: place.from, to: wordEnd(context, place), options, validFor: /^["']?[^"'\s,:{}[\]]*$/ };
}

/** The end of what a completion replaces: a closing quote that is there already goes with it. */
function wordEnd(context: CompletionContext, place: Place): number {
  if (!place.quote) return context.pos;
  return context.state.sliceDoc(context.pos, context.pos + 1) === place.quote ? context.pos + 1 : context.pos;
}

function names(place: Place, context: CompletionContext, sources: CompletionSources): Completion[] {
  const parent = place.path.length === 0 ? fields : (fieldNamed(place.path.at(-1) ?? "")?.fields ?? []);
  const result = sources.result();
  const present = new Set(place.path.length === 0 ? result?.members.map((member) => member.field) : []);
  const bare = result?.dialect === "javascript" && !place.quote;
  const quote = place.quote || '"';
  const colonFollows = /^["']?\s*:/.test(context.state.sliceDoc(context.pos, context.pos + 20));
  return parent
    .filter((field) => !present.has(field.name))
    .map((field) => {
      const name = bare ? camelCase(field.name) : `${quote}${field.name}${quote}`;
      return {
        label: name,
        displayLabel: bare ? camelCase(field.name) : field.name,
        detail: field.title,
        info: () => documentation(field),
        type: "property",
        apply: colonFollows ? name : `${name}: `,
        boost: field.required ? 1 : 0,
      };
    });
}

async function values(place: Place, sources: CompletionSources): Promise<Completion[]> {
  const field = fieldNamed(place.key || (place.path.at(-1) ?? ""));
  if (!field) return [];
  if (field.control === "switch") return ["true", "false"].map((label) => ({ label, type: "constant" }));
  if (field.control === "model")
    return (await sources.models()).map((model) => ({
      label: JSON.stringify(model),
      displayLabel: model,
      type: "constant",
    }));
  if (place.quote || place.key === "") return [];
  const texts =
    field.fallback === undefined
      ? field.examples
      : [field.fallback, ...field.examples.filter((each) => each !== field.fallback)];
  return texts.map((label) => ({ label, detail: label === field.fallback ? "default" : "example", type: "constant" }));
}

/** Shows a field's documentation over its name. */
export const fieldDocs: Extension = hoverTooltip((view: EditorView, pos: number) => {
  const node = syntaxTree(view.state).resolveInner(pos, -1);
  const other = node.name === "propertyName" ? node : syntaxTree(view.state).resolveInner(pos, 1);
  if (other.name !== "propertyName") return null;
  const field = fieldNamed(view.state.sliceDoc(other.from, other.to).replace(/^["']|["']$/g, ""));
  if (!field) return null;
  return { pos: other.from, end: other.to, above: true, create: () => ({ dom: documentation(field) }) };
});

function documentation(field: Field): HTMLElement {
  const box = document.createElement("div");
  box.className = "field-docs";
  const head = box.appendChild(document.createElement("strong"));
  head.textContent = field.title;
  const text = box.appendChild(document.createElement("p"));
  text.textContent = field.description;
  const facts = [describeRange(field), field.fallback === undefined ? "" : `default ${field.fallback}`].filter(
    (fact) => fact !== "",
  );
  if (facts.length > 0) box.appendChild(document.createElement("small")).textContent = facts.join(" · ");
  return box;
}
