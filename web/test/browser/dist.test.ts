// The folder for other hosts: it works as it is, no file of it runs that is another one, and what is missing is told.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser as chromium } from "./browser.ts";
import type { Element_ } from "./docs.ts";
import { launchFirefox } from "./firefox.ts";
import { patience, until } from "./playground.ts";
import { changed, type Instead, type Statics, serveStatics } from "./statics.ts";

const cache = process.env.PLAYGROUND_CACHE ?? "";
const folder = join(cache, "dist");

/** Where the files lie, and the site whose pages embed them. */
let cdn: Statics;
let docs: Statics;
let firefox: Browser | undefined;
/** The files of each part, by its source; under "" those that are no modules. */
let table: Map<string, string[]>;
let entry = "";
/** What stands in the page beside the snippet's element. */
let attributes = "";

before(async () => {
  const snippet = await readFile(join(folder, "snippet.html"), "utf8");
  const page = (base: string) => () =>
    snippet.replaceAll('"./', `"${base}/`).replace("<completion-playground", `<completion-playground ${attributes}`);
  cdn = await serveStatics({ "own.html": () => page(".")() });
  docs = await serveStatics({ "page.html": () => page(cdn.base)() });
  const names = await readdir(folder);
  entry = names.find((name) => /^playground-.*\.js$/.test(name)) ?? "";
  const script = await readFile(join(folder, entry), "utf8");
  table = new Map(
    [...script.matchAll(/"((?:src|\.\.)\/[^"]+|)":(\{"[^{}]*\})/g)].map(([, part = "", files = "{}"]) => [
      part,
      Object.keys(JSON.parse(files)),
    ]),
  );
  // Each of its pages takes seconds to start.
  if (deep) firefox = await launchFirefox(cache);
});

after(async () => {
  await Promise.all([cdn?.close(), docs?.close(), firefox?.close()]);
});

/** Opens a page with the element, and tells the story. */
async function embedded(
  address: string,
  story: (element: Locator, page: Page) => Promise<void>,
  { more = "", instead = (() => false) as Instead, browser = chromium } = {},
): Promise<void> {
  attributes = more;
  cdn.instead = instead;
  cdn.asked.length = 0;
  cdn.ran.length = 0;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patience);
  try {
    const page = await context.newPage();
    await page.goto(address);
    await story(page.locator("completion-playground"), page);
  } finally {
    await context.close();
  }
}

const other = () => `${docs.base}/page.html`;
const verdict = (element: Locator) => element.getByText(/^checked in /).waitFor();
const change =
  (wanted: string): Instead =>
  async (name, file, response) => {
    if (name.replace(/\?.*/, "") !== wanted) return false;
    response.end(changed(wanted, await file(), cdn.base));
    return true;
  };

test("the snippet works from another origin, and so does the page by itself", async (t) => {
  await embedded(other(), async (element) => {
    await verdict(element);
    const done = await element.evaluate((each) => (each as unknown as Element_).send());
    assert.equal(done.outcome, "complete");
  });
  const files = cdn.asked.filter((name) => name !== "favicon.ico");
  t.diagnostic(`host by the snippet: ${files.length} files, rendered, verdict, sent with the demo`);
  await embedded(`${cdn.base}/index.html`, verdict);
  const unnamed = files.filter((name) => !/-[A-Z2-7]{8}\.\w+$/.test(name));
  assert.deepEqual(unnamed, [], "each name has a hash of what is in it");
});

/** How to have a part loaded, where that does not come by itself. */
const ways: Readonly<Record<string, { more?: string; policy?: string; act?(element: Locator): Promise<unknown> }>> = {
  "src/view.ts": {},
  "src/editor/code.ts": {},
  "": {},
  "src/core/engine-host.ts": { policy: "worker-src 'none'" },
  "src/session/keep-start.ts": { more: "keep" },
  "src/session/own-rules.ts": { more: 'schema="./none.json"' },
  "src/answer/findings.ts": { act: (element) => element.evaluate((each) => (each as unknown as Element_).send()) },
  "src/endpoint/details.ts": {
    act: (element) => element.getByRole("button", { name: /^About this endpoint/ }).click(),
  },
  "src/form/model-list.ts": { act: (element) => element.getByLabel("Model", { exact: true }).click() },
};

/** The half of the core that a first answer of the demo model needs. */
const isRest = (name: string) => name.startsWith("rest-");

const differs = (name: string) => {
  const what = isRest(name) ? "A part of the checker" : /\.wasm$/.test(name) ? "The checker" : name;
  return `${what} is not the file that was published, so it was not run.`;
};

