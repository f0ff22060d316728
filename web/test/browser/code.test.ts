// The request as code: in each language, live, to copy and to save, and never with a secret.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import languages from "../../../schema/languages.json";
import { browser } from "./browser.ts";
import { until, visit } from "./playground.ts";

const asked = '{"model": "demo-fast", "prompt": ["It\'s late"], "max_tokens": 8}';

test("the request as code follows the text, is copied and saved, and the language is remembered", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    const { page } = playground;
    const toggle = page.getByRole("button", { name: "Code", exact: true });
    const region = page.getByRole("region", { name: "Code" });
    const code = region.getByRole("group", { name: "The code" });
    const language = region.getByLabel("Language");
    await playground.paste(asked);
    await toggle.click();
    await code.getByText("curl '").waitFor();
    assert.equal(await toggle.getAttribute("aria-expanded"), "true");
    assert.deepEqual(
      await language.locator("option").allTextContents(),
      languages.map(({ label }) => label),
    );
    for (const { name, label } of languages) {
      await language.selectOption(label);
      await until(
        `code in ${label}`,
        async () => (await code.textContent()) ?? "",
        (text) => text.includes("demo-fast") && text.includes(new URL(page.url()).host),
      );
      assert.equal(await language.inputValue(), name);
    }

    // Live: what is typed stands in it.
    await language.selectOption({ label: "Python, standard library" });
    await code.getByText('"max_tokens": 8').waitFor();
    await playground.form.getByLabel("Max tokens", { exact: true }).fill("9");
    await code.getByText('"max_tokens": 9').waitFor();

    await region.getByRole("button", { name: "Copy the code" }).click();
    const shown = await code.textContent();
    await until(
      "the copy",
      () => page.evaluate(() => navigator.clipboard.readText()),
      (text) => text === shown,
    );
    const arrives = page.waitForEvent("download");
    await region.getByRole("button", { name: "Save the code" }).click();
    const file = await arrives;
    assert.equal(file.suggestedFilename(), "request.py");
    assert.equal(await readFile(await file.path(), "utf8"), shown);

    // A text that is no request cannot be a program; the one before stays, with the reason.
    await playground.paste('["no request"]');
    await region.getByText("the body is no JSON object").waitFor();
    assert.equal(await code.textContent(), shown);

    await playground.paste(asked);
    await region.getByText("the body is no JSON object").waitFor({ state: "detached" });
    await page.reload();
    await playground.checked();
    await toggle.click();
    await code.waitFor();
    assert.equal(await language.inputValue(), "python");
    await region.getByRole("button", { name: "Close the code" }).click();
    await region.waitFor({ state: "detached" });
    assert.equal(await toggle.getAttribute("aria-expanded"), "false");
  });
});

test("code asks the server that is chosen, with its key from the environment, and a long prompt from a file", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    const { page } = playground;
    const key = "sk-canary-0123456789";
    await playground.useServer("https://model.invalid/v1");
    await page.getByLabel("API key", { exact: true }).fill(key);
    const prompt = 'It\'s "late".\n'.repeat(20_000);
    await playground.paste(JSON.stringify({ model: "m", prompt: [prompt] }));
    await page.getByRole("button", { name: "Code", exact: true }).click();
    const region = page.getByRole("region", { name: "Code" });
    await region.getByLabel("Language").selectOption({ label: "Python, openai" });
    const code = region.getByRole("group", { name: "The code" });
    await code.getByText('open("prompt.txt"').waitFor();
    const text = (await code.textContent()) ?? "";
    assert.match(text, /base_url="https:\/\/model\.invalid\/v1"/);
    assert.match(text, /api_key=os\.environ\["API_KEY"\]/);
    assert.ok(!(await page.content()).includes(key) && !text.includes(key));
    await region.getByText("It reads prompt.txt").waitFor();
    const names: string[] = [];
    page.on("download", async (download) => {
      const content = await readFile(await download.path(), "utf8");
      if (download.suggestedFilename() === "prompt.txt") assert.equal(content, prompt);
      names.push(download.suggestedFilename());
    });
    await region.getByRole("button", { name: "Save the code" }).click();
    await until("both files", () => names.length === 2);
    assert.deepEqual(names.sort(), ["prompt.txt", "request.py"]);
  });
});
