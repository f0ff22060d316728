import { syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";
import { describeRange, type Field, fieldNamed } from "../model/fields.ts";

/** Shows a field's documentation over its name. */
export const fieldDocs: Extension = hoverTooltip((view: EditorView, pos: number) => {
  const node = syntaxTree(view.state).resolveInner(pos, -1);
  const other = node.name === "propertyName" ? node : syntaxTree(view.state).resolveInner(pos, 1);
  if (other.name !== "propertyName") return null;
  const field = fieldNamed(view.state.sliceDoc(other.from, other.to).replace(/^["']|["']$/g, ""));
  if (!field) return null;
  return { pos: other.from, end: other.to, above: true, create: () => ({ dom: documentation(field) }) };
});

/** What the schema says of a field. */
export function documentation(field: Field): HTMLElement {
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
