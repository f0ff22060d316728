// How the page looks and what it says: in forced colours, in the narrowest window, with two answers, and with the demo.

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { browser } from "./browser.ts";
import { type Playground, read, until, visit } from "./playground.ts";
import { chunk, done, startServer } from "./server.ts";

/** The share of pixels in the middle row of an element that differ from its upper left one. */
async function drawn(page: Page, place: Locator): Promise<number> {
  const picture = (await place.screenshot()).toString("base64");
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no canvas");
    context.drawImage(bitmap, 0, 0);
    const [corner] = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer);
    const row = new Uint32Array(context.getImageData(0, Math.floor(height / 2), width, 1).data.buffer);
    return row.filter((pixel) => pixel !== corner).length / width;
  }, picture);
}

function style(place: Locator, property: string): Promise<string> {
  return place.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
}

test("forced colours: what is chosen, where a slider is, which lines have problems and how likely tokens were", async () => {
  await visit(browser, { forcedColors: "active", colorScheme: "dark" }, async (playground) => {
    const { page, form } = playground;
    const segments = form.getByRole("radiogroup").first();
    const [chosen, other] = ["Not set", "On"].map((name) => segments.locator("label", { hasText: name }));
    assert.ok(chosen && other);
    assert.notEqual(await style(chosen, "background-color"), await style(other, "background-color"));
    const theme = page.getByRole("radiogroup", { name: "Theme" });
    assert.notEqual(
      await style(theme.getByTitle("System theme"), "background-color"),
      await style(theme.getByTitle("Dark theme"), "background-color"),
    );
    assert.ok((await drawn(page, form.getByRole("slider", { name: "Temperature, slider" }))) > 0.9, "a slider's track");

    await playground.paste('{\n  "model": "demo-fast",\n  "prompt": ["Hi"],\n  "temperature": 7, "max_tokens": 5\n}');
    await page.mouse.move(5, 5);
    assert.ok((await drawn(page, page.locator(".cm-lint-marker-error"))) > 0.3, "the mark of a line");

    const run = await playground.runJson({
      model: "demo-fast",
      prompt: ["The lighthouse keeper"],
      max_tokens: 100,
      temperature: 1.5,
      seed: 3,
      logprobs: 2,
      stream: true,
    });
    await playground.ended(run, "Complete");
    const line = async (selector: string) =>
      Number.parseFloat(await style(run.locator(selector).first(), "border-bottom-width"));
    assert.ok((await line(".token.p-0")) > (await line(".scale .p-8")), "an unlikely token has the heavier line");
    assert.ok((await line(".scale .p-8")) > (await line(".scale .p-9")), "a certain one has none");
    assert.equal(await line(".scale .p-0"), await line(".token.p-0"), "the legend shows the same");
  });
});

/** The part of an element that its scrolled box shows is where a click would meet it. */
async function inSight(place: Locator): Promise<boolean> {
  return place.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const root = element.getRootNode() as ShadowRoot;
    const met = root.elementFromPoint(x + width / 2, y + height / 2);
    return met !== null && (element.contains(met) || met.contains(element));
  });
}

/** How far an answer's box is from its end, in CSS pixels, and where it stands. */
function scrolled(body: Locator): Promise<{ readonly left: number; readonly top: number }> {
  return body.evaluate((box) => ({ left: box.scrollHeight - box.scrollTop - box.clientHeight, top: box.scrollTop }));
}

