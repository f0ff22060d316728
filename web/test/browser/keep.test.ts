// What is there again after a reload, a crash and another day, and what never is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { completion, Playground, pageUrl, patience, read, until, visit } from "./playground.ts";
import { chunk, done, startServer, type TestServer } from "./server.ts";

let browser: Browser;

before(async () => {
  browser = await launchChromium();
});

after(() => browser.close());

const canary = "sk-canary/9f8e7d6c+5b4a3=";
const spellings = [canary, canary.replaceAll("/", "\\/"), encodeURIComponent(canary), btoa(canary)];

/** Everything that the browser keeps for the page, as text: every table, storage, cache, cookie and the history. */
async function kept(
  page: Page,
): Promise<{
  readonly text: string;
  readonly drafts: readonly { readonly id: string; readonly text: string }[];
  readonly runs: number;
}> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const tables: Record<string, unknown[]> = {};
    const parts: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const table of database.objectStoreNames)
        tables[table] = await asked(database.transaction(table).objectStore(table).getAll());
      database.close();
    }
    const decoder = new TextDecoder();
    // Bytes are joined first: a key may lie across two pieces.
    const bytes = (tables.pieces ?? []).map((piece) => decoder.decode((piece as { bytes: Uint8Array }).bytes)).join("");
    parts.push(tables.drafts, tables.runs, bytes, Object.entries(localStorage), Object.entries(sessionStorage));
    parts.push(history.state, document.cookie, location.href);
    for (const name of await caches.keys())
      parts.push(
        name,
        (await (await caches.open(name)).keys()).map(({ url }) => url),
      );
    return {
      text: JSON.stringify(parts),
      drafts: (tables.drafts ?? []) as { id: string; text: string }[],
      runs: (tables.runs ?? []).length,
    };
  });
}

function assertClean(place: string, text: string): void {
  for (const spelling of spellings)
    assert.ok(!text.includes(JSON.stringify(spelling).slice(1, -1)), `${place} holds the key`);
}

/** Another tab of the same browser. */
async function opened(context: BrowserContext, page?: Page): Promise<Playground> {
  const tab = new Playground(context, page ?? (await context.newPage()));
  await tab.listen();
  await tab.page.goto(pageUrl);
  await tab.checked();
  return tab;
}

async function reload({ page }: Playground): Promise<void> {
  await page.reload();
  await page.getByText(/^checked in /).waitFor();
}

const asked = (prompt: string) => `{"model": "made-up", "prompt": ["${prompt}"], "max_tokens": 8, "stream": true}`;

/** A server whose answers go on when the test says so. */
async function slowServer(): Promise<TestServer & { next(events: string): void; end(): void }> {
  let write: (events: string) => void = () => {};
  let end = () => {};
  const server = await startServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    write = (events) => void response.write(events);
    end = () => void response.end();
  });
  return { ...server, next: (events) => write(events), end: () => end() };
}

