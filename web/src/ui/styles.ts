import answer from "./styles/answer.css";
import controls from "./styles/controls.css";
import editor from "./styles/editor.css";
import forced from "./styles/forced.css";
import form from "./styles/form.css";
import host from "./styles/host.css";
import kept from "./styles/kept.css";
import layout from "./styles/layout.css";
import popover from "./styles/popover.css";
import probabilities from "./styles/probabilities.css";
import tokens from "./styles/tokens.css";

export const texts = [host, tokens, controls, popover, layout, form, editor, answer, probabilities, kept, forced];

let sheets: readonly CSSStyleSheet[] | undefined;

/** The element's style sheets, from its own box and the values everything is made of to the areas; one for all elements. */
export function styles(): readonly CSSStyleSheet[] {
  sheets ??= texts.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return sheets;
}
