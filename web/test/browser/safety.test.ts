// What must never happen: a key that gets out, and a model whose output does something.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { browser } from "./browser.ts";
import { completion, type Playground, pageUrl, read, until, visit } from "./playground.ts";
import { chunk, done, startServer, stream, type TestServer } from "./server.ts";

const canary = "sk-canary/9f8e7d6c+5b4a3=";

/** The canary as it stands in JSON, in an address, and in Base64. */
const spellings = [
  canary,
  canary.replaceAll("/", "\\/"),
  encodeURIComponent(canary),
  encodeURI(canary),
  Buffer.from(canary).toString("base64"),
];

function assertClean(place: string, text: string): void {
  for (const spelling of spellings) assert.ok(!text.includes(spelling), `${place} holds the key`);
}

/** Every place in which the page could have left something. */
async function assertPageClean(playground: Playground, state: string, kept: "nowhere" | "session"): Promise<void> {
  const { page } = playground;
  const places = await page.evaluate(async () => {
    const markup = (root: Document | ShadowRoot): string =>
      [...root.querySelectorAll("*")].reduce(
        (text, element) => text + (element.shadowRoot ? markup(element.shadowRoot) : ""),
        root instanceof Document ? root.documentElement.outerHTML : root.innerHTML,
      );
    const entries = (storage: Storage) => JSON.stringify(Object.entries(storage));
    return {
      markup: markup(document),
      address: location.href,
      title: document.title,
      cookies: document.cookie,
      history: JSON.stringify(history.state),
      "local storage": entries(localStorage),
      "session storage": entries(sessionStorage),
      databases: JSON.stringify(await indexedDB.databases()),
      caches: JSON.stringify(await caches.keys()),
      downloads: JSON.stringify(performance.getEntries().map(({ name }) => name)),
      "visible text": document.querySelector("completion-playground")?.shadowRoot?.textContent ?? "",
    };
  });
  for (const [place, text] of Object.entries(places)) {
    if (place === "session storage" && kept === "session") continue;
    assertClean(`${state}: ${place}`, text);
  }
  for (const line of playground.console) assertClean(`${state}: the console`, line);
  assert.ok(places["visible text"].length > 500, "there was something to look through");
}

/** Saves the newest run to a file, as a person does. */
async function saved(playground: Playground): Promise<string> {
  const arrives = playground.page.waitForEvent("download");
  await playground.page.getByRole("button", { name: "Save this run" }).click();
  const path = await (await arrives).path();
  return readFile(path, "utf8");
}

/** What the page sent anywhere: addresses, headers and bodies. */
function watchRequests(page: Page): () => Promise<readonly { readonly url: string; readonly sent: string }[]> {
  const requests: Promise<{ url: string; sent: string }>[] = [];
  page.context().on("request", (request) => {
    const url = request.url();
    requests.push(
      request
        .allHeaders()
        .catch(() => request.headers())
        .then((headers) => ({ url, sent: `${JSON.stringify(headers)} ${request.postData() ?? ""}` })),
    );
  });
  return () => Promise.all(requests);
}

test("a key goes into the header of the request to its server, and nowhere else", async () => {
  let status = 200;
  const server = await startServer((request, response) => {
    if (status === 200) stream(response, chunk("Good ") + chunk("evening.", "stop") + done);
    else {
      // Some servers say which key they refuse.
      const message = `Incorrect API key provided: ${request.headers.authorization}`;
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ error: { message } }));
    }
  });
  const elsewhere = await startServer((_, response) => stream(response, chunk("Elsewhere.", "stop") + done));
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      const requests = watchRequests(page);
      await playground.useServer(server.base);
      await playground.paste('{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}');
      const box = page.getByLabel("API key", { exact: true });
      assert.equal(await box.getAttribute("type"), "password");
      await box.click();
      await page.keyboard.insertText(canary);
      await playground.editor.click();

      const run = await playground.run();
      await playground.ended(run, "Complete");
      assert.match(await read(completion(run)), /Good evening\./);
      const [sent] = server.received.filter(({ method }) => method === "POST");
      assert.equal(sent?.headers.authorization, `Bearer ${canary}`);
      assert.equal(sent?.headers.cookie, undefined);
      assert.equal(sent?.headers.referer, undefined);
      assertClean("the body", sent?.body ?? canary);

      await run.getByText(/events? as received/).click();
      await assertPageClean(playground, "after a run", "nowhere");
      const recording = await saved(playground);
      assertClean("the recording", recording);
      const { request, body, curl } = await playground.wire();
      for (const text of [request, body, curl]) assertClean("the preview", text);
      assert.match(curl, /Authorization: Bearer \$/, "the command names a variable in place of the key");

      // A refusal that quotes the key is shown without it.
      status = 401;
      const refused = await playground.run();
      await playground.ended(refused, "Failed");
      await refused.getByText("What the server sent").click();
      await refused
        .getByText(/Incorrect API key provided/)
        .first()
        .waitFor();
      await assertPageClean(playground, "after a refusal", "nowhere");
      assertClean("the recording of a refusal", await saved(playground));
      await playground.expectComplaint(/401/);

      // The recording is whole without the key.
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Open a recording" }).click();
      await (await chooser).setFiles({
        name: "run.json",
        mimeType: "application/json",
        buffer: Buffer.from(recording),
      });
      const replayed = await playground.nextRun();
      await playground.ended(replayed, "Complete");
      assert.match(await read(completion(replayed)), /Good evening\./);

      // Another server does not get it, and the page says whose it is.
      await playground.setBase(elsewhere.base);
      await page.getByText(`The key belongs to ${new URL(server.base).host}`).waitFor();
      await playground.checked();
      await playground.ended(await playground.run(), "Complete");
      assert.equal(elsewhere.received.at(-1)?.headers.authorization, undefined);
      await assertPageClean(playground, "after a change of servers", "nowhere");

      for (const { url, sent } of await requests()) {
        assertClean(`the address ${url}`, url);
        if (!url.startsWith(server.base)) assertClean(`the request to ${url}`, sent);
      }
      // A reload forgets it.
      await page.reload();
      await playground.checked();
      await playground.useServer(server.base);
      assert.equal(await page.getByLabel("API key", { exact: true }).inputValue(), "");
      assert.equal(await page.getByRole("button", { name: "Clear the key" }).count(), 0);
    });
  } finally {
    await Promise.all([server.close(), elsewhere.close()]);
  }
});

