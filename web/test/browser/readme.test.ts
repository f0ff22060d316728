// The README's snippet for documentation pages, on a page of its own that serves the built files from a folder.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { pageUrl, patience } from "./playground.ts";

const root = process.env.PLAYGROUND_ROOT ?? "..";

test("the element of the README's snippet checks and streams inside a documentation page", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const snippet = /^```html\n(.*?)^```$/ms.exec(readme)?.[1];
  assert.ok(snippet, "the README has an html block");
  const context = await browser.newContext();
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await context.route(`${pageUrl}/docs.html`, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><html lang="en"><title>Docs</title><style>completion-playground { height: 40rem }</style>
        <h1>Completions</h1>${snippet}</html>`,
    }),
  );
  await context.route(`${pageUrl}/playground/*`, async (route) => {
    const file = new URL(route.request().url()).pathname.replace("/playground", "");
    await route.fulfill({ response: await route.fetch({ url: pageUrl + file }) });
  });
  await page.goto(`${pageUrl}/docs.html`);
  await page.getByText(/^checked in /).waitFor();
  await page.getByRole("textbox", { name: "Request text" }).filter({ hasText: "Once upon a time" }).waitFor();
  await page.getByRole("button", { name: /^Send/ }).click();
  await page.getByText("complete", { exact: false }).first().waitFor();
  assert.deepEqual(complaints, []);
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
});

test("the screenshot of the README is a picture of the page's width", async () => {
  const png = await readFile(join(root, "web", "screenshot.png"));
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.equal(png.readUInt32BE(16), 1440);
});
