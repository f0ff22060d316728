import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fetch } from "../../../src/model/request.ts";
import { extraFields } from "../../../src/net/events.ts";
import { Recorder, saveRecording } from "../../../src/net/recording/recorder.ts";
import { startRun } from "../../../src/net/run.ts";
import { answering, bytes, chunk, done, request, runOf, TestClock, texts } from "./support.ts";

const expectOne = { choices: 1, stream: true };

test("the request: three headers, nothing that identifies or follows", async () => {
  const server = answering([chunk("a", "stop"), done]);
  await startRun({
    request: {
      ...request,
      headers: [...request.headers, { name: "X-Title", value: "no" }, { name: "authorization", value: "Bearer other" }],
    },
    key: "sk-canary-1",
    fetch: server.fetch,
    expect: expectOne,
  }).finished;
  assert.equal(server.calls.length, 1);
  const { url, init } = server.calls[0] ?? assert.fail();
  const { signal, ...rest } = init;
  assert.ok(signal instanceof AbortSignal);
  assert.equal(url, request.url);
  assert.deepEqual(rest, {
    method: "POST",
    headers: { Authorization: "Bearer sk-canary-1", "Content-Type": "application/json", Accept: "text/event-stream" },
    body: request.body,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    redirect: "manual",
  });
});

test("no Authorization header without a key", async () => {
  const server = answering([chunk("a", "stop"), done]);
  await startRun({ request, key: "", fetch: server.fetch, expect: expectOne }).finished;
  assert.deepEqual(server.calls[0]?.init.headers, { "Content-Type": "application/json", Accept: "text/event-stream" });
});

test("a key that cannot stand in a header is told, and nothing is sent", async () => {
  const server = answering([]);
  for (const key of ["sk-“quoted”", "sk-a b", "sk-a\nb"]) {
    const run = await startRun({ request, key, fetch: server.fetch, expect: expectOne }).finished;
    assert.equal(run.outcome, "failed");
    assert.match(run.problem?.title ?? "", /key cannot be sent/);
    assert.doesNotMatch(JSON.stringify(run.problem), /sk-/);
  }
  assert.equal(server.calls.length, 0);
});

test("[DONE] ends the run although the connection stays open, and the body is cancelled", async () => {
  const server = answering([chunk("a", "stop"), `${done}${chunk("late")}`], { end: "hang" });
  const run = await startRun({ request, key: "", fetch: server.fetch, expect: expectOne }).finished;
  assert.equal(run.outcome, "complete");
  assert.deepEqual(texts(run), ["a"]);
  assert.equal(server.cancelled, 1);
});

test("an error event ends the run although the connection stays open", async () => {
  const server = answering([chunk("a"), 'data: {"error":{"message":"boom"}}\n\n'], { end: "hang" });
  const run = await startRun({ request, key: "", fetch: server.fetch, expect: expectOne }).finished;
  assert.equal(run.outcome, "failed");
  assert.equal(server.cancelled, 1);
});

test("stop ends at once, keeps the text, aborts the request, and what comes later changes nothing", async () => {
  const server = answering([chunk("kept")], { end: "hang" });
  const run = startRun({ request, key: "", fetch: server.fetch, expect: expectOne });
  await new Promise<void>((resolve) => {
    const off = run.onChange(() => {
      if (run.snapshot().phase === "streaming") {
        off();
        resolve();
      }
    });
  });
  run.stop();
  const stopped = run.snapshot();
  assert.equal(stopped.phase, "done");
  assert.equal(stopped.outcome, "stopped");
  assert.deepEqual(texts(stopped), ["kept"]);
  assert.equal(stopped.problem, undefined);
  assert.equal(server.calls[0]?.init.signal?.aborted, true);
  assert.equal((await run.finished).version, stopped.version);
});

test("stop before any answer, and by a signal, before and after the start", async () => {
  const never: Fetch = (_url, init) =>
    new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  const run = startRun({ request, key: "", fetch: never, expect: expectOne });
  run.stop();
  assert.equal((await run.finished).outcome, "stopped");

  const controller = new AbortController();
  const signalled = startRun({ request, key: "", fetch: never, expect: expectOne, signal: controller.signal });
  controller.abort();
  assert.equal((await signalled.finished).outcome, "stopped");

  const server = answering([]);
  const late = startRun({ request, key: "", fetch: server.fetch, expect: expectOne, signal: AbortSignal.abort() });
  assert.equal((await late.finished).outcome, "stopped");
  assert.equal(server.calls.length, 0);
});

