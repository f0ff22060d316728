// Boxes to type into: what stands in them, where the focus is, and which server a key is for.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { browser } from "./browser.ts";
import { until, visit } from "./playground.ts";
import { chunk, done, startServer, stream, type TestServer } from "./server.ts";

/** The name of what has the focus, as the page calls it; "body" where nothing has it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return "body";
    const labels = (at as HTMLInputElement).labels;
    const words = at.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? at.textContent ?? "";
    return words.replace(/\s+/g, " ").trim() || at.tagName;
  });
}

function focusIs(page: Page, name: string | RegExp): Promise<string> {
  const is = (found: string) => (typeof name === "string" ? found === name : name.test(found));
  return until(`the focus at ${name}`, () => focused(page), is);
}

/** Waits for the text to become what it should, without touching anything. */
function textShows(page: Page, accept: (text: string) => boolean): Promise<string> {
  return until("the text", async () => (await page.locator(".cm-line").allInnerTexts()).join("\n"), accept);
}

/** What is said about a box to those who hear the page. */
function description(box: Locator): Promise<string> {
  return box.evaluate((element) => {
    const root = element.getRootNode() as ShadowRoot;
    const ids = (element.getAttribute("aria-describedby") ?? "").split(" ");
    return ids.map((id) => root.getElementById(id)?.textContent ?? `(${id} is missing)`).join(" ");
  });
}

const ask = '{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}';
const answering = () => startServer((_, response) => stream(response, chunk("Evening.", "stop") + done));
const posts = ({ received }: TestServer) => received.filter(({ method }) => method === "POST");

test("a key goes to the server that stands beside it, however fast one types", async () => {
  const servers = await Promise.all([answering(), answering(), answering()]);
  const [first, second, third] = servers;
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  try {
    const prepare = (page: Page) =>
      page.route("**/*.wasm*", async (route) => {
        await held;
        await route.continue();
      });
    await visit(browser, { prepare, unchecked: true }, async (playground) => {
      const { page } = playground;
      const asked = new Set<string>();
      page.on("request", (request) => asked.add(new URL(request.url()).origin));
      const endpoint = page.getByLabel("Endpoint", { exact: true });
      const base = page.getByLabel("Base URL", { exact: true });
      const key = page.getByLabel("API key", { exact: true });
      const hasKey = page.getByRole("button", { name: "Clear the key" });

      // Nobody can say yet what the address stands for: nothing typed is lost meanwhile, and the focus stays.
      await endpoint.selectOption({ label: "Other server" });
      await base.pressSequentially("http://127.0.0.1");
      await base.press("Enter");
      await base.pressSequentially(first.base.replace("http://127.0.0.1", ""));
      assert.equal(await base.inputValue(), first.base, "what is typed behind Enter stays");
      await base.press("Tab");
      await focusIs(page, "API key");
      await page.keyboard.type("sk-first");
      release();
      await page.locator("#base-asked").getByText(`${first.base}/v1/completions`, { exact: true }).waitFor();
      await hasKey.waitFor();
      await focusIs(page, "API key");
      assert.equal(await key.inputValue(), "sk-first");
      await playground.checked();
      await playground.paste(ask);
      await key.press("ControlOrMeta+Enter");
      await playground.ended(await playground.nextRun(), "Complete");
      assert.deepEqual(
        posts(first).map(({ headers }) => headers.authorization),
        ["Bearer sk-first"],
      );

      // One click is enough to get from the address to the key, and to paste it.
      await base.fill(second.base);
      await page.evaluate(() => navigator.clipboard.writeText("sk-second"));
      const place = await key.boundingBox();
      assert.ok(place);
      await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
      assert.equal(await key.inputValue(), "", "the key of one server does not stand in the box of another");
      await page.keyboard.press("ControlOrMeta+V");
      assert.equal(await key.inputValue(), "sk-second");
      await hasKey.waitFor();
      await focusIs(page, "API key");

      // A pending address counts: Send, pressed by mouse or by keys, goes there or says why not.
      await base.fill(third.base);
      await playground.send.click();
      await playground.ended(await playground.nextRun(), "Complete");
      assert.equal(posts(third)[0]?.headers.authorization, undefined);
      await base.fill("http://");
      await base.press("ControlOrMeta+Enter");
      await page.getByRole("alert").getByText(/host/).waitFor();
      assert.equal(await base.getAttribute("aria-invalid"), "true");
      assert.match(await description(base), /host/);
      assert.equal(await base.inputValue(), "http://");
      // With no server to belong to, a key waits in its box for the next one.
      await key.fill("sk-waiting");
      await base.fill(second.base);
      await base.press("ControlOrMeta+Enter");
      await playground.ended(await playground.nextRun(), "Complete");
      assert.equal(await key.inputValue(), "sk-waiting");
      assert.deepEqual(
        posts(second).map(({ headers }) => headers.authorization),
        ["Bearer sk-waiting"],
      );
      assert.deepEqual(
        servers.map((server) => posts(server).length),
        [1, 1, 1],
      );

      // Another choice and back: the address is there again, its key is not in sight and not lost.
      await endpoint.selectOption({ label: "Demo model (built in)" });
      await endpoint.selectOption({ label: "Other server" });
      assert.equal(await base.inputValue(), second.base);
      assert.equal(await key.inputValue(), "");
      await hasKey.waitFor();
      const known = new Set([...servers.map((server) => server.base), new URL(page.url()).origin]);
      assert.deepEqual(
        [...asked].filter((origin) => !known.has(origin)),
        [],
        "nobody else was asked anything",
      );
    });
  } finally {
    release();
    await Promise.all(servers.map((server) => server.close()));
  }
});

