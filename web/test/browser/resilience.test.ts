// When something is late, missing or broken: the page says so and stays of use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { completion, read, until, visit } from "./playground.ts";

const asked = '{"model": "demo-fast", "prompt": ["In the evening"], "max_tokens": 8}';

test("before the core has arrived one can type, and Send waits for the check", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await visit(
    browser,
    {
      unchecked: true,
      prepare: (page) =>
        page.route("**/*.wasm", async (route) => {
          await held;
          await route.continue();
        }),
    },
    async (playground) => {
      const { editor, page, problems, workers } = playground;
      await problems.getByText("Checking is on its way").waitFor();
      await page.locator(".cm-content").waitFor(); // the plain box that stands there first goes when it comes
      await editor.click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(asked);
      assert.equal(await playground.text(), asked);
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.getByText("Waiting for the check…").waitFor();
      assert.equal(await playground.answer.getByRole("article").count(), 0);
      assert.ok(workers.length <= 1, "the demo's Worker waits for the checker's");

      release();
      await playground.checked();
      const run = await playground.nextRun();
      await playground.ended(run, "Complete");
      assert.equal(await playground.text(), asked);
    },
  );
});

test("without the core the page says so once, and the text can still be edited", async () => {
  await visit(
    browser,
    { unchecked: true, prepare: (page) => page.route("**/*.wasm", (route) => route.fulfill({ status: 404 })) },
    async (playground) => {
      const { editor, page, problems } = playground;
      const told = problems.getByText(/published anew/);
      await told.waitFor();
      assert.equal(await read(told), "The checker is not there any more: the playground was published anew.");
      assert.equal(await page.getByText(await read(told)).count(), 1);
      await page.getByText(/^\s*The checker is missing\./).waitFor();
      assert.ok(await page.getByRole("button", { name: "Reload" }).isVisible());
      await page.locator(".cm-content").waitFor(); // the plain box that stands there first goes when it comes
      await editor.click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(asked);
      assert.equal(await playground.text(), asked);
      await problems.getByText("Checking is not available").waitFor();
      assert.ok(await told.isVisible(), "the reason stays while one types");
      assert.equal(await playground.form.getByText("reading the text").count(), 0);
      assert.equal(await playground.answer.getByRole("list", { name: "Demo models" }).count(), 0);
      assert.ok(await playground.send.isDisabled(), "nothing can be sent unchecked");
      await playground.answer.getByText("Nothing can be sent while the checker is missing").waitFor();
      assert.equal(await playground.answer.getByText("to send the text").count(), 0);
    },
  );
});

test("a checker that hangs is replaced while one types, and the page says so", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    const { editor, page, problems, workers } = playground;
    await playground.paste(asked);
    const before = workers.length;
    for (const worker of [...workers]) {
      // The demo's Worker may be among them; hanging it as well costs nothing.
      // It waits for what nobody tells it, which takes less of the processor than a loop.
      void worker
        .evaluate(() => {
          const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
          Atomics.wait(new Int32Array(buffer), 0, 0);
        })
        .catch(() => {}); // it is ended, as it should be
    }
    // What is told of it may be gone again before anybody looks.
    await problems.evaluate((region) => {
      const told: string[] = [];
      Object.assign(window, { told });
      new MutationObserver(() => told.push(region.textContent ?? "")).observe(region, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
    await editor.press("End");
    await page.keyboard.type(" ");
    await until("the word of it", told, (texts) => texts.some((text) => text.includes("is being restarted")));
    await playground.checked();
    assert.ok(workers.length > before, "another Worker checks");
    await page.keyboard.type(" ");
    await playground.checked();
    await problems.getByText(/is being restarted/).waitFor({ state: "detached" });
    assert.equal(await playground.text(), `${asked}  `);
  });
});

test("without a network the demo still answers, and other servers are told to be out of reach", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    await playground.paste(asked);
    await playground.context.setOffline(true);
    await playground.ended(await playground.run(), "Complete");

    await playground.useServer("https://model.invalid");
    await playground.paste(asked.replace("demo-fast", "made-up"));
    const run = await playground.run();
    await playground.ended(run, "Failed");
    const checks = run.getByRole("list", { name: "What was looked at" });
    await checks.getByText("This computer is online").waitFor();
    assert.match(await read(checks.getByRole("listitem").filter({ hasText: "online" })), /no network/);
    await run.getByRole("button", { name: "Show the curl command" }).click();
    await playground.page
      .getByRole("dialog")
      .getByText(/curl .*https:\/\/model\.invalid/s)
      .first()
      .waitFor();
    await playground.page.keyboard.press("Escape");
    await playground.expectComplaint(/Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED)/);
    assert.equal(await completion(run).count(), 0);
  });
});
