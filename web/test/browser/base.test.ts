// The base URL as a person types it: what will be asked stands there before anything is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { visit } from "./playground.ts";
import { chunk, done, startServer, stream } from "./server.ts";

test("the address stands there before it is asked, with what was assumed; a password is refused, and never repeated", async () => {
  const canary = "canary0123456789";
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    await playground.useServer("api.example.com/v1/chat/completions");
    const asked = page.locator("#base-asked");
    await asked.getByText("https://api.example.com/v1/completions", { exact: true }).waitFor();
    await page.getByText("https:// was assumed.").waitFor();
    await page.getByText(/belongs to chat completions/).waitFor();

    await playground.setBase("https://n.example/openai/deployments/x?api-version=2024-10-21");
    await asked
      .getByText("https://n.example/openai/deployments/x/completions?api-version=2024-10-21", { exact: true })
      .waitFor();
    assert.equal(await page.getByText(/was assumed/).count(), 0);

    await playground.useServer(`https://user:${canary}@api.example.com`);
    const fault = page.locator("#base-fault");
    await fault.getByText(/user name or a password/).waitFor();
    const box = page.getByLabel("Base URL", { exact: true });
    assert.equal(await box.getAttribute("aria-invalid"), "true");
    await page.getByLabel("API key", { exact: true }).fill(canary);
    assert.equal(await page.getByRole("button", { name: "Clear the key" }).count(), 0, "there is no server it is for");
    await playground.send.click();
    const refusal = page.getByRole("alert");
    await refusal.getByText(/user name or a password/).waitFor();
    const shown = await page.locator("completion-playground").evaluate((element) => {
      const root = element.shadowRoot;
      return root?.querySelector(".app")?.textContent ?? "";
    });
    assert.ok(shown.includes("user name or a password"));
    assert.ok(!shown.includes(canary));
  });
});

test("what is sent from the box goes to the server that stands in it, with its own key", async () => {
  const answer = () => startServer((_, response) => stream(response, chunk("Evening.", "stop") + done));
  const [old, next] = await Promise.all([answer(), answer()]);
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.paste('{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}');
      await playground.useServer(old.base);
      await page.getByLabel("API key", { exact: true }).fill("sk-of-the-old-one");
      // Nothing else happens between the last letter and the keys that send.
      const box = page.getByLabel("Base URL", { exact: true });
      await box.fill(`${next.base.replace("http://", "")}/v1/?tenant=a`);
      await box.press("ControlOrMeta+Enter");
      await playground.ended(await playground.nextRun(), "Complete");
      const posts = (server: typeof old) => server.received.filter(({ method }) => method === "POST");
      assert.equal(posts(old).length, 0);
      assert.equal(posts(next).length, 1);
      assert.equal(posts(next)[0]?.path, "/v1/completions?tenant=a");
      assert.equal(posts(next)[0]?.headers.authorization, undefined);
    });
  } finally {
    await Promise.all([old.close(), next.close()]);
  }
});
