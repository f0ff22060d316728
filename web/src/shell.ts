// Run by the build in Node, and in no browser: prints what the page shows first, as HTML and one style sheet.

import { classHighlighter, highlightCode } from "@lezer/highlight";
import { render } from "@lit-labs/ssr/lib/render.js";
import { collectResultSync } from "@lit-labs/ssr/lib/render-result.js";
import { PageWatch } from "./answer/page-watch.ts";
import { requestLanguage } from "./editor/language.ts";
import { Drafts } from "./form/drafts.ts";
import { renderFrame } from "./frame.ts";
import type { Actions } from "./state/actions.ts";
import { endpointChoices } from "./state/choices.ts";
import { Store } from "./state/store.ts";
import { firstText } from "./text/examples.ts";
import { FileDrop } from "./ui/drop.ts";
import { Later } from "./ui/later.ts";
import { twoAreas } from "./ui/layout.ts";
import { sizedByContainer } from "./ui/sized.ts";
import { texts } from "./ui/styles.ts";

/** The view as it is drawn first, without anything that a script would find in it. */
function draw(layout: "wide" | "narrow"): string {
  const store = new Store();
  store.change({ view: { layout, linkPage: "" }, endpoint: { choices: endpointChoices("", "", []) } });
  const nobody = () => undefined;
  const never = () => Promise.reject(new Error("nothing is loaded here"));
  const parts = {
    drafts: new Drafts(nobody),
    pages: new PageWatch(nobody),
    files: new FileDrop(store, nobody),
    details: new Later<never>(never, nobody),
    code: new Later<never>(never, nobody),
    findings: { part: undefined },
  };
  return (
    collectResultSync(render(renderFrame(store.state, {} as Actions, parts, [0, 0])))
      .replace(/<!--.*?-->/gs, "")
      // Properties of controls, written as if they were attributes with a value.
      .replace(/ (?:checked|selected)="false"/g, "")
      .replace(/ (checked|selected)="true"/g, " $1")
      .replace(/\s+/g, " ")
  );
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** The text as the editor colours it, its spans classed by what they are. */
function coloured(text: string): string {
  let out = "";
  const span = (part: string, classes: string) => {
    out += classes === "" ? escaped(part) : `<span class="${classes}">${escaped(part)}</span>`;
  };
  highlightCode(text, requestLanguage.parser.parse(text), classHighlighter, span, () => {
    out += "\n";
  });
  return out;
}

/** Replaces what has to be there exactly once. */
function once(html: string, what: RegExp, by: string): string {
  const found = html.match(new RegExp(what, "g"))?.length ?? 0;
  if (found !== 1) throw new Error(`${what} is there ${found} times`);
  return html.replace(what, () => by);
}

const tabs = /<div class="tabs".*?<\/div>/.exec(draw("narrow"))?.[0];
if (!tabs) throw new Error("a narrow page has no tabs");

let html = draw("wide");
html = once(html, /class="app wide /, 'class="app sized ');
html = once(html, /<div class="areas">/, `${tabs}<div class="areas">`);
// Nobody listens yet: what would do nothing cannot be used.
html = html.replace(
  /<(?=nav |header |div class="(?:tabs|area-send)"|section class="area area-(?:form|answer)")(\w+)/g,
  "<$1 inert",
);
html = once(
  html,
  /(?<=<textarea class="plain-editor"[^>]*)><\/textarea>/,
  // Not one letter of it is what was given any more: the browser calls a text that somebody changed too short then.
  ` required aria-required="false" aria-invalid="false" minlength="${1 << 30}">${escaped(firstText)}</textarea><pre class="plain-colours" aria-hidden="true">${coloured(firstText)}</pre>`,
);

// The first frame is the page's frame, and what is in its areas comes with the next: drawing that takes longer than all else.
const css = `${sizedByContainer(texts.join(""))}
:host{container:element/inline-size}
@container element (width < ${twoAreas}px){.sized :is(.area-form,.area-answer){display:none}}
@container element (width >= ${twoAreas}px){.sized .tabs{display:none}}
@keyframes next{from{display:none}}.area>*{animation:next 1ms step-end}`;

console.log(JSON.stringify({ html, css }));
