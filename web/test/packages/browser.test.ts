// The packages in a page that somebody else bundled: the core beside the page and in a Worker, and the element.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import type { Found } from "./consumer/found.ts";
import { blocks, folder } from "./consumer.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  wasm: "application/wasm",
  css: "text/css",
};
const patience = Number(process.env.PLAYGROUND_PATIENCE ?? 600_000);

/** Pages by path; every other path is a file of the bundle, and those of the element lie in files/ too. */
const pages = new Map<string, string>();

const files = createServer(async (request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://files").pathname);
  const page = pages.get(path);
  if (page !== undefined) {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
    return;
  }
  const bundler = /^\/(vite|webpack)\/(.*)/.exec(path);
  const from = path.startsWith("/files/")
    ? join(folder, "node_modules", "@completion-playground", "element", path)
    : bundler
      ? join(folder, `out-${bundler[1]}`, bundler[2] || "index.html")
      : join(folder, "out", path);
  const data = await readFile(from).catch(() => undefined);
  if (data === undefined) response.writeHead(404).end();
  else response.writeHead(200, { "Content-Type": types[path.slice(path.lastIndexOf(".") + 1)] ?? "" }).end(data);
});

let browser: Browser;
let base = "";

before(async () => {
  browser = await launchChromium();
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
});

after(async () => {
  await browser.close();
  files.closeAllConnections();
  await new Promise((resolve) => files.close(resolve));
});

/** A page at the root with these contents, or one that is there. */
async function visit(contents: string, story: (page: Page) => Promise<void>, at = "/"): Promise<void> {
  if (contents !== "")
    pages.set(
      at,
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Docs</title>${contents}</html>`,
    );
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(base + at);
  await story(page);
  assert.deepEqual(complaints, []);
  await page.close();
}

type Check = (text: string) => Promise<Found>;
type Page_ = { found: Check; inWorker: Check };

test("the core checks in a page and in a Worker, and leaves nothing among the globals", async () => {
  await visit('<script type="module" src="./page.js"></script>', async (page) => {
    const text = '{model: "m", prompt: "é🙂", max_tokens: 8, temprature: 0.5}';
    const expected: Found = {
      codes: ["loose-json", "unknown-field"],
      fixed: '{"model": "m", "prompt": "é🙂", "max_tokens": 8, "temperature": 0.5}',
      body: '{"model":"m","prompt":["é🙂"],"max_tokens":8,"temperature":0.5}',
      left: [],
    };
    await page.waitForFunction(() => "inWorker" in globalThis);
    assert.deepEqual(await page.evaluate((t) => (globalThis as unknown as Page_).found(t), text), expected);
    assert.deepEqual(await page.evaluate((t) => (globalThis as unknown as Page_).inWorker(t), text), expected);
  });
});

/** Waits until the element shows its verdict, and tells what is in it. */
async function verdict(page: Page): Promise<readonly string[]> {
  await page.getByText(/^checked in /).waitFor();
  return page.evaluate(async () => {
    interface Element_ extends HTMLElement {
      check(): Promise<{ issues: readonly { field: string; code: string }[] }>;
    }
    const element = document.querySelector("completion-playground") as Element_;
    return (await element.check()).issues.map(({ field, code }) => `${field} ${code}`);
  });
}

test("the element of a bundle renders and gives a verdict", async () => {
  const text = '{"model": "demo-fast", "prompt": ["Hi"], "max_tokens": 8, "n": 0}';
  await visit(
    `<script type="module" src="./page.js"></script><completion-playground value='${text}'></completion-playground>`,
    async (page) => {
      assert.deepEqual(await verdict(page), ["n out-of-range"]);
      await page.getByRole("textbox", { name: "Request text" }).filter({ hasText: "Hi" }).waitFor();
    },
  );
});

test("the element of the README's page renders and gives a verdict", async () => {
  const shown = blocks("web/packages/element/README.md").find(({ language }) => language === "html");
  assert.ok(shown);
  await visit(shown.text, async (page) => {
    assert.deepEqual(await verdict(page), ["top_k out-of-range"]);
    assert.equal(
      await page.locator("completion-playground").evaluate((e) => (e.clientHeight > 300 ? "tall" : "flat")),
      "tall",
    );
  });
});

for (const bundler of ["vite", "webpack"]) {
  test(`both packages work in what ${bundler} makes of a page`, async () => {
    // webpack is told of scripts alone; the page around is that of the project.
    const around = await readFile(join(folder, "index.html"), "utf8");
    if (bundler === "webpack") pages.set("/webpack/", around.replace("./app.js", "./main.js"));
    await visit(
      "",
      async (page) => {
        assert.deepEqual(await verdict(page), ["n out-of-range"]);
        await page.waitForFunction(() => document.body.dataset.found !== undefined);
        assert.match((await page.evaluate(() => document.body.dataset.found)) ?? "", /out-of-range/);
        assert.ok(
          await page.locator("completion-playground").evaluate((e) => e.clientHeight > 300),
          "it has its style",
        );
        const outcome = await page.evaluate(async () => {
          const element = document.querySelector("completion-playground") as HTMLElement & {
            value: string;
            send(): Promise<{ outcome: string }>;
          };
          element.value = element.value.replace('"n": 0', '"n": 1');
          return (await element.send()).outcome;
        });
        assert.equal(outcome, "complete", "the demo model answers, from a Worker of its own");
      },
      `/${bundler}/`,
    );
  });
}
