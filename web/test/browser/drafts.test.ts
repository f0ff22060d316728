// What stands in the form and not in the text, when the page is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { until, visit } from "./playground.ts";

test("what cannot be read stands in its box again after a reload, with the reason, and goes with everything else", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const seed = page.getByLabel("Seed", { exact: true });
    await seed.fill("abc");
    await page.getByLabel("Temperature", { exact: true }).fill("0,5");
    await page.getByRole("textbox", { name: "Token bias", exact: true }).fill("12x");
    await page.reload();
    await playground.checked();
    await page.getByText("This is no number.").waitFor();
    assert.equal(await seed.inputValue(), "abc");
    assert.equal(await page.getByLabel("Temperature", { exact: true }).inputValue(), "0,5");
    assert.equal(await page.getByRole("textbox", { name: "Token bias", exact: true }).inputValue(), "12x");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page
      .getByRole("alert")
      .filter({ hasText: /Seed “abc”/ })
      .waitFor();
    await page.getByRole("button", { name: "Use 0.5", exact: true }).click();
    await playground.textBecomes((text) => text.includes('"temperature": 0.5'), "the offer taken");

    await page.getByRole("button", { name: "What is kept on this device" }).click();
    await page.getByRole("button", { name: "Clear everything" }).click();
    await page.getByRole("button", { name: "Yes, clear everything" }).click();
    await until(
      "an empty box",
      () => seed.inputValue(),
      (value) => value === "",
    );
    await playground.checked();
    await page.reload();
    await playground.checked();
    assert.equal(await seed.inputValue(), "");
  });
});

test("tokens are added one after the other from the keyboard, and each is told", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const box = page.getByRole("textbox", { name: "Token bias", exact: true });
    await box.focus();
    for (const token of ["318", "50256"]) {
      await page.keyboard.type(token);
      await page.keyboard.press("Enter");
      await page.getByText(`Token ${token} is in the table.`).waitFor({ state: "attached" });
      assert.equal(await box.inputValue(), "");
    }
    await page.keyboard.type("1");
    await page.getByText(/is in the table\.$/).waitFor({ state: "detached" });
    await playground.textBecomes((text) => /"318": 1,\s*"50256": 1/.test(text), "both tokens");
  });
});
