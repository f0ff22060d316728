// What is there again after a reload, a crash and another day, and what never is.

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { browser } from "./browser.ts";
import { kept } from "./kept.ts";
import { completion, Playground, pageUrl, read, until, visit } from "./playground.ts";
import { chunk, done, startServer } from "./server.ts";

const canary = "sk-canary/9f8e7d6c+5b4a3=";
const spellings = [canary, canary.replaceAll("/", "\\/"), encodeURIComponent(canary), btoa(canary)];

function assertClean(place: string, text: string): void {
  for (const spelling of spellings)
    assert.ok(!text.includes(JSON.stringify(spelling).slice(1, -1)), `${place} holds the key`);
}

/** Another tab of the same browser. */
async function opened(context: BrowserContext, page?: Page): Promise<Playground> {
  const tab = new Playground(context, page ?? (await context.newPage()));
  tab.listen();
  await tab.watchPolicy();
  await tab.page.goto(pageUrl);
  await tab.checked();
  return tab;
}

async function reload({ page }: Playground): Promise<void> {
  await page.reload();
  await page.getByText(/^checked in /).waitFor();
}

const asked = (prompt: string) => `{"model": "made-up", "prompt": ["${prompt}"], "max_tokens": 8, "stream": true}`;

/** A server whose answers go on when the test says so; `nth` counts them from 1. */
async function slowServer() {
  const answers: ServerResponse[] = [];
  const server = await startServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    answers.push(response);
  });
  const answer = (nth: number) =>
    until(
      `request ${nth}`,
      () => answers[nth - 1],
      (found) => found !== undefined,
    );
  return {
    ...server,
    next: async (nth: number, events: string) => void (await answer(nth))?.write(events),
    end: async (nth: number, events: string) => void (await answer(nth))?.end(events),
  };
}

