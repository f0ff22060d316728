// Elements that come and go: what is left of them in the page, and what it takes to be defined twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CDPSession, Page } from "playwright-core";
import { checked, visitDocs } from "./docs.ts";
import { until } from "./playground.ts";

const text = '{"model": "demo-small", "prompt": ["Once upon a time"], "max_tokens": 8, "seed": 1}';
const script = `<script type="application/json">\n${text}\n</script>`;

interface Kept {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What the page holds once all that nobody needs is gone. */
async function kept(cdp: CDPSession): Promise<Kept> {
  // What is freed in one round may set others free.
  for (let i = 0; i < 3; i++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize: heap } = await cdp.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners: listeners } = await cdp.send("Memory.getDOMCounters");
  return { heap, nodes, listeners };
}

/** Adds an element and takes it away, so often: each once it has its first verdict, or, of those in between, at once. */
async function comeAndGo(page: Page, times: number, every: number): Promise<void> {
  await page.evaluate(
    async ([contents, times, every]) => {
      for (let i = 0; i < times; i++) {
        const element = document.createElement("completion-playground");
        element.innerHTML = contents;
        const verdict = new Promise((resolve) => element.addEventListener("check", resolve, { once: true }));
        document.body.append(element);
        if (i % every === 0) await verdict;
        element.remove();
      }
    },
    [script, times, every] as const,
  );
}

test("elements that went leave nothing behind", async (t) => {
  await visitDocs(`<div id="stays"></div>`, async (page) => {
    const cdp = await page.context().newCDPSession(page);
    await comeAndGo(page, 1, 1);
    for (const every of [1, 5]) {
      const t0 = Date.now();
      await comeAndGo(page, 20, every);
      const t1 = Date.now();
      const early = await kept(cdp);
      await comeAndGo(page, 80, every);
      const late = await kept(cdp);
      console.log(every, t1 - t0, Date.now() - t0, early, late);
    }
    await until("no Workers", () => page.workers().length === 0);
  });
});
