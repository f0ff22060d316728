// Sending: what a person sees while an answer comes, and when it fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { completion, type Playground, pageUrl, read, until, visit } from "./playground.ts";

/** A request that streams from the demo model, which may not end the text (token 256) before the limit. */
function ask(model: string, more: object = {}): object {
  const prompt = ["The lighthouse keeper opened the door and"];
  return { model, prompt, max_tokens: 24, stream: true, logit_bias: { 256: -100 }, ...more };
}

/** The figures of a run: name and value, as shown. */
async function figures(run: ReturnType<Playground["page"]["locator"]>): Promise<ReadonlyMap<string, string>> {
  const terms = await run.getByRole("term").allInnerTexts();
  const values = await run.getByRole("definition").allInnerTexts();
  return new Map(terms.map((term, i) => [term.trim(), values[i]?.trim() ?? ""]));
}

/** What each failing demo model leads to: how the run ends and what the page says. */
const failures: readonly {
  readonly model: string;
  readonly outcome: Parameters<Playground["ended"]>[1];
  readonly words: readonly RegExp[];
  readonly text?: boolean;
}[] = [
  { model: "demo-401", outcome: "Failed", words: [/HTTP 401/, /key/i] },
  { model: "demo-500-html", outcome: "Failed", words: [/HTTP 500/] },
  { model: "demo-error-midstream", outcome: "Failed", words: [/mid-answer/], text: true },
  { model: "demo-cut", outcome: "Ended early", words: [/ended early/, /no finish reason/], text: true },
  { model: "demo-reset", outcome: "Failed", words: [/connection broke/i], text: true },
  { model: "demo-no-done", outcome: "Complete", words: [], text: true },
  { model: "demo-empty", outcome: "Empty", words: [/Empty answer/, /200/] },
];

