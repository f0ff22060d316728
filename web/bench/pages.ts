// How soon a page is there: the pages take turns, each in a fresh browser profile and then once more in the same one.

import type { Browser, BrowserContext } from "playwright-core";
import { launchChromium } from "../test/browser/chromium.ts";
import { median } from "./measure.ts";
import { memoryTable } from "./memory.ts";
import { type Line, PacedServer } from "./paced.ts";
import { type Site, sites } from "./sites.ts";

/** One visit, in milliseconds from its beginning and in bytes. */
interface Visit {
  readonly paint: number;
  /** Its largest part was drawn. */
  readonly drawn: number;
  readonly ready: number;
  /** The longest time without a break until then. */
  readonly blocked: number;
  readonly bytes: number;
  readonly requests: number;
}

interface Row {
  readonly site: Site;
  readonly cold: Visit[];
  readonly warm: Visit[];
}

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const slowRounds = Math.ceil(rounds / 2);
const slow: Line = { bytesPerSecond: 1.6e6 / 8, delay: 150 };
const only = process.env.BENCH_ONLY ?? "";

const server = new PacedServer((path) => {
  const [, name, file] = /^\/(\w+)\/(.*)$/.exec(path) ?? [];
  return sites.find((site) => site.name === name)?.file(file ?? "");
});
const base = await server.open();
const browser = await launchChromium();
try {
  console.log(`Chromium ${browser.version()}, medians of ${rounds} visits, of ${slowRounds} on the slow line\n`);
  const chosen = sites.filter(({ name }) => name.includes(only) || name === "plain" || name === "ajv");
  await all(browser, chosen, 1, undefined); // the machine's own caches are filled by the first
  console.log(`### At once\n\n${table(await all(browser, chosen, rounds, undefined))}\n`);
  console.log(`### At 1.6 Mbit/s, 150 ms for each request\n\n${table(await all(browser, chosen, slowRounds, slow))}\n`);
  console.log(`### Memory\n\n${await memoryTable(browser, base, "embed")}`);
} finally {
  await browser.close();
  server.close();
}

async function all(browser: Browser, chosen: readonly Site[], rounds: number, line: Line | undefined): Promise<Row[]> {
  const rows = chosen.map((site): Row => ({ site, cold: [], warm: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { site, cold, warm } of rows) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      context.setDefaultTimeout(600_000);
      cold.push(await visit(context, site, line));
      warm.push(await visit(context, site, line));
      await context.close();
    }
  }
  return rows;
}

async function visit(context: BrowserContext, site: Site, line: Line | undefined): Promise<Visit> {
  const page = await context.newPage();
  await page.addInitScript(watch, site.ready === "verdict" ? "" : (site.ready?.selector ?? "body"));
  Object.assign(server, { line, bytes: 0, requests: 0 });
  await page.goto(`${base}/${site.name}/`, { waitUntil: "commit" });
  const times = await page.evaluate(() => (window as unknown as Watched).visit);
  const { bytes, requests } = server;
  await page.close();
  return { ...times, bytes, requests };
}

interface Watched {
  visit: Promise<Omit<Visit, "bytes" | "requests">>;
}

/** Runs in the page, before it. */
function watch(selector: string): void {
  const last = { paint: 0, drawn: 0, blocked: 0, ready: 0 };
  (window as unknown as Watched).visit = new Promise((resolve) => {
    const told = () => {
      if (last.paint > 0 && last.ready > 0) setTimeout(() => resolve(last)); // after what was observed until now
    };
    const observe = (type: string, seen: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen(entry);
        told();
      }).observe({ type, buffered: true });
    observe("paint", ({ name, startTime }) => {
      if (name === "first-contentful-paint") last.paint = startTime;
    });
    observe("largest-contentful-paint", ({ startTime }) => {
      if (last.ready === 0) last.drawn = startTime;
    });
    observe("longtask", ({ duration }) => {
      if (last.ready === 0) last.blocked = Math.max(last.blocked, duration);
    });
    const ready = () => {
      last.ready ||= performance.now();
      told();
    };
    if (selector === "") document.addEventListener("check", ready);
    else {
      const look = () => (document.querySelector(selector) ? ready() : requestAnimationFrame(look));
      look();
    }
  });
}

function table(rows: readonly Row[]): string {
  const middle = (visits: readonly Visit[], figure: keyof Visit) => median(visits.map((visit) => visit[figure]));
  const times = (of: (row: Row) => readonly Visit[], row: Row, figure: "paint" | "ready", peer: string): string => {
    const other = of(rows.find(({ site }) => site.name === peer) ?? row);
    // Within a round, so that what else the machine does falls on both.
    const ratio = median(of(row).map((visit, round) => visit[figure] / (other[round]?.[figure] ?? Number.NaN)));
    return `${Math.round(middle(of(row), figure))} (${ratio.toFixed(2)})`;
  };
  const lines = rows.map((row) => {
    const { site, cold, warm } = row;
    const both = (figure: "paint" | "ready", peer: string) =>
      [times(({ cold }) => cold, row, figure, peer), times(({ warm }) => warm, row, figure, peer)].join(" | ");
    const kilobytes = (visits: readonly Visit[]) => (middle(visits, "bytes") / 1000).toFixed(1);
    return [
      `| ${site.title}`,
      both("paint", "plain"),
      Math.round(middle(cold, "drawn")),
      site.ready ? both("ready", "ajv") : "– | –",
      Math.round(middle(cold, "blocked")),
      `${kilobytes(cold)} / ${kilobytes(warm)}`,
      `${middle(cold, "requests")} / ${middle(warm, "requests")} |`,
    ].join(" | ");
  });
  const head = [
    "first paint (× plain)",
    "again",
    "largest part",
    "ready (× Ajv)",
    "again",
    "longest task",
    "kB first / again",
    "requests",
  ];
  return `| | ${head.join(" | ")} |\n|---|${head.map(() => "--:").join("|")}|\n${lines.join("\n")}`;
}
