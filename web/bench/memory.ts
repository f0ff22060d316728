// What elements of one page cost in memory. Linux tells what a process has to itself; elsewhere there is no figure.

import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { median } from "./measure.ts";

const counts = [0, 1, 2, 10];
const rounds = 3;

/** A table of megabytes by the number of elements, each of which has checked its text; a sentence where none can be had. */
export async function memoryTable(browser: Browser, base: string, site: string): Promise<string> {
  if (process.platform !== "linux") return "Only measured on Linux.\n";
  const found = counts.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, count] of counts.entries())
      found[i]?.push(await measure(browser, `${base}/${count === 0 ? "plain" : site}/`, count));
  }
  const one = median(found[1] ?? []);
  const rows = counts.map((count, i) => {
    const size = median(found[i] ?? []);
    return `| ${count} | ${size.toFixed(0)} | ${(size / one).toFixed(2)} |`;
  });
  return `| elements | MB | × one |\n|--:|--:|--:|\n${rows.join("\n")}\n`;
}

/** Megabytes of the page's process: its own pages, and its part of those that others have too (PSS). */
async function measure(browser: Browser, address: string, count: number): Promise<number> {
  const context = await browser.newContext();
  context.setDefaultTimeout(600_000);
  const session = await browser.newBrowserCDPSession();
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.evaluate(async (count) => {
      interface Element extends HTMLElement {
        check(): Promise<unknown>;
      }
      const first = document.querySelector<Element>("completion-playground");
      for (let n = 1; first && n < count; n++) document.body.append(first.cloneNode());
      await Promise.all([...document.querySelectorAll<Element>("completion-playground")].map((one) => one.check()));
    }, count);
    const { processInfo } = (await session.send("SystemInfo.getProcessInfo")) as {
      processInfo: readonly { type: string; id: number }[];
    };
    // One that waits for the next page is among them; it is smaller.
    const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => proportional(id));
    return Math.max(...sizes) / 1000;
  } finally {
    await session.detach();
    await context.close();
  }
}

/** Kilobytes. */
function proportional(process: number): number {
  const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${process}/smaps_rollup`, "utf8"));
  return Number(found?.[1]);
}
