// The page before its scripts have run: seen, read and typed into, and then taken over where it stands.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { BrowserContext, BrowserContextOptions, Page, Route } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser } from "./browser.ts";
import { Playground, pageUrl, patience, until } from "./playground.ts";

const root = process.env.PLAYGROUND_ROOT ?? "..";
const widths = [
  { width: 1440, height: 900 },
  { width: 1000, height: 800 },
  { width: 390, height: 844 },
];

/** A page whose scripts are held back. */
interface Held {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly playground: Playground;
  /** Lets the scripts go that the view is drawn by, and waits for the view; what it loads after that stays held back. */
  start(): Promise<void>;
  /** Lets everything go. */
  release(): Promise<void>;
}

async function heldPage(context: BrowserContext): Promise<Held> {
  const page = await context.newPage();
  const playground = new Playground(context, page);
  playground.listen();
  await playground.watchPolicy();
  const waiting: Route[] = [];
  let passes = (_: string) => false;
  await page.addInitScript(addUp);
  await page.route(/\.(js|wasm)$/, (route) => {
    if (passes(route.request().url())) void route.continue();
    else waiting.push(route);
  });
  const html = await (await fetch(pageUrl)).text();
  await page.goto(pageUrl, { waitUntil: "commit" });
  await until("the first paint", () =>
    page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length),
  );
  // The areas are filled a frame later, and the parser may still be at the last of them.
  await until("what is in the areas", () =>
    page.evaluate(() => {
      const moving = document.querySelector("completion-playground")?.shadowRoot?.getAnimations() ?? [];
      const coming = moving.some(
        (animation) => animation instanceof CSSAnimation && animation.animationName === "next",
      );
      return document.readyState !== "loading" && !coming;
    }),
  );
  const go = async (next: typeof passes) => {
    passes = next;
    for (const route of waiting.splice(0)) {
      if (passes(route.request().url())) await route.continue();
      else waiting.push(route);
    }
  };
  return {
    context,
    page,
    playground,
    async start() {
      const first = (name: string) => name.startsWith("view-") || html.includes(`"./${name}"`);
      await go((url) => first(url.slice(url.lastIndexOf("/") + 1)));
      await page.locator(".app:not(.sized)").waitFor();
      // The layout follows the width in the frame that draws it.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    },
    release: () => go(() => true),
  };
}

async function withHeld(
  options: BrowserContextOptions,
  story: (held: Held) => Promise<void>,
  before: (context: BrowserContext) => Promise<void> = async () => {},
): Promise<void> {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  context.setDefaultTimeout(patience);
  try {
    await before(context);
    const held = await heldPage(context);
    await story(held);
    held.playground.assertQuiet();
  } finally {
    for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

interface Seen {
  /** Each box with its name, its own text and its colours. */
  readonly boxes: readonly string[];
  /** Their left, top, width and height. */
  readonly places: readonly (readonly number[])[];
}

/** All that can be seen of the element. */
function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const boxes: string[] = [];
    const places: number[][] = [];
    for (const box of document.querySelector("completion-playground")?.shadowRoot?.querySelectorAll("*") ?? []) {
      const { x, y, width, height } = box.getBoundingClientRect();
      // What turns is as large as it has turned.
      if (width === 0 || height === 0 || box.matches(".spinner") || !box.checkVisibility()) continue;
      const classes = [...box.classList].filter((name) => !["sized", "wide", "middle", "narrow"].includes(name));
      const own = [...box.childNodes].map((node) => (node instanceof Text ? node.data : "")).join("");
      const state = box instanceof HTMLInputElement ? `${box.value} ${box.checked}` : "";
      const typed = box instanceof HTMLTextAreaElement || box instanceof HTMLSelectElement ? box.value : state;
      const { color, backgroundColor, font } = getComputedStyle(box);
      const name = `${box.localName}#${box.id}.${classes.sort().join(".")}`;
      boxes.push([name, typed || own.replace(/\s+/g, " ").trim(), color, backgroundColor, font].join(" | "));
      places.push([x, y, width, height]);
    }
    return { boxes, places };
  });
}

