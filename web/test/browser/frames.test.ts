// frame.html in pages of other people, also in a sandbox, where it has no origin: what it takes from them and tells them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Frame, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { patience, until } from "./playground.ts";
import { type Statics, serveStatics } from "./statics.ts";

let cdn: Statics;
let docs: Statics;
/** A frame without an origin counts as one from far away, which may not ask this machine unless that is allowed. */
let browser: Browser;
let frame = "";

before(async () => {
  cdn = await serveStatics();
  docs = await serveStatics({
    "page.html": () => `<!doctype html><html lang="en"><title>Docs</title><script>
      heard = [];
      addEventListener("message", ({ data }) => heard.push(data));
      say = (message) => frames[0].postMessage(message, "*");
    </script>${frame}</html>`,
  });
  browser = await launchChromium([
    "--js-flags=--liftoff-only",
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights",
  ]);
});

after(async () => {
  await Promise.all([cdn?.close(), docs?.close(), browser?.close()]);
});

async function framed(sandbox: string, more: string, story: (inside: Frame, page: Page) => Promise<void>) {
  const request = '{"model": "demo-small", "prompt": ["Hi"], "max_tokens": 8}';
  const address = `${cdn.base}/frame.html?parent=${encodeURIComponent(docs.base)}&layout=editor${more}#value=${encodeURIComponent(request)}`;
  frame = `<iframe ${sandbox} src="${address.replaceAll("&", "&amp;")}" width="900" height="800"></iframe>`;
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patience);
  try {
    const page = await context.newPage();
    await page.goto(`${docs.base}/page.html`);
    const inside = await until("the frame", () => page.frames()[1]);
    assert.ok(inside);
    await story(inside, page);
  } finally {
    await context.close();
  }
}

type Host = { heard: { type: string; height: number }[]; say(message: unknown): void };
const say = (page: Page, message: unknown) =>
  page.evaluate((each) => (globalThis as unknown as Host).say(each), message);
const heights = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as Host).heard
      .filter(({ type }) => type === "completion-playground:height")
      .map(({ height }) => height),
  );

for (const [what, sandbox] of [
  ["a frame", ""],
  ["a frame without an origin", 'sandbox="allow-scripts"'],
] as const) {
  test(`${what} shows the element, and speaks with the page around`, async (t) => {
    await framed(sandbox, "", async (inside, page) => {
      const element = inside.locator("completion-playground");
      const attribute = (name: string) => element.getAttribute(name);
      await element.getByText("No problems", { exact: true }).waitFor();
      assert.equal(await inside.evaluate(() => origin), sandbox === "" ? cdn.base : "null");
      assert.equal(await attribute("layout"), "editor");
      await until("its height", async () => (await heights(page)).at(-1) === 720);

      await say(page, { type: "completion-playground:theme", theme: "dark" });
      await until("the theme", async () => (await attribute("theme")) === "dark");
      // What is of another shape changes nothing.
      for (const message of [
        null,
        "completion-playground:theme",
        { type: "completion-playground:theme", theme: "pink" },
        { type: "completion-playground:theme", theme: ["light"] },
        { type: "completion-playground:request", request: 5 },
        { type: "completion-playground:request", request: ["a"] },
        { type: "completion-playground:endpoint", endpoint: "https://example.com" },
      ])
        await say(page, message);
      await say(page, {
        type: "completion-playground:request",
        request: { model: "demo-small", prompt: ["x"], max_tokens: -1 },
      });
      await element
        .getByText(/^1 error/)
        .first()
        .waitFor();
      assert.equal(await attribute("theme"), "dark");
      assert.equal(await attribute("endpoint"), null);
      await say(page, {
        type: "completion-playground:request",
        request: '{"model": "demo-small", "prompt": ["Yes"], "max_tokens": 4}',
      });
      await element.getByText("No problems", { exact: true }).waitFor();
      const done = await element.evaluate((each) =>
        (each as unknown as { send(): Promise<{ outcome: string }> }).send(),
      );
      assert.equal(done.outcome, "complete");
      t.diagnostic(`host ${what}: rendered, verdict, sent with the demo`);
    });
  });
}

test("a frame listens to the page that it was told of and to nobody else", async () => {
  await framed("", "&parent=https://elsewhere.example", async (inside, page) => {
    const element = inside.locator("completion-playground");
    await element.getByText("No problems", { exact: true }).waitFor();
    // Of two parents the first counts.
    await say(page, { type: "completion-playground:theme", theme: "light" });
    await until("the theme", async () => (await element.getAttribute("theme")) === "light");
    // A window that is not around it, and a frame that was told of another site.
    await inside.evaluate(() => window.postMessage({ type: "completion-playground:theme", theme: "dark" }, "*"));
    await page.evaluate((address) => {
      const second = document.createElement("iframe");
      second.src = address;
      document.body.append(second);
      return new Promise((resolve) => {
        second.onload = resolve;
      });
    }, `${cdn.base}/frame.html?parent=https://elsewhere.example&theme=light`);
    await page.evaluate(() => frames[1]?.postMessage({ type: "completion-playground:theme", theme: "dark" }, "*"));
    // Messages arrive in order: when the first frame has heard the next, it has heard those before.
    await say(page, { type: "completion-playground:theme", theme: "auto" });
    await until("the theme", async () => (await element.getAttribute("theme")) === "auto");
    const second = page.frames()[2]?.locator("completion-playground");
    await page.frames()[2]?.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener("message", resolve, { once: true });
          parent.frames[1]?.postMessage("after all others", "*");
        }),
    );
    assert.equal(await second?.getAttribute("theme"), "light");
  });
});