const numbers = `{
  "model": "demo-fast",
  "prompt": ["Hi"],
  "max_tokens": 20, // few
  "temperature": 1.5,
  "seed": 42,
}
`;

/** What is typed over the seed 42, the seed in the text then, and what the page says: in its words, and as fixes. */
const typed: readonly (readonly [typed: string, seed: string, says?: RegExp, ...fixes: string[]])[] = [
  ["abc", "42", /This is no number\. The text keeps 42\./],
  ["1.5", "1.5", /want a whole number/],
  ["1e3", "1e3"],
  [" 5 ", "5"],
  ["５", "42", /JSON does not write numbers this way/, "5"],
  ["-", "42", /This is no number yet/],
  ["+1", "1"],
  ["0x10", "42", /JSON does not write numbers this way/, "16"],
  ["1_000", "42", /JSON does not write numbers this way/, "1000"],
  ["12abc", "42", /This is no number/],
  ["Infinity", "42", /JSON has no Infinity/],
];

test("a box keeps what it cannot read, says so in its place, and changes nothing", async () => {
  await visit(browser, {}, async (playground) => {
    const { form, page } = playground;
    const box = (name: string) => form.getByLabel(name, { exact: true });
    const seed = box("Seed");
    const field = form.locator("[data-field=seed]");
    await playground.paste(numbers);
    for (const [text, value, says, ...fixes] of typed) {
      await seed.click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
      await seed.press("Tab");
      const became = await playground.textBecomes(
        (now) => now === numbers.replace('"seed": 42', `"seed": ${value}`),
        `the text after ${text}`,
      );
      if (says) {
        await field.getByText(says).waitFor();
        assert.equal(await seed.inputValue(), text);
        assert.equal(await seed.getAttribute("aria-invalid"), "true", text);
        assert.match(await description(seed), says, text);
      } else {
        await until(
          `${text} as the text has it`,
          () => seed.inputValue(),
          (now) => now === value,
        );
        assert.equal(await seed.getAttribute("aria-invalid"), null, text);
      }
      const offers = field.getByRole("button", { name: /^Use / });
      assert.deepEqual(
        await offers.allInnerTexts(),
        fixes.map((fix) => `Use ${fix}`),
        text,
      );
      if (value === "42") {
        await field.getByRole("button", { name: "Take back" }).click();
        await focusIs(page, "Seed");
        assert.equal(await seed.inputValue(), "42");
      } else {
        assert.notEqual(became, numbers);
        await playground.undo();
        await playground.textBecomes((now) => now === numbers, "one step back");
      }
    }

    // It stays through whatever happens elsewhere, and holds the request back.
    await seed.fill("abc");
    await box("Temperature").fill("0,7");
    assert.equal(await box("Temperature").inputValue(), "0,7");
    await form.getByRole("radiogroup", { name: "Echo" }).getByText("On", { exact: true }).click();
    await playground.textBecomes((now) => /"echo": ?true/.test(now), "echo");
    await playground.undo();
    await playground.textBecomes((now) => now === numbers, "the undo");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("tab", { name: "Form" }).click();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate(() => {
      const element = document.querySelector("completion-playground");
      const parent = element?.parentElement;
      element?.remove();
      if (element) parent?.append(element);
    });
    await playground.checked();
    assert.equal(await playground.text(), numbers);
    assert.equal(await seed.inputValue(), "abc");
    await field.getByText("The text keeps 42.").waitFor();
    await page.keyboard.press("ControlOrMeta+Enter");
    const refusal = page.getByRole("alert");
    await refusal.getByText("the form has what the text has not: Seed “abc”, Temperature “0,7”.").waitFor();
    await form.getByRole("button", { name: "Use 0.7" }).click();
    await focusIs(page, "Temperature");
    await playground.textBecomes((now) => now === numbers.replace("1.5", "0.7"), "the fix");
    await field.getByRole("button", { name: "Take back" }).click();
    await until("the refusal to go", async () => (await refusal.count()) === 0);

    // An error that the core finds is said at the box too.
    await box("Max tokens").fill("1.5");
    await form.getByText("got 1.5, want a whole number").waitFor();
    assert.match(await description(box("Max tokens")), /got 1\.5, want a whole number/);
    await form.getByRole("button", { name: "More Max tokens" }).click();
    await playground.textBecomes((now) => now.includes('"max_tokens": 2, // few'), "a step from 1.5");

    // Cleared is not set; typed anew in one go it has its old place and its comment.
    await box("Max tokens").click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.press("Delete");
    await playground.checked();
    await form.locator("[data-field=max_tokens]").getByText("not set · default 16").waitFor();
    await page.keyboard.type("30");
    await form.getByRole("button", { name: "Remove Max tokens" }).waitFor();
    await box("Max tokens").press("Tab");
    await playground.textBecomes((now) => now === numbers.replace("1.5", "0.7").replace("20", "30"), "30 in its place");

    // The empty text is something else than none, and can be chosen.
    const suffix = box("Suffix");
    assert.equal(await suffix.getAttribute("placeholder"), "not set");
    await form.getByRole("button", { name: "Set Suffix to the empty text" }).click();
    await textShows(page, (now) => /"suffix": ?""/.test(now));
    await focusIs(page, "Suffix");
    await until(
      "the words",
      () => suffix.getAttribute("placeholder"),
      (words) => words === "empty text",
    );
    await page.keyboard.type("x");
    await playground.textBecomes((now) => /"suffix": ?"x"/.test(now), "a text");
    await suffix.fill("");
    await playground.textBecomes((now) => !now.includes("suffix"), "no text");
    const prompt = form.getByRole("textbox", { name: "Prompt", exact: true });
    assert.equal(await prompt.getAttribute("aria-required"), "true");
    assert.equal(await box("Model").getAttribute("aria-required"), "true");
    assert.equal(await suffix.getAttribute("aria-required"), null);
    await prompt.fill("");
    await playground.textBecomes((now) => !now.includes("prompt"), "no prompt");
    await form.getByRole("button", { name: "Set Prompt to the empty text" }).click();
    await playground.textBecomes((now) => /"prompt": ?\[""\]/.test(now), "the empty prompt");
    await until(
      "the words",
      () => prompt.getAttribute("placeholder"),
      (words) => words === "empty text",
    );

    // Where the text has no place for it, what was typed waits in the box.
    await playground.paste("no request at all");
    await seed.fill("7");
    await seed.press("Tab");
    await field.getByText(/cannot be read/).waitFor();
    assert.equal(await seed.inputValue(), "7");
    await playground.paste('{"model": "demo-fast", "prompt": ["Hi"]}');
    assert.equal(await seed.inputValue(), "7");
    await field.getByRole("button", { name: "Use 7" }).click();
    await playground.textBecomes((now) => /"seed": ?7\b/.test(now), "the seed");

    // A box stays while what is typed into it grows too long for the form.
    await suffix.fill("x".repeat(70_000));
    await playground.checked();
    await form.getByRole("button", { name: "Remove Suffix" }).waitFor();
    await focusIs(page, "Suffix");
    await suffix.press("End");
    await page.keyboard.type("!");
    assert.equal(await suffix.inputValue(), `${"x".repeat(70_000)}!`);
    await suffix.fill("");
    await playground.textBecomes((now) => !now.includes("suffix"), "no suffix");

    // What is typed in the form and sent at once is in the request.
    await prompt.fill("The last letter");
    await form.getByRole("textbox", { name: "Stop", exact: true }).fill("END");
    await page.keyboard.press("ControlOrMeta+Enter");
    await playground.ended(await playground.nextRun(), "Complete");
    const { body } = await playground.wire();
    assert.match(body, /"The last letter"/);
    assert.match(body, /"stop":\["END"\]/);
  });
});

