// The reader over real connections, where ends and breaks are the runtime's own.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { startRun } from "../../../src/net/run.ts";
import { chunk, done, request, texts } from "./support.ts";

const stream = { "content-type": "text/event-stream" };
let gone = () => {};

const answers: Readonly<Record<string, (response: ServerResponse, from: IncomingMessage) => void>> = {
  whole: (response) => response.writeHead(200, stream).end(chunk("a", "stop") + done),
  reset: (response) => response.writeHead(200, stream).write(chunk("a"), () => response.socket?.resetAndDestroy()),
  short: (response) =>
    response.writeHead(200, { ...stream, "content-length": "9999" }).write(chunk("a"), () => response.socket?.end()),
  truncated: (response) => response.writeHead(200, stream).write(chunk("a"), () => response.socket?.destroy()),
  gzip: (response) =>
    response.writeHead(200, { ...stream, "content-encoding": "gzip" }).end(gzipSync(chunk("a", "stop") + done)),
  open: (response) => response.writeHead(200, stream).write(chunk("a", "stop") + done),
  endless: (response) => {
    response.on("close", () => gone());
    response.writeHead(200, stream).write(chunk("a"));
  },
  moved: (response) => response.writeHead(307, { location: "/whole" }).end(),
  refused: (response) => response.writeHead(429, { "retry-after": "3" }).end('{"error":"slow down"}'),
};

const server = createServer((from, response) => {
  from.resume();
  answers[from.url?.slice(1) ?? ""]?.(response, from);
});
let base = "";

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function to(path: string) {
  return startRun({
    request: { ...request, url: `${base}/${path}` },
    key: "sk-canary",
    fetch: (url, init) => fetch(url, init),
    expect: { choices: 1, stream: true },
  });
}

for (const [path, outcome, text] of [
  ["whole", "complete", ["a"]],
  ["reset", "failed", ["a"]],
  ["short", "failed", ["a"]],
  ["truncated", "failed", ["a"]],
  ["gzip", "complete", ["a"]],
  ["open", "complete", ["a"]],
  ["moved", "failed", []],
  ["refused", "failed", []],
] as const) {
  test(`over a connection: ${path} → ${outcome}`, async () => {
    const run = await to(path).finished;
    assert.equal(run.outcome, outcome);
    assert.deepEqual(texts(run), text);
  });
}

test("over a connection: stop closes it", async () => {
  const closed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const run = to("endless");
  await new Promise<void>((resolve) => {
    run.onChange(() => run.snapshot().phase === "streaming" && resolve());
  });
  run.stop();
  await closed;
  assert.equal((await run.finished).outcome, "stopped");
});

test("over a connection: nobody there", async () => {
  const run = await startRun({
    request: { ...request, url: "http://127.0.0.1:1/v1/completions" },
    key: "",
    fetch: (url, init) => fetch(url, init),
    expect: { choices: 1, stream: true },
  }).finished;
  assert.match(run.problem?.title ?? "", /No answer/);
});