test("stop works with a fetch that takes no notice of the signal", async () => {
  let answer: (response: Response) => void = () => {};
  const run = startRun({
    request,
    key: "",
    fetch: () => new Promise((resolve) => (answer = resolve)),
    expect: expectOne,
  });
  run.stop();
  answer(new Response(`${chunk("late", "stop")}${done}`));
  const end = await run.finished;
  assert.equal(end.outcome, "stopped");
  assert.deepEqual(texts(end), []);
});

test("phases and times", async () => {
  const clock = new TestClock();
  const gate: { open: () => void } = { open: () => {} };
  const wait = () => new Promise<void>((resolve) => (gate.open = resolve));
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(started) {
      controller = started;
    },
  });
  const fetch: Fetch = async () => {
    await wait();
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const run = startRun({ request, key: "", fetch, expect: expectOne, clock });
  const next = () =>
    new Promise<void>((resolve) => {
      const off = run.onChange(() => {
        off();
        resolve();
      });
    });
  assert.equal(run.snapshot().phase, "sending");
  clock.advance(10);
  gate.open();
  await next();
  assert.equal(run.snapshot().phase, "waiting");
  assert.equal(run.snapshot().status, 200);
  clock.advance(20);
  controller?.enqueue(bytes(": hello\n\n"));
  await next();
  assert.equal(run.snapshot().phase, "waiting");
  assert.equal(run.snapshot().timing.firstByteMs, 30);
  clock.advance(30);
  controller?.enqueue(bytes(chunk("a")));
  await next();
  assert.equal(run.snapshot().phase, "streaming");
  assert.equal(run.snapshot().timing.firstTokenMs, 60);
  clock.advance(100);
  controller?.enqueue(bytes(chunk("b")));
  await next();
  assert.deepEqual(run.snapshot().timing, {
    startedAt: Date.UTC(2025, 0, 1) + 1000,
    firstByteMs: 30,
    firstTokenMs: 60,
    tokensPerSecond: 10,
    tokensCounted: "pieces",
  });
  clock.advance(100);
  controller?.enqueue(bytes(chunk("c", "stop")));
  await next();
  controller?.enqueue(bytes('data: {"choices":[],"usage":{"completion_tokens":21}}\n\n'));
  controller?.close();
  const { timing } = await run.finished;
  assert.equal(timing.totalMs, 260);
  assert.equal(timing.tokensPerSecond, 100);
  assert.equal(timing.tokensCounted, "usage");
});

test("an answer in one piece is timed as a whole", async () => {
  const clock = new TestClock();
  const fetch: Fetch = async () => {
    clock.advance(500);
    return Response.json({
      choices: [{ text: "abc", index: 0, finish_reason: "stop" }],
      usage: { completion_tokens: 50 },
    });
  };
  const run = await startRun({ request, key: "", fetch, expect: { choices: 1, stream: false }, clock }).finished;
  assert.equal(run.timing.tokensPerSecond, 100);
});

test("listeners are called once for many events of a read; snapshots are the same object until something changes", async () => {
  const burst = Array.from({ length: 500 }, () => chunk("x")).join("");
  const server = answering([burst, chunk("", "stop"), done]);
  const run = startRun({ request, key: "", fetch: server.fetch, expect: expectOne });
  let calls = 0;
  run.onChange(() => {
    calls++;
    assert.equal(run.snapshot(), run.snapshot());
  });
  const end = await run.finished;
  assert.equal(end.choices[0]?.text.length, 500);
  assert.equal(end.choices[0]?.chunkCount, 500);
  assert.ok(calls >= 2 && calls <= 6, `${calls} calls`);
  assert.equal(run.snapshot(), end);
});

test("a choice that did not change is the same object in the next snapshot; tokens are shared", async () => {
  const first = answering([chunk("a", null, 0) + chunk("b", null, 1), chunk("c", "stop", 1), done]);
  const run = startRun({ request, key: "", fetch: first.fetch, expect: { choices: 2, stream: true } });
  const seen: ReturnType<typeof run.snapshot>[] = [];
  run.onChange(() => seen.push(run.snapshot()));
  await run.finished;
  const two = seen.filter(({ choices }) => choices.length === 2);
  const [before, after] = [two[0] ?? assert.fail(), two.at(-1) ?? assert.fail()];
  assert.equal(before.choices[0], after.choices[0]);
  assert.notEqual(before.choices[1], after.choices[1]);
  assert.equal(before.choices[1]?.tokens, after.choices[1]?.tokens);
  assert.equal(before.choices[1]?.text, "b");
});

