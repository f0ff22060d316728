import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { html, nothing } from "lit/html.js";
import { plural } from "../model/words.ts";
import { icon } from "./icons.ts";
import { shown, shownWithCode } from "./shown.ts";

/**
 * What views are made of, for those that are loaded later: they are handed it. If they imported it, the bundler would cut
 * what the page starts with into more parts, and each part is compressed by itself.
 */
export const kit = { guard, html, icon, live, nothing, plural, shown, shownWithCode };

export type Kit = typeof kit;
