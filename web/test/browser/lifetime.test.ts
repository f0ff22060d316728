// Elements that come and go: what is left of them in the page, and what it takes to be defined twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CDPSession, Page } from "playwright-core";
import { checked, type Element_, visitDocs } from "./docs.ts";
import { until } from "./playground.ts";

const text = '{"model": "demo-fast", "prompt": ["Once upon a time"], "max_tokens": 8, "seed": 1}';
const script = `<script type="application/json">\n${text}\n</script>`;

interface Kept {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Elements that went and are not freed. */
  readonly gone: number;
}

/** What the page holds once all that nobody needs is gone. */
async function kept(page: Page, cdp: CDPSession): Promise<Kept> {
  // What is freed in one round may set others free.
  for (let i = 0; i < 3; i++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize: heap } = await cdp.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners: listeners } = await cdp.send("Memory.getDOMCounters");
  const gone = await page.evaluate(
    () => (window as { went?: WeakRef<Element>[] }).went?.filter((each) => each.deref()).length ?? 0,
  );
  return { heap, nodes, listeners, gone };
}

/**
 * Adds an element and takes it away, so often. Each tenth goes once it has an answer, one in five once it has its first
 * verdict, and the others before: once they are opened, while they load, or at once.
 */
async function comeAndGo(page: Page, times: number): Promise<void> {
  await page.evaluate(
    async ([contents, times]) => {
      const here = window as { went?: WeakRef<Element>[] };
      here.went ??= [];
      for (let i = 0; i < times; i++) {
        const element = document.createElement("completion-playground") as Element_;
        element.innerHTML = contents;
        const verdict = new Promise((resolve) => element.addEventListener("check", resolve, { once: true }));
        document.body.append(element);
        if (i % 5 === 0) await verdict;
        if (i % 10 === 0) await element.send();
        if (i % 5 === 1) await element.focusField("seed");
        if (i % 5 === 2) void element.check().catch(() => {});
        element.remove();
        here.went.push(new WeakRef(element));
      }
    },
    [script, times] as const,
  );
}

test("elements that went leave nothing behind", async (t) => {
  await visitDocs("", async (page) => {
    const cdp = await page.context().newCDPSession(page);
    const empty = await kept(page, cdp);
    // With it, the others need not wait for a Worker of their own.
    await page.evaluate((contents) => {
      document.body.insertAdjacentHTML(
        "beforeend",
        `<completion-playground id="stays">${contents}</completion-playground>`,
      );
    }, script);
    await checked(page, "#stays");
    const one = await kept(page, cdp);
    await comeAndGo(page, 20);
    const early = await kept(page, cdp);
    await comeAndGo(page, 80);
    const late = await kept(page, cdp);
    t.diagnostic(`${[empty, one, early, late].map((each) => JSON.stringify(each)).join(" ")}`);

    // A browser holds on to a few boxes that it dealt with last, and so to the elements around them.
    assert.ok(late.gone <= 6, `${late.gone} of 100 elements are held`);
    const more = (what: "nodes" | "listeners" | "heap") => (late[what] - early[what]) / (one[what] - empty[what]);
    assert.ok(more("nodes") < 5 && more("listeners") < 5, `80 elements leave nodes of ${more("nodes")}`);
    assert.ok(more("heap") < 1, `80 elements leave as much as ${more("heap")} take`);

    assert.equal(page.workers().length, 1, "one Worker for those that are there");
    await page.locator("#stays").evaluate((element) => element.remove());
    await until("no Workers", () => page.workers().length === 0);
  });
});

/** Gives the next Workers of a page these scripts. Their own is held to its hash, so that no other comes under its name. */
function giveWorkers(page: Page, scripts: readonly string[]): Promise<void> {
  return page.evaluate((scripts) => {
    const given = [...scripts];
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        const body = given.shift();
        super(body === undefined ? url : URL.createObjectURL(new Blob([body], { type: "text/javascript" })), options);
      }
    };
  }, scripts);
}

test("an element that goes before its Worker has said a word takes it along", async () => {
  await visitDocs("", async (page) => {
    await giveWorkers(page, [""]);
    await page.evaluate(() => document.body.append(document.createElement("completion-playground")));
    await until("the Worker", () => page.workers().length === 1);
    await page.locator("completion-playground").evaluate((element) => element.remove());
    await until("no Workers", () => page.workers().length === 0);
  });
});

test("a Worker that hangs while it starts is replaced, told of in each element, and tried again when asked", async () => {
  await visitDocs("", async (page) => {
    // One that never says a word, one that says that it runs and hangs, and then one that works.
    const hangs =
      "Atomics.wait(new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer), 0, 0)";
    await giveWorkers(page, ["", `postMessage({ kind: 'hello' }); ${hangs};`]);
    await page.clock.install();
    const started: unknown[] = [];
    page.on("worker", (worker) => started.push(worker));
    await page.evaluate((contents) => {
      for (const id of ["first", "second"])
        document.body.insertAdjacentHTML(
          "beforeend",
          `<completion-playground id="${id}" layout="editor">${contents}</completion-playground>`,
        );
    }, script);
    for (const id of ["#first", "#second"]) {
      await page.locator(id).scrollIntoViewIfNeeded();
      await page.locator(id).getByRole("region", { name: "Problems" }).getByText("Checking is on its way").waitFor();
    }
    await until("the Worker", () => started.length === 1);
    await page.clock.runFor("01:01");
    await until("another one", () => started.length === 2);
    assert.equal(page.workers().length, 1, "in place of the first");
    const told = (id: string) =>
      page
        .locator(id)
        .getByRole("region", { name: "Problems" })
        .getByText("The checker could not be started: no answer for 60 s.");
    assert.equal(await told("#first").count(), 0);
    await page.clock.runFor("01:01");
    for (const id of ["#first", "#second"]) await told(id).waitFor();
    await until("no Worker", () => page.workers().length === 0);

    for (const id of ["#first", "#second"]) {
      await page.locator(id).getByRole("button", { name: "Try again" }).click();
      await checked(page, id);
      assert.equal(await told(id).count(), 0);
    }
    assert.deepEqual([started.length, page.workers().length], [3, 1]);
  });
});

test("defined twice, the element stays what it was", async () => {
  // The element stands in the page before the script that defines it, which the page has twice, beside another version.
  await visitDocs(`<completion-playground value='${text}'></completion-playground>`, async (page) => {
    await checked(page);
    const defined = await page.evaluateHandle(() => customElements.get("completion-playground"));
    const failed = await page.evaluate(
      (urls) => Promise.all(urls.map((url) => import(url).then(() => "", String))),
      ["./playground.js?again", "./playground.js?another-version"],
    );
    assert.deepEqual(failed, ["", ""]);
    assert.ok(await page.evaluate((first) => first === customElements.get("completion-playground"), defined));
    await page.evaluate((contents) => {
      document.body.insertAdjacentHTML(
        "beforeend",
        `<completion-playground id="late">${contents}</completion-playground>`,
      );
    }, script);
    await page.locator("#late").scrollIntoViewIfNeeded();
    await checked(page, "#late");
    const apps = await page
      .locator("completion-playground")
      .evaluateAll((all) => all.map((each) => each.shadowRoot?.querySelectorAll(".app").length));
    assert.deepEqual(apps, [1, 1]);
    assert.equal(page.workers().length, 1, "both share what there is");
  });
});
