import assert from "node:assert/strict";
import { test } from "node:test";
import type { DetectArgs, DetectStep } from "../../../src/model/detected.ts";
import type { Fetch } from "../../../src/model/request.ts";
import { type DetectOptions, detectServer } from "../../../src/net/detect.ts";
import { answering } from "./support.ts";

const url = "https://api.example.com/v1/models";

const nothing = {
  title: "",
  profile: "",
  version: "",
  older: false,
  models: [],
  context: 0,
  limits: [],
  listed: false,
  refused: false,
  deadlineMs: 600_000,
};

/** A judge that wants the list of models and then ends, and what it was told. */
function judging(bytes = 1_000) {
  const told: DetectArgs[] = [];
  const judge = async (args: DetectArgs): Promise<DetectStep> => {
    told.push({ ...args, answers: [...args.answers] });
    return { ...nothing, next: args.answers.length === 0 ? [{ path: "models", url, bytes }] : [] };
  };
  return { judge, told };
}

async function answersOf(fetch: Fetch, more: Partial<DetectOptions> & { readonly bytes?: number } = {}) {
  const { judge, told } = judging(more.bytes);
  const { signal } = new AbortController();
  const options = { base: "https://api.example.com", all: false, key: "", headers: [], fetch, judge, signal, ...more };
  assert.ok(await detectServer(options));
  return told[1]?.answers;
}

test("what was answered is judged, without the key and the values of headers", async () => {
  const server = answering(['{"key":"sk-canary-1","own":"canary-value"}']);
  const headers = [{ name: "api-key", value: "canary-value" }];
  const answers = await answersOf(server.fetch, { key: "sk-canary-1", headers });
  assert.equal(answers?.[0]?.status, 200);
  assert.equal(answers?.[0]?.body, '{"key":"[key removed]","own":"[key removed]"}');
  const { signal: _, ...init } = server.calls[0]?.init ?? {};
  assert.deepEqual(init, {
    method: "GET",
    headers: { Accept: "application/json", Authorization: "Bearer sk-canary-1", "api-key": "canary-value" },
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    redirect: "manual",
  });
  const plain = answering(["{}"]);
  await answersOf(plain.fetch);
  assert.deepEqual(plain.calls[0]?.init.headers, { Accept: "application/json" });
});

test("a refusal is told with its status, and an answer that fails, breaks off or is too long tells nothing", async () => {
  assert.equal((await answersOf(answering(["{}"], { status: 401 }).fetch))?.[0]?.status, 401);
  const silent = [{ path: "models", status: 0, headers: {}, body: "" }];
  assert.deepEqual(await answersOf(async () => Promise.reject(new TypeError("Failed to fetch"))), silent);
  assert.deepEqual(await answersOf(answering(["{}"]).fetch, { signal: AbortSignal.abort() }), silent);
  assert.equal((await answersOf(answering(['["a"]'], { end: "break" }).fetch))?.[0]?.status, 0);
  function* endless() {
    for (;;) yield " ".repeat(1 << 10);
  }
  const server = answering(endless());
  assert.equal((await answersOf(server.fetch))?.[0]?.status, 0);
  assert.equal(server.cancelled, 1);
});

test("without the core there is nothing to say", async () => {
  const judge = () => Promise.reject(new Error("gone"));
  const { signal } = new AbortController();
  const fetch = answering(["{}"]).fetch;
  const options = { base: "https://api.example.com", all: false, key: "", headers: [], fetch, judge, signal };
  assert.equal(await detectServer(options), undefined);
});
