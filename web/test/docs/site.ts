// The documentation site as a reader meets it, with a network that reaches nothing but its server.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { browser } from "../browser/browser.ts";
import { pageUrl, patience } from "../browser/playground.ts";

const root = process.env.PLAYGROUND_ROOT ?? "..";

/** A file of the checkout. */
export const source = (name: string): Promise<string> => readFile(join(root, name), "utf8");

/** What the site can be read from: all of its pages by their paths. */
export async function sitePages(): Promise<readonly string[]> {
  const list = await (await fetch(`${pageUrl}/llms.txt`)).text();
  return [...list.matchAll(/\]\(([^)]+)\.md\)/g)].map(([, path]) => `${path}.html`);
}

/** Opens a page, tells the story, and checks that nothing was complained about and nobody else was asked for anything. */
export async function read(
  path: string,
  settings: BrowserContextOptions,
  story: (page: Page) => Promise<void>,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...settings,
  });
  context.setDefaultTimeout(patience);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    await context.route(
      (url) => url.origin !== pageUrl && !["data:", "blob:"].includes(url.protocol),
      (route) => {
        complaints.push(`asked for ${route.request().url()}`);
        return route.abort();
      },
    );
    await prepare(page);
    await page.goto(`${pageUrl}/${path}`);
    await story(page);
    assert.deepEqual(complaints, [], path);
  } finally {
    for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/** Scrolls to the live element of a page and waits for its verdict. */
export async function verdict(page: Page): Promise<void> {
  const element = page.locator("completion-playground").first();
  await element.scrollIntoViewIfNeeded();
  await element.getByText(/^checked in /).waitFor();
}