test("long work gives the page a chance to react", async () => {
  const clock = new TestClock();
  let rested = 0;
  const busy = {
    now: () => {
      clock.advance(3);
      return clock.now();
    },
    wall: () => clock.wall(),
    sleep: () => assert.fail(),
    rest: async () => {
      rested++;
    },
  };
  // One read of 2 MB must not be one stretch of work.
  const run = await runOf([chunk("x".repeat(1000)).repeat(2000), done], {}, { clock: busy });
  assert.equal(run.choices[0]?.text.length, 2_000_000);
  assert.ok(rested > 5, `${rested} rests`);

  // Waiting is no work: an answer that takes its time needs no rests.
  rested = 0;
  const slow = { now: () => clock.now(), wall: () => clock.wall(), sleep: busy.sleep, rest: busy.rest };
  await runOf(
    (function* () {
      for (let i = 0; i < 100; i++) {
        clock.advance(50);
        yield chunk("x");
      }
      yield done;
    })(),
    {},
    { clock: slow },
  );
  assert.equal(rested, 0);
});

test("a redirect is reported, not followed", async () => {
  const run = await runOf([], { status: 307, headers: { location: "https://elsewhere.example/v1/completions" } });
  assert.equal(run.outcome, "failed");
  assert.match(run.problem?.detail ?? "", /https:\/\/elsewhere\.example\/v1\/completions/);

  const hidden = Response.error();
  Object.defineProperty(hidden, "type", { value: "opaqueredirect" });
  const opaque = await startRun({ request, key: "", fetch: async () => hidden, expect: expectOne }).finished;
  assert.match(opaque.problem?.title ?? "", /redirects/);
  assert.equal(opaque.problem?.status, undefined);
});

test("a date to wait for is taken by the server's clock where that can be read", async () => {
  const until = "Wed, 01 Jan 2020 00:02:00 GMT";
  const told = await runOf([], {
    status: 503,
    headers: { "retry-after": until, date: "Wed, 01 Jan 2020 00:00:00 GMT" },
  });
  assert.equal(told.problem?.retryAfterSeconds, 120);
  for (const date of [{}, { date: "soon" }]) {
    const untold = await runOf([], { status: 503, headers: { "retry-after": until, ...date } });
    assert.equal(untold.problem?.retryAfterSeconds, 0, "long over by the browser's clock");
  }
});

test("one refusal is one request: nothing is sent again", async () => {
  for (const status of [408, 423, 425, 429, 500, 503]) {
    const server = answering(['{"error":"later"}'], { status, headers: { "retry-after": "1" } });
    const run = await startRun({ request, key: "", fetch: server.fetch, expect: expectOne }).finished;
    assert.equal(server.calls.length, 1);
    assert.equal(run.problem?.retryAfterSeconds, 1);
  }
  let calls = 0;
  await startRun({
    request,
    key: "",
    expect: expectOne,
    fetch: async () => {
      calls++;
      throw new TypeError("Failed to fetch");
    },
  }).finished;
  assert.equal(calls, 1);
});

test("an error body is read up to 256 KiB, and the rest is not fetched", async () => {
  let taken = 0;
  function* endless() {
    for (;;) {
      taken++;
      yield "x".repeat(64 << 10);
    }
  }
  const server = answering(endless(), { status: 500 });
  const run = await startRun({ request, key: "", fetch: server.fetch, expect: expectOne }).finished;
  assert.equal(run.outcome, "failed");
  assert.equal(taken, 5);
  assert.equal(server.cancelled, 1);
  assert.ok((run.problem?.raw?.length ?? 0) <= (64 << 10) + 1);
});

test("an endless HTML page and an endless event are given up", async () => {
  function* endless(head: string) {
    yield head;
    for (;;) yield "x".repeat(1 << 20);
  }
  const page = await runOf(endless("<!doctype html>"), { headers: { "content-type": "text/html" } });
  assert.match(page.problem?.title ?? "", /web page/);
  const event = await runOf(endless(`${chunk("kept")}data: `));
  assert.match(event.problem?.title ?? "", /too large/);
  assert.deepEqual(texts(event), ["kept"]);
  const json = await runOf(endless('{"choices":[{"text":"'), { headers: { "content-type": "application/json" } });
  assert.match(json.problem?.title ?? "", /too large/);
});

test("the event log keeps the newest, counts the rest, and cuts long ones", async () => {
  const events = Array.from({ length: 4_500 }, (_, i) => `data: {"choices":[],"n":${i}}\n\n`);
  const run = await runOf([...events, chunk("x".repeat(100_000), "stop"), done]);
  assert.equal(run.events.total, 4_502);
  const kept = run.events.recent();
  assert.equal(kept.length, 2_000);
  assert.equal(run.events.dropped, 2_502);
  assert.equal(kept[0]?.number, 2_502);
  assert.deepEqual(kept.at(-1), { number: 4_501, atMs: 0, kind: "done", name: "", data: "[DONE]", cut: false });
  assert.equal(kept.at(-2)?.cut, true);
  assert.equal(kept.at(-2)?.data.length, 64 << 10);
  assert.equal(run.events.recent(), kept);
});

