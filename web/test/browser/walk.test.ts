// A stranger's way through the page, with the keyboard alone: a request typed by hand, mended, sent to a server of one's own,
// stopped, sent again, and found again after a reload.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser as chromium } from "./browser.ts";
import { launchFirefox } from "./firefox.ts";
import { kept } from "./kept.ts";
import { pageUrl, patience, read, until } from "./playground.ts";
import { chunk, done, startServer, type TestServer } from "./server.ts";

/** As a person types it: Enter for a new line, closing signs typed although the editor adds them, no indentation. */
const typed = `{
"model": "made-up",
"prompt": "It was \\"late\\", and [the {door} was: ",
"max_tokens": "16",
"temperature": 3,
"top_pp": 0.5,
"stream": true
}`;

const mended = typed.replace('"16"', "16").replace("3,", "1,").replace("top_pp", "top_p");

const key = "secret-0123456789";

const screens = {
  "1440 px": { viewport: { width: 1440, height: 900 } },
  "390 px": { viewport: { width: 390, height: 844 } },
} as const;
const forced = { "forced colours": { viewport: { width: 1440, height: 900 }, forcedColors: "active" } } as const;

interface Host {
  readonly browser: Browser | undefined;
  /** Where files land; undefined where the browser tells of them. */
  readonly downloads?: string;
}

let firefox: Promise<Host> | undefined;

/** Started by the first test that needs it. */
async function startFirefox(): Promise<Host> {
  const downloads = await mkdtemp(join(tmpdir(), "downloads-"));
  return { browser: await launchFirefox(downloads), downloads };
}

after(async () => {
  const { browser, downloads } = (await firefox) ?? {};
  await browser?.close();
  if (downloads !== undefined) await rm(downloads, { recursive: true, force: true });
});

// The large counts walk everywhere; otherwise each browser and each screen is walked in once.
const { "1440 px": large, "390 px": small } = screens;
tell("Chromium", async () => ({ browser: chromium }), deep ? { ...screens, ...forced } : { "1440 px": large });
tell("Firefox", () => (firefox ??= startFirefox()), deep ? screens : { "390 px": small });

function tell(name: string, start: () => Promise<Host>, screens: Record<string, BrowserContextOptions>): void {
  for (const [screen, options] of Object.entries(screens)) {
    test(`a stranger's walk: ${name}, ${screen}`, async (t) => {
      const { browser, downloads } = await start();
      if (!browser) return t.skip("no Firefox was found; install firefox or firefox-esr, or name it in FIREFOX_PATH");
      const server = await startWaitingServer();
      const context = await browser.newContext(options);
      try {
        context.setDefaultTimeout(patience);
        await walk(new Walker(await context.newPage(), downloads), server);
      } finally {
        await context.close();
        await server.close();
      }
    });
  }
}

async function walk(at: Walker, server: WaitingServer): Promise<void> {
  const { page } = at;
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // The server has no list of models.
    if (message.type() === "error" && !message.location().url.endsWith("/v1/models")) complaints.push(message.text());
  });
  await page.goto(pageUrl);
  await at.checked();
  assert.ok((await at.tabTo(/^Send/)) <= 15, "the way to Send is short");

  await at.turnTo("Text");
  await at.tabTo(/^Request text/);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.type(typed);
  assert.equal(unindented(await at.text()), typed, "no letter is lost or another one");

  // Three mistakes: one needs a decision, the others have one remedy.
  await page.getByText(/^checked in /).waitFor();
  await page.keyboard.press("Escape"); // leaves a list of completions, and the editor with the next Tab
  await at.backTo(/^Fix all/);
  await page.keyboard.press("Enter");
  await until(
    "the fixes",
    async () => unindented(await at.text()),
    (text) => text === mended.replace("1,", "3,"),
  );
  await at.tabTo(/got 3, want at most 2/);
  await page.keyboard.press("Enter");
  await until("the focus in the text", async () => /^Request text/.test(await at.focused()));
  await page.keyboard.type("1");
  await until(
    "the correction",
    async () => unindented(await at.text()),
    (text) => text === mended,
  );
  await page.getByText("No problems.").waitFor();

  // A server of one's own.
  await page.keyboard.press("Escape");
  await at.backTo(/^Endpoint/);
  await at.choose("Other server");
  await at.tabTo(/^Base URL/);
  await page.keyboard.type(server.base);
  await at.tabTo(/^API key/);
  await page.keyboard.type(key);
  await at.tabTo(/^Send/);
  await page.keyboard.press("Enter");

  const first = page.getByRole("region", { name: "Run 1", exact: true });
  await until(
    "the first words",
    () => read(first),
    (text) => text.includes("a small"),
  );
  // The page has asked the server what it is, too.
  const sent = server.received.find(({ method }) => method === "POST");
  assert.equal(sent?.headers.authorization, `Bearer ${key}`);
  assert.deepEqual(JSON.parse(sent?.body ?? ""), JSON.parse(mended));
  await page.keyboard.press("Escape");
  await until(
    "the end",
    () => read(first),
    (text) => text.startsWith("Stopped"),
  );
  assert.match(await read(first), /a small/, "what came is kept");

  server.release();
  await page.keyboard.press("ControlOrMeta+Enter");
  const second = page.getByRole("region", { name: "Run 2", exact: true });
  await until(
    "the whole answer",
    () => read(second),
    (text) => text.startsWith("Complete") && text.includes("a small green door"),
  );

  assertClean("the recording", await at.saved());
  assertClean("what can be read", await read(page.locator(".app")));

  await page.reload();
  await at.checked();
  await at.turnTo("Text");
  await until(
    "the text again",
    async () => unindented(await at.text()),
    (text) => text === mended,
  );
  await at.turnTo("Answer");
  assert.match(await read(second), /^Complete[\s\S]*a small green door/);
  assert.equal(await page.getByLabel("Base URL", { exact: true }).inputValue(), server.base);
  assert.equal(await page.getByLabel("API key", { exact: true }).inputValue(), "");
  assertClean("the recording of a run that was kept", await at.saved());
  assertClean("the page", await page.locator("body").ariaSnapshot());
  assertClean("the address", page.url());
  assert.deepEqual(complaints, []);

  // A page without a policy sees what the tab and the browser keep.
  await page.route("**/bare", (route) => route.fulfill({ contentType: "text/html", body: "<p>bare" }));
  await page.goto(`${pageUrl}/bare`);
  const { text, runs } = await kept(page);
  assert.equal(runs, 2);
  assertClean("what is kept", text);
}

