// The page as a person meets it: found by role and label, typed into, looked at.

import assert from "node:assert/strict";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, Worker } from "playwright-core";
import { clearPage, closePage, leavePage, openPage, takePage } from "./pages.ts";

const address = process.env.PLAYGROUND_URL;
assert.ok(address, 'PLAYGROUND_URL is not set; run the tests through "go run ./build test"');

/** Where the page and the demo API are served, without a slash at the end. */
export const pageUrl: string = address.replace(/\/+$/, "");

/** How long a condition may take, in milliseconds. A busy machine is slow, not wrong. */
export const patience = Number(process.env.PLAYGROUND_PATIENCE ?? 600_000);

export interface VisitOptions extends BrowserContextOptions {
  /** Done before the page is opened, for routes. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** For a story that changes what clearing the page leaves as it is, or counts what others leave: a page of its own. */
  readonly fresh?: boolean;
  /** Leaves out the wait for the first verdict. */
  readonly unchecked?: boolean;
  /** How long the story may take, in milliseconds, before a page that hangs is closed; an hour when absent. */
  readonly limit?: number;
}

/**
 * Tells the story in the page, as a first visit finds it, and checks that nothing was complained about meanwhile. Stories
 * follow each other in one page; one that prepares it, or has settings beside the size, has a page of its own.
 */
export async function visit(
  browser: Browser,
  options: VisitOptions,
  story: (playground: Playground) => Promise<void>,
): Promise<void> {
  const { prepare, unchecked, fresh, limit = 3_600_000, ...settings } = options;
  const { viewport, ...others } = settings;
  const own = prepare || unchecked || fresh || Object.keys(others).length > 0;
  const opened = own ? await openPage(browser, settings) : await takePage(browser, viewport);
  const { context, page } = opened;
  // Calls into a page that hangs would wait for ever; closing it makes them fail.
  const closing = setTimeout(() => void context.close({ reason: `not done after ${limit / 1000} s` }), limit);
  let told = false;
  try {
    context.setDefaultTimeout(patience);
    if (opened.used) await clearPage(page);
    const playground = new Playground(context, page);
    playground.listen();
    if (!opened.used) {
      await playground.watchPolicy();
      await prepare?.(page);
      await page.goto(pageUrl);
      await playground.editor.waitFor();
    }
    if (!unchecked) await playground.checked();
    await story(playground);
    playground.assertQuiet();
    told = true;
  } finally {
    clearTimeout(closing);
    if (own || !told) await closePage(context);
    else await leavePage(browser, opened, pageUrl);
  }
}