test("after a reload everything is there again, and an answer that was cut as far as it came", async () => {
  const server = await slowServer();
  try {
    await visit(browser, { fresh: true }, async (playground) => {
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
      await page.getByRole("button", { name: /^About this endpoint/ }).click();
      await page.getByRole("combobox", { name: "Checked by the rules of" }).selectOption({ label: "vLLM" });
      await page.keyboard.press("Escape");
      await playground.paste(asked("one"));
      const first = await playground.run();
      await server.end(1, chunk("The first.", "stop") + done);
      await playground.ended(first, "Complete");
      const held = /^\s*(As asked.*|\d+ things? differs?)\s*$/;
      const summary = await first.getByText(held).first().innerText();
      await first.getByText(/events? as received/).click();
      await page.getByRole("button", { name: "Compare with this run" }).click();
      const second = await playground.run();
      let sent = "";
      for (let i = 0; i < 200; i++) {
        sent += `${i} `;
        await server.next(2, chunk(`${i} `));
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
      await server.next(2, chunk("and last"));
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
      // An answer of another visit is held to its request as well.
      const old = answer.getByRole("region", { name: "Run 1", exact: true });
      assert.equal(await old.getByText(held).first().innerText(), summary);
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
      await page.getByRole("button", { name: /^About this endpoint/ }).click();
      assert.equal(await page.getByRole("combobox", { name: "Checked by the rules of" }).inputValue(), "vllm");
      await page.keyboard.press("Escape");

      // It goes on from there: the next run has the next number, and nothing of this is read twice.
      const next = await playground.run();
      assert.equal(await next.getAttribute("aria-label"), "Run 3");
      await server.end(3, chunk("Again.", "stop") + done);
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
    await until("the second draft", async () => (await kept(page)).text.includes("second tab"));
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

test("a key is in nothing that is kept, wherever it was typed, pasted or sent back", async () => {
  const server = await startServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    // An answer that repeats the key, cut in two.
    response.write(chunk(`the key is ${canary}`).slice(0, -40));
    setTimeout(() => response.end(`${chunk(`the key is ${canary}`).slice(-40)}${chunk("", "stop")}${done}`));
  });
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      const clean = async (state: string) => {
        const { text } = await kept(page);
        assertClean(state, text);
        return text;
      };
      await playground.useServer(server.base);
      await page.getByLabel("API key", { exact: true }).fill(canary);
      await playground.paste(asked(`my key is ${canary}`));
      await playground.ended(await playground.run(), "Complete");
      await until("the run", async () => (await clean("after a run")).includes("the key is **"));

      // A base URL with a key in it is refused, and stays in its box alone.
      for (const base of [`${server.base}/?key=${canary}`, `http://me:${canary}@localhost:1`]) {
        await playground.setBase(base);
        await page.locator("#base-fault").waitFor();
      }
      // A command with a key, as text, in another text, taken over and given back.
      const command = `curl ${server.base}/v1/completions -H "Authorization: Bearer ${canary}" -d '${asked("from curl")}'`;
      await playground.paste(command);
      await page.getByRole("region", { name: "Import" }).waitFor();
      await until("the command", async () => (await clean("a command")).includes("Authorization: Bearer ***"));
      await reload(playground);
      await page.getByText("Keys are not kept: asterisks stand where one stood in the text.").waitFor();
      assert.match(await playground.text(), /Authorization: Bearer \*{25}"/, "the text is there, without the key");
      assert.equal(await page.getByLabel("Base URL", { exact: true }).inputValue(), "", "the base was refused");

      await playground.paste(command);
      await page.getByRole("button", { name: /^Turn this curl command into a request for/ }).click();
      await page.getByRole("button", { name: "Clear the key" }).waitFor();
      await playground.ended(await playground.run(), "Complete");
      await until("the second run", async () => (await clean("an import")).includes("from curl"));
      await page.getByRole("button", { name: "Undo the import" }).click();
      await playground.textBecomes((text) => text.startsWith("curl"), "the command");
      await playground.paste(`{"prompt": "before"} // x-api-key: ${canary}`);
      await until("the newest text", async () => (await clean("a comment")).includes("before"));
      await page.reload();
      await playground.checked();
      await clean("after a reload");
      for (const line of playground.console) assertClean("the console", line);
    });
  } finally {
    await server.close();
  }
});

test("drafts are off with one click, everything is cleared with two, and foreign records hurt nobody", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const button = page.getByRole("button", { name: "What is kept on this device" });
    const dialog = page.getByRole("dialog", { name: "What is kept on this device" });
    const toggle = dialog.getByRole("checkbox", { name: "Keep drafts on this device" });
    await playground.paste('{"model": "demo-fast", "prompt": ["Kept"], "max_tokens": 4, "stream": true}');
    await playground.ended(await playground.run(), "Complete");
    await until("the run", async () => (await kept(page)).runs === 1);

    // Off erases at once, and stays off; the page itself goes on.
    await button.click();
    await toggle.uncheck();
    await until("an empty store", async () => (await kept(page)).drafts.length + (await kept(page)).runs === 0);
    await page.keyboard.press("Escape");
    await playground.paste('{"model": "demo-fast", "prompt": ["Off"], "max_tokens": 4, "stream": true}');
    await playground.ended(await playground.run(), "Complete");
    await reload(playground);
    assert.ok(!(await playground.text()).includes("Off"));
    assert.ok(!(await kept(page)).text.includes("demo-fast"));

    // On again, all that stands in the page is kept, what was sent meanwhile too.
    await playground.paste('{"model": "demo-fast", "prompt": ["On"], "max_tokens": 4, "stream": true}');
    await page.keyboard.press("ControlOrMeta+Enter");
    await playground.answer.getByText("Complete", { exact: true }).waitFor();
    await button.click();
    await toggle.check();
    await until(
      "the draft and the run",
      async () => (await kept(page)).runs === 1 && (await kept(page)).text.includes("On"),
    );
    await page.keyboard.press("Escape");

    // Records of other shapes and versions are passed over.
    await page.evaluate(async () => {
      const open = indexedDB.open("completion-playground");
      await new Promise((resolve) => {
        open.onsuccess = resolve;
      });
      const tables = open.result.transaction(["drafts", "runs", "pieces"], "readwrite");
      const [draft] = await new Promise<{ id: string }[]>((resolve) => {
        const all = tables.objectStore("drafts").getAll();
        all.onsuccess = () => resolve(all.result);
      });
      for (const odd of [
        { id: "x" },
        { id: "y", version: 99 },
        { ...draft, id: "z", text: 5 },
        { ...draft, id: "w", view: null },
      ])
        tables.objectStore("drafts").put(odd);
      const run = { draft: draft?.id, version: 1, response: { status: "no" }, request: null };
      for (const id of [7, "8", 9.5]) tables.objectStore("runs").put({ ...run, id });
      tables.objectStore("pieces").put({ draft: draft?.id, run: 1, number: 9, bytes: new Date(0), version: 1 });
      await new Promise((resolve) => {
        tables.oncomplete = resolve;
      });
      open.result.close();
    });
    await reload(playground);
    assert.match(await playground.text(), /"On"/);
    await playground.answer
      .getByRole("region", { name: "Run 1", exact: true })
      .getByText("Complete", { exact: true })
      .waitFor();

    // Everything goes, the page's own memory too, but only after a second click.
    await playground.useServer("http://127.0.0.1:1");
    await page.getByLabel("API key", { exact: true }).fill(canary);
    await page.getByRole("button", { name: /^About this endpoint/ }).click();
    await page.getByRole("checkbox", { name: "Keep the key for this tab" }).check();
    await page.keyboard.press("Escape");
    await page.getByTitle("Dark theme").click();
    await until("the key in the session storage", async () => (await kept(page)).text.includes(canary));
    await button.click();
    await dialog.getByRole("button", { name: "Clear everything" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByRole("button", { name: "No" }).click();
    assert.ok((await kept(page)).drafts.length > 0, "nothing is gone yet");
    await dialog.getByRole("button", { name: "Clear everything" }).click();
    await dialog.getByRole("button", { name: "Yes, clear everything" }).click();
    await playground.textBecomes((text) => text.includes("lighthouse"), "the text of a first visit");
    const { text, drafts, runs } = await kept(page);
    assert.deepEqual([drafts, runs], [[], 0]);
    assert.doesNotMatch(text, /On|demo-fast|127\.0\.0\.1:1"|canary|dark|\bkey\b/);
    const undo = page.getByRole("button", { name: "Undo", exact: true });
    assert.equal(await undo.getAttribute("aria-disabled"), "true", "there is nothing to undo");
    assert.match(await playground.text(), /lighthouse/);
    await playground.answer.getByText("The answer streams in here.").waitFor();
    await playground.useServer("http://127.0.0.1:1");
    assert.equal(await page.getByRole("button", { name: "Clear the key" }).count(), 0);
    await reload(playground);
    assert.equal(await page.getByLabel("Base URL", { exact: true }).inputValue(), "http://127.0.0.1:1");
  });
});

test("where there is no room or no store, the page says so once and works on", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    const { page } = playground;
    await page.evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      Object.assign(window, {
        room: () => {
          IDBObjectStore.prototype.put = put;
        },
      });
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await playground.paste('{"model": "demo-fast", "prompt": ["No room"], "max_tokens": 4, "stream": true}');
    const told = page.getByText(/The browser has no room left for drafts/);
    await page.getByRole("status").filter({ has: told }).waitFor();
    await page.getByRole("button", { name: "Close: not kept" }).click();
    await playground.ended(await playground.run(), "Complete");
    await playground.paste('{"model": "demo-fast", "prompt": ["Still no room"], "max_tokens": 4, "stream": true}');
    await page.getByRole("button", { name: "What is kept on this device" }).click();
    await page.getByRole("dialog", { name: "What is kept on this device" }).filter({ has: told }).waitFor();
    assert.equal(await told.count(), 1, "it is told where it can be looked up, and not a second time");
    await page.evaluate(() => (window as unknown as { room(): void }).room());
    await page.keyboard.press("Escape");
    await playground.editor.click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type(" ");
    await until("all of it", async () => {
      const { text, runs } = await kept(page);
      return runs === 1 && text.includes("Still no room");
    });
    assert.equal(await told.count(), 0);
  });
  const prepare = (page: Page) =>
    page.addInitScript(() => {
      indexedDB.open = () => {
        throw new DOMException("a private window", "InvalidStateError");
      };
    });
  await visit(browser, { prepare, viewport: { width: 390, height: 844 } }, async (playground) => {
    const { page } = playground;
    await page
      .getByRole("status")
      .getByText(/This browser gives the page no place to keep drafts/)
      .waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.keyboard.press("ControlOrMeta+Enter");
    await playground.answer.getByText("Complete", { exact: true }).waitFor();
  });
});

