import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import list from "../../../../schema/demo-models.json";
import { startDemo } from "../../../src/core/demo.ts";
import { Hub } from "../../../src/core/hub.ts";
import type { FromWorker, ToWorker } from "../../../src/core/messages.ts";
import type { LinkListener } from "../../../src/core/spawn.ts";
import type { Fetch } from "../../../src/model/request.ts";

type DemoMessage = Extract<ToWorker, { kind: "demo" }>;

let posted: ToWorker[];
let started: LinkListener[];
let demo: Fetch;
let over: AbortController;

beforeEach(() => {
  posted = [];
  started = [];
  over = new AbortController();
  demo = startDemo({
    wasmUrl: "https://example.com/core.wasm",
    signal: over.signal,
    hub: new Hub((listener) => {
      started.push(listener);
      return { post: (message) => posted.push(message), close: () => {} };
    }),
  });
});

// A Worker that says no word is waited for, and with it the process.
afterEach(() => over.abort());

function say(message: FromWorker): void {
  started.at(-1)?.message(message);
}

/** Sends a request and waits until the Worker has it. */
async function send(init: RequestInit = {}): Promise<{ id: number; answer: Promise<Response> }> {
  const before = posted.length;
  const answer = demo("https://demo.example/v1/completions", { method: "POST", body: "{}", ...init });
  answer.catch(() => {}); // each test looks at it in its own time
  while (!posted.slice(before).some(({ kind }) => kind === "demo")) await Promise.resolve();
  const id = posted.findLast((message): message is DemoMessage => message.kind === "demo")?.id ?? 0;
  return { id, answer };
}

function data(id: number, text: string): void {
  say({ kind: "demo-data", id, data: new TextEncoder().encode(text) });
}

test("the Worker starts with the first request, and once", async () => {
  assert.equal(started.length, 0);
  await send();
  await send();
  assert.equal(started.length, 1);
  assert.deepEqual(
    posted.map(({ kind }) => kind),
    ["open", "demo", "demo"],
  );
});

test("an answer is a real response whose body arrives in pieces", async () => {
  const { id, answer } = await send({ body: '{"model":"m"}' });
  assert.deepEqual(posted.at(-1), { kind: "demo", id, body: '{"model":"m"}' });
  say({ kind: "demo-head", id, status: 429, headers: [["Retry-After", "3"]] });
  const response = await answer;
  assert.deepEqual([response.status, response.ok, response.headers.get("retry-after")], [429, false, "3"]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  data(id, "one");
  assert.deepEqual(await reader?.read(), { done: false, value: "one" });
  data(id, "two");
  say({ kind: "demo-end", id, cut: false });
  assert.deepEqual(await reader?.read(), { done: false, value: "two" });
  assert.equal((await reader?.read())?.done, true);
});

test("answers that run side by side do not mix", async () => {
  const first = await send();
  const second = await send();
  for (const { id } of [first, second]) say({ kind: "demo-head", id, status: 200, headers: [] });
  data(first.id, "a");
  data(second.id, "b");
  data(first.id, "c");
  for (const { id } of [second, first]) say({ kind: "demo-end", id, cut: false });
  assert.equal(await (await first.answer).text(), "ac");
  assert.equal(await (await second.answer).text(), "b");
});

test("a cut connection ends the body with a TypeError", async () => {
  const { id, answer } = await send();
  say({ kind: "demo-head", id, status: 200, headers: [] });
  say({ kind: "demo-end", id, cut: true });
  await assert.rejects((await answer).text(), TypeError);
});

test("abort before, during and after the head", async () => {
  await assert.rejects(demo("/v1/completions", { method: "POST", signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  assert.equal(posted.length, 0);

  const waiting = new AbortController();
  const early = await send({ signal: waiting.signal });
  waiting.abort();
  await assert.rejects(early.answer, { name: "AbortError" });
  assert.deepEqual(posted.at(-1), { kind: "demo-cancel", id: early.id });

  const reading = new AbortController();
  const late = await send({ signal: reading.signal });
  say({ kind: "demo-head", id: late.id, status: 200, headers: [] });
  const response = await late.answer;
  reading.abort();
  await assert.rejects(response.text(), { name: "AbortError" });
  assert.deepEqual(posted.at(-1), { kind: "demo-cancel", id: late.id });
  data(late.id, "too late");
});

test("a body that nobody reads any more stops the model", async () => {
  const { id, answer } = await send();
  say({ kind: "demo-head", id, status: 200, headers: [] });
  await (await answer).body?.cancel();
  assert.deepEqual(posted.at(-1), { kind: "demo-cancel", id });
});

test("a Worker that ended fails what it was doing, and the next request starts another", async () => {
  const { answer } = await send();
  started.at(-1)?.crash("boom");
  await assert.rejects(answer, /boom/);
  const again = await send();
  assert.equal(started.length, 2);
  say({ kind: "failed", reason: "You are offline." });
  await assert.rejects(again.answer, new TypeError("You are offline."));
});

test("the list of models is data, for which nothing starts", async () => {
  const response = await demo("https://demo.example/v1/models", {});
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(await response.json(), list);
  assert.equal(list.data[0]?.id, "demo-small");
  assert.equal(started.length, 0);
});

test("other paths and methods are refused as a server does", async () => {
  assert.equal((await demo("/v1/chat/completions", { method: "POST" })).status, 404);
  assert.equal((await demo("/v1/completions", {})).status, 405);
  assert.equal((await demo("/v1/models", { method: "DELETE" })).status, 405);
});

test("a closed demo ends its Worker and what that was answering, and starts no other", async () => {
  const ended = new AbortController();
  let closed = 0;
  demo = startDemo({
    wasmUrl: "https://example.com/core.wasm",
    signal: ended.signal,
    hub: new Hub((listener) => {
      started.push(listener);
      return { post: (message) => posted.push(message), close: () => closed++ };
    }),
  });
  const { answer } = await send();
  ended.abort();
  await assert.rejects(answer, /closed/);
  assert.equal(closed, 1);
  await assert.rejects(demo("https://demo.example/v1/completions", { method: "POST", body: "{}" }), {
    name: "AbortError",
  });
  assert.equal(started.length, 1);
});
