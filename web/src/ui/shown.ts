import { html, type TemplateResult } from "lit/html.js";
import { visiblePieces } from "./visible.ts";

/** A text from outside, shown as it is: whatever in it would act or be invisible stands as a sign. */
export function shown(text: string): readonly (string | TemplateResult)[] {
  return visiblePieces(text).map((piece) =>
    typeof piece === "string" ? piece : html`<span class="sign" title=${piece.name}>${piece.sign}</span>`,
  );
}

/** The same for a sentence of ours that quotes others: what stands between backticks is set as code. */
export function shownWithCode(text: string): readonly (readonly (string | TemplateResult)[] | TemplateResult)[] {
  return text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 === 1 ? html`<code>${shown(part)}</code>` : shown(part)));
}
