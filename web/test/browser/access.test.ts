// For everybody, on every screen: no violation that axe knows, and nothing that sticks out of a narrow page.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { AxeResults, RunOptions } from "axe-core";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser } from "./browser.ts";
import { completion, openProbe, type Playground, pageUrl, until, visit } from "./playground.ts";

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

/** What axe finds, one line for each element. Colours that are still on their way to another are not judged. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(passing.map(({ finished }) => finished.catch(() => {})));
  });
  // All rules are tried; only the elements that break one are described in full.
  const results = await page.evaluate(
    (options) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options),
    { resultTypes: ["violations"] } satisfies RunOptions,
  );
  assert.ok(results.passes.length > 15, "axe sees into the element");
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

const faulty = '{"model": "demo-fast", "promt": "Hi", "temperature": "0.7", "n": 3, "best_of": 2}';
const asked = '{"model": "demo-fast", "prompt": ["In the evening"], "logprobs": 3, "max_tokens": 12, "stream": true}';

/** Turns to a tab where the page has tabs. */
async function turnTo(page: Page, name: "Form" | "Text" | "Answer"): Promise<void> {
  const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
  if (await tab.isVisible()) {
    await tab.click();
    await page.getByRole("tabpanel", { name, exact: true }).waitFor();
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [wide, narrow]) {
    // Colours are those of the scheme and places those of the width: two of the four show all of them.
    if (!deep && (colorScheme === "light") !== (viewport === wide)) continue;
    test(`axe finds nothing: ${colorScheme}, ${viewport.width} px`, async () => {
      // axe comes into the page as a script, which its policy forbids; so here alone the policy is off.
      await visit(browser, { viewport, colorScheme, bypassCSP: true }, async (playground) => {
        const { page } = playground;
        await page.addScriptTag({ content: axe.source });
        const found: string[] = [];
        const look = async (state: string) => {
          for (const line of await violations(page)) found.push(`${state}: ${line}`);
        };
        await look("start");
        await turnTo(page, "Form");
        await page.getByLabel("Seed", { exact: true }).fill("0x10");
        await look("form with what cannot be read");
        await page.getByRole("button", { name: "Take back" }).click();
        const model = page.getByRole("combobox", { name: "Model" });
        await model.click();
        await page.getByRole("listbox", { name: /^Models of/ }).waitFor();
        await model.press("ArrowDown");
        await look("list of models");
        await model.press("Escape");
        await turnTo(page, "Answer");
        await page.getByText(/misbehave on purpose/).click();
        await look("no answer yet");
        await turnTo(page, "Text");
        await playground.paste(faulty);
        await look("errors");
        await page.getByRole("button", { name: "Wire", exact: true }).click();
        await page.getByRole("dialog", { name: "On the wire" }).waitFor();
        await look("dialog");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog", { name: "On the wire" }).waitFor({ state: "detached" });
        await page.getByRole("button", { name: "About this endpoint" }).click();
        await page.getByRole("dialog", { name: "About this endpoint" }).waitFor();
        await look("endpoint");
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
        await look("shortcuts");
        await page.keyboard.press("Escape");
        await playground.paste(asked);
        const run = await playground.run();
        await playground.ended(run, "Complete");
        await run.getByRole("group", { name: /^Tokens/ }).press("ArrowRight");
        await look("answer with tokens");
        await turnTo(page, "Text");
        await playground.paste(asked.replace("demo-fast", "demo-401"));
        await playground.ended(await playground.run(), "Failed");
        await look("failure");
        await turnTo(page, "Text");
        await playground.paste('{"model": "demo-slow", "prompt": ["In the evening", "At noon"]}');
        await turnTo(page, "Answer");
        await page.getByRole("button", { name: "Score", exact: true }).click();
        await page.getByRole("region", { name: "Run 4", exact: true }).getByRole("table").waitFor();
        await look("score of texts");

        await turnTo(page, "Text");
        await playground.useServer(pageUrl);
        await page.getByRole("button", { name: /^About this endpoint/ }).click();
        await page.getByRole("button", { name: "Add a header" }).click();
        await page.getByLabel("Name of header 1").fill("Host");
        await page.getByText(/Host is not to be set/).waitFor();
        await look("own headers");
        await page.getByRole("button", { name: "Remove Host" }).click();
        await page.keyboard.press("Escape");
        const probe = await openProbe(playground);
        await look("probe before it begins");
        await probe.getByRole("button", { name: "Send the requests" }).click();
        await probe.getByText(/^\d+ of at most/).waitFor();
        await look("probe under way");
        await probe.getByRole("button", { name: "Stop" }).click();
        await probe.getByRole("button", { name: "Download the report" }).waitFor();
        await look("probe that is over");
        await probe.getByRole("button", { name: "Close" }).click();
        playground.allowComplaints(/status of 400/);
        assert.deepEqual(found, []);
      });
    });
  }
}

/** That nothing makes the page wider than the window. */
async function assertFits(playground: Playground, state: string): Promise<void> {
  const [content, window] = await playground.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(Number(content) <= Number(window), `${state}: ${content} px in a window of ${window} px`);
}

test("a narrow page shows one area at a time, and none of them sticks out", async () => {
  await visit(browser, { viewport: narrow, hasTouch: true }, async (playground) => {
    const { page } = playground;
    const everywhere = async (state: string) => {
      for (const tab of ["Form", "Text", "Answer"] as const) {
        await turnTo(page, tab);
        await assertFits(playground, `${state}, ${tab}`);
        assert.ok(await playground.send.isVisible(), `${state}, ${tab}: Send is there`);
        const box = await playground.send.boundingBox();
        assert.ok(box && box.y + box.height <= narrow.height, `${state}, ${tab}: Send is inside the window`);
      }
      await turnTo(page, "Text");
    };
    await everywhere("start");
    const endless = "unbroken".repeat(400);
    const request = { model: "demo-fast", prompt: [endless], max_tokens: 8, stop: [endless.slice(0, 300)], echo: true };
    await playground.paste(JSON.stringify(request));
    await everywhere("an endless word");

    const run = await playground.run();
    await playground.ended(run, "Complete");
    assert.equal(await page.getByRole("tab", { name: /^Answer/ }).getAttribute("aria-selected"), "true");
    assert.ok(await completion(run).isVisible(), "the answer is in sight after Send");
    await assertFits(playground, "an endless answer");

    await turnTo(page, "Text");
    const fields = Array.from({ length: 50 }, (_, i) => `"${"unknown".repeat(i % 7)}${i}": 1`);
    await playground.paste(`{"model": "demo-fast", "prompt": ["Hi"], ${fields.join(", ")}}`);
    await until(
      "fifty errors",
      () => playground.problems.getByRole("listitem").count(),
      (count) => count >= 50,
    );
    await everywhere("fifty errors");

    // Keys move between the tabs.
    await page.getByRole("tab", { name: /^Text/ }).press("ArrowRight");
    await page.getByRole("tabpanel", { name: "Answer", exact: true }).waitFor();
  });
});