test("an embedded element keeps nothing unless it is asked to; what its page gives goes before a draft, which is offered", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    const embed = (attributes: string) =>
      page.route(`${pageUrl}/docs.html`, (route) =>
        route.fulfill({
          contentType: "text/html; charset=utf-8",
          body: `<!doctype html><html lang="en"><title>Docs</title><script type="module" src="./playground.js"></script>
            <completion-playground ${attributes}></completion-playground></html>`,
        }),
      );
    const visitDocs = async (attributes: string) => {
      await page.unroute(`${pageUrl}/docs.html`);
      await embed(attributes);
      await page.goto(`${pageUrl}/docs.html`);
      await page
        .getByText(/^checked in /)
        .first()
        .waitFor();
    };
    await visitDocs("");
    await playground.paste(asked("embedded"));
    await page.getByTitle("Dark theme").click();
    await playground.useServer("http://127.0.0.1:1");
    assert.equal(await page.getByRole("button", { name: "What is kept on this device" }).count(), 0);
    await page.reload();
    await playground.checked();
    assert.doesNotMatch(await playground.text(), /embedded/);
    assert.doesNotMatch((await kept(page)).text, /embedded|dark|127\.0\.0\.1:1"/);

    await visitDocs("keep");
    assert.doesNotMatch(await playground.text(), /made-up/, "the draft of another page is not its own");
    await playground.paste(asked("my own"));
    await reload(playground);
    assert.equal(await playground.text(), asked("my own"));

    await visitDocs(`keep value='{"model": "given"}'`);
    assert.equal(await playground.text(), '{"model": "given"}');
    await page.getByRole("button", { name: "Restore draft" }).click();
    await playground.textBecomes((text) => text === asked("my own"), "the draft");
    await playground.undo();
    await playground.textBecomes((text) => text === '{"model": "given"}', "the given text");

    // Two elements that keep are two places.
    await visitDocs(`keep></completion-playground><completion-playground keep id="other"`);
    const boxes = page.getByRole("textbox", { name: "Request text" });
    await boxes.nth(1).waitFor();
    await until("two checks", async () => (await page.getByText(/^checked in /).count()) === 2);
    await boxes.nth(1).click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("// the second");
    const text = await read(boxes.nth(0));
    await page.reload();
    await until("two checks", async () => (await page.getByText(/^checked in /).count()) === 2);
    // A verdict may be there before the full editor, and a textarea has no text to read.
    const shows = (at: number, accept: (text: string) => boolean) =>
      until(`the text of element ${at + 1}`, () => read(boxes.nth(at)), accept);
    await shows(1, (shown) => shown.includes("// the second"));
    await shows(0, (shown) => shown === text);

    // Taken out and put back, an element goes on with what it has.
    await page.evaluate(() => {
      const element = document.getElementById("other");
      element?.remove();
      if (element) document.body.append(element);
    });
    await until("the check", async () => (await page.getByText(/^checked in /).count()) === 2);
    await shows(1, (shown) => shown.includes("// the second"));
    await boxes.nth(1).click();
    await page.keyboard.type("!");
    await until("the draft", async () =>
      (await kept(page)).drafts.some(({ text }) => /the second.*!|!.*the second/s.test(text)),
    );
  });
});

