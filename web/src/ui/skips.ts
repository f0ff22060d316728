import { html, type TemplateResult } from "lit";
import type { ViewActions } from "../state/actions.ts";
import type { Tab } from "../state/view.ts";
import { focusSoon } from "./focus.ts";

/** The places that one comes back to. */
const places = {
  text: { tab: "text", title: "To the text", selector: ".cm-content, .plain-editor:not([hidden])" },
  send: { tab: undefined, title: "To Send", selector: ".send-bar .primary" },
  answer: { tab: "answer", title: "To the answer", selector: ".answer-body" },
} as const satisfies Record<string, { tab: Tab | undefined; title: string; selector: string }>;

/** Moves the focus past everything between. A link to an address with "#" would not reach into the element. */
export function renderSkip(name: keyof typeof places, actions: ViewActions): TemplateResult {
  const { tab, title, selector } = places[name];
  const go = (event: Event) => {
    if (tab) actions.tab(tab);
    focusSoon(event.currentTarget as HTMLElement, selector);
  };
  return html`<button class="skip" @click=${go}>${title}</button>`;
}

/** The first stops of the Tab key. */
export function renderSkips(actions: ViewActions): TemplateResult {
  return html`<nav class="skips" aria-label="Skip">${(["text", "send", "answer"] as const).map((name) => renderSkip(name, actions))}</nav>`;
}
