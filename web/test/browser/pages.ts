// One page for many stories: to open the page costs more than most stories do. A page that a story leaves where it opened
// is cleared by the page's own means, and the next story finds it as a first visit does, which pages.test.ts compares.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** A page, the only one of its context. */
export interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Whether a story was told in it, so that it has to be cleared. */
  readonly used: boolean;
}

const wide = { width: 1440, height: 900 };

/** Pages that wait for another story. */
const idle = new Map<Browser, Opened>();

/** Gives a page, not loaded yet, with a context of these settings. */
export async function openPage(browser: Browser, settings: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext({
    viewport: wide,
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce", // what moves is drawn again and again
    ...settings,
  });
  return { context, page: await context.newPage(), used: false };
}

/** Gives the page that waits, at the size that is asked for, or a new one. */
export async function takePage(browser: Browser, size: BrowserContextOptions["viewport"]): Promise<Opened> {
  const found = idle.get(browser);
  idle.delete(browser);
  if (!found) return openPage(browser, { viewport: size ?? wide });
  await found.page.setViewportSize(size ?? wide);
  return found;
}

/** Keeps a page for another story if it stands where it was opened, alone in its context; closes it otherwise. */
export async function leavePage(browser: Browser, { context, page }: Opened, address: string): Promise<void> {
  const alone = context.pages().length === 1 && !page.isClosed();
  if (!alone || page.url() !== new URL(address).href || idle.has(browser)) return closePage(context);
  page.removeAllListeners();
  idle.set(browser, { context, page, used: true });
}

export async function closePage(context: BrowserContext): Promise<void> {
  // What a page asked for last may still be on its way.
  for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
}

/** Presses "Clear everything", whatever lies over the page, and waits until the text of a first visit is there. */
export async function clearPage(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.mouse.move(0, 0);
  const editor = await page.locator(".cm-content").elementHandle();
  await page.evaluate(async () => {
    const element = document.querySelector("completion-playground") as HTMLElement & {
      updateComplete: Promise<unknown>;
    };
    const root = element.shadowRoot;
    const press = (name: string) => {
      const buttons = [...(root?.querySelectorAll<HTMLElement>("#kept button") ?? [])];
      const button = buttons.find(({ textContent }) => textContent?.trim() === name);
      if (!button) throw new Error(`there is no button ${name}`);
      button.click();
    };
    // The choice to keep nothing, which clearing leaves.
    localStorage.clear();
    press("Clear everything");
    await element.updateComplete;
    press("Yes, clear everything");
  });
  await editor?.waitForElementState("hidden");
  await page.evaluate(() => {
    const root = document.querySelector("completion-playground")?.shadowRoot;
    // What the document itself holds and the page draws nothing of: the focus, what is unfolded, what is scrolled.
    for (const popover of root?.querySelectorAll<HTMLElement>("[popover]:popover-open") ?? []) popover.hidePopover();
    (root?.activeElement as HTMLElement | null)?.blur();
    for (const details of root?.querySelectorAll("details") ?? []) details.open = false;
    for (const part of root?.querySelectorAll("*") ?? []) if (part.scrollTop !== 0) part.scrollTop = 0;
    scrollTo(0, 0);
  });
}
