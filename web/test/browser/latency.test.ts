// How long a key takes until its frame, at rest and beside a fast stream, in the text and in the form. The times are
// printed beside those of an empty textarea on the same machine, and none fails; what is held is that every letter arrives,
// and the work for each key. A usual run presses a few keys, the deep mode hundreds.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { deep } from "../rounds.ts";
import { launchChromium } from "./chromium.ts";
import { describeKeys, type KeyCosts, pressKeys, watchKeys } from "./keys.ts";
import { type Playground, visit } from "./playground.ts";
import { chunk, startServer, type TestServer } from "./server.ts";

let browser: Browser;
let server: TestServer;

/** Streams a thousand chunks a second until the page has had enough. */
async function stream(response: import("node:http").ServerResponse): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const begin = performance.now();
  for (let sent = 0; !response.destroyed; await new Promise((resolve) => setTimeout(resolve, 1))) {
    const due = performance.now() - begin;
    while (sent < due && response.write(chunk(`${sent} `))) sent++;
  }
}

before(async () => {
  browser = await launchChromium();
  server = await startServer((_, response) => stream(response));
});

after(async () => {
  await server.close();
  await browser.close();
});

const words = "The keeper of the light went down to the sea. ";
const textOf = (units: number) => words.repeat(Math.ceil(units / words.length)).slice(0, units);
const requestOf = (prompt: readonly string[]) =>
  JSON.stringify({ user: "u", stream: true, model: "made-up", max_tokens: 100_000, prompt });

const texts: Readonly<Record<string, string>> = {
  "600 B": requestOf([textOf(510)]),
  "100 kB": requestOf([textOf(100_000)]),
  "1 MB in one line": requestOf([textOf(1_000_000)]),
  "10,000 prompts in one line": requestOf(Array.from({ length: 10_000 }, (_, i) => `${i}: ${textOf(40)}`)),
};

const keys = deep ? "a quick brown fox jumps over it ".repeat(10) : "a quick fox ";

/** What typing may ask of the page, whatever the size of the text. */
function assertLittleWork(what: string, costs: KeyCosts): void {
  // A change and a check, from the form an edit before them; once in a while a verdict is asked for again.
  assert.ok(costs.messages.length <= 3 * keys.length, `${what}: ${costs.messages.length} messages`);
  const largest = Math.max(0, ...costs.messages);
  assert.ok(largest < 5_000, `${what}: a message of ${largest} units`);
}

test("an empty textarea is the machine's own floor", async (t) => {
  const page = await browser.newPage();
  await watchKeys(page);
  await page.goto("data:text/html,<textarea></textarea>");
  await page.locator("textarea").focus();
  const costs = await pressKeys(page, [...keys]);
  t.diagnostic(describeKeys("an empty textarea", costs));
  assert.equal(await page.locator("textarea").inputValue(), keys);
  await page.close();
});

for (const [name, text] of Object.entries(texts)) {
  // What grows with the text shows in a megabyte; a size between is for the figures alone.
  if (!deep && name === "100 kB") continue;
  test(`typing into ${name} costs little work`, async (t) => {
    await visit(browser, { prepare: watchKeys }, async (playground) => {
      const { page, editor } = playground;
      await playground.useServer(server.base);
      await playground.paste(requestOf(["Go"]));
      await playground.run();
      await playground.paste(text);
      const end = '"]}'.length;
      const row = async (what: string, focus: () => Promise<void>) => {
        await focus();
        const costs = await pressKeys(page, [...keys]);
        t.diagnostic(describeKeys(`${name}, ${what}`, costs));
        assertLittleWork(what, costs);
        await playground.checked();
      };
      const inText = async () => {
        await editor.focus();
        await page.keyboard.press("ControlOrMeta+End");
        for (let i = 0; i < end; i++) await page.keyboard.press("ArrowLeft");
      };
      const inForm = async () => {
        const user = playground.form.getByLabel("User", { exact: true });
        await user.focus();
        await page.keyboard.press("ControlOrMeta+End");
      };
      const landed = (times: number) =>
        playground.textBecomes((all) => all.includes(`"user":"u${keys.repeat(times)}"`), "the last edit of the form");
      await row("text, streaming", inText);
      await row("form, streaming", inForm);
      await landed(1);
      assert.equal(await playground.send.count(), 0, "the stream went on to the end");
      await page.getByRole("button", { name: /^Stop/ }).click();
      await playground.send.waitFor();
      await row("text", inText);
      await assertLittleDrawn(playground);
      await row("form", inForm);
      await landed(2);

      const typed = keys + keys;
      const now = await playground.textBecomes((all) => all.length >= text.length + 4 * keys.length, "the last edit");
      const expected = `${text.slice(0, -end)}${typed}"]}`.replace('"user":"u"', `"user":"u${typed}"`);
      assert.equal(now.length, expected.length);
      const at = [...now].findIndex((letter, i) => letter !== expected[i]);
      const part = (all: string) => all.slice(Math.max(0, at - 40), at + 40);
      assert.ok(at < 0, `got ${part(now)}, want ${part(expected)}`);
    });
  });
}

/** That the editor draws what is in sight and some around it, however much there is. */
async function assertLittleDrawn({ editor }: Playground): Promise<void> {
  const { elements, units } = await editor.evaluate((node) => ({
    elements: node.querySelectorAll("*").length,
    units: node.textContent?.length ?? 0,
  }));
  assert.ok(elements < 3_000, `${elements} elements`);
  assert.ok(units < 60_000, `${units} units of text`);
}

test("a caret where a line wraps does not fetch the focus back", async () => {
  await visit(browser, {}, async (playground) => {
    const { page, editor, form } = playground;
    await playground.paste(requestOf([textOf(5_000)]));
    await editor.focus();
    // Frames wait, as they do on a busy machine, until the focus has moved on.
    await page.evaluate(() => {
      const held: FrameRequestCallback[] = [];
      const draw = window.requestAnimationFrame;
      window.requestAnimationFrame = (frame) => held.push(frame);
      Object.assign(window, {
        release() {
          window.requestAnimationFrame = draw;
          return new Promise<void>((drawn) => {
            for (const frame of held) draw(frame);
            draw(() => drawn());
          });
        },
      });
    });
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.press("End");
    const user = form.getByLabel("User", { exact: true });
    await user.focus();
    await page.evaluate(() => (window as unknown as { release(): Promise<void> }).release());
    assert.equal(await user.evaluate((box) => (box.getRootNode() as ShadowRoot).activeElement === box), true);
  });
});
