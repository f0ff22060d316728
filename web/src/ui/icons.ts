import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit/html.js";

// Strokes on a 16-unit grid; colour and size come from the place where an icon stands.
const shapes = {
  send: svg`<path d="M3 8h9M8.5 4.5 12 8l-3.5 3.5"/>`,
  stop: svg`<rect x="4.5" y="4.5" width="7" height="7" rx="1" fill="currentColor"/>`,
  close: svg`<path d="m4.5 4.5 7 7m0-7-7 7"/>`,
  enlarge: svg`<path d="M9.5 3h3.5v3.5M13 3 9 7M6.5 13H3V9.5M3 13l4-4"/>`,
  plus: svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  minus: svg`<path d="M3.5 8h9"/>`,
  undo: svg`<path d="M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H6"/>`,
  redo: svg`<path d="m10 3 3 3-3 3m3-3H7a4 4 0 0 0 0 8h3"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5A1 1 0 0 0 9.5 2.5h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1"/>`,
  link: svg`<path d="M7 4.5 8.6 3a2.6 2.6 0 0 1 3.9 3.6L10.5 9a2.6 2.6 0 0 1-3.7.2M9 11.5 7.4 13a2.6 2.6 0 0 1-3.9-3.6L5.5 7a2.6 2.6 0 0 1 3.7-.2"/>`,
  error: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.8v3.8M8 11v.2"/>`,
  warning: svg`<path d="M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.1"/>`,
  hint: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.8M8 4.9v.2"/>`,
  check: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  unknown: svg`<path d="M6 6a2 2 0 1 1 2.8 1.9c-.5.3-.8.6-.8 1.3M8 11.4v.1"/>`,
  chevron: svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>`,
  key: svg`<circle cx="5.5" cy="10.5" r="2.5"/><path d="m7.4 8.6 5.1-5.1M10.5 5.5l2 2"/>`,
  settings: svg`<path d="M2.5 5h6m3 0h2m-11 6h2m3 0h6"/><circle cx="10" cy="5" r="1.5"/><circle cx="6" cy="11" r="1.5"/>`,
  save: svg`<path d="M8 2.5v7m-3-3 3 3 3-3M3 12.5h10"/>`,
  open: svg`<path d="M8 9.5v-7m-3 3 3-3 3 3M3 12.5h10"/>`,
  kept: svg`<path d="M2.5 4h11v3h-11zM3.5 7v5.5h9V7M6.5 9.5h3"/>`,
  auto: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>`,
  light: svg`<circle cx="8" cy="8" r="2.7"/><path d="M8 1.8v1.4m0 9.6v1.4M1.8 8h1.4m9.6 0h1.4M3.6 3.6l1 1m6.8 6.8 1 1m0-8.8-1 1m-6.8 6.8-1 1"/>`,
  dark: svg`<path d="M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6z"/>`,
  target: svg`<circle cx="8" cy="8" r="4"/><path d="M8 1.8v3.4m0 5.6v3.4M1.8 8h3.4m5.6 0h3.4"/>`,
  pin: svg`<path d="M5.5 2.5h5l-.7 4 2 2.5H4.2l2-2.5zM8 9v4.5"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** A decorative icon: whatever it stands in carries the words. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;
}