/** Each goes on where the one before it ended, in one page: that is how people use it. */
const stories: Readonly<Record<string, (playground: Playground) => Promise<void>>> = {
  "an answer streams in, piece by piece, with its figures": async (playground) => {
    await playground.paste(JSON.stringify(ask("demo-small", { stream_options: { include_usage: true } })));
    // Seen from inside the page, or the steps would be those of the looking.
    await playground.answer.evaluate((area) => {
      const lengths = new Set<number>();
      Object.assign(window, { lengths });
      new MutationObserver(() => {
        const card = area.querySelector("article");
        if (card) lengths.add(card.textContent?.length ?? 0);
      }).observe(area, { subtree: true, childList: true, characterData: true });
    });
    const run = await playground.run();
    await playground.page.getByRole("button", { name: /^Stop/ }).waitFor();
    await playground.ended(run, "Complete");
    const lengths = await playground.page.evaluate(() => [...(window as unknown as { lengths: Set<number> }).lengths]);
    assert.ok(lengths.length >= 3, `the answer grew in ${lengths.length} steps`);

    await completion(run).getByText("Length limit").waitFor();
    const shown = await figures(run);
    assert.match(shown.get("First token") ?? "", /^\d+ ms$|^\d+\.\d+ s$/);
    assert.match(shown.get("Speed") ?? "", /^\d+(\.\d)? tokens\/s$/);
    assert.match(shown.get("Tokens") ?? "", /^\d+ \+ 24 = \d+$/);
    assert.equal(shown.get("Status"), "200");
  },

  "Esc stops an answer and keeps what came": async (playground) => {
    await playground.paste(JSON.stringify(ask("demo-small", { max_tokens: 400 })));
    const run = await playground.run();
    const kept = await until(
      "some text",
      () => read(completion(run)),
      (text) => text.length > 60,
    );
    await playground.page.keyboard.press("Escape");
    await playground.ended(run, "Stopped");
    const text = await read(completion(run));
    assert.ok(text.startsWith(kept.slice(0, 40)), `${text} begins with what was there before`);
    await playground.send.waitFor();

    // What stopped can be sent again at once, without another click.
    const again = await playground.run();
    await until("the next answer", async () => (await read(completion(again))).length > 20);
    await playground.page.getByRole("button", { name: /^Stop/ }).click();
    await playground.ended(again, "Stopped");
  },

  "two prompts with two choices each give four cards": async (playground) => {
    const run = await playground.runJson(ask("demo-fast", { prompt: ["In the morning", "In the evening"], n: 2 }));
    await playground.ended(run, "Complete");
    for (const name of ["Prompt 1, choice 1", "Prompt 1, choice 2", "Prompt 2, choice 1", "Prompt 2, choice 2"]) {
      const card = completion(run, name);
      assert.ok((await read(card)).length > name.length + 20, `${name} has text`);
      await card.getByText("Length limit").waitFor();
    }
    assert.equal(await run.getByRole("article").count(), 4);
  },

  "tokens show what else was likely": async (playground) => {
    const run = await playground.runJson(ask("demo-fast", { logprobs: 3, stream: false }));
    await playground.ended(run, "Complete");
    const tokens = run.getByRole("group", { name: /^Tokens/ });
    await tokens.focus();
    await playground.page.keyboard.press("ArrowRight");
    const first = run.getByRole("status").filter({ hasText: "Token 1" });
    await first.waitFor();
    const rows = await run.getByRole("table").getByRole("row").allInnerTexts();
    assert.ok(rows.filter((row) => /%/.test(row)).length >= 3, `${rows.join(" | ")} lists three alternatives`);
    await playground.page.keyboard.press("ArrowRight");
    await run.getByRole("status").filter({ hasText: "Token 2" }).waitFor();

    await run.getByRole("button", { name: "Text", exact: true }).click();
    assert.equal(await run.getByRole("table").count(), 0);
  },

  "every way of failing is told for what it is": async (playground) => {
    for (const { model, outcome, words, text } of failures) {
      const run = await playground.runJson(ask(model));
      await playground.ended(run, outcome);
      const told = await read(run);
      for (const word of words) assert.match(told, word, model);
      assert.equal(await completion(run).count(), text ? 1 : 0, `${model}: a card only where text came`);
      if (text) assert.ok((await read(completion(run))).length > 20, `${model} keeps the text that came`);
      // Where nothing went wrong, nothing says so.
      if (outcome === "Complete") assert.doesNotMatch(told.replaceAll(model, ""), /failed|error|broke|missing/i);
      if (model === "demo-500-html") {
        await run.getByText("What the server sent").click();
        await run.getByRole("group", { name: "Raw answer" }).getByText("<h1>Internal Server Error</h1>").waitFor();
      }
    }
  },

  "a server that asks to wait gets a countdown, and then the button sends": async (playground) => {
    const run = await playground.runJson(ask("demo-429"));
    await playground.ended(run, "Failed");
    assert.match(await read(run), /Too many requests/);
    const waiting = run.getByRole("button", { name: /^Send again in [1-5] s$/ });
    assert.ok(await waiting.isDisabled());
    const before = await read(waiting);
    await until(
      "the countdown to go on",
      async () => (await read(run.getByRole("button", { name: /^Send again/ }))) !== before,
    );
    const again = run.getByRole("button", { name: "Send again", exact: true });
    await again.waitFor();
    await again.click();
    await playground.ended(await playground.nextRun(), "Failed");
  },

  "an address can be typed while an answer streams": async (playground) => {
    const { page } = playground;
    await playground.paste(JSON.stringify(ask("demo-small", { max_tokens: 400 })));
    const run = await playground.run();
    await until("some text", async () => (await read(completion(run))).length > 20);
    await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "Other server" });
    const box = page.getByLabel("Base URL", { exact: true });
    await box.pressSequentially("http://localhost:9000", { delay: 20 });
    assert.equal(await box.inputValue(), "http://localhost:9000");
    await page.keyboard.press("Escape");
    await playground.ended(run, "Stopped");
  },

  "the demo server's API streams to the page over real HTTP": async (playground) => {
    const { page } = playground;
    await playground.useServer(pageUrl);
    await playground.paste(JSON.stringify(ask("demo-slow", { max_tokens: 1000 })));
    const slow = await playground.run();
    await until("some text, minutes before the end", async () => (await read(completion(slow))).length > 0);
    await page.keyboard.press("Escape");
    await playground.ended(slow, "Stopped");
    const run = await playground.runJson(ask("demo-small", { stream_options: { include_usage: true } }));
    await playground.ended(run, "Complete");
    assert.match((await figures(run)).get("Tokens") ?? "", /\+ 24 = /);
    await page.getByLabel("Endpoint", { exact: true }).getByText(new URL(pageUrl).host).waitFor({ state: "attached" });
  },
};

test("sending", async (t) => {
  await visit(browser, {}, async (playground) => {
    for (const [name, story] of Object.entries(stories)) await t.test(name, () => story(playground));
  });
});
