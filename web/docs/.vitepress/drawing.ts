// Flowcharts, drawn while the site is built: a page needs no script for them.

import { renderMermaidSVG } from "beautiful-mermaid";

/** Pixels of a page's text; what would be wider is drawn from top to bottom. */
const widest = 900;

let drawn = 0;

/** Draws a flowchart as SVG, in the site's colours. */
export function drawing(source: string): string {
  const draw = (text: string) => renderMermaidSVG(text, { bg: "var(--surface)", fg: "var(--text)", transparent: true });
  let svg = draw(source);
  if (Number(/ width="([\d.]+)"/.exec(svg)?.[1]) > widest) svg = draw(source.replace(/^flowchart LR/m, "flowchart TD"));
  drawn++;
  svg = svg
    // Its style sheet asks for a font elsewhere; the theme has the rest of it.
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/ style="[^"]*"/, "")
    // Ids have to differ on a page with several.
    .replace(/(id="|url\(#)([\w-]+)/g, `$1d${drawn}-$2`)
    .replace("<svg ", '<svg role="img" aria-label="Flowchart" ');
  return `<div class="drawing wide" tabindex="0" v-pre>${svg.replace(/\n\s*\n/g, "\n")}</div>\n`;
}
