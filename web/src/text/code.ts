import type { TemplateResult } from "lit/html.js";
import languages from "../../../schema/languages.json";
import type { TextActions, ViewActions } from "../state/actions.ts";
import type { CodeView } from "../state/text.ts";
import type { Kit } from "../ui/kit.ts";
import css from "./code.css";

export const codeCss = css;

/** The request as code that sends it: in which language, the code, and what the language cannot express. */
export function renderCode(
  { html, icon, live, nothing }: Kit,
  code: CodeView,
  actions: TextActions & ViewActions,
): TemplateResult {
  const choose = (event: Event) => actions.chooseLanguage((event.currentTarget as HTMLSelectElement).value);
  const files = code.files.map(({ name }) => name).join(", ");
  const notes = [
    ...(files === "" ? [] : [`It reads ${files} from the folder that it runs in, which is saved with it.`]),
    ...code.notes,
  ];
  return html`
    <section class="code-view" role="region" aria-label="Code">
      <div class="code-head">
        <select aria-label="Language" .value=${live(code.language)} @change=${choose}>
          ${languages.map(({ name, label }) => html`<option value=${name} .selected=${name === code.language}>${label}</option>`)}
        </select>
        <span class="grow"></span>
        <button class="quiet icon-only" aria-label="Copy the code" title="Copy the code" ?disabled=${code.text === ""} @click=${() => actions.copyText(code.text, "The code")}>${icon("copy")}</button>
        <button class="quiet icon-only" aria-label="Save the code" title="Save the code" ?disabled=${code.text === ""} @click=${actions.saveCode}>${icon("save")}</button>
        <button class="quiet icon-only" aria-label="Close the code" title="Close" @click=${actions.toggleCode}>${icon("close")}</button>
      </div>
      ${code.problem === "" ? nothing : html`<p class="code-notes muted" role="status">${code.problem}</p>`}
      ${code.text === "" ? nothing : html`<pre tabindex="0" role="group" aria-label="The code">${code.text}</pre>`}
      ${notes.length === 0 ? nothing : html`<p class="code-notes muted">${notes.join(" ")}</p>`}
    </section>
  `;
}
