import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fetch } from "../../../src/model/request.ts";
import { RecordingError } from "../../../src/net/recording/format.ts";
import { openRecording } from "../../../src/net/recording/open.ts";
import { Recorder, saveRecording } from "../../../src/net/recording/recorder.ts";
import { startRun } from "../../../src/net/run.ts";
import { answering, bytes, chunk, done, request, summary, TestClock, texts } from "./support.ts";

const expectOne = { choices: 1, stream: true };

/** Records a run whose reads come `gap` milliseconds apart. */
async function record(
  reads: readonly string[],
  options: {
    readonly key?: string;
    readonly end?: "close" | "break";
    readonly gap?: number;
    readonly status?: number;
  } = {},
) {
  const clock = new TestClock();
  const inner = answering(
    (function* () {
      for (const read of reads) {
        clock.advance(options.gap ?? 0);
        yield read;
      }
    })(),
    {
      end: options.end ?? "close",
      status: options.status ?? 200,
      headers: { "content-type": "text/event-stream", "x-echo": `key ${options.key ?? ""}` },
    },
  );
  const recorder = new Recorder({ title: "my model", profile: "vllm" });
  const run = await startRun({
    request,
    key: options.key ?? "",
    fetch: inner.fetch,
    expect: expectOne,
    clock,
    record: recorder,
  }).finished;
  return { run, recorder, file: saveRecording(recorder) };
}

function replayed(
  file: string | Uint8Array,
  options: { readonly timing?: "original" | "at-once"; readonly clock?: TestClock } = { timing: "at-once" },
) {
  const recording = openRecording(file);
  return startRun({
    request,
    key: "",
    fetch: recording.replay(options),
    expect: recording.expect,
    clock: options.clock ?? new TestClock(),
  });
}

test("a run that is saved, opened and replayed ends as it did", async () => {
  for (const [reads, end, status] of [
    [[chunk("a"), chunk("b", "stop"), done], "close", 200],
    [[chunk("a"), chunk("b")], "close", 200],
    [[chunk("a"), chunk("🦊").slice(0, 30)], "break", 200],
    [['{"error":{"message":"no"}}'], "close", 400],
    [[], "close", 200],
    [[chunk("a"), 'data: {"error":"boom"}\n\n', chunk("never read")], "close", 200],
  ] as const) {
    const { run, file } = await record(reads, { end, status });
    const again = await replayed(file).finished;
    assert.deepEqual(summary(again), summary(run));
    assert.equal(again.status, run.status);
  }
});

test("what is in the file", async () => {
  const { file } = await record([chunk("a", "stop"), done], { gap: 25 });
  const { recordedAt, ...rest } = JSON.parse(file);
  assert.equal(recordedAt, "2025-01-01T00:00:01.000Z");
  assert.deepEqual(rest, {
    format: "completion-playground/recording",
    version: 1,
    title: "my model",
    profile: "vllm",
    expect: expectOne,
    request: {
      method: "POST",
      url: request.url,
      headers: [
        ["Content-Type", "application/json"],
        ["Accept", "text/event-stream"],
      ],
      body: request.body,
    },
    response: {
      status: 200,
      headers: [
        ["content-type", "text/event-stream"],
        ["x-echo", "key"],
      ],
      headMs: 0,
      chunks: [
        [25, btoa(chunk("a", "stop"))],
        [50, btoa(done)],
      ],
      end: "ended",
      endMs: 50,
    },
  });
  const opened = openRecording(file);
  assert.equal(opened.kind, "recording");
  assert.equal(opened.title, "my model");
  assert.equal(opened.profile, "vllm");
  assert.deepEqual(opened.request, request);
  assert.equal(opened.status, 200);
  assert.equal(opened.durationMs, 50);
});

test("the key is nowhere in the file, even where the server sends it back in parts", async () => {
  const key = 'sk-canary/"4711';
  const inJson = JSON.stringify(key).slice(1, -1);
  const text = `${chunk("a")}: ${key}\n\ndata: {"choices":[{"text":"${inJson}","finish_reason":"stop"}],"u":"${encodeURIComponent(key)}"}\n\n${done}`;
  for (const size of [1, 2, 3, 7, text.length]) {
    const reads = Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
    const clock = new TestClock();
    const recorder = new Recorder({ title: key, profile: "" });
    await startRun({
      request: {
        ...request,
        url: "https://me:sk-canary-in-url@api.example.com/v1/completions",
        headers: [...request.headers, { name: "Authorization", value: `Bearer ${key}` }],
        body: `{"user":"${inJson}"}`,
      },
      key,
      fetch: answering(reads, { headers: { "x-echo": key, "content-type": "text/event-stream" } }).fetch,
      expect: expectOne,
      clock,
      record: recorder,
    }).finished;
    const file = saveRecording(recorder);
    assert.doesNotMatch(file, /canary|4711|authorization/i);
    const all = JSON.parse(file)
      .response.chunks.map(([, base64]: [number, string]) => atob(base64))
      .join("");
    assert.equal(all.length, text.length);
    assert.doesNotMatch(all, /canary|4711/);
    const again = await replayed(file).finished;
    assert.equal(again.outcome, "complete");
  }
});