/** The sum of all shifts so far. */
const shifted = (page: Page) => page.evaluate(() => (window as unknown as { shifted: number }).shifted);

/** Has a page, now and after each load, add up what moves in it. */
function addUp(): void {
  Object.assign(window, { shifted: 0 });
  new PerformanceObserver((list) => {
    const counted = window as unknown as { shifted: number };
    for (const entry of list.getEntries()) counted.shifted += (entry as PerformanceEntry & { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
}

for (const [number, viewport] of widths.entries()) {
  for (const colorScheme of ["light", "dark"] as const) {
    // Colours are those of the scheme and places those of the width, so that each width in one scheme shows all of them; the
    // deep mode tries all six.
    if (!deep && (colorScheme === "light") !== (number % 2 === 0)) continue;
    test(`${viewport.width} px, ${colorScheme}: the page is there before its scripts, as they draw it`, async (t) => {
      await withHeld({ viewport, colorScheme }, async ({ page, playground, start, release }) => {
        const shell = await seen(page);
        await start();
        const live = await seen(page);
        assert.deepEqual(shell.boxes, live.boxes);
        const moved = shell.boxes.filter((_, box) =>
          shell.places[box]?.some((figure, n) => Math.abs(figure - (live.places[box]?.[n] ?? Number.NaN)) > 0.5),
        );
        assert.deepEqual(moved, [], "all stands where the scripts draw it");
        assert.ok(shell.boxes.length > 40, `${shell.boxes.length} boxes are seen`);
        await release();
        await playground.checked();
        await page.locator(".cm-content").waitFor();
        // The prompt's box grows with the text that the check finds for it.
        const total = await shifted(page);
        t.diagnostic(`cumulative layout shift until all is there: ${total.toFixed(4)}`);
        assert.ok(total < 0.01, `${total}`);
      });
    });
  }
}

test("what is typed before the scripts are there stays, with caret, scroll place and focus", async () => {
  await withHeld({ viewport: { width: 1000, height: 600 } }, async ({ page, playground, start, release }) => {
    const { editor } = playground;
    assert.match(await editor.inputValue(), /^\{\n {2}"model": "demo-small"/);
    await editor.click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.insertText(Array.from({ length: 40 }, (_, line) => `// line ${line}\n`).join(""));
    await page.keyboard.press("ArrowUp");
    await page.keyboard.type("typed early ");
    const place = () => editor.evaluate((area: HTMLTextAreaElement) => [area.selectionStart, area.scrollTop]);
    const before = await place();
    assert.ok(Number(before[1]) > 100, "the text is scrolled");
    await start();
    assert.deepEqual(await place(), before);
    await page.keyboard.type("and ");
    await release();
    await page.locator(".cm-focused").waitFor();
    await page.keyboard.type("late ");
    const text = await playground.text();
    assert.match(text, /^\{\n {2}"model": "demo-small"[\s\S]*\/\/ line 38\ntyped early and late \/\/ line 39\n$/);
    assert.ok(
      await page.locator(".cm-line").filter({ hasText: "// line 39" }).isVisible(),
      "the caret's line is in sight",
    );
  });
});

test("the first text keeps its colours until somebody changes it", async () => {
  await withHeld({ viewport: widths[0] ?? null }, async ({ page, playground, start, release }) => {
    const colours = page.locator(".plain-colours");
    assert.equal(await colours.textContent(), await playground.editor.inputValue());
    const ink = () => playground.editor.evaluate((area) => getComputedStyle(area).color);
    assert.equal(await ink(), "rgba(0, 0, 0, 0)");
    const name = colours.locator(".tok-propertyName").first();
    const early = await name.boundingBox();
    await playground.editor.click();
    await page.keyboard.type(" ");
    assert.ok(await colours.isHidden());
    assert.notEqual(await ink(), "rgba(0, 0, 0, 0)");
    await start();
    assert.equal(await colours.count(), 0);
    assert.match(await playground.editor.inputValue(), / /);
    await page.reload();
    await release();
    const late = page.locator(".cm-line span").filter({ hasText: /^"model"$/ });
    assert.deepEqual(await late.boundingBox(), early, "the editor puts its letters where they were");
  });
});

test("a text of an earlier visit comes before the example, and after what somebody typed", async () => {
  const kept = '{"model": "demo-fast", "prompt": ["kept"]}';
  const earlier = async (context: BrowserContext) => {
    const page = await context.newPage();
    await page.goto(pageUrl);
    const playground = new Playground(context, page);
    await page.locator(".cm-content").waitFor();
    await playground.checked();
    await playground.paste(kept);
    await page.close({ runBeforeUnload: true });
  };
  await withHeld(
    {},
    async ({ playground, release }) => {
      await release();
      await playground.editor.filter({ hasText: "kept" }).waitFor();
    },
    earlier,
  );
  await withHeld(
    {},
    async ({ page, playground, release }) => {
      await playground.editor.fill("typed");
      await release();
      await page.getByText(/^Your draft of/).waitFor();
      assert.equal(await playground.text(), "typed");
    },
    earlier,
  );
});

test("the snippet of the README moves nothing on its page", async (t) => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const snippet = /^```html\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  context.setDefaultTimeout(patience);
  try {
    const page = await context.newPage();
    await page.addInitScript(addUp);
    const plain = `<!doctype html><html lang="en"><title>Docs</title><h1>Completions</h1><p>Before</p>`;
    await context.route(`${pageUrl}/docs.html`, (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `${plain}${snippet}<p id="after">After</p></html>`,
      }),
    );
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await context.route(`${pageUrl}/playground/*`, async (route) => {
      if (route.request().url().endsWith(".js")) await held;
      const file = new URL(route.request().url()).pathname.replace("/playground", "");
      await route.fulfill({ response: await route.fetch({ url: pageUrl + file }) });
    });
    await page.goto(`${pageUrl}/docs.html`, { waitUntil: "commit" });
    const element = page.locator("completion-playground");
    await element.waitFor();
    assert.match(await element.evaluate((box) => getComputedStyle(box, "::before").content), /Once upon a time/);
    const box = await element.boundingBox();
    assert.ok(box && box.height > 300);
    release();
    await page.getByText(/^checked in /).waitFor();
    await page.locator(".cm-content").waitFor();
    assert.deepEqual(await element.boundingBox(), box);
    const total = await shifted(page);
    t.diagnostic(`cumulative layout shift with the element: ${total.toFixed(4)}`);
    assert.ok(total < 0.01, `${total}`);
  } finally {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
});

test("the first paint beside that of a page without anything", async (t) => {
  const isolation = (await fetch(pageUrl)).headers.get("cross-origin-opener-policy") ?? "unsafe-none";
  const paint = async (address: string) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(patience);
    try {
      const page = await context.newPage();
      await page.route(`${pageUrl}/plain.html`, (route) =>
        route.fulfill({
          contentType: "text/html",
          // A page that no other window may hold on to begins in a process of its own, which takes its time.
          headers: { "Cross-Origin-Opener-Policy": isolation },
          body: "<!doctype html><title>Plain</title><p>Plain",
        }),
      );
      await page.goto(address);
      return await until(
        "the first paint",
        () => page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
        (time) => time > 0,
      );
    } finally {
      await context.close();
    }
  };
  const times = { plain: [] as number[], page: [] as number[] };
  for (let round = 0; round < 3; round++) {
    times.plain.push(await paint(`${pageUrl}/plain.html`));
    times.page.push(await paint(pageUrl));
  }
  const middle = (figures: number[]) => Math.round(figures.sort((a, b) => a - b)[1] ?? Number.NaN);
  t.diagnostic(`first contentful paint: ${middle(times.page)} ms, of a plain page ${middle(times.plain)} ms`);
  assert.ok(times.page.every((time) => time > 0));
});