test("the event log is bounded in size too", async () => {
  const event = `data: {"choices":[],"x":"${"y".repeat(60_000)}"}\n\n`;
  const run = await runOf([...Array<string>(400).fill(event), chunk("a", "stop"), done]);
  const size = run.events.recent().reduce((sum, { data }) => sum + data.length, 0);
  assert.ok(size <= 8 << 20);
  assert.equal(run.events.dropped + run.events.recent().length, 402);
});

test("extra fields of an event are there to be seen", async () => {
  const run = await runOf([
    'data: {"choices":[{"index":0,"text":"a","finish_reason":"stop","stop_reason":128009}],"timings":{"n":1},"__proto__":{"a":1}}\n\n',
    done,
  ]);
  const [event] = run.events.recent();
  assert.ok(event);
  assert.deepEqual(extraFields(event), [
    { path: "timings", json: '{"n":1}' },
    { path: "__proto__", json: '{"a":1}' },
    { path: "choices[0].stop_reason", json: "128009" },
  ]);
});

test("a key that the server sends back is nowhere in the snapshot", async () => {
  const key = 'sk-canary/4711"x';
  const spelled = JSON.stringify(key).slice(1, -1);
  const bodies: (readonly [string, number, string])[] = [
    [`{"error":{"message":"Incorrect API key provided: ${spelled}"}}`, 401, "application/json"],
    [`no such key: ${key}`, 401, "text/plain"],
    [`<html>${encodeURIComponent(key)}</html>`, 200, "text/html"],
    [`data: {"error":{"message":"${spelled}"}}\n\n`, 200, "text/event-stream"],
    [`event: error\ndata: ${key}\n\n`, 200, "text/event-stream"],
    [`error: {"message":"${spelled.replaceAll("/", "\\/")}"}\n\n`, 200, "text/event-stream"],
    [`data: {"choices":[{"text":"${spelled}","finish_reason":"stop"}],"x":"${spelled}"}\n\n`, 200, "text/event-stream"],
    [`{"choices":[{"text":"${spelled}","finish_reason":"stop"}]}`, 200, "application/json"],
    [`plain ${key}`, 200, "text/plain"],
    [`{"cut":"${spelled}`, 200, "application/json"],
  ];
  for (const [body, status, type] of bodies) {
    for (const reads of [[body], [...body]]) {
      const run = await startRun({
        request,
        key,
        fetch: answering(reads, { status, headers: { "content-type": type, "x-echo": key } }).fetch,
        expect: expectOne,
      }).finished;
      const all = JSON.stringify({ ...run, events: run.events.recent() });
      assert.doesNotMatch(all, /canary/, body);
      assert.match(all, /key removed/);
    }
  }
});

test("several events in one read, and comments every 15 ms between them", async () => {
  const silence = ": keep-alive\n\n";
  const run = await runOf([
    chunk("a") + chunk("b"),
    ...Array<string>(4_000).fill(silence),
    silence + chunk("c", "stop") + silence + done,
  ]);
  assert.deepEqual(texts(run), ["abc"]);
  assert.equal(run.events.total, 4);
});

test("empty reads change nothing", async () => {
  const nothing = new Uint8Array(0);
  const run = await runOf([nothing, "\ufeff", nothing, chunk("a", "stop"), nothing, done]);
  assert.equal(run.outcome, "complete");
});

test("own headers go along, and their values come back nowhere", async () => {
  const secret = "canary-value-1";
  const headers = [{ name: "api-key", value: secret }];
  const server = answering([JSON.stringify({ error: { message: `wrong ${secret}` } })], { status: 401 });
  const recorder = new Recorder();
  const run = await startRun({ request, key: "", headers, fetch: server.fetch, expect: expectOne, record: recorder })
    .finished;
  const sent = new Headers(server.calls[0]?.init.headers);
  assert.deepEqual([sent.get("api-key"), sent.get("authorization")], [secret, null]);
  assert.match(run.problem?.title ?? "", /not accepted/);
  assert.ok(!JSON.stringify([run.problem, run.headers, run.events]).includes(secret));
  assert.ok(!saveRecording(recorder).includes(secret));
  assert.ok(!saveRecording(recorder).includes(btoa(secret).slice(0, 12)));
});