function assertClean(place: string, text: string): void {
  assert.ok(text !== "" && !text.includes(key), `${place} holds the key, or nothing: ${text}`);
}

/** The lines of a text without what the editor puts before them. */
function unindented(text: string): string {
  return text.replace(/^[ \t]+/gm, "");
}

class Walker {
  readonly page: Page;
  /** Where files land; undefined where the browser tells of them. */
  readonly downloads: string | undefined;

  constructor(page: Page, downloads: string | undefined) {
    this.page = page;
    this.downloads = downloads;
  }

  async checked(): Promise<void> {
    await this.page
      .getByText(/^checked in /)
      .first()
      .waitFor({ state: "attached" });
  }

  /** What has the focus as it is read out: a role and a name; "" for the page itself. Nothing is evaluated, which Firefox forbids. */
  #focus(): Promise<string> {
    // An element whose shadow has it, and what has it within; before both the head, of which nothing is read out.
    return this.page.locator("head, :focus").last().ariaSnapshot();
  }

  async focused(): Promise<string> {
    return /^- '?[a-z]+ "((?:[^"\\]|\\.)*)"/.exec(await this.#focus())?.[1] ?? "";
  }

  /** Presses Tab until something of this name has the focus, and says how often. */
  tabTo(name: RegExp): Promise<number> {
    return this.#go("Tab", name);
  }

  /** The same with Shift and Tab. */
  backTo(name: RegExp): Promise<number> {
    return this.#go("Shift+Tab", name);
  }

  async #go(way: "Tab" | "Shift+Tab", name: RegExp): Promise<number> {
    const passed: string[] = [];
    for (let times = 0; times < 120; times++) {
      const now = await this.focused();
      if (name.test(now)) return times;
      passed.push(now);
      await this.page.keyboard.press(way);
    }
    throw new assert.AssertionError({ message: `${way} does not lead to ${name}; it passed ${passed.join(" | ")}` });
  }

  /** Turns to an area, where the page shows one at a time. */
  async turnTo(name: "Form" | "Text" | "Answer"): Promise<void> {
    const { page } = this;
    const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
    const turned = async () => (await tab.getAttribute("aria-selected")) === "true";
    if (!(await tab.isVisible()) || (await turned())) return;
    await this.tabTo(/^(Form|Text|Answer)\b/);
    for (let times = 0; times < 3 && !(await turned()); times++) {
      await page.keyboard.press("ArrowRight");
    }
    assert.ok(await turned(), name);
  }

  /** Chooses in the list that has the focus. */
  async choose(option: string): Promise<void> {
    const chosen = async () => /option "([^"]*)" \[selected\]/.exec(await this.#focus())?.[1] ?? "";
    for (let times = 0; times < 40; times++) {
      if ((await chosen()) === option) return;
      await this.page.keyboard.press("ArrowDown");
    }
    assert.equal(await chosen(), option);
  }

  /** Saves the run that is shown to a file, and reads that. */
  async saved(): Promise<string> {
    const { page, downloads } = this;
    await this.tabTo(/^Save this run/);
    if (downloads === undefined) {
      const arrives = page.waitForEvent("download");
      await page.keyboard.press("Enter");
      return readFile(await (await arrives).path(), "utf8");
    }
    await page.keyboard.press("Enter");
    const file = await until("the file", async () => (await readdir(downloads)).find((name) => name.endsWith(".json")));
    const path = join(downloads, String(file));
    const text = await until(
      "the whole file",
      () => readFile(path, "utf8"),
      (text) => text.trimEnd().endsWith("}"),
    );
    await rm(path);
    return text;
  }

  async text(): Promise<string> {
    return (await read(this.page.getByRole("textbox", { name: "Request text" }))).replace(/\n$/, "");
  }
}

interface WaitingServer extends TestServer {
  /** Lets answers come to their end. */
  release(): void;
}

/** Streams two words, and the rest when it is released. */
async function startWaitingServer(): Promise<WaitingServer> {
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  const server = await startServer(async (_, response: ServerResponse) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("a small"));
    await released;
    response.end(chunk(" green door", "stop") + done);
  });
  return { ...server, release };
}