test("replay with the original timing", async () => {
  const { file } = await record([chunk("a"), chunk("b", "stop"), done], { gap: 1_000 });
  const clock = new TestClock();
  const run = replayed(file, { timing: "original", clock });
  const until = (met: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => (met() ? resolve() : setImmediate(look));
      look();
    });
  await until(() => clock.due.includes(1_000));
  assert.deepEqual(texts(run.snapshot()), []);
  clock.advance(1_000);
  await until(() => clock.due.length > 0);
  assert.deepEqual(texts(run.snapshot()), ["a"]);
  clock.advance(999);
  await until(() => clock.due.includes(1));
  assert.deepEqual(texts(run.snapshot()), ["a"]);
  clock.advance(1);
  await until(() => clock.due.includes(1_000));
  assert.deepEqual(texts(run.snapshot()), ["ab"]);
  clock.advance(1_000);
  const end = await run.finished;
  assert.equal(end.outcome, "complete");
  assert.equal(end.timing.firstTokenMs, 1_000);
  assert.equal(end.timing.totalMs, 3_000);
});

test("replay can be stopped", async () => {
  const { file } = await record([chunk("a"), chunk("b", "stop"), done], { gap: 1_000 });
  const run = replayed(file, { timing: "original", clock: new TestClock() });
  run.stop();
  assert.equal((await run.finished).outcome, "stopped");
  const fetch = openRecording(file).replay();
  await assert.rejects(fetch("x", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a stopped run replays as a stopped one, an unreachable server as one", async () => {
  const clock = new TestClock();
  const recorder = new Recorder();
  const run = startRun({
    request,
    key: "",
    fetch: answering([chunk("a")], { end: "hang" }).fetch,
    expect: expectOne,
    clock,
    record: recorder,
  });
  await new Promise<void>((resolve) => run.onChange(() => run.snapshot().phase === "streaming" && resolve()));
  run.stop();
  const again = await replayed(saveRecording(recorder)).finished;
  assert.equal(again.outcome, "stopped");
  assert.deepEqual(texts(again), ["a"]);

  const failing: Fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  const unreachable = new Recorder();
  await startRun({ request, key: "", fetch: failing, expect: expectOne, record: unreachable }).finished;
  const opened = openRecording(saveRecording(unreachable));
  assert.equal(opened.status, undefined);
  assert.match((await replayed(saveRecording(unreachable)).finished).problem?.title ?? "", /No answer/);
});

test("a redirect whose status the browser hides is replayed as one", async () => {
  const hidden = Response.error();
  Object.defineProperty(hidden, "type", { value: "opaqueredirect" });
  const recorder = new Recorder();
  await startRun({ request, key: "", fetch: async () => hidden, expect: expectOne, record: recorder }).finished;
  assert.match((await replayed(saveRecording(recorder)).finished).problem?.title ?? "", /redirects/);
});

test("a full recording says so and ends as a broken one", async () => {
  const recorder = new Recorder();
  recorder.begin({ request, keys: [""], expect: expectOne, clock: new TestClock() });
  recorder.head(200, [["content-type", "text/event-stream"]]);
  recorder.bytes(bytes(chunk("a")));
  const megabyte = bytes(":".repeat(1 << 20));
  for (let i = 0; i < 70; i++) recorder.bytes(megabyte);
  assert.ok(recorder.size <= 64 << 20);
  assert.equal((recorder.toJSON() as { response: { end: string } }).response.end, "cut");
});

test("nothing recorded, nothing saved", () => {
  const recorder = new Recorder();
  assert.equal(recorder.begun, false);
  assert.throws(() => saveRecording(recorder), /nothing was recorded/);
});

test("captured with curl: heads of all kinds", async () => {
  const body = chunk("a") + chunk("b", "stop") + done;
  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Odd: ä\r\nno colon\r\n: bad\r\n\r\n";
  for (const [name, capture] of [
    ["the stream alone", body],
    ["with a head", head + body],
    ["HTTP/2", `HTTP/2 200 \r\ncontent-type: text/event-stream\r\n\r\n${body}`],
    ["after 100 Continue", `HTTP/1.1 100 Continue\r\n\r\n${head}${body}`],
    ["through a proxy", `HTTP/1.0 200 Connection established\r\n\r\n${head}${body}`],
    ["after a redirect", `HTTP/1.1 301 Moved\r\nLocation: x\r\n\r\n${head}${body}`],
    ["line ends changed by an editor", (head + body).replaceAll("\r\n", "\n")],
    ["with a byte order mark", `\ufeff${body}`],
    ["CRLF stream", body.replaceAll("\n", "\r\n")],
    ["comments first", `: OPENROUTER PROCESSING\n\n${body}`],
  ] as const) {
    const recording = openRecording(capture);
    assert.equal(recording.kind, "stream", name);
    assert.deepEqual(recording.expect, expectOne);
    assert.equal(recording.request, undefined);
    const run = await replayed(capture).finished;
    assert.equal(run.outcome, "complete", name);
    assert.deepEqual(texts(run), ["ab"]);
    assert.deepEqual(summary(await replayed(bytes(capture)).finished), summary(run));
  }
});

test("captured with curl: an error with its head", async () => {
  const capture =
    'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Type: application/json\r\n\r\n{"error":{"message":"slow down"}}';
  const run = await replayed(capture).finished;
  assert.equal(run.problem?.status, 429);
  assert.equal(run.problem?.retryAfterSeconds, 7);
});

test("plain JSON answers, and how many choices they have", async () => {
  const answer = {
    choices: [
      { text: "a", index: 0, finish_reason: "stop" },
      { text: "b", index: 1, finish_reason: "stop" },
    ],
  };
  for (const file of [JSON.stringify(answer), JSON.stringify(answer, null, 2), `\ufeff${JSON.stringify(answer)}`]) {
    assert.deepEqual(openRecording(file).expect, { choices: 2, stream: false });
    assert.equal(openRecording(file).kind, "json");
    const run = await replayed(file).finished;
    assert.equal(run.outcome, "complete");
    assert.deepEqual(texts(run), ["a", "b"]);
    assert.deepEqual(run.notes, []);
  }
  assert.equal((await replayed('{"error":{"message":"no"}}').finished).outcome, "failed");
});

test("foreign files are refused in words", () => {
  for (const [file, words] of [
    ["", /empty/],
    ["  \n", /empty/],
    ["hello", /neither a recording nor/],
    ["<html></html>", /neither a recording nor/],
    ["{}", /JSON, but neither/],
    ['{"name":"completion-playground-web"}', /JSON, but neither/],
    ["[1,2]", /JSON, but neither/],
    ['{"choices":[', /damaged/],
    ["* Connected to x\n> POST /v1/completions HTTP/1.1\n> Authorization: Bearer sk-1\n< HTTP/1.1 200 OK\n", /curl -v/],
    ["HTTP/1.1 200 OK\r\nContent-Type: x\r\n", /headers do not end/],
    ["HTTP/1.1 100 Continue\r\n\r\n", /status 100/],
    ["HTTP/1.1 700 Odd\r\n\r\nx", /status 700/],
  ] as const) {
    assert.throws(
      () => openRecording(file),
      (error) => error instanceof RecordingError && words.test(error.message),
      file,
    );
  }
});

test("damaged recordings are refused with the place", async () => {
  const { file } = await record([chunk("a", "stop"), done], { gap: 5 });
  const broken = (path: string, value: unknown): string => {
    const copy = JSON.parse(file);
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce((at, name) => at[name], copy);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
    return JSON.stringify(copy);
  };
  for (const [path, value, words] of [
    ["version", 2, /format version 2/],
    ["version", "1", /version/],
    ["version", 0, /version/],
    ["title", 5, /title/],
    ["profile", undefined, /profile/],
    ["expect", null, /expect\.choices/],
    ["expect.choices", -1, /expect\.choices/],
    ["expect.stream", "yes", /expect\.stream/],
    ["request", undefined, /request/],
    ["request.body", 5, /request\.body/],
    ["request.headers", [["a"]], /request\.headers/],
    ["response", undefined, /response/],
    ["response.status", 99, /response\.status/],
    ["response.headers", [["bad name", "x"]], /response\.headers/],
    ["response.chunks", {}, /response\.chunks/],
    ["response.chunks.0", [5, "%%%"], /response\.chunks\[0\]/],
    ["response.chunks.1", [1, "AAAA"], /response\.chunks\[1\]/],
    ["response.chunks.1", null, /response\.chunks\[1\]/],
    ["response.end", "maybe", /response\.end/],
    ["response.endMs", 1, /response\.endMs/],
    ["response.headMs", "x", /response\.headMs/],
  ] as const) {
    assert.throws(
      () => openRecording(broken(path, value)),
      (error) => error instanceof RecordingError && words.test(error.message),
      path,
    );
  }
  for (let length = 1; length < file.length - 1; length += 7)
    assert.throws(() => openRecording(file.slice(0, length)), RecordingError);
});
