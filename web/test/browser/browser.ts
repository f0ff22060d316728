// The one browser of all tests, which run in one process. Each visit has a context of its own in it.

import { after } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium.ts";

/**
 * Pages are left soon, so that to optimise their WebAssembly costs more than it gives, and so does to validate functions
 * that are never called; Node and Firefox validate all of them.
 */
export const browser: Browser = await launchChromium(["--js-flags=--liftoff-only --wasm-lazy-validation"]);

after(() => browser.close());