test("two answers beside each other: each whole, with its status, and the newest text followed by whoever is at the end", async () => {
  let response: ServerResponse | undefined;
  const lines = (from: number) => Array.from({ length: 40 }, (_, i) => `line ${from + i}\n`).join("");
  const server = await startServer((request, answer) => {
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    if (request.body.includes('"nine"')) {
      for (let index = 0; index < 9; index++)
        answer.write(chunk(lines(0), "stop").replace('"index":0', `"index":${index}`));
      answer.end(done);
    } else response = answer;
  });
  try {
    await visit(browser, {}, async (playground) => {
      const { page, answer } = playground;
      await playground.useServer(server.base);
      const body = answer.getByRole("group", { name: "Answer text", exact: true });
      const beside = answer.getByRole("group", { name: "Answer text to compare with" });
      assert.ok(await beside.isHidden());

      const nine = await playground.runJson({ model: "nine", prompt: "a", max_tokens: 9, stream: true });
      await playground.ended(nine, "Complete");
      // It stands above the text and comes last: until then a key would aim at an end that is not the end yet.
      await nine.getByText(/As asked|differ/).waitFor();
      for (const key of ["End", "Home"]) {
        await body.press(key);
        await until(
          `the answer at its ${key}`,
          () => scrolled(body),
          ({ left, top }) => (key === "End" ? left < 2 : top === 0),
        );
        assert.ok(await inSight(nine.getByText("Complete", { exact: true })), `the status is in sight at ${key}`);
      }

      await page.getByRole("button", { name: "Compare with this run" }).click();
      const live = await playground.runJson({ model: "one", prompt: "a", max_tokens: 99, stream: true });
      const held = () => {
        assert.ok(response);
        return response;
      };
      const grow = async (from: number) => {
        held().write(chunk(lines(from)));
        await until(
          `line ${from + 39}`,
          () => read(live),
          (text) => text.includes(`line ${from + 39}`),
        );
      };
      await until("the request", () => response);
      await grow(100);
      await until(
        "the view at the end",
        () => scrolled(body),
        ({ left }) => left < 2,
      );
      const [above, below] = [await body.boundingBox(), await beside.boundingBox()];
      assert.ok(above && below && above.y + above.height <= below.y + 1, "neither covers the other");
      assert.ok(above.height > 100 && below.height > 100, "both have room");
      assert.ok(await inSight(live.getByText("Streaming", { exact: true })));
      assert.ok(await inSight(nine.getByText("Complete", { exact: true })));
      assert.match(await read(beside), /^Compared with run 1/);

      // A small step up is enough to be left alone.
      const { top } = await scrolled(body);
      await body.hover();
      await page.mouse.wheel(0, -20);
      await until(
        "a step up",
        () => scrolled(body),
        (now) => now.top < top,
      );
      await grow(200);
      await grow(300);
      assert.ok((await scrolled(body)).left > 500, "who reads above stays there");
      await body.press("End");
      await until(
        "the end",
        () => scrolled(body),
        ({ left }) => left < 2,
      );
      await grow(400);
      await until(
        "the new end",
        () => scrolled(body),
        ({ left }) => left < 2,
      );

      // What ends it is followed too, and its beginning is in sight.
      held().write(`data: {"error": {"message": "the model fell over"}}\n\n`);
      held().end();
      await playground.ended(live, "Failed");
      await until("the problem in sight", () =>
        inSight(live.getByRole("heading", { name: "The server failed in mid-answer" })),
      );
    });
  } finally {
    await server.close();
  }
});

