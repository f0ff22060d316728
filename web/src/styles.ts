import { unsafeCSS } from "lit";
import answer from "./styles/answer.css";
import controls from "./styles/controls.css";
import editor from "./styles/editor.css";
import form from "./styles/form.css";
import layout from "./styles/layout.css";
import tokens from "./styles/tokens.css";

/** The element's style sheets, from the values everything is made of to the areas. They are this project's own files. */
export const styles = [tokens, controls, layout, form, editor, answer].map(unsafeCSS);