test("after a reload everything is there again, and an answer that was cut as far as it came", async () => {
  const server = await slowServer();
  try {
    await visit(browser, {}, async (playground) => {
      const { page, answer } = playground;
      await page.addInitScript(() => {
        // What is written of answers, to see that it is written once.
        const written = { bytes: 0, puts: 0 };
        Object.assign(window, { written });
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: { bytes?: Uint8Array }, ...more) {
          if (this.name === "pieces") {
            written.bytes += value.bytes?.byteLength ?? 0;
            written.puts++;
          }
          return put.call(this, value, ...more);
        };
      });
      await reload(playground);
      await playground.useServer(server.base);
      await page.getByLabel("API key", { exact: true }).fill(canary);
      await page.getByRole("button", { name: "About this endpoint and its key" }).click();
      await page.getByRole("combobox", { name: "Checked by the rules of" }).selectOption({ label: "vLLM" });
      await page.keyboard.press("Escape");
      await playground.paste(asked("one"));
      const first = await playground.run();
      server.next(chunk("The first.", "stop") + done);
      server.end();
      await playground.ended(first, "Complete");
      await first.getByText(/events? as received/).click();
      await page.getByRole("button", { name: "Compare with this run" }).click();
      const second = await playground.run();
      let sent = "";
      for (let i = 0; i < 200; i++) {
        sent += `${i} `;
        server.next(chunk(`${i} `));
        if (i % 50 === 0) await second.getByText(`${i} `).first().waitFor();
      }
      await second.getByText(" 199").first().waitFor();
      const { written } = await until(
        "the answer in the store",
        async () => ({
          written: await page.evaluate(
            () => (window as unknown as { written: { bytes: number; puts: number } }).written,
          ),
        }),
        ({ written }) => written.bytes > 200 * 100,
      );
      assert.ok(written.bytes < 200 * 300, `each byte of the answer is written once: ${written.bytes}`);
      assert.ok(written.puts < 50, `in ${written.puts} pieces`);

      // The newest key and the newest chunk, at once before the reload.
      await playground.editor.click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type("\n// yes");
      server.next(chunk("and last"));
      await second
        .getByText(/and last/)
        .first()
        .waitFor();
      await page.keyboard.press("!");
      await reload(playground);

      assert.equal(await playground.text(), `${asked("one")}\n// yes!`);
      await page.getByText("Ln 2, Col 8").waitFor();
      assert.equal(await page.getByLabel("Base URL", { exact: true }).inputValue(), server.base);
      assert.equal(await page.getByLabel("API key", { exact: true }).inputValue(), "");
      assert.equal(await page.getByRole("button", { name: "Clear the key" }).count(), 0);
      const cut = answer.getByRole("region", { name: "Run 2", exact: true });
      await playground.ended(cut, "Ended early");
      await cut.getByRole("heading", { name: "Cut by a reload" }).waitFor();
      await cut
        .getByText(/and last/)
        .first()
        .waitFor();
      await cut.getByText("202 events as received").or(cut.getByText("201 events as received")).waitFor();
      await completion(cut).getByRole("button", { name: "Copy completion" }).click();
      await until(
        "the whole of what came",
        () => page.evaluate(() => navigator.clipboard.readText()),
        (text) => text === `${sent}and last`,
      );
      const compared = answer.getByRole("region", { name: "Run 1", exact: true });
      await compared.getByText("The first.").first().waitFor();
      await playground.ended(compared, "Complete");
      await compared.getByRole("list", { name: "Events" }).waitFor();
      await page.getByRole("button", { name: "About this endpoint and its key" }).click();
      assert.equal(await page.getByRole("combobox", { name: "Checked by the rules of" }).inputValue(), "vllm");
      await page.keyboard.press("Escape");

      // It goes on from there: the next run has the next number, and nothing of this is read twice.
      const next = await playground.run();
      assert.equal(await next.getAttribute("aria-label"), "Run 3");
      server.next(chunk("Again.", "stop") + done);
      server.end();
      await playground.ended(next, "Complete");
      await page.goto("about:blank");
      await page.goBack();
      await playground.checked();
      assert.equal(await playground.text(), `${asked("one")}\n// yes!`);
      for (const [name, text] of [
        ["Run 3", "Again."],
        ["Run 1", "The first."],
      ] as const)
        await answer.getByRole("region", { name, exact: true }).getByText(text).first().waitFor();
      const { text, runs } = await kept(page);
      assert.equal(runs, 3);
      assertClean("what is kept", text);
      assert.ok(text.includes("The first."), "there was something to look through");
    });
  } finally {
    await server.close();
  }
});

test("tabs have drafts of their own, a copied tab too, and what a closed or crashed tab had is there for the next", async () => {
  await visit(browser, {}, async (playground) => {
    const { page, context } = playground;
    await playground.paste(asked("first tab"));
    await until("the draft", async () => (await kept(page)).drafts.length === 1);

    const second = await opened(context);
    assert.ok(!(await second.text()).includes("first tab"), "a draft that is open is left to its tab");
    await second.paste(asked("second tab"));
    const [copied] = await Promise.all([
      context.waitForEvent("page"),
      second.page.evaluate(() => void window.open(location.href)),
    ]);
    const copy = new Playground(context, copied);
    await copy.checked();
    assert.equal(await copy.text(), asked("second tab"), "a copied tab begins with the text");
    await copy.paste(asked("copied tab"));
    await playground.paste(asked("first tab again"));
    await until("three drafts", async () => {
      const texts = (await kept(page)).drafts.map(({ text }) => text).sort();
      return (
        JSON.stringify(texts) === JSON.stringify([asked("copied tab"), asked("first tab again"), asked("second tab")])
      );
    });
    for (const [tab, text] of [
      [playground, "first tab again"],
      [second, "second tab"],
      [copy, "copied tab"],
    ] as const) {
      await reload(tab);
      assert.equal(await tab.text(), asked(text));
    }

    // A tab is closed, another one crashes.
    await copy.runJson({ model: "demo-fast", prompt: ["Closed"], max_tokens: 4, stream: true });
    await copy.answer.getByText("Complete", { exact: true }).waitFor();
    await until("the run", async () => (await kept(page)).runs === 1);
    await copy.page.close();
    const session = await context.newCDPSession(second.page);
    const crashed = second.page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {});
    await crashed;
    const heir = await opened(context);
    assert.match(await heir.text(), /Closed/, "the newest draft that no tab has, with its runs");
    await heir.answer
      .getByRole("region", { name: "Run 1", exact: true })
      .getByText("Complete", { exact: true })
      .waitFor();
    await heir.page.getByRole("button", { name: "What is kept on this device" }).click();
    const others = heir.page.getByRole("dialog", { name: "What is kept on this device" }).getByRole("list");
    await until("the crashed tab's draft", async () => (await read(others)).includes("second tab"));
    await heir.page.getByRole("button", { name: /second tab/ }).click();
    await heir.textBecomes((text) => text === asked("second tab"), "the other draft");
    await heir.answer.getByText("The answer streams in here.").waitFor();
    await heir.undo();
    await heir.textBecomes((text) => text.includes("Closed"), "the text before");
    await heir.page.getByRole("button", { name: "What is kept on this device" }).click();
    await heir.page.getByRole("button", { name: /Open the draft of .*Closed/ }).click();
    await heir.answer.getByRole("region", { name: "Run 1", exact: true }).waitFor();
    heir.assertQuiet();
  });
});