test("the demo in its own words, keys that are told, and texts in either direction", async () => {
  await visit(browser, {}, async (playground) => {
    const { page, form } = playground;
    // What cannot be undone looks so, and does not lose the focus.
    const [undo, redo] = ["Undo", "Redo"].map((name) => page.getByRole("button", { name, exact: true }));
    assert.ok(undo && redo);
    assert.equal(await undo.getAttribute("aria-disabled"), "true");
    assert.ok(Number(await style(undo, "opacity")) < 0.6);
    await playground.paste(
      '{"model": "demo-fast", "prompt": ["Hi"], "suffix": "z", "n": 2, "best_of": 2, "temperature": 0, "stop": ["a", "a"], "max_tokens": 5}',
    );
    assert.equal(await undo.getAttribute("aria-disabled"), "false");
    assert.equal(await redo.getAttribute("aria-disabled"), "true");

    // The demo is not Atoma, and takes no key.
    const said = async () => `${await read(playground.problems)}\n${await read(form)}`;
    assert.doesNotMatch(await said(), /Atoma|vLLM/);
    assert.match(await said(), /this stop text stands in the list already/);
    await page.getByRole("button", { name: "About this endpoint", exact: true }).click();
    assert.doesNotMatch(await read(page.getByRole("dialog", { name: "About this endpoint" })), /\bkey/i);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Wire", exact: true }).click();
    const wire = page.getByRole("dialog", { name: "On the wire" });
    assert.match(await read(wire), /inside this page/);
    assert.doesNotMatch(await read(wire), /\bkey\b/i);
    await page.keyboard.press("Escape");
    await wire.waitFor({ state: "detached" });
    const refused = await playground.runJson({ model: "demo-401", prompt: ["a"], max_tokens: 5, stream: true });
    await playground.ended(refused, "Failed");
    assert.match(await read(refused), /Choose another model: demo-small/);
    assert.doesNotMatch(await read(refused), /Enter your|whole key|new key/);

    // Figures that mean nothing are not there.
    const whole = await playground.runJson({ model: "demo-fast", prompt: ["a"], max_tokens: 5 });
    await playground.ended(whole, "Complete");
    assert.deepEqual(await whole.getByRole("term").allInnerTexts(), ["Status", "Speed", "Total", "Tokens"]);
    const echo = await playground.runJson({
      model: "demo-fast",
      prompt: ["a b c"],
      max_tokens: 0,
      echo: true,
      logprobs: 1,
    });
    await playground.ended(echo, "Complete");
    assert.deepEqual(await echo.getByRole("term").allInnerTexts(), ["Status", "Total", "Tokens"]);
    assert.doesNotMatch(await read(page.locator(".editor-foot")), /µs/);

    // The question mark is a letter while one types, and a key elsewhere.
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await playground.editor.press("ControlOrMeta+End");
    await page.keyboard.type("?");
    await playground.textBecomes((text) => text.endsWith("?"), "the question mark");
    await page.getByRole("button", { name: "Wire", exact: true }).focus();
    assert.ok(await sheet.isHidden());
    await page.keyboard.press("?");
    await sheet.waitFor();
    assert.match(await read(sheet), /Send the request/);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    assert.ok(
      await page.getByRole("button", { name: "Wire", exact: true }).evaluate((button) => button.matches(":focus")),
    );
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await sheet.getByRole("button", { name: "Close" }).click();
    await sheet.waitFor({ state: "detached" });

    // A token id is told when it is none, kept, and added by Tab once it is one.
    await playground.paste('{\n  "model": "demo-fast",\n  "prompt": ["שלום", "Hello"],\n  "max_tokens": 5\n}\n');
    const token = form.getByRole("textbox", { name: "Token bias" });
    await token.fill("abc");
    await token.press("Tab");
    await form.getByText("got “abc”, want the number of a token, such as 50256").waitFor();
    assert.equal(await token.inputValue(), "abc");
    assert.equal(await token.getAttribute("aria-invalid"), "true");
    await token.fill("318");
    await token.press("Tab");
    await playground.textBecomes((text) => /"logit_bias": \{\s*"318": 1\s*\}/.test(text), "the token's bias");
    assert.equal(await token.inputValue(), "");
    await token.fill("318");
    await form.getByText("token 318 is in the table already").waitFor();
    await token.fill("");

    // Every text that people write or read runs as its first letter says.
    const straight = await form.locator('textarea:not([dir="auto"])').count();
    assert.equal(straight, 0);
    const prompts = form.getByRole("textbox", { name: /^Prompt \d/ });
    assert.deepEqual(await prompts.evaluateAll((boxes) => boxes.map((box) => getComputedStyle(box).direction)), [
      "rtl",
      "ltr",
    ]);

    // What is cut off is completed as it was laid out.
    await playground.paste('{\n  "model": "demo-fast",\n  "max_tokens": 5,\n  "prompt": [\n    "a"');
    await page.getByRole("button", { name: /^Fix all/ }).click();
    await playground.textBecomes(
      (text) => text.endsWith('  "prompt": [\n    "a"\n  ]\n}'),
      "the brackets on lines of their own",
    );

    // A theme is that of all tabs.
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByTitle("Dark theme").click();
    const dark = page.getByRole("radio", { name: "Dark theme" });
    await until("the theme of the other tab", () => dark.isChecked());
    await second.close();
  });
});

