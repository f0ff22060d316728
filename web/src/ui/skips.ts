import { html, type TemplateResult } from "lit/html.js";
import type { ViewActions } from "../state/actions.ts";
import { shownTabs, type Tab, type ViewSlice } from "../state/view.ts";
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
export function renderSkips(view: ViewSlice, actions: ViewActions): TemplateResult {
  const there = shownTabs(view);
  const names = (["text", "send", "answer"] as const).filter((name) =>
    name === "send" ? view.sends : there.includes(name),
  );
  return html`<nav class="skips" aria-label="Skip">${names.map((name) => renderSkip(name, actions))}</nav>`;
}
