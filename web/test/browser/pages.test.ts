// That a story finds the page as a first visit does, whatever was told in it before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { kept } from "./kept.ts";
import { type Playground, until, visit } from "./playground.ts";

/** All that can be read out, seen and found in the browser's stores, without what differs from visit to visit. */
async function state({ page, context, form, editor }: Playground): Promise<object> {
  await page.getByRole("list", { name: "Demo models" }).waitFor();
  const { text, drafts, runs } = await kept(page);
  return {
    text: await editor.innerText(),
    // The place of a tab's draft is drawn by lot, and a check takes its time.
    kept: text.replace(/[0-9a-f]{24}/g, "(id)"),
    drafts,
    runs,
    cookies: await context.cookies(),
    page: (await page.locator("body").ariaSnapshot()).replace(/checked in [^"\n]*/g, "checked"),
    boxes: await form
      .locator("input:not([type=radio], [type=checkbox]), textarea, select")
      .evaluateAll((boxes) => boxes.map((box) => [box.id, (box as HTMLInputElement).value])),
    chosen: await form
      .locator("input:is([type=radio], [type=checkbox])")
      .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked)),
    undo: await page.getByRole("button", { name: "Undo", exact: true }).getAttribute("aria-disabled"),
    focus: await page.evaluate(() => document.activeElement?.tagName),
    address: page.url(),
    size: page.viewportSize(),
  };
}

test("a page that is told another story in is as a new one: no text, key, draft, run, choice or open box is left", async () => {
  let first: object | undefined;
  await visit(browser, { fresh: true }, async (playground) => {
    first = await state(playground);
  });
  const before: Playground["page"][] = [];
  await visit(browser, { viewport: { width: 1300, height: 700 } }, async (playground) => {
    const { page, form } = playground;
    before.push(page);
    await playground.paste('{"model": "demo-fast", "prompt": ["Left behind"], "max_tokens": 4, "stream": true}');
    await playground.ended(await playground.run(), "Complete");
    await form.getByLabel("Seed", { exact: true }).fill("left");
    await form.getByText("Find tokens of the demo model").click();
    await page.getByTitle("Dark theme").click();
    await playground.useServer("http://127.0.0.1:1");
    await page.getByLabel("API key", { exact: true }).fill("sk-left-0123456789");
    await page.getByRole("button", { name: /^About this endpoint/ }).click();
    await page.getByRole("checkbox", { name: "Keep the key for this tab" }).check();
    await page.keyboard.press("Escape");
    await until("the key", async () => (await kept(page)).text.includes("sk-left"));
    await page.evaluate(() => localStorage.setItem("completion-playground.keep", "off"));
    await page.getByRole("button", { name: "Wire", exact: true }).click();
    await page.getByRole("dialog", { name: "On the wire" }).waitFor();
    playground.allowComplaints(/127\.0\.0\.1:1|ERR_/);
  });
  await visit(browser, {}, async (playground) => {
    assert.equal(playground.page, before[0], "it is the same page");
    assert.deepEqual(await state(playground), first);
  });
});
