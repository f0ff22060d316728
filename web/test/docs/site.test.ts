import assert from "node:assert/strict";
import { test } from "node:test";
import type { AxeResults, RunOptions } from "axe-core";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { pageUrl, until } from "../browser/playground.ts";
import { read, sitePages, source, verdict } from "./site.ts";

const schema = JSON.parse(await source("schema/completion-request.json")) as {
  properties: Record<string, { title: string; "x-order": number }>;
};
const fields = Object.entries(schema.properties);

test("each field has a page, on which the element judges it and shows its control alone", async () => {
  assert.ok(fields.length >= 18);
  for (const [name, { title }] of fields)
    await read(`fields/${name}.html`, {}, async (page) => {
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await verdict(page);
      const element = page.locator("completion-playground");
      await element.getByText("No problems.").first().waitFor();
      const form = element.getByRole("region", { name: "Form" });
      await form.getByText(title, { exact: true }).first().waitFor();
      for (const [other, { title: text }] of fields)
        if (other !== name && !title.includes(text))
          assert.equal(await form.getByText(other, { exact: true }).count(), 0, `${name}: ${other}`);
    });
});

test("the home page has the element first, which finds a mistake and mends it", async () => {
  await read("", {}, async (page) => {
    await verdict(page);
    const element = page.locator("completion-playground");
    const top = await element.evaluate((shown) => shown.getBoundingClientRect().top);
    assert.ok(top > 0 && top < 450, `the element begins at ${top}`);
    await element.getByText('nothing is called "temprature" here').waitFor();
    await element.getByRole("button", { name: "rename to temperature" }).click();
    await element.getByText("No problems.").first().waitFor();
    await element.getByRole("button", { name: /^Send/ }).click();
    await element.getByText("complete", { exact: false }).first().waitFor();
  });
});

test("the search finds max_tokens without a network", async () => {
  await read("index.html", {}, async (page) => {
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator("#localsearch-input").fill("max_tokens");
    const first = page.locator("#localsearch-list a").first();
    await first.waitFor();
    const found = await page
      .locator("#localsearch-list a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.ok(
      found.some((href) => href?.startsWith("/fields/max_tokens")),
      String(found),
    );
  });
});

test("a link within the site brings a live element too", async () => {
  await read("fields/index.html", {}, async (page) => {
    await page.locator(".vp-doc").getByRole("link", { name: "top_p", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "top_p" }).waitFor();
    await verdict(page);
    await page.locator("completion-playground").getByText("No problems.").first().waitFor();
  });
});

test("the theme of the site is the element's", async () => {
  await read("index.html", { colorScheme: "light" }, async (page) => {
    await verdict(page);
    const background = () =>
      page.evaluate(() => {
        const app = document.querySelector("completion-playground")?.shadowRoot?.querySelector(".app");
        return [document.body, app].map((part) => part && getComputedStyle(part).backgroundColor);
      });
    const [light, inside] = await background();
    assert.equal(light, inside);
    await page.getByRole("switch", { name: /theme/i }).first().click();
    await until("a dark element", background, ([site, element]) => site === element && site !== light);
  });
});

/** What axe finds, one line for each element. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    (options) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options),
    { resultTypes: ["violations"] } satisfies RunOptions,
  );
  assert.ok(results.passes.length > 15);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

/** One of each kind of page. */
const sample = [
  "index",
  "start",
  "fields/index",
  "fields/logit_bias",
  "codes",
  "servers/index",
  "servers/llamacpp",
  "embed",
  "library",
  "architecture",
];

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [1440, 390])
    test(`axe finds nothing, and nothing sticks out: ${colorScheme}, ${width} px`, async () => {
      const found: string[] = [];
      for (const path of sample)
        await read(`${path}.html`, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
          if ((await page.locator("completion-playground").count()) > 0) await verdict(page);
          // What can be edited takes the focus and is scrolled with keys; axe counts no such content.
          const told = (await violations(page)).filter(
            (line) => !/^scrollable-region-focusable .*\.cm-scroller/.test(line),
          );
          for (const line of told) found.push(`${path}: ${line}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          if (wide > width) found.push(`${path} is ${wide} px wide`);
        });
      assert.deepEqual(found, []);
    });

test("no page complains or asks another site for anything", async () => {
  const pages = await sitePages();
  assert.ok(pages.length > 35, String(pages));
  for (const path of pages)
    await read(path, {}, async (page) => {
      await page.locator(".vp-doc h1[id]").waitFor();
      await page.waitForLoadState("networkidle");
    });
});

test("the HTML that the pages tell people to write gives a verdict", async () => {
  let seen = 0;
  for (const file of ["web/docs/start.md", "web/docs/embed.md"])
    for (const [, block] of (await source(file)).matchAll(/^```html\n(.*?)^```$/gms)) {
      if (!block?.includes("<completion-playground")) continue; // a frame, which has a test of its own
      seen++;
      await read(
        "written.html",
        {},
        async (page) => {
          await verdict(page);
          await page.getByRole("textbox", { name: "Request text" }).filter({ hasText: "Once upon a time" }).waitFor();
        },
        async (page) => {
          await page.route(`${pageUrl}/written.html`, (route) =>
            route.fulfill({
              contentType: "text/html",
              body: `<!doctype html><html lang="en"><title>Docs</title>${block}</html>`,
            }),
          );
          // The server of one's own that the example of the element names.
          await page.route("http://localhost:8000/**", (route) =>
            route.fulfill({ json: { data: [] }, headers: { "Access-Control-Allow-Origin": "*" } }),
          );
        },
      );
    }
  assert.equal(seen, 2);
});