test("the focus stays in the page, whatever is taken away from under it", async () => {
  await visit(browser, {}, async (playground) => {
    const { form, page, problems } = playground;
    const press = async (place: Locator) => {
      await place.focus();
      await page.keyboard.press("Enter");
    };
    await playground.paste(
      '{"model": "demo-fast", "prompt": ["One", "Two"], "stop": ["a", "b", "c"], "max_tokens": 8}',
    );
    await press(form.getByRole("button", { name: "Add a prompt" }));
    await focusIs(page, "Prompt 3");
    await page.keyboard.type("Three");
    await textShows(page, (now) => now.includes('"Three"'));
    await press(form.getByRole("button", { name: "Remove prompt 3" }));
    await textShows(page, (now) => !now.includes("Three"));
    await focusIs(page, /prompt 2/i);
    await press(form.getByRole("button", { name: "Remove prompt 1" }));
    await textShows(page, (now) => !now.includes("One"));
    await focusIs(page, "Prompt");

    const stop = form.getByRole("textbox", { name: "Stop", exact: true });
    await stop.focus();
    await page.keyboard.type("d");
    await page.keyboard.press("Enter");
    await textShows(page, (now) => now.includes('"d"'));
    await until(
      "that four are the most",
      () => stop.getAttribute("readonly"),
      (value) => value !== null,
    );
    await focusIs(page, "Stop");
    for (const rest of ["c", "b", "a"]) {
      await press(form.getByRole("button", { name: /^Remove [abcd]$/ }).last());
      await textShows(page, (now) => !now.includes(rest === "c" ? '"d"' : `"${rest === "b" ? "c" : "b"}"`));
      await focusIs(page, `Remove ${rest}`);
    }
    await page.keyboard.press("Enter");
    await textShows(page, (now) => !now.includes("stop"));
    await focusIs(page, "Stop");
    await press(form.getByRole("button", { name: "Remove Max tokens" }));
    await textShows(page, (now) => !now.includes("max_tokens"));
    await focusIs(page, "Max tokens");

    // Fixes, in the form, in the list, and all at once.
    await playground.paste('{"model": "demo-fast", "promt": "Hi", "temperature": "0.7", "n": "2", "max_tokens": "8"}');
    await press(form.locator("[data-field=temperature]").getByRole("button", { name: /^use / }));
    await textShows(page, (now) => now.includes('"temperature": 0.7'));
    await focusIs(page, "Temperature");
    await press(problems.getByRole("button", { name: /^Fix: use 2/ }));
    await textShows(page, (now) => now.includes('"n": 2'));
    await playground.checked();
    assert.notEqual(await focused(page), "body");
    assert.ok(await problems.evaluate((list) => list.contains((list.getRootNode() as ShadowRoot).activeElement)));
    await press(page.getByRole("button", { name: /^Fix all/ }));
    await problems.getByText("No problems.").waitFor();
    await focusIs(page, "Format");
    await playground.paste('{"model": "demo-fast", "prompt": ["Hi"], "max_tokens": "8"}');
    await press(problems.getByRole("button", { name: /^Fix: use 8/ }));
    await focusIs(page, "Problems");

    // Popovers and dialogs give it back.
    await press(page.getByRole("button", { name: "Examples" }));
    await focusIs(page, /^A first request/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await textShows(page, (now) => now.includes("In the morning"));
    await focusIs(page, "Examples");
    await press(page.getByRole("button", { name: "Wire", exact: true }));
    await page.getByRole("dialog", { name: "On the wire" }).waitFor();
    await page.keyboard.press("Escape");
    await focusIs(page, "Wire");
    for (let n = 0; n < 3; n++) {
      await press(page.getByRole("button", { name: /^About this endpoint/ }));
      await page.getByRole("dialog", { name: "About this endpoint" }).locator("select, input").first().focus();
      await page.keyboard.press("Escape");
      await focusIs(page, /^About this endpoint/);
    }

    // Sending, with what is in its way.
    await playground.paste('{"model": "demo-fast", "prompt": ["Hi"], "max_tokens": 8, "temperature": 3}');
    await press(playground.send);
    await press(page.getByRole("button", { name: "Send anyway" }));
    await playground.ended(await playground.nextRun(), "Failed");
    await focusIs(page, /^(Send|Stop)/);
    await press(page.getByRole("button", { name: "Send again", exact: true }));
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).focus();
    await page.keyboard.press("Enter");
    await focusIs(page, /^Send/);
    await playground.paste('{"model": "demo-empty", "prompt": ["Hi"], "max_tokens": 8, "stream": true}');
    await playground.ended(await playground.run(), "Empty");
    await press(page.getByRole("button", { name: "Send again", exact: true }));
    await playground.nextRun();
    await until(
      "a place in the page",
      () => focused(page),
      (name) => name !== "body",
    );

    // Another endpoint takes its boxes along.
    const endpoint = page.getByLabel("Endpoint", { exact: true });
    await endpoint.selectOption({ label: "Other server" });
    await playground.setBase("http://127.0.0.1:9");
    await page.getByLabel("API key", { exact: true }).fill("sk-nobody");
    await press(page.getByRole("button", { name: "Clear the key" }));
    await focusIs(page, "API key");
    assert.equal(await page.getByLabel("API key", { exact: true }).inputValue(), "");
    await endpoint.focus();
    await endpoint.selectOption({ label: "Demo model (built in)" });
    await focusIs(page, "Endpoint");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("tab", { name: "Text" }).click();
    await playground.editor.focus();
    await playground.run();
    await focusIs(page, "Answer text");
    assert.equal(await page.getByRole("tab", { name: /^Answer/ }).getAttribute("aria-selected"), "true");
  });
});

