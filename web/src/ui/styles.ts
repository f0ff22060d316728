import { unsafeCSS } from "lit";
import answer from "./styles/answer.css";
import controls from "./styles/controls.css";
import editor from "./styles/editor.css";
import forced from "./styles/forced.css";
import form from "./styles/form.css";
import kept from "./styles/kept.css";
import layout from "./styles/layout.css";
import popover from "./styles/popover.css";
import probabilities from "./styles/probabilities.css";
import tokens from "./styles/tokens.css";

/** The element's style sheets, from the values everything is made of to the areas. They are this project's own files. */
export const styles = [tokens, controls, popover, layout, form, editor, answer, probabilities, kept, forced].map(
  unsafeCSS,
);