test("a key is kept for the tab only where one asks for it, and goes with one click", async () => {
  const server = await startServer((_, response) => stream(response, chunk("Evening.", "stop") + done));
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      const stored = () =>
        page.evaluate(() =>
          Object.entries(sessionStorage).filter(([name]) => name.startsWith("completion-playground.key")),
        );
      await playground.useServer(server.base);
      await page.getByLabel("API key", { exact: true }).fill(canary);
      assert.deepEqual(await stored(), []);
      await page.getByRole("button", { name: /^About this endpoint/ }).click();
      await page.getByRole("checkbox", { name: "Keep the key for this tab" }).check();
      await page.keyboard.press("Escape");
      const entries = await until("the stored key", stored, (found) => found.length > 0);
      assert.equal(entries.length, 1);
      assert.ok(entries[0]?.[0].endsWith(server.base), "the entry names the origin");
      assert.equal(entries[0]?.[1], canary);
      await assertPageClean(playground, "kept for the tab", "session");

      await page.reload();
      await playground.checked();
      await playground.useServer(server.base);
      await page.getByRole("button", { name: "Clear the key" }).waitFor();
      await playground.paste('{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}');
      await playground.ended(await playground.run(), "Complete");
      assert.equal(server.received.at(-1)?.headers.authorization, `Bearer ${canary}`);

      await page.getByRole("button", { name: "Clear the key" }).click();
      await until("an empty storage", stored, (found) => found.length === 0);
      await playground.editor.click();
      await playground.ended(await playground.run(), "Complete");
      assert.equal(server.received.at(-1)?.headers.authorization, undefined);
      await assertPageClean(playground, "cleared", "nowhere");
    });
  } finally {
    await server.close();
  }
});

/** A server whose only answer is this text, in chunks of its own choosing. */
function hostile(...texts: readonly string[]): Promise<TestServer> {
  return startServer((_, response) =>
    stream(response, texts.map((text, i) => chunk(text, i === texts.length - 1 ? "stop" : null)).join("") + done),
  );
}

const asked = '{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}';

test("markup and control characters in an answer are shown and do nothing", async () => {
  const markup =
    '<script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload=window.pwned=1></svg>' +
    '<a href="javascript:window.pwned=1">click</a><style>*{display:none}</style><!-- {{window.pwned=1}} -->';
  const server = await hostile(
    markup,
    "\n\u001b[31mred\u001b[0m\u0007 \u202eabc\u202c \u2066x\u2069",
    " nul:\u0000: half:\ud800: \udc00",
    " 🙂 שלום",
  );
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.useServer(server.base);
      await playground.paste(asked);
      const run = await playground.run();
      await playground.ended(run, "Complete");
      const shown = await read(completion(run));
      assert.ok(shown.includes(markup), `the markup is read as text in ${shown}`);
      for (const sign of ["ESC[31mred", "BEL", "RLOabcPDF", "LRIxPDI", "nul:NUL:", "half:\uFFFD: \uFFFD", "🙂 שלום"])
        assert.ok(shown.includes(sign), `${sign} is visible in ${JSON.stringify(shown)}`);
      await run.getByText(/events? as received/).click();
      assert.equal(await run.locator("script, img, a, style, svg[onload]").count(), 0);
      assert.equal(await page.evaluate(() => "pwned" in window), false);
      // Copied, it is what the model wrote.
      await completion(run).getByRole("button", { name: "Copy completion" }).click();
      const copied = await until(
        "the copy",
        () => page.evaluate(() => navigator.clipboard.readText()),
        (text) => text.startsWith("<script>"),
      );
      assert.ok(copied.includes("\u001b[31mred\u001b[0m"));
    });
  } finally {
    await server.close();
  }
});

test("a megabyte without a space neither widens nor stops the page", async () => {
  const server = await hostile(...Array.from({ length: 64 }, (_, i) => `${i}`.repeat(16_384).slice(0, 16_384)));
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.useServer(server.base);
      await playground.paste(asked);
      const run = await playground.run();
      await playground.ended(run, "Complete");
      await playground.editor.click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type(" ");
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      assert.equal(await playground.text(), `${asked} `);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      const shown = (await completion(run).textContent()) ?? "";
      assert.equal(shown.replace(/\D/g, "").length, 64 * 16_384);
    });
  } finally {
    await server.close();
  }
});

test("the page keeps to its own policy", async () => {
  await visit(browser, { fresh: true }, async ({ page }) => {
    const response = await page.request.get(pageUrl);
    const policy = response.headers()["content-security-policy"] ?? "";
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
    for (const directive of ["default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(directive), directive);
    const foreign = await page.evaluate(() =>
      performance.getEntriesByType("resource").filter(({ name }) => new URL(name).origin !== location.origin),
    );
    assert.deepEqual(foreign, [], "nothing came from anywhere else");
  });
});
