// Finding out what a server does: asked for, stopped, shown, kept and put to use.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { openProbe, pageUrl, read, until, visit } from "./playground.ts";
import { startServer } from "./server.ts";

const seeded = '{"model": "demo-ignores-seed", "prompt": ["Once"], "max_tokens": 4, "seed": 7, "temperature": 1}';

test("a server that ignores the seed is found out, and texts for it are checked by that", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    await playground.useServer(pageUrl);
    await playground.paste(seeded);
    await playground.checked();
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posts.push(request.url());
    });
    const probe = await openProbe(playground);
    assert.match(await read(probe), /At most\s+79 requests, two at once, with 569 tokens/);
    assert.ok((await read(probe)).includes(`${pageUrl}/v1/completions`));
    assert.equal(await probe.getByLabel("Model").inputValue(), "demo-ignores-seed");
    assert.deepEqual(posts, [], "nothing is sent before it is agreed to");

    await probe.getByRole("button", { name: "Send the requests" }).click();
    await probe.getByRole("button", { name: "Use these findings" }).waitFor();
    assert.ok(posts.length > 40 && posts.length <= 79, `${posts.length} requests`);
    assert.deepEqual([...new Set(posts)], [`${pageUrl}/v1/completions`]);
    const seed = probe.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "seed", exact: true }) });
    assert.match(await read(seed), /ignored.*expected: honoured/s);
    await probe.getByRole("checkbox", { name: /Only what differs/ }).check();
    const stop = probe.getByRole("rowheader", { name: "stop", exact: true });
    await stop.waitFor({ state: "detached" });
    await seed.getByText(/^\d+ requests$/).click();
    await seed
      .getByText(/"seed":/)
      .first()
      .waitFor();

    const download = page.waitForEvent("download");
    await probe.getByRole("button", { name: "Download the report" }).click();
    const report = JSON.parse(await readFile(await (await download).path(), "utf8"));
    assert.equal(report.model, "demo-ignores-seed");
    assert.equal(report.asked, posts.length);
    assert.equal(report.rows.find((row: { field: string }) => row.field === "seed").verdict, "ignored");

    await probe.getByRole("button", { name: "Use these findings" }).click();
    await probe.getByRole("button", { name: "In use for this endpoint" }).waitFor();
    await probe.getByRole("button", { name: "Close" }).click();
    await until(
      "the finding at the text",
      () => read(playground.problems),
      (words) => /seed/.test(words) && /ignore/i.test(words),
    );

    // Another visit checks by them too, until they are dropped.
    await page.reload();
    await playground.checked();
    await until(
      "the finding after a reload",
      () => read(playground.problems),
      (words) => /ignore/i.test(words),
    );
    await page.getByRole("button", { name: /^About this endpoint/ }).click();
    await page.getByRole("button", { name: "Drop the findings" }).click();
    // The browser tells of each refusal that was asked for.
    playground.allowComplaints(/status of 400/);
    await until(
      "the text without it",
      () => read(playground.problems),
      (words) => !/ignore/i.test(words),
    );
  });
});

test("a probe can be stopped, keeps what it has found, and goes on from there", async () => {
  let held: (() => void)[] = [];
  let answered = 0;
  let most = 0;
  let open = 0;
  const server = await startServer((_, response) => {
    most = Math.max(most, ++open);
    const answer = () => {
      open--;
      answered++;
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          choices: [{ index: 0, text: " the sea", finish_reason: "length" }],
          usage: { completion_tokens: 4 },
        }),
      );
    };
    if (answered < 6) answer();
    else held.push(answer);
  });
  try {
    await visit(browser, {}, async (playground) => {
      await playground.useServer(server.base);
      const probe = await openProbe(playground);
      await probe.getByLabel("Model").fill("any");
      await probe.getByRole("button", { name: "Send the requests" }).click();
      await until(
        "two requests that wait",
        () => held.length,
        (count) => count === 2,
      );
      await probe.getByRole("button", { name: "Stop" }).click();
      await probe.getByText(/It ended after 6 requests: it was stopped/).waitFor();
      assert.equal(most, 2, "never more than two at once");
      await probe.getByRole("button", { name: "Download the report" }).waitFor();
      const before = answered;
      held = [];
      answered = 0;
      await probe.getByRole("button", { name: "Go on" }).click();
      await until(
        "two more that wait",
        () => held.length,
        (count) => count === 2,
      );
      assert.equal(before, 6);
      await probe.getByText(/^12 of at most/).waitFor();
      await playground.page.keyboard.press("Escape");
      await probe.waitFor({ state: "hidden" });
    });
  } finally {
    for (const answer of held) answer();
    await server.close();
  }
});
