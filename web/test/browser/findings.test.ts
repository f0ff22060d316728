// What is found out about an answer once it is there: whether it is as asked, and the score of a text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { faultsUrl, loadScenarios, scenarioNamed } from "./faults.ts";
import { completion, type Playground, read, until, visit } from "./playground.ts";

async function useRulesOf(playground: Playground, label: string): Promise<void> {
  await playground.page.getByRole("button", { name: "About this endpoint" }).click();
  const about = playground.page.getByRole("dialog", { name: "About this endpoint" });
  await about.getByLabel("Checked by the rules of").selectOption({ label });
  await playground.page.keyboard.press("Escape");
  await about.waitFor({ state: "hidden" });
}

test("an answer that is as asked says so in one line", async () => {
  await visit(browser, {}, async (playground) => {
    const request = {
      model: "demo-fast",
      prompt: ["Once upon a time"],
      max_tokens: 8,
      n: 2,
      logprobs: 2,
      stream: true,
    };
    const run = await playground.runJson(request);
    await playground.ended(run, "Complete");
    await run.getByText("As asked", { exact: true }).waitFor();
    assert.equal(await run.getByText(/differ/).count(), 0);
  });
});

test("what an answer lacks is told on demand, with what is known of the server", async () => {
  const scenario = scenarioNamed(await loadScenarios(), "whole-short-of-choices");
  await visit(browser, {}, async (playground) => {
    await playground.useServer(`${faultsUrl}/${scenario.name}`);
    await useRulesOf(playground, "Ollama");
    await playground.paste(JSON.stringify(scenario.request));
    const run = await playground.run();
    const summary = run.getByText(/^\d+ things differ$/);
    await summary.waitFor();
    const sentence = /3 choices were asked for and 1 came/;
    assert.doesNotMatch(await read(run), sentence, "the details are closed, and no note says the same");
    await summary.click();
    await until(
      "the details",
      () => read(run),
      (words) => sentence.test(words),
    );
    const items = await run.locator(".compared li").allInnerTexts();
    assert.match(items.join("\n"), /Ollama makes one choice whatever n says/);
  });
});

test("prompts are scored, one by one, and compared in a table", async () => {
  await visit(browser, {}, async (playground) => {
    const prompt = ["Once upon a tomato", "Once upon a time"];
    await playground.paste(JSON.stringify({ model: "demo-fast", prompt, n: 3 }));
    await playground.page.getByRole("button", { name: "Score", exact: true }).click();
    await playground.nextRun();
    const run = await playground.nextRun();
    await playground.ended(run, "Complete");
    await run.getByRole("table").waitFor();
    const rows = (await run.getByRole("row").allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
    assert.equal(rows.length, 3);
    assert.match(rows[1] ?? "", /^Once upon a tomato \d+ -/);
    assert.match(rows[2] ?? "", /^Once upon a time likeliest \d+ -/);
    assert.match(await read(run), /Perplexity\s+\d/);
    await run.getByText("Fit for evaluations by log probability").click();
    await run.getByText("Only the first token has none.").waitFor();
    const tokens = completion(run).getByRole("group", { name: /^Tokens/ });
    assert.equal(await read(tokens), "Once upon a time", "nothing was made, and the heat map is the text");
    await tokens.press("ArrowRight");
    await tokens.press("ArrowRight");
    await completion(run)
      .getByText(/log probability -\d/)
      .waitFor();

    await run.getByRole("button", { name: "Once upon a tomato" }).click();
    await playground.answer.getByRole("region", { name: "Run 1", exact: true }).getByRole("table").waitFor();
  });
});

test("what cannot be scored is not sent", async () => {
  await visit(browser, {}, async (playground) => {
    await playground.useServer("http://127.0.0.1:9");
    await useRulesOf(playground, "Ollama");
    await playground.paste(JSON.stringify({ model: "m", prompt: "Once" }));
    await playground.page.getByRole("button", { name: "Score", exact: true }).click();
    const alert = playground.page.getByRole("alert");
    await alert.waitFor();
    assert.match(
      await read(alert),
      /Ollama cannot score a text: Ollama does not return the prompt\. Nothing was sent\./,
    );
    assert.equal(await playground.answer.getByRole("region", { name: /^Run/ }).count(), 0);
  });
});
