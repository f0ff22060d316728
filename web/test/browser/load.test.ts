// A page that is left open and worked with: fast streams, and many runs.
//
// $FLOW_SECONDS and $SOAK_RUNS set how long and how many. Nothing fails by time, because the machine is not ours alone;
// what must be bounded is counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser } from "./browser.ts";
import { completion, read, until, visit } from "./playground.ts";
import { chunk, done, startServer } from "./server.ts";

function setting(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  assert.ok(Number.isInteger(value) && value > 0, `${name} is a whole number`);
  return value;
}

/** What the page holds once nothing is left to collect. */
interface Held {
  readonly heapBytes: number;
  /** All DOM nodes that are alive, shown or not. */
  readonly nodes: number;
  /** Those of them that are part of the page. */
  readonly attached: number;
}

async function held(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  // What a finalizer or an observer holds on to goes with the second collection.
  await session.send("HeapProfiler.collectGarbage");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await session.send("HeapProfiler.collectGarbage");
  const attached = await page.evaluate(() => {
    const count = (node: Node): number => {
      const inside = [...node.childNodes, ...(node instanceof Element && node.shadowRoot ? [node.shadowRoot] : [])];
      return inside.reduce((sum, child) => sum + count(child), 1);
    };
    return count(document);
  });
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return { heapBytes: metric("JSHeapUsedSize"), nodes: metric("Nodes"), attached };
}

function describe({ heapBytes, nodes, attached }: Held): string {
  return `${(heapBytes / 1e6).toFixed(1)} MB heap, ${nodes} nodes, ${attached} of them in the page`;
}

test("a thousand chunks a second leave the editor quick and the page small", async (t) => {
  const seconds = setting("FLOW_SECONDS", deep ? 60 : 3);
  const perSecond = 1000;
  const total = seconds * perSecond;
  const server = await startServer(async (_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const begin = performance.now();
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, ((performance.now() - begin) / 1000) * perSecond);
      let room = true;
      while (sent < due && room) room = response.write(chunk(`${sent++} `));
      if (!room) await new Promise((resolve) => response.once("drain", resolve));
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end(chunk("", "stop") + done);
  });
  try {
    await visit(browser, { fresh: true, limit: 3_600_000 + 10_000 * seconds }, async (playground) => {
      const { page } = playground;
      await playground.useServer(server.base);
      await playground.paste('{"model": "made-up", "max_tokens": 100000, "stream": true, "prompt": [""]}');
      const start = await held(page);
      await page.keyboard.press("ControlOrMeta+End");
      for (const _ of '"]}') await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("x");
      let typed = 1;
      const run = await playground.run();
      while (!(await read(run)).startsWith("Complete")) {
        for (let i = 0; i < 10; i++) await page.keyboard.press("x");
        typed += 10;
        assert.ok(!(await read(run)).startsWith("Failed"), await read(run));
      }
      assert.ok((await playground.text()).includes(`["${"x".repeat(typed)}"]`), "every key arrived");
      await run.getByText(`${(total + 2).toLocaleString("en")} events as received`).waitFor();
      await completion(run).getByRole("button", { name: "Copy completion" }).click();
      const expected = Array.from({ length: total }, (_, i) => `${i} `).join("");
      await until(
        "the whole answer",
        () => page.evaluate(() => navigator.clipboard.readText()),
        (text) => text === expected,
      );
      const end = await held(page);
      t.diagnostic(`before ${describe(start)}; after ${describe(end)}`);
      assert.ok(end.nodes - start.nodes < 5_000, "the answer takes few nodes");
      assert.ok(end.heapBytes - start.heapBytes < 20e6 + total * 1000, "the answer takes a bounded part of the heap");
    });
  } finally {
    await server.close();
  }
});

test("run after run, the page stays the size it was", async (t) => {
  const runs = setting("SOAK_RUNS", deep ? 2000 : 75);
  // The page keeps its newest runs; only once it has dropped the first ones is it as large as it will be.
  const settled = 25;
  await visit(browser, { fresh: true, limit: 3_600_000 + 5_000 * runs }, async (playground) => {
    const { page } = playground;
    await playground.paste('{"model": "demo-fast", "prompt": ["In the evening"], "max_tokens": 4, "stream": true}');
    const go = async (count: number) => {
      for (let i = 0; i < count; i++) await playground.ended(await playground.run(), "Complete");
    };
    await go(settled);
    const start = await held(page);
    const began = performance.now();
    await go(runs);
    const perRun = (performance.now() - began) / runs;
    const end = await held(page);
    t.diagnostic(`${runs} runs, ${perRun.toFixed(0)} ms each: from ${describe(start)} to ${describe(end)}`);
    // The figures of a run differ by a node or two, a leak by as many as there were runs.
    assert.ok(end.attached - start.attached < runs / 4, "no nodes stay behind in the page");
    assert.ok(end.nodes < start.nodes * 1.1 + 100, "no nodes stay behind beside it");
    assert.ok(end.heapBytes < start.heapBytes * 1.1 + 1e6, "no memory stays behind");
  });
});
