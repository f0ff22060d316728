// What people have of a request in other languages: pasted or dropped, offered as a request, taken over on consent alone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { type Playground, visit } from "./playground.ts";
import { chunk, done, startServer, stream } from "./server.ts";

const key = "sk-canary0123456789abcdef";
const body =
  '{\n  "model": "made-up",\n  "prompt": ["it\'s late"],\n  "max_tokens": 5,\n  "stream": true,\n  "seed": 2147483647\n}';

function command(base: string): string {
  return `curl ${base}/v1/completions \\\n  -H 'Authorization: Bearer ${key}' \\\n  -d '${body.replaceAll("'", "'\\''")}'`;
}

const offer = ({ page }: Playground) => page.getByRole("region", { name: "Import" });

test("a pasted curl command becomes a request for its server, with its key, and one undo takes all of it back", async () => {
  const authorizations: (string | undefined)[] = [];
  const apiKeys: (string | string[] | undefined)[] = [];
  const server = await startServer((request, response) => {
    if (request.method === "POST") {
      authorizations.push(request.headers.authorization);
      apiKeys.push(request.headers["api-key"]);
    }
    return stream(response, chunk("Evening.", "stop") + done);
  });
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.paste(command(server.base));
      const region = offer(playground);
      const host = new URL(server.base).host;
      await region.getByText("a curl command").waitFor();
      // One issue says what the text is, and nothing was taken over yet.
      assert.equal(await playground.problems.getByRole("listitem").count(), 1);
      assert.equal(await page.getByLabel("Base URL", { exact: true }).count(), 0);

      await region.getByRole("button", { name: `for ${host}, with its key` }).click();
      await page.getByLabel("Base URL", { exact: true }).waitFor();
      await page.locator("#base-asked").getByText(`${server.base}/v1/completions`, { exact: true }).waitFor();
      assert.equal(await playground.text(), body);
      await playground.checked();
      await playground.ended(await playground.run(), "Complete");
      assert.deepEqual(authorizations, [`Bearer ${key}`]);

      // The key is where keys are, and in nothing that the page shows.
      const shown = await page
        .locator("completion-playground")
        .evaluate((element) => element.shadowRoot?.querySelector(".app")?.textContent ?? "");
      assert.ok(shown.includes("made-up") && !shown.includes(key));

      await region.getByRole("button", { name: "Undo the import" }).click();
      await page.getByLabel("Base URL", { exact: true }).waitFor({ state: "detached" });
      assert.equal(await playground.text(), command(server.base));
      await region.getByRole("button", { name: "Only its text" }).click();
      assert.equal(await playground.text(), body);
      assert.equal(await page.getByLabel("Base URL", { exact: true }).count(), 0, "the endpoint is as it was");

      // A key in a header of its own is told as that, and becomes one of the endpoint's own headers.
      const inHeader = command(server.base).replace("Authorization: Bearer", "Api-Key:");
      await playground.paste(inHeader);
      await region.getByText("with an API key in it, in the header Api-Key").waitFor();
      await region.getByRole("button", { name: `for ${host}, with its key` }).click();
      await region.getByText("as the endpoint's own header Api-Key, which is kept in memory alone").waitFor();
      await playground.checked();
      const run = await playground.run();
      await playground.ended(run, "Complete");
      const held = /^\s*(As asked.*|\d+ things? differs?)\s*$/;
      const summary = await run.getByText(held).first().innerText();
      assert.deepEqual([authorizations.at(-1), apiKeys], [undefined, [undefined, key]]);

      // The recording has no key, and its answer is held to its request as well.
      const arrives = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save this run" }).click();
      const file = await readFile(await (await arrives).path());
      assert.ok(!file.includes(key));
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Open a recording" }).click();
      await (await chooser).setFiles({ name: "run.json", mimeType: "application/json", buffer: file });
      const replayed = await playground.nextRun();
      assert.equal(await replayed.getByText(held).first().innerText(), summary);

      const wire = await playground.wire();
      assert.match(wire.curl, /-H "Api-Key: \$HEADER_API_KEY"/);
      assert.equal(await playground.text(), body);
      await page.getByRole("button", { name: /^About this endpoint/ }).click();
      const details = page.getByRole("dialog", { name: "About this endpoint" });
      assert.equal(await details.getByLabel("Name of header 1").inputValue(), "Api-Key");
      assert.equal(await details.getByLabel("Value of Api-Key").inputValue(), "");
      await page.keyboard.press("Escape");
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      );
      const visible = await page
        .locator("completion-playground")
        .evaluate((element) => element.shadowRoot?.querySelector(".app")?.textContent ?? "");
      assert.ok(!`${JSON.stringify(wire)}${kept}${visible}`.includes(key));
      await region.getByRole("button", { name: "Undo the import" }).click();
      assert.equal(await playground.text(), inHeader);
    });
  } finally {
    await server.close();
  }
});

test("what a program holds is offered too, wherever in the text it is pasted", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const program = 'client.completions.create(\n    model="m",\n    prompt="Hi",\n    extra_body={"top_k": 5},\n)';
    await page.evaluate((text) => navigator.clipboard.writeText(text), program);
    await playground.editor.click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.press("ControlOrMeta+V");
    const region = offer(playground);
    await region.getByRole("button", { name: /^Turn this .* into a request$/ }).click();
    assert.deepEqual(JSON.parse(await playground.text()), { model: "m", prompt: "Hi", top_k: 5 });
    await page.keyboard.press("Escape");
    await region.getByRole("button", { name: "Close: import" }).click();
    await region.waitFor({ state: "detached" });
  });
});

test("a file that is dropped on the text takes its place, and can be undone", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const before = await playground.text();
    const transfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "request.sh", { type: "text/plain" }));
      return data;
    }, command("https://api.example.com"));
    await playground.editor.dispatchEvent("drop", { dataTransfer: transfer });
    await offer(playground).getByText("api.example.com").first().waitFor();
    assert.equal(await playground.text(), command("https://api.example.com"));
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    assert.equal(await playground.text(), before);
    await offer(playground).waitFor({ state: "detached" });
  });
});