test("a link opens the page with the request, once, and gives way to what is made of it", async () => {
  await visit(browser, { fresh: true }, async (playground) => {
    const { page, context } = playground;
    const linked = (name: string) => `{"model": "demo-small", "prompt": ["${name} 100% +#&"], "max_tokens": 8}`;
    const link = async () => {
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await page.getByRole("button", { name: "Copy a link to this request" }).click();
      await page.getByText("A link to this request is copied.").first().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await playground.paste(linked("first"));
    const first = await link();
    await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "OpenAI" });
    await page.getByLabel("API key", { exact: true }).fill(canary);
    await playground.paste(linked("second"));
    const second = await link();
    assertClean("the link", decodeURIComponent(second));
    await playground.paste(`{"user": "${canary}"}`);
    await page.getByRole("button", { name: "Copy a link to this request" }).click();
    await page
      .getByText(/A key stands in the text/)
      .first()
      .waitFor();

    const there = new Playground(context, await context.newPage());
    there.listen();
    await there.page.goto(first);
    await there.checked();
    assert.equal(await there.text(), linked("first"));
    assert.equal(there.page.url(), `${pageUrl}/`);
    // Opened in the page that is there already, it takes the place of the text, and an undo brings that back.
    await there.page.evaluate((to) => location.assign(to), second);
    await there.textBecomes((text) => text === linked("second"), "the second link's text");
    assert.equal(await there.page.getByLabel("Endpoint", { exact: true }).inputValue(), "openai");
    await there.undo();
    await there.textBecomes((text) => text === linked("first"), "the first again");
    await there.paste(linked("third"));
    await reload(there);
    assert.equal(await there.text(), linked("third"));
    there.assertQuiet();
  });
});
