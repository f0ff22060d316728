// Prompts too long or too many for a form: one in a large editor, ten thousand some at a time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { describeKeys, pressKeys, watchKeys } from "./keys.ts";
import { until, visit } from "./playground.ts";

const promptsIn = (text: string) => (JSON.parse(text) as { prompt: string[] }).prompt;

test("a prompt is edited large, in its own place in the text, and every undo reaches it", async () => {
  await visit(browser, {}, async (playground) => {
    const { page, form } = playground;
    const before = '{"model": "demo-fast",  "prompt": ["One", "say \\"hi\\"\\nA\\u00e9"], "max_tokens": 4}';
    await playground.paste(before);
    const dialog = page.getByRole("dialog", { name: "Prompt 2" });
    const opener = form.getByRole("button", { name: "Large editor for prompt 2" });
    await opener.click();
    const box = dialog.getByRole("textbox", { name: "Prompt 2" });
    await until("the focus in the editor", () => box.evaluate((node) => node.matches(":focus")));
    await dialog.getByText("3 words · 11 characters").waitFor();
    await dialog.getByText("of the demo model").waitFor();
    assert.equal(await box.locator(".cm-line").count(), 2);

    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type('\n\tquoted "x" \\ \u{1F600}');
    await dialog.getByRole("button", { name: "Find" }).click();
    await dialog.getByRole("textbox", { name: "Find" }).waitFor();
    await page.keyboard.press("Escape");
    assert.ok(await dialog.isVisible(), "Escape closed the search alone");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await until("the focus on the opener", () => opener.evaluate((node) => node.matches(":focus")));

    const written = JSON.stringify('\n\tquoted "x" \\ \u{1F600}').slice(1, -1);
    const after = before.replace("A\\u00e9", `A\\u00e9${written}`);
    assert.equal(await playground.text(), after);

    // Undo inside the dialog takes the typing back, and outside of it there is one history.
    await opener.click();
    await box.click();
    await page.keyboard.press("ControlOrMeta+Z");
    await dialog.getByText("3 words · 11 characters").waitFor();
    await dialog.getByRole("button", { name: "Redo" }).click();
    await until(
      "the redo",
      () => box.innerText(),
      (text) => text.includes("quoted"),
    );
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(await playground.text(), after);
    await playground.undo();
    assert.equal(await playground.text(), before);

    // Without a prompt, and in a text that is no JSON.
    await playground.paste("{model: 'demo-fast', prompt: ['It is']}");
    await form.getByRole("button", { name: "Large editor for the prompt" }).click();
    await page.getByRole("dialog", { name: "Prompt 1" }).waitFor();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type(" late");
    await page.keyboard.press("Escape");
    assert.equal(await playground.text(), "{model: 'demo-fast', prompt: [\"It is late\"]}");
    await playground.paste('{"model": "demo-fast"}');
    await form.getByRole("button", { name: "Large editor for the prompt" }).click();
    await page.getByRole("dialog", { name: "Prompt 1" }).waitFor();
    await page.keyboard.type("New");
    await page.keyboard.press("Escape");
    assert.deepEqual(promptsIn(await playground.text()), ["New"]);
  });
});

test("a megabyte pasted into a prompt is shown by its beginning, and edited large", async (t) => {
  const words = "The keeper of the light went down to the sea.\n";
  const long = words.repeat(Math.ceil(1_000_000 / words.length));
  await visit(browser, { prepare: watchKeys }, async (playground) => {
    const { page, form } = playground;
    await playground.paste('{"model": "demo-fast", "prompt": ["Go"]}');
    await page.evaluate((text) => navigator.clipboard.writeText(text), long);
    const box = form.getByRole("textbox", { name: "Prompt", exact: true });
    await box.click();
    await page.keyboard.press("ControlOrMeta+A");
    t.diagnostic(describeKeys("1 MB pasted into the form", await pressKeys(page, ["ControlOrMeta+V"])));
    await form.getByText(`The beginning of ${long.length.toLocaleString("en")} characters`).waitFor();
    const shown = await box.inputValue();
    assert.ok(shown.length > 100 && shown.length < 2_000 && long.startsWith(shown));
    assert.equal(await box.getAttribute("readonly"), "");

    await form.getByRole("button", { name: "Large editor for the prompt" }).click();
    const dialog = page.getByRole("dialog", { name: "Prompt 1" });
    const large = dialog.getByRole("textbox", { name: "Prompt 1" });
    await large.waitFor();
    const typed = "a quick brown fox ";
    const costs = await pressKeys(page, [...typed]);
    t.diagnostic(describeKeys("1 MB in the large editor", costs));
    assert.ok(Math.max(...costs.messages) < 5_000, "a key does not send the prompt");
    await page.keyboard.press("ControlOrMeta+A");
    t.diagnostic(describeKeys("1 MB pasted into the large editor", await pressKeys(page, ["ControlOrMeta+V"])));
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.type(typed);
    assert.ok((await large.locator(".cm-line").count()) < 500, "only lines in sight are drawn");
    await dialog.getByRole("button", { name: "Done" }).click();
    await playground.checked();
    const [prompt] = promptsIn(await playground.text());
    assert.ok(prompt === typed + long, "nothing is lost of it");
    // Keys that follow each other quickly are one step; how many do, the machine decides.
    let steps = 0;
    do await playground.undo();
    while (++steps < typed.length && promptsIn(await playground.text())[0] !== long);
    assert.ok(
      promptsIn(await playground.text())[0] === long,
      `the typing is taken back, and no more, in ${steps} steps`,
    );
  });
});

test("ten thousand prompts are reached one by one, by keys alone", async () => {
  const prompts = Array.from({ length: 10_000 }, (_, i) => `prompt number ${i + 1}, and some more of it`);
  await visit(browser, {}, async (playground) => {
    const { page, form } = playground;
    await playground.paste(JSON.stringify({ model: "demo-fast", prompt: prompts }));
    await form.getByText("to 20 of 10,000").waitFor();
    assert.equal(await form.getByRole("textbox", { name: /^Prompt \d+$/ }).count(), 20);
    await form.getByRole("button", { name: "Next" }).press("Enter");
    assert.equal(await form.getByRole("textbox", { name: "Prompt 21" }).inputValue(), prompts[20]);
    const go = form.getByRole("textbox", { name: "Go to prompt" });
    await go.fill("10000");
    await go.press("Enter");
    await form.getByText("to 10,000 of 10,000").waitFor();
    assert.ok(await form.getByRole("button", { name: "Next" }).isDisabled());
    await form.getByRole("group", { name: "10000 of 10000" }).waitFor();
    await form.getByRole("textbox", { name: "Prompt 10000" }).press("End");
    await page.keyboard.type("!");
    await form.getByRole("button", { name: "Remove prompt 9999" }).press("Enter");
    const text = await playground.textBecomes(
      (now) => now.includes("!") && !now.includes("number 9999,"),
      "both edits",
    );
    assert.deepEqual(promptsIn(text), [...prompts.slice(0, 9_998), `${prompts[9_999]}!`]);
  });
});
