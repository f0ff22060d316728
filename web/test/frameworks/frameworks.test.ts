// The element in pages that React, Vue and Svelte draw: properties set, changed and taken away, events heard.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { browser } from "../browser/browser.ts";
import type { Element_ } from "../browser/docs.ts";
import { pageUrl, patience, until } from "../browser/playground.ts";
import { first, second } from "./texts.js";

const folder = join(process.env.PLAYGROUND_CACHE ?? "", "frameworks");

for (const framework of ["react", "vue", "svelte"]) {
  for (const late of [false, true]) {
    test(`${framework}, where the element is defined ${late ? "after" : "before"} the page is drawn`, async (t) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
      context.setDefaultTimeout(patience);
      const complaints: string[] = [];
      try {
        const app = await readFile(join(folder, `${framework}.js`), "utf8");
        await context.route(`${pageUrl}/app.js`, (route) =>
          route.fulfill({ contentType: "text/javascript", body: app }),
        );
        await context.route(`${pageUrl}/page.html`, (route) =>
          route.fulfill({
            contentType: "text/html; charset=utf-8",
            body: `<!doctype html><html lang="en"><title>${framework}</title><div id="app"></div>${late ? "" : '<script type="module" src="./playground.js"></script>'}<script type="module" src="./app.js"></script></html>`,
          }),
        );
        const page = await context.newPage();
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("console", (message) => {
          if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
        });
        await page.goto(`${pageUrl}/page.html`);
        const element = page.locator("completion-playground");
        await element.waitFor({ state: "attached" });
        if (late) await page.addScriptTag({ type: "module", url: "./playground.js" });
        const read = (id: string) => page.locator(`#${id}`).textContent();
        await until("the verdict", async () => (await read("verdict")) === "ok");
        const given = () =>
          element.evaluate((each) => {
            const { value, profile, layout, endpoint, lockFields, sends } = each as unknown as Element_ &
              Record<string, unknown>;
            return { value, profile, layout, endpoint, lockFields, sends };
          });
        const { send, ...others } = first;
        assert.deepEqual(await given(), { ...others, sends: send, endpoint: undefined, lockFields: undefined });
        assert.equal(await element.evaluate((each) => typeof (each as unknown as Element_).send), "function");

        // Typed text goes to the page and comes back as a property, and the caret stays.
        const text = element.getByRole("textbox", { name: "Request text" });
        await element.locator(".cm-content").waitFor();
        await text.click();
        await page.keyboard.press("ControlOrMeta+End");
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.type(', "n": 2');
        const typed = `${first.value.slice(0, -1)}, "n": 2}`;
        await until(
          "the text in the page",
          () => read("text"),
          (shown) => shown === typed,
        );
        await page.keyboard.press("ControlOrMeta+Z");
        await until(
          "the undo in the page",
          () => read("text"),
          (shown) => shown === first.value,
        );

        await page.getByRole("button", { name: "Change", exact: true }).click();
        await until("the other verdict", async () => (await read("verdict")) === "max_tokens");
        const { value, profile, layout } = second;
        assert.deepEqual(await given(), {
          value,
          profile,
          layout,
          endpoint: pageUrl,
          lockFields: "model",
          sends: undefined,
        });
        await element.getByLabel("Max tokens", { exact: true }).waitFor();
        await until("the lock", () => element.getByLabel("Model", { exact: true }).isDisabled());
        assert.deepEqual(complaints, []);
        t.diagnostic(`host ${framework}${late ? ", defined late" : ""}: rendered, verdict, properties and events`);
      } finally {
        for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
        await context.close();
      }
    });
  }
}
