// Sites that generators of documentation made, with the element on their first page. The request has a blank line in it, and
// what Markdown would take for its own.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { browser } from "../browser/browser.ts";
import type { Element_ } from "../browser/docs.ts";
import { patience } from "../browser/playground.ts";
import { serveStatics } from "../browser/statics.ts";

const request = `{
  "model": "demo-small",

  "prompt": ["Once *upon* a time"], "max_tokens": 8
}`;

for (const generator of ["vitepress", "docusaurus", "starlight"]) {
  test(`a page of ${generator}`, async (t) => {
    const site = await serveStatics({}, join(process.env.PLAYGROUND_CACHE ?? "", "generators", generator));
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    context.setDefaultTimeout(patience);
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.goto(`${site.base}/`);
      await page.getByRole("heading", { name: "Docs", level: 1 }).waitFor();
      const element = page.locator("completion-playground");
      await element.scrollIntoViewIfNeeded();
      await element.getByText("No problems", { exact: true }).waitFor();
      const value = () => element.evaluate((each) => (each as unknown as Element_).value);
      const given = await value();
      // MDX takes the indentation out of what stands in an attribute.
      assert.equal(given, generator === "docusaurus" ? request.replace(/^ +/gm, "") : request);
      const box = await element.boundingBox();
      assert.ok(box && box.height > 300 && box.width > 300, JSON.stringify(box));
      // Keys that open the site's search stay in the text.
      await element.getByRole("textbox", { name: "Request text" }).click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type("/");
      assert.equal(await value(), `${given}/`);
      await page.keyboard.press("Backspace");
      const done = await element.evaluate((each) => (each as unknown as Element_).send());
      assert.equal(done.outcome, "complete");
      const missing = complaints.filter((text) => !/favicon|404/.test(text));
      assert.deepEqual(missing, []);
      t.diagnostic(`host ${generator}: built, rendered, verdict, sent with the demo`);
    } finally {
      await context.close();
      await site.close();
    }
  });
}
