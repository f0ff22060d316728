import { threeAreas, twoAreas } from "./layout.ts";

const layouts = {
  wide: `width >= ${threeAreas}px`,
  middle: `${twoAreas}px <= width < ${threeAreas}px`,
  narrow: `width < ${twoAreas}px`,
};

/** Rules of these hold other rules; any other at-rule is left as it is. */
const nesting = /^@(media|supports|container|layer)\b/;

/**
 * Style sheets for a view whose layout is not known, because no script has looked: each rule for one of the layouts' classes
 * becomes one for the class `sized` in the container `element` of that layout's width, in its place among the others.
 */
export function sizedByContainer(css: string): string {
  let out = "";
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at);
    if (open < 0) return out + css.slice(at);
    const close = closing(css, open);
    const head = css.slice(at, open).trim();
    const body = css.slice(open + 1, close);
    if (nesting.test(head)) out += `${head}{${sizedByContainer(body)}}`;
    else out += head.startsWith("@") ? `${head}{${body}}` : sizedRule(head, body);
    at = close + 1;
  }
  return out;
}

function sizedRule(selector: string, body: string): string {
  const sized = Object.entries(layouts)
    .map(([name, width]) => ({ width, of: selector.replace(new RegExp(`\\.${name}\\b(?!-)`, "g"), ".sized") }))
    .filter(({ of }) => of !== selector);
  if (sized.length === 0) return `${selector}{${body}}`;
  return sized.map(({ width, of }) => `@container element (${width}){${of}{${body}}}`).join("");
}

/** The brace that ends the block that begins at `open`. */
function closing(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at++) {
    if (css[at] === "{") depth++;
    else if (css[at] === "}" && --depth === 0) return at;
  }
  throw new Error("a style sheet ends in mid-rule");
}
