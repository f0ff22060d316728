// Serves the bench page on a port of its own and runs it in Chromium.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { launchChromium } from "../test/browser/chromium.ts";
import type { Bench } from "./page.ts";
import { setting } from "./setting.ts";

const inputs = setting("BENCH_INPUTS");
const page = setting("BENCH_PAGE");
const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  json: "application/json",
  wasm: "application/wasm",
};

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
  if (path === "/") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end('<!doctype html><title>Bench</title><script type="module" src="/page.js"></script>');
    return;
  }
  const file = path.startsWith("/inputs/") ? join(inputs, path.slice("/inputs/".length)) : join(page, path);
  readFile(file).then(
    (data) => {
      response.setHeader("Content-Type", types[file.split(".").at(-1) ?? ""] ?? "application/octet-stream");
      response.end(data);
    },
    () => response.writeHead(404).end(),
  );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await launchChromium();
try {
  console.log(`Chromium ${browser.version()}`);
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => console.error(error));
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await tab.waitForFunction(() => "bench" in globalThis);
  const all = await tab.evaluate(() => (globalThis as unknown as { bench: Bench }).bench.inputs());
  const list = all.filter(({ name }) => name.includes(process.env.BENCH_ONLY ?? ""));
  for (const input of list) {
    console.log(await tab.evaluate((input) => (globalThis as unknown as { bench: Bench }).bench.compare(input), input));
  }
  console.log("\n### One letter typed, to the verdict, through the Worker\n\n| | median | slowest |\n|---|--:|--:|");
  for (const input of list.filter(({ name }) => /^typical$|^ascii-|^cjk-/.test(name))) {
    console.log(
      await tab.evaluate((input) => (globalThis as unknown as { bench: Bench }).bench.roundTrip(input), input),
    );
  }
} finally {
  await browser.close();
  server.close();
}