export class Playground {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything the console got, and what went wrong beside it. */
  readonly console: string[] = [];
  readonly workers: Worker[] = [];
  #complaints: string[] = [];
  #runs = 0;

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** To what the page prints and throws. */
  listen(): void {
    const { page } = this;
    page.on("worker", (worker) => this.workers.push(worker));
    page.on("pageerror", (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on("crash", () => this.#complaints.push("the page crashed"));
    page.on("console", (message) => {
      this.console.push(message.text());
      // A server need have no list of models, and need not run; the browser tells of both.
      if (/\/models(\?|'|$)/m.test(`${message.text()}\n${message.location().url}`)) return;
      if (message.type() === "error" || message.type() === "warning") this.#complaints.push(message.text());
    });
  }

  /** Before the page is opened: has it print what its policy refuses. */
  async watchPolicy(): Promise<void> {
    await this.page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }

  /** Takes complaints that the story may bring about out of the count. */
  allowComplaints(pattern: RegExp): void {
    this.#complaints = this.#complaints.filter((complaint) => !pattern.test(complaint));
  }

  /** Takes complaints that the story brings about out of the count; at least one has to be there. */
  async expectComplaint(pattern: RegExp): Promise<void> {
    await until(`a complaint like ${pattern}`, () => this.#complaints.some((complaint) => pattern.test(complaint)));
    this.allowComplaints(pattern);
  }

  assertQuiet(): void {
    assert.deepEqual(this.#complaints, [], "the console is free of errors and policy violations");
  }

  get form(): Locator {
    return this.#area("Form");
  }

  get answer(): Locator {
    return this.#area("Answer");
  }

  get editor(): Locator {
    return this.page.getByRole("textbox", { name: "Request text" });
  }

  get problems(): Locator {
    return this.page.getByRole("region", { name: "Problems" });
  }

  get send(): Locator {
    return this.page.getByRole("button", { name: /^Send(?! anyway| again)/ });
  }

  /** Waits for a verdict on the text as it is now: the foot of the text says how long the newest check took. */
  async checked(): Promise<void> {
    await this.page.getByText(/^checked in /).waitFor();
  }

  /** The text as a person gets it out of the page: with the button that copies it. */
  async text(): Promise<string> {
    await this.page.evaluate(() => navigator.clipboard.writeText(""));
    await this.page.getByRole("button", { name: "Copy the text", exact: true }).click();
    return until(
      "the copy",
      () => this.page.evaluate(() => navigator.clipboard.readText()),
      (text) => text !== "",
    );
  }

  /** Pastes over the whole text, through the clipboard and the keyboard. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.evaluate(() => {
      const arrived = () => setTimeout(() => Object.assign(window, { pasted: true }));
      Object.assign(window, { pasted: false });
      document.addEventListener("paste", arrived, { once: true, capture: true });
    });
    await this.page.keyboard.press("ControlOrMeta+V");
    await until("the paste", () => this.page.evaluate(() => (window as unknown as { pasted: boolean }).pasted));
    await this.checked();
  }

  /** Waits for the text to become what it should. */
  async textBecomes(accept: (text: string) => boolean, what: string): Promise<string> {
    return until(what, () => this.text(), accept);
  }

  async undo(): Promise<void> {
    await this.page.getByRole("button", { name: "Undo", exact: true }).click();
  }

  /** The request as the dialog shows it. */
  async wire(): Promise<{ readonly request: string; readonly body: string; readonly curl: string }> {
    await this.page.getByRole("button", { name: "Wire", exact: true }).click();
    const dialog = this.page.getByRole("dialog", { name: "On the wire" });
    const block = (name: string) => read(dialog.getByRole("group", { name, exact: true }));
    // The dialog is there before the request is built.
    await until(
      "the request in the dialog",
      () => block("Body"),
      (body) => body !== "",
    );
    const shown = { request: await block("Request"), body: await block("Body"), curl: await block("curl") };
    await dialog.getByRole("button", { name: "Close", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    return shown;
  }

  /** Sends with the keys, and gives the run's part of the page. */
  async run(): Promise<Locator> {
    await this.page.keyboard.press("ControlOrMeta+Enter");
    return this.nextRun();
  }

  /** The part of the page that belongs to the run after the last one, once it is there. */
  async nextRun(): Promise<Locator> {
    const run = this.answer.getByRole("region", { name: `Run ${++this.#runs}`, exact: true });
    await run.waitFor();
    return run;
  }

  /** Sends a request for the text with this JSON, whole. */
  async runJson(request: object): Promise<Locator> {
    await this.paste(JSON.stringify(request, null, 2));
    return this.run();
  }

  /** Waits until a run has ended this way. */
  async ended(run: Locator, outcome: "Complete" | "Ended early" | "Empty" | "Failed" | "Stopped"): Promise<void> {
    await until(
      `the outcome "${outcome}"`,
      () => read(run),
      (text) => text.replace(/^Compared with run \d+\s*/, "").startsWith(outcome),
    );
  }

  /** Turns to a server of one's own. */
  async useServer(base: string): Promise<void> {
    await this.page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "Other server" });
    await this.setBase(base);
    await this.checked();
  }

  async setBase(base: string): Promise<void> {
    const box = this.page.getByLabel("Base URL", { exact: true });
    await box.fill(base);
    await box.press("Tab");
  }

  /** Areas stand side by side, or, where it is narrow, behind tabs. */
  #area(name: string): Locator {
    const { page } = this;
    return page.getByRole("region", { name, exact: true }).or(page.getByRole("tabpanel", { name, exact: true }));
  }
}

/** Opens the probe of the endpoint that is chosen, before anything is sent. */
export async function openProbe({ page }: Playground): Promise<Locator> {
  await page.getByRole("button", { name: /^About this endpoint/ }).click();
  await page.getByRole("button", { name: "Find out what this server does" }).click();
  const probe = page.getByRole("dialog", { name: "What this server does" });
  await probe.getByRole("button", { name: "Send the requests" }).waitFor();
  return probe;
}

/** What can be read there, as it is laid out: without hidden text, and with the breaks between lines. */
export function read(place: Locator): Promise<string> {
  return place.innerText();
}

/** The card of one choice. */
export function completion(run: Locator, name: string | RegExp = "Completion"): Locator {
  return run.getByRole("article", { name });
}

/** Asks until the answer is accepted, or true where no test is given. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  accept: (value: T) => boolean = Boolean,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const value = await ask();
    if (accept(value)) return value;
    assert.ok(Date.now() < end, `${what} did not come about; the last state was: ${shown(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** A value for people: text as it is, all else as JSON where it can be. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.slice(0, 500);
}
