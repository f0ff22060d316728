// The Worker in a real browser: that it runs under the page's policy, and that the page outlives it. One that hangs is of
// resilience.test.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page, Worker } from "playwright-core";
import { browser } from "./browser.ts";
import { pageUrl, until } from "./playground.ts";

interface Visit {
  readonly page: Page;
  /** The checker's Workers, oldest first; the demo model has one of its own. */
  readonly workers: Worker[];
  /** Errors, warnings and violations of the policy. */
  readonly complaints: string[];
}

async function visit(): Promise<Visit> {
  const page = await browser.newPage();
  const workers: Worker[] = [];
  const complaints: string[] = [];
  page.on("worker", async (worker) => {
    // A Worker, or the page, may be gone before it says its name.
    const name = await worker.evaluate(() => self.name).catch(() => "");
    if (name === "checker") workers.push(worker);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(pageUrl);
  return { page, workers, complaints };
}

test("the core runs in a Worker, nothing complains, and a Worker that fails is replaced", async () => {
  const { page, workers, complaints } = await visit();
  await until("a Worker", () => workers.length > 0);
  const [first] = workers as [Worker];
  await until("the core", () => loaded(first));
  assert.deepEqual(complaints, []);
  const before = workers.length;
  await first.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error("on purpose");
      }),
  );
  await until("another Worker", () => workers.length > before);
  await until("the core again", () => loaded(workers.at(-1) as Worker));
  await page.close();
});

test("a page comes to rest with half of the core, and has the other once somebody has typed", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const asked: string[] = [];
  page.on("request", (request) => {
    const [half] = /\b(core|rest)(?=-\w+\.wasm$)/.exec(request.url()) ?? [];
    if (half) asked.push(half);
  });
  await page.goto(pageUrl);
  await page.getByText(/^checked in /).waitFor();
  // The last that it asks of the core by itself is what the demo's list of models tells.
  await page.getByText("demo-fast", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked, ["core"]);
  await page.getByLabel("Model", { exact: true }).fill("m");
  await until("the other half", () => asked.length > 1);
  assert.deepEqual(asked, ["core", "rest"]);
  await page.close();
});

/** Whether the Worker has fetched the core. */
function loaded(worker: Worker): Promise<boolean> {
  return worker.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith(".wasm")));
}
