// Pages of other people with the element in them.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browser as usual } from "./browser.ts";
import { pageUrl, patience } from "./playground.ts";

/** Opens a page of documentation with these contents, tells the story, and checks that nothing was complained about. */
export async function visitDocs(
  contents: string,
  story: (page: Page) => Promise<void>,
  attributes = "",
  browser = usual,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patience);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    await context.route(`${pageUrl}/docs.html`, (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `<!doctype html><html lang="en" ${attributes}><title>Docs</title><script type="module" src="./playground.js"></script><h1>Docs</h1>${contents}</html>`,
      }),
    );
    await page.goto(`${pageUrl}/docs.html`);
    await story(page);
    assert.deepEqual(complaints, []);
  } finally {
    for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/** The parts of the element's interface that the stories use. */
export interface Element_ extends HTMLElement {
  value: string;
  profile: string | undefined;
  layout: string | undefined;
  check(): Promise<{ ok: boolean; issues: readonly { field: string }[] }>;
  send(): Promise<{ outcome: string; choices: readonly { text: string }[] }>;
  getRequest(): Promise<string>;
  setRequest(request: object): void;
  focusField(name: string): Promise<boolean>;
  checkValidity(): boolean;
}

/** Waits for a verdict on the text of an element as it is now. */
export const checked = (page: Page, id = "completion-playground") =>
  page
    .locator(id)
    .getByText(/^checked in /)
    .waitFor();