test("a keyboard is soon where it wants to be", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    await playground.paste('{"model": "demo-fast", "promt": "Hi", "temperature": "0.7", "n": "2", "max_tokens": "8"}');
    await playground.useServer("http://127.0.0.1:9");
    await page.getByLabel("API key", { exact: true }).fill("sk-nobody");
    const fromStart = async () => {
      await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
      });
      await page.keyboard.press("Tab");
      await focusIs(page, "To the text");
    };
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await fromStart();
      const skip = page.getByRole("button", { name: "To the text" });
      const box = await skip.boundingBox();
      assert.ok(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width, "the link is in sight");
      const stops = ["To the text"];
      while (!/^Send/.test(stops.at(-1) ?? "") && stops.length < 40) {
        await page.keyboard.press("Tab");
        stops.push(await focused(page));
      }
      assert.ok(stops.length <= 15, `${width} px: ${stops.length} stops to Send: ${stops.join(", ")}`);

      await fromStart();
      await page.keyboard.press("Enter");
      await focusIs(page, "Request text");
      await page.keyboard.type(" ");
      for (const [presses, name] of [
        [1, /^Send/],
        [2, "Answer text"],
      ] as const) {
        await fromStart();
        for (let i = 0; i < presses; i++) await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await focusIs(page, name);
      }
      assert.equal(new URL(page.url()).hash, "", "the page's address is left alone");
    }

    // A toolbar is one stop, with arrows inside; so is a choice.
    await page.setViewportSize({ width: 1440, height: 900 });
    const tools = page.getByRole("toolbar", { name: "Text tools" });
    const stops = () => tools.locator('button[tabindex="0"]').allInnerTexts();
    await tools.getByRole("button", { name: "Format" }).focus();
    await page.keyboard.press("ArrowRight");
    await focusIs(page, "Examples");
    assert.deepEqual(await stops(), ["Examples"]);
    await page.keyboard.press("Tab");
    await focusIs(page, "Request text");
    await page.keyboard.press("Shift+Tab");
    await focusIs(page, "Examples");
    await page.keyboard.press("Home");
    await focusIs(page, /^Fix all/);
    await page.keyboard.press("Enter");
    await focusIs(page, "Format");
    assert.deepEqual(await stops(), ["Format"]);
    await page.keyboard.press("ArrowLeft");
    await focusIs(page, "Copy the text");
    await page.getByRole("radio", { name: "System theme" }).focus();
    await page.keyboard.press("ArrowRight");
    await focusIs(page, "Light theme");
    assert.equal(await page.locator(".app.theme-light").count(), 1);
  });
});
