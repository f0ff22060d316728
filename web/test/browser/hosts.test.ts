// Pages whose policies forbid much, and scripts from another origin: what still works, and what the element says otherwise.
// Each page has two elements.

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { browser } from "./browser.ts";
import { pageUrl, patience } from "./playground.ts";

/** Serves the built files from another origin than the page's, for any page. */
let cdn: Server;
/** Serves the page of documentation, with the policy that its address names. */
let docs: Server;

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

const baseOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Hands on a file of the page, for whoever asks. */
async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await fetch(pageUrl + (request.url ?? ""));
  response.writeHead(answer.status, {
    "Content-Type": answer.headers.get("content-type") ?? "",
    "Access-Control-Allow-Origin": "*",
  });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

before(async () => {
  cdn = createServer((request, response) => pass(request, response));
  docs = createServer((request, response) => {
    if (!request.url?.startsWith("/?")) return void pass(request, response);
    const policy = new URL(request.url ?? "", "http://docs").searchParams.get("policy") ?? "";
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      ...(policy !== "" && { "Content-Security-Policy": policy }),
    });
    response.end(
      `<!doctype html><html lang="en"><title>Docs</title><script type="module" nonce="x" src="${policy.includes("'self'") ? "" : baseOf(cdn)}/playground.js"></script>${`<completion-playground value='{"model": "demo-fast", "prompt": ["Hi"]}'></completion-playground>`.repeat(2)}</html>`,
    );
  });
  await Promise.all([listen(cdn), listen(docs)]);
});

after(async () => {
  for (const server of [cdn, docs]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Host {
  readonly what: string;
  /** CDN stands for the origin of the scripts. */
  readonly policy: string;
  /** What stands in the element in the end. */
  readonly shows: RegExp;
  readonly workers: number;
}

const hosts: readonly Host[] = [
  {
    what: "no policy: a Worker from a blob, since the script's origin is another one",
    policy: "",
    shows: /checked in /,
    workers: 1,
  },
  {
    what: "but the page's own: a Worker from its file",
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    shows: /checked in /,
    workers: 1,
  },
  {
    what: "a policy that allows blob Workers",
    policy: "default-src 'none'; script-src CDN 'wasm-unsafe-eval'; connect-src CDN; worker-src blob:",
    shows: /checked in /,
    workers: 1,
  },
  {
    what: "scripts by a nonce, which what they load has too",
    policy: "default-src 'none'; script-src 'nonce-x' 'wasm-unsafe-eval'; connect-src CDN; worker-src blob:",
    shows: /checked in /,
    workers: 1,
  },
  {
    what: "a policy that allows none: the core runs beside the page",
    policy: "default-src 'none'; script-src CDN 'wasm-unsafe-eval'; connect-src CDN",
    shows: /checked in /,
    workers: 0,
  },
  {
    what: "a policy without WebAssembly: editing alone",
    policy: "default-src 'none'; script-src CDN; connect-src CDN",
    shows: /Checking is not available/,
    workers: 0,
  },
  {
    what: "Trusted Types with our names",
    policy: "require-trusted-types-for 'script'; trusted-types completion-playground lit-html",
    shows: /checked in /,
    workers: 1,
  },
  {
    what: "Trusted Types without any policy",
    policy: "require-trusted-types-for 'script'; trusted-types 'none'",
    shows: /Trusted Types policy has to allow the names completion-playground and lit-html/,
    workers: 0,
  },
];

for (const { what, policy, shows, workers } of hosts) {
  test(`scripts from elsewhere, ${what}`, async (t) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(patience);
    try {
      const page = await context.newPage();
      await page.goto(`${baseOf(docs)}/?policy=${encodeURIComponent(policy.replaceAll("CDN", baseOf(cdn)))}`);
      const elements = [0, 1].map((at) => page.locator("completion-playground").nth(at));
      for (const element of elements) {
        await element.getByText(shows).first().waitFor();
        const box = await element.boundingBox();
        assert.ok(box && box.height > 200, "there is something to see");
      }
      assert.equal(page.workers().length, workers, "both elements share it");
      const left = await page.evaluate(() => ["Go", "fs", "process", "path"].filter((name) => name in globalThis));
      assert.deepEqual(left, [], "the core leaves nothing among the globals");
      t.diagnostic(`${policy === "" ? "no policy" : policy}: ${workers} Worker, ${shows.source}`);
    } finally {
      await context.close();
    }
  });
}
