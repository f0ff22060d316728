// How long a key takes until its frame, and what it sets in motion.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "./playground.ts";

/** What a row of keys cost. Times are in milliseconds and depend on the machine; counts do not. */
export interface KeyCosts {
  /** From the press of each key until its frame had been painted. */
  readonly latencies: readonly number[];
  /** Tasks longer than 50 ms that ended meanwhile. */
  readonly longTasks: readonly number[];
  /** Processor time of the page's main thread, for each key. */
  readonly cpu: number;
  /** Messages to Workers, as UTF-16 units of their JSON. */
  readonly messages: readonly number[];
}

interface Watched {
  readonly latencies: number[];
  readonly longTasks: number[];
  readonly messages: number[];
}

/** Begins to watch the keys of a page. Before it is opened, so that messages to its Workers are seen too. */
export async function watchKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { latencies: [], longTasks: [], messages: [] };
    Object.assign(window, { watched });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: []) {
      watched.messages.push(JSON.stringify(message).length);
      post.call(this, message, ...rest);
    };
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longTasks.push(duration);
    });
    observer.observe({ type: "longtask" });
    document.addEventListener(
      "keydown",
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          // A message comes after the frame's layout and paint.
          const channel = new MessageChannel();
          channel.port1.onmessage = () => watched.latencies.push(performance.now() - timeStamp);
          channel.port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
}

/** Presses the keys one after the other, and waits for the frame of each. */
export async function pressKeys(page: Page, keys: readonly string[]): Promise<KeyCosts> {
  const session = await page.context().newCDPSession(page);
  const cpu = async () => {
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  };
  const take = () =>
    page.evaluate(() => {
      const { latencies, longTasks, messages } = (window as unknown as { watched: Watched }).watched;
      return { latencies: latencies.splice(0), longTasks: longTasks.splice(0), messages: messages.splice(0) };
    });
  // Frames of keys that were pressed before this are none of these.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await take();
  const before = await cpu();
  for (const key of keys) await page.keyboard.press(key);
  const framed = () => page.evaluate(() => (window as unknown as { watched: Watched }).watched.latencies.length);
  await until("a frame for every key", framed, (count) => count >= keys.length);
  const spent = (await cpu()) - before;
  const costs = await take();
  await session.detach();
  // A modifier is a key of its own.
  assert.ok(costs.latencies.length >= keys.length);
  return { ...costs, cpu: spent / keys.length };
}

/** One line for a table. */
export function describeKeys(what: string, { latencies, longTasks, cpu }: KeyCosts): string {
  const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(latencies, share).toFixed(0).padStart(4));
  const long =
    longTasks.length === 0 ? "" : `, ${longTasks.length} long tasks up to ${Math.max(...longTasks).toFixed(0)} ms`;
  return `${what.padEnd(34)} p50 ${p50}  p95 ${p95}  max ${most} ms, ${cpu.toFixed(1).padStart(5)} ms of CPU a key${long}`;
}

/** The value below which this share of the values lies. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