/** What is wider than its box, of all that is not meant to be scrolled, and what sticks out of the window. */
function cut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.querySelector("completion-playground")?.shadowRoot;
    const found: string[] = [];
    for (const element of root?.querySelectorAll<HTMLElement>(
      ".toolbar, .panel-head, .head, .tabs, .send-bar, .field-name, .field-head, .segments, .offer, .issue, .run-head, .popover, .app button",
    ) ?? []) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0 || getComputedStyle(element).clipPath !== "none") continue;
      const name = `${element.className || element.tagName} ${element.textContent?.trim().slice(0, 30)}`;
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`cut: ${name}`);
      if (left < -1 || right > innerWidth + 1) found.push(`out of the window: ${name}`);
    }
    return found;
  });
}

async function turnTo(page: Page, name: "Form" | "Text" | "Answer"): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("tabpanel", { name, exact: true }).waitFor();
}

test("320 px: every toolbar in every state fits, nothing is cut, and a low window is scrolled", async () => {
  await visit(browser, { viewport: { width: 320, height: 568 } }, async (playground: Playground) => {
    const { page } = playground;
    const fits = async (state: string) => {
      for (const tab of ["Form", "Answer", "Text"] as const) {
        await turnTo(page, tab);
        assert.deepEqual(await cut(page), [], `${state}, ${tab}`);
      }
    };
    await fits("start");
    await playground.paste(
      '{"model": "demo-fast", "promt": "Hi", "temperature": "0.7", "n": 3, "best_of": 2, "frequency_penalty": 9, "stream_options": {"include_usage": true}}',
    );
    await page.getByRole("button", { name: /^Fix all/ }).waitFor();
    await fits("errors");
    await playground.send.click();
    await page.getByRole("alert").waitFor();
    await fits("refused");
    await playground.paste(
      'curl https://api.together.xyz/v1/completions -H \'Authorization: Bearer abc\' -d \'{"model": "m", "prompt": "a"}\'',
    );
    await page.getByRole("region", { name: "Import" }).waitFor();
    await fits("an import");
    const editor = await page.locator(".editor").boundingBox();
    assert.ok(editor && editor.height >= 100, "the text keeps room beside an import and problems");
    await playground.editor.click(); // and can be reached
    const run = await playground.runJson({
      model: "demo-fast",
      prompt: ["a", "b"],
      n: 2,
      logprobs: 2,
      max_tokens: 30,
      stream: true,
    });
    await playground.ended(run, "Complete");
    await page.getByRole("button", { name: "Compare with this run" }).click();
    await turnTo(page, "Text");
    await playground.ended(await playground.runJson({ model: "demo-429", prompt: ["a"], max_tokens: 5 }), "Failed");
    await fits("two answers");
    await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "Other server" });
    await playground.setBase("http://localhost:8000");
    await fits("a server of one's own");
    await page.getByRole("button", { name: /^About this endpoint/ }).click();
    await page.getByRole("dialog", { name: "About this endpoint" }).waitFor();
    assert.deepEqual(await cut(page), [], "the endpoint's details");
    await page.keyboard.press("Escape");

    // At 400 % a desktop is as low as this.
    await page.setViewportSize({ width: 320, height: 256 });
    await playground.send.scrollIntoViewIfNeeded();
    assert.ok(await inSight(playground.send), "Send is reached by scrolling");
    await playground.editor.scrollIntoViewIfNeeded();
    const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(Number(width) <= Number(room));
  });
});