test("no file runs that is another one than was published, wherever it is noticed", async (t) => {
  // A script that nobody holds to its hash runs, or this would prove nothing.
  await embedded(
    other(),
    async (_, page) => {
      await page.evaluate((src) => import(src), `${cdn.base}/${entry}?unheld`);
      await until("the changed script", () => cdn.ran.includes(entry));
    },
    { instead: change(entry) },
  );

  const browsers: (readonly [string, Browser])[] = [["Chromium", chromium]];
  if (firefox) browsers.push(["Firefox", firefox]);
  else t.diagnostic(deep ? "no Firefox on this machine" : "Firefox is tried with DEEP=1");
  let tried = 0;
  const left: string[] = [];
  for (const [which, browser] of browsers) {
    // The page has its text and nothing else.
    await embedded(
      other(),
      async (element, page) => {
        await until("the answer", () => cdn.asked.includes(entry));
        await page.waitForLoadState("load");
        assert.ok(await element.evaluate((each) => !each.matches(":defined")), "the element is not defined");
        assert.match(await element.innerText(), /Once upon a time/);
      },
      { instead: change(entry), browser },
    );
    assert.deepEqual(cdn.ran, [], entry);
    for (const [part, files] of table) {
      const way = ways[part];
      // Which of the files it is makes no difference to how it is loaded; all of them take a minute.
      const some = deep
        ? files
        : which === "Chromium" || part === ""
          ? files.slice(0, part === "" ? 3 : 2)
          : files.slice(0, 1);
      for (const file of some) {
        if (!way || file.startsWith("plain-") || (!deep && (way.act || way.more))) {
          if (which === "Chromium") left.push(file);
          continue;
        }
        const policy = way.policy === undefined ? "" : `?policy=${encodeURIComponent(way.policy)}`;
        await embedded(
          other() + policy,
          async (element) => {
            await way.act?.(element);
            // Without it nothing is sent, which the call tells too.
            if (isRest(file)) await element.evaluate((each) => (each as unknown as Element_).send().catch(() => {}));
            await element.getByText(differs(file)).first().waitFor();
            assert.ok((await element.getByRole("button", { name: "Reload" }).count()) > 0, "it can be loaded anew");
          },
          { instead: change(file), more: way.more ?? "", browser },
        );
        assert.deepEqual(cdn.ran, [], `${which}: ${file}`);
        tried++;
      }
    }
    // A Worker from its file, which scripts of the page's own origin have.
    const worker = table.get("")?.find((name) => name.startsWith("worker-")) ?? "";
    await embedded(
      `${cdn.base}/own.html`,
      async (element) => void (await element.getByText(differs(worker)).first().waitFor()),
      { instead: change(worker), browser },
    );
    assert.deepEqual(cdn.ran, [], `${which}: ${worker} of the page's own origin`);
  }
  assert.ok(tried >= 6);
  t.diagnostic(`${tried} files changed, in ${browsers.map(([which]) => which).join(" and ")}; none ran`);
  t.diagnostic(`not changed here: ${left.join(" ")}`);
});

test("an old page whose files are gone says so, tries once more, and can be loaded anew", async () => {
  const code = table.get("src/editor/code.ts")?.[0] ?? "";
  const view = table.get("src/view.ts")?.[0] ?? "";
  const core = table.get("")?.find((name) => name.startsWith("core-")) ?? "";
  const gone =
    (wanted: string, html = false): Instead =>
    (name, _, response) => {
      if (name.replace(/\?.*/, "") !== wanted) return false;
      if (html) response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><p>Home");
      else response.writeHead(404).end();
      return true;
    };
  for (const [file, html] of [
    [view, false],
    [view, true],
    [code, false],
    [core, false],
    [core, true],
  ] as const) {
    await embedded(
      other(),
      async (element, page) => {
        const sentence = `${file === core ? "The checker" : file} is not there any more: the playground was published anew.`;
        await element.getByText(sentence).first().waitFor();
        const text = file === view ? element.locator("pre") : element.getByRole("textbox", { name: "Request text" });
        // The sentence may be there before the text is.
        await until(
          "the text",
          () =>
            file === view
              ? text.innerText()
              : text.evaluate((box) => (box as HTMLTextAreaElement).value ?? box.textContent ?? ""),
          (shown) => shown.includes("Once upon"),
        );
        const reload = element.getByRole("button", { name: "Reload" }).first();
        await reload.waitFor();
        if (file !== code) return;
        cdn.instead = () => false;
        await Promise.all([page.waitForEvent("load"), reload.click()]);
        await verdict(element);
      },
      { instead: gone(file, html) },
    );
  }
  // A moment's trouble is over the second time.
  let times = 0;
  await embedded(
    other(),
    async (element) => {
      await verdict(element);
      await element.locator(".cm-content").waitFor();
      assert.equal(await element.getByRole("button", { name: "Reload" }).count(), 0);
      assert.ok(cdn.asked.includes(`${code}?1`), "under an address that the page has not seen fail");
    },
    {
      instead: (name, _, response) => {
        if (name !== code || ++times > 1) return false;
        response.writeHead(503).end();
        return true;
      },
    },
  );
});

test("to import the script on a server does nothing", async () => {
  const text = await readFile(join(folder, entry), "utf8");
  const script = `const before = Reflect.ownKeys(globalThis).length;
    const module = await import("data:text/javascript;base64," + process.argv[1]);
    console.log(JSON.stringify([Object.keys(module), Reflect.ownKeys(globalThis).length - before]));`;
  const printed = execFileSync(
    process.execPath,
    ["--input-type=module", "-e", script, Buffer.from(text).toString("base64")],
    { encoding: "utf8" },
  );
  assert.deepEqual(JSON.parse(printed), [[], 0]);
});
