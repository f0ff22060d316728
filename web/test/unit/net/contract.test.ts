// How servers end a stream, and what broke other clients: one row each.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../src/model/answer.ts";
import type { RunOptions } from "../../../src/net/run.ts";
import { type Answering, atEverySplit, bytes, chunk, done, runOf, texts } from "./support.ts";

interface Row {
  readonly name: string;
  readonly stream: string | Uint8Array;
  readonly how?: Answering;
  readonly choices?: number;
  readonly asked?: "stream" | "whole";
  readonly profile?: string;
  readonly outcome: Outcome;
  readonly texts?: readonly string[];
  readonly problem?: RegExp;
  readonly note?: RegExp;
}

const error = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const html: Answering = { headers: { "content-type": "text/html; charset=utf-8" } };
const json: Answering = { headers: { "content-type": "application/json" } };
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n';
const whole = JSON.stringify({ choices: [{ text: "a", index: 0, finish_reason: "stop" }] });

const endings: readonly Row[] = [
  // The five ways.
  { name: "1 [DONE]", stream: chunk("a", "stop") + done, outcome: "complete", texts: ["a"] },
  {
    name: "1 [DONE] although a reason is missing",
    stream: chunk("a") + done,
    outcome: "complete",
    texts: ["a"],
    note: /no finish reason/,
  },
  {
    name: "1 [DONE] although fewer choices came",
    stream: chunk("a", "stop") + done,
    choices: 3,
    outcome: "complete",
    texts: ["a"],
    note: /3 choices were asked for and 1 came/,
  },
  {
    name: "2 clean end, all reasons there",
    stream: chunk("a", "stop") + chunk("b", "length", 1),
    choices: 2,
    outcome: "complete",
    texts: ["a", "b"],
  },
  { name: "2 clean end, usage last", stream: chunk("a", "stop") + usage, outcome: "complete", texts: ["a"] },
  { name: "2 no text at all but a reason", stream: chunk("", "stop"), outcome: "complete", texts: [""] },
  {
    name: "3 clean end, no reason",
    stream: chunk("a") + chunk("b"),
    outcome: "ended-early",
    texts: ["ab"],
    problem: /no finish reason/,
  },
  {
    name: "3 clean end, one reason of two",
    stream: chunk("a", "stop") + chunk("b", null, 1),
    choices: 2,
    outcome: "ended-early",
    texts: ["a", "b"],
    problem: /1 of 2/,
  },
  {
    name: "3 clean end, one choice never came",
    stream: chunk("a", "stop"),
    choices: 2,
    outcome: "ended-early",
    texts: ["a"],
    note: /2 choices were asked for/,
  },
  {
    name: "3 a choice nobody expected has no reason",
    stream: chunk("a", "stop") + chunk("b", null, 5),
    outcome: "ended-early",
    texts: ["a", "b"],
  },
  { name: "1 [DONE] and no text", stream: done, outcome: "complete", note: /sent no text/ },
  { name: "1 [DONE] after usage alone", stream: usage + done, outcome: "complete", note: /sent no text/ },
  { name: "4 nothing", stream: "", outcome: "empty" },
  { name: "4 comments alone", stream: ": a\n\n: b\n\n", outcome: "empty" },
  { name: "4 empty events alone", stream: "data:\n\ndata: \n\n", outcome: "empty" },
  { name: "4 only usage", stream: usage, outcome: "empty" },
  {
    name: "5 error object",
    stream: chunk("a") + error({ error: { message: "boom" } }),
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "5 error after all reasons",
    stream: chunk("a", "stop") + error({ error: { message: "boom" } }),
    outcome: "failed",
    texts: ["a"],
  },
  {
    name: "6 events after [DONE]",
    stream: chunk("a", "stop") + done + chunk("b") + error({ error: "late" }),
    outcome: "complete",
    texts: ["a"],
  },
  // Failures in mid-stream, server by server.
  {
    name: "OpenAI: event: error",
    stream: `${chunk("a")}event: error\ndata: {"message":"boom"}\n\n`,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "OpenAI: event: error with plain text",
    stream: `event: error\ndata: boom\n\n`,
    outcome: "failed",
    problem: /boom/,
  },
  {
    name: "vLLM: error, then [DONE]",
    stream: chunk("a") + error({ error: { message: "boom", code: 500 } }) + done,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "vLLM, older: flat error, then [DONE]",
    stream: chunk("a") + error({ object: "error", message: "boom", type: "x", param: null, code: 500 }) + done,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "SGLang: wrapped error, then [DONE]",
    stream: chunk("a") + error({ error: { object: "error", message: "boom", code: 400 } }) + done,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "llama.cpp: error, no [DONE]",
    stream: chunk("a") + error({ error: { code: 500, message: "boom", type: "server_error" } }),
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "llama.cpp, older: a field named error",
    stream: `${chunk("a")}error: {"code":500,"message":"boom"}\n\n${done}`,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "llama.cpp, older: a field named error with text",
    stream: `${chunk("a")}error: boom\n\n${done}`,
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "Ollama: an empty chunk for an error",
    stream: chunk("a") + chunk(""),
    profile: "ollama",
    outcome: "ended-early",
    texts: ["a"],
  },
  { name: "Ollama: only an empty chunk", stream: chunk(""), profile: "ollama", outcome: "empty", texts: [""] },
  {
    name: "TGI: error with http_status_code",
    stream: chunk("a", "") + error({ error: { message: "boom", http_status_code: 424 } }) + done,
    outcome: "failed",
    texts: ["a"],
    problem: /boom.*424/,
  },
  {
    name: "OpenRouter: error beside a choice",
    stream:
      chunk("a") +
      error({
        error: { code: "server_error", message: "boom" },
        choices: [{ index: 0, text: "b", finish_reason: "error" }],
      }),
    outcome: "failed",
    texts: ["ab"],
    problem: /boom/,
  },
  {
    name: "Atoma: signed error, no [DONE]",
    stream: chunk("a") + error({ error: { message: "boom" }, signature: "s", response_hash: "h" }),
    outcome: "failed",
    texts: ["a"],
    problem: /boom/,
  },
  {
    name: "Atoma: node lost",
    stream: `: keep-alive\n\n${chunk("a")}: keep-alive\n\n`,
    profile: "atoma",
    outcome: "ended-early",
    texts: ["a"],
  },
  {
    name: "finish reason abort",
    stream: chunk("a") + chunk("", "abort") + done,
    outcome: "failed",
    texts: ["a"],
    problem: /abort/,
  },
  { name: "finish reason error", stream: chunk("a", "error"), outcome: "failed", texts: ["a"], problem: /error/ },
  {
    name: "reset in mid-stream",
    stream: chunk("a"),
    how: { end: "break" },
    outcome: "failed",
    texts: ["a"],
    problem: /connection was cut/,
  },
  {
    name: "reset before anything",
    stream: "",
    how: { end: "break" },
    outcome: "failed",
    problem: /connection was cut/,
  },
  {
    name: "reset after every reason",
    stream: chunk("a", "stop"),
    how: { end: "break" },
    outcome: "complete",
    texts: ["a"],
    note: /broke after every choice/,
  },
  // No stream although one was asked for, and other surprises with status 200.
  { name: "one JSON answer", stream: whole, how: json, outcome: "complete", texts: ["a"], note: /in one piece/ },
  {
    name: "one JSON answer labelled as a stream",
    stream: whole,
    outcome: "complete",
    texts: ["a"],
    note: /in one piece/,
  },
  { name: "one JSON answer, as asked", stream: whole, how: json, asked: "whole", outcome: "complete", texts: ["a"] },
  {
    name: "JSON without a reason",
    stream: '{"choices":[{"text":"a"}]}',
    how: json,
    asked: "whole",
    outcome: "complete",
    texts: ["a"],
    note: /no finish reason/,
  },
  { name: "JSON with no choices in the list", stream: '{"choices":[]}', how: json, asked: "whole", outcome: "empty" },
  {
    name: "JSON cut off",
    stream: '{"choices":[{"text":"a"',
    how: json,
    asked: "whole",
    outcome: "failed",
    problem: /its end is missing/,
  },
  {
    name: "JSON of something else",
    stream: '{"object":"list","data":[]}',
    how: json,
    outcome: "failed",
    problem: /neither an event stream/,
  },
  {
    name: "error with status 200",
    stream: '{"error":{"message":"boom","code":429}}',
    how: json,
    outcome: "failed",
    problem: /boom.*429/,
  },
  {
    name: "FastAPI's detail with status 200",
    stream: '{"detail":"boom"}',
    how: json,
    outcome: "failed",
    problem: /boom/,
  },
  {
    name: "a stream although none was asked for",
    stream: chunk("a", "stop") + done,
    asked: "whole",
    outcome: "complete",
    texts: ["a"],
    note: /although none was asked/,
  },
  {
    name: "a stream labelled as JSON",
    stream: chunk("a", "stop") + done,
    how: json,
    outcome: "complete",
    texts: ["a"],
    note: /labelled its event stream as application\/json/,
  },
  {
    name: "a stream without a label",
    stream: chunk("a", "stop") + done,
    how: { headers: {} },
    outcome: "complete",
    texts: ["a"],
    note: /no content type/,
  },
  {
    name: "HTML",
    stream: "\n<!doctype html><title>Log in</title>",
    how: html,
    outcome: "failed",
    problem: /HTML although/,
  },
  { name: "HTML labelled as a stream", stream: "<html></html>", outcome: "failed", problem: /HTML although/ },
  { name: "empty, labelled as HTML", stream: "", how: html, outcome: "empty", problem: /labelled as a web page/ },
  {
    name: "plain words",
    stream: "upstream is asleep",
    how: { headers: { "content-type": "text/plain" } },
    outcome: "failed",
    problem: /neither an event stream/,
  },
  {
    name: "Ollama's own lines",
    stream: '{"model":"m","response":"a","done":false}\n{"model":"m","response":"","done":true}\n',
    how: { headers: { "content-type": "application/x-ndjson" } },
    outcome: "failed",
    problem: /one JSON object per line/,
  },
  {
    name: "Ollama's own answer",
    stream: '{"model":"m","response":"a","done":true}',
    how: json,
    outcome: "failed",
    problem: /one JSON object per line/,
  },
  {
    name: "chunks as lines",
    stream: '{"choices":[{"text":"a"}]}\n{"choices":[{"text":"b","finish_reason":"stop"}]}\n',
    how: { headers: { "content-type": "application/x-ndjson" } },
    outcome: "complete",
    texts: ["ab"],
    note: /per line/,
  },
];

const smile = bytes(chunk("🦊", "stop"));
const regressions: readonly Row[] = [
  {
    name: "CRLF split across reads",
    stream: (chunk("a", "stop") + done).replaceAll("\n", "\r\n"),
    outcome: "complete",
    texts: ["a"],
  },
  { name: "CR alone", stream: (chunk("a", "stop") + done).replaceAll("\n", "\r"), outcome: "complete", texts: ["a"] },
  {
    name: "mixed line ends",
    stream: chunk("a").replaceAll("\n", "\r") + chunk("b").replaceAll("\n", "\r\n") + chunk("c", "stop") + done,
    outcome: "complete",
    texts: ["abc"],
  },
  {
    name: "last event without its blank line: JSON",
    stream: chunk("a") + chunk("b", "stop").trimEnd(),
    outcome: "complete",
    texts: ["ab"],
  },
  {
    name: "last event without its blank line: [DONE]",
    stream: `${chunk("a", "stop")}data: [DONE]`,
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "last event cut in its middle",
    stream: `${chunk("a")}data: {"choices":[{"te`,
    outcome: "ended-early",
    texts: ["a"],
    problem: /middle of a message/,
  },
  {
    name: "the only event cut in its middle",
    stream: 'data: {"choices":[{"te',
    outcome: "empty",
    problem: /middle of a message/,
  },
  {
    name: "blocks without data",
    stream: `: ping\n\nid: 1\n\nretry: 5\n\nevent: x\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "empty data",
    stream: `data:\n\ndata: \n\ndata\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "a comment that looks like data",
    stream: `:data: {"error":"no"}\n\n: data: x\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
  },
  { name: "byte order mark", stream: `\ufeff${chunk("a", "stop")}${done}`, outcome: "complete", texts: ["a"] },
  {
    name: "byte order mark before JSON",
    stream: `\ufeff${whole}`,
    how: json,
    asked: "whole",
    outcome: "complete",
    texts: ["a"],
  },
  { name: "emoji over four reads", stream: smile, outcome: "complete", texts: ["🦊"] },
  {
    name: "U+2028, U+2029, U+0085 inside a text",
    stream: `data: {"choices":[{"text":"a\u2028b\u2029c\u0085d","finish_reason":"stop"}]}\n\n`,
    outcome: "complete",
    texts: ["a\u2028b\u2029c\u0085d"],
  },
  {
    name: "no space after the colon",
    stream: `data:{"choices":[{"text":"a: b","finish_reason":"stop"}]}\n\ndata:[DONE]\n\n`,
    outcome: "complete",
    texts: ["a: b"],
  },
  {
    name: "[DONE] with space around",
    stream: `${chunk("a", "stop")}data:  [DONE] \n\n${chunk("late")}`,
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "choices empty or missing",
    stream: `data: {"choices":[]}\n\ndata: {}\n\ndata: {"choices":null,"usage":null}\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "missing index",
    stream: `data: {"choices":[{"text":"a"}]}\n\ndata: {"choices":[{"text":"b","finish_reason":"stop"}]}\n\n`,
    outcome: "complete",
    texts: ["ab"],
  },
  {
    name: "missing indexes in an answer of several choices",
    stream: '{"choices":[{"text":"a","finish_reason":"eos"},{"text":"b","finish_reason":"eos"}]}',
    how: json,
    asked: "whole",
    choices: 2,
    outcome: "complete",
    texts: ["a", "b"],
  },
  {
    name: "error: null is no error",
    stream: `data: {"error":null,"choices":[{"text":"a","finish_reason":"stop"}]}\n\n${done}`,
    outcome: "complete",
    texts: ["a"],
  },
  { name: "an unknown finish reason", stream: chunk("a", "because") + done, outcome: "complete", texts: ["a"] },
  { name: 'finish reason "" is none', stream: chunk("a", "") + chunk("b", ""), outcome: "ended-early", texts: ["ab"] },
  { name: "TGI's raw reasons", stream: chunk("a", "stop_sequence"), outcome: "complete", texts: ["a"] },
  {
    name: "an event that is no JSON",
    stream: `data: hello\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
    note: /no JSON/,
  },
  {
    name: "an event that begins like a chunk and is no JSON",
    stream: `${chunk("a")}data: {"choices":[{"text":\n\n${chunk("b", "stop")}${done}`,
    outcome: "failed",
    texts: ["a"],
    problem: /no JSON/,
  },
  {
    name: "an event of a gateway's own that is no JSON",
    stream: `event: ping\ndata: {ping}\n\n${chunk("a", "stop")}${done}`,
    outcome: "complete",
    texts: ["a"],
    note: /no JSON/,
  },
  {
    name: "interleaved choices",
    stream: chunk("a0", null, 1) + chunk("b0", null, 0) + chunk("a1", "stop", 1) + chunk("b1", "length", 0) + done,
    choices: 2,
    outcome: "complete",
    texts: ["b0b1", "a0a1"],
  },
  {
    name: "chat-style deltas",
    stream: `data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}\n\ndata: {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}\n\n${done}`,
    outcome: "complete",
    texts: ["ab"],
    note: /chat completions/,
  },
  {
    name: "chat-style answer",
    stream: '{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}',
    how: json,
    asked: "whole",
    outcome: "complete",
    texts: ["a"],
    note: /chat completions/,
  },
  {
    name: "Together's token alone",
    stream: 'data: {"choices":[{"index":0,"finish_reason":"eos"}],"token":{"id":5,"text":"a","logprob":-1}}\n\n',
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "Together's finish reason beside the choices",
    stream: 'data: {"choices":[{"index":0,"text":"a"}],"finish_reason":"eos"}\n\n',
    outcome: "complete",
    texts: ["a"],
  },
  {
    name: "a finish reason beside several choices, which is nobody's",
    stream: 'data: {"choices":[{"index":0,"text":"a"},{"index":1,"text":"b"}],"finish_reason":"eos"}\n\n',
    choices: 2,
    outcome: "ended-early",
    texts: ["a", "b"],
  },
  {
    name: "a provider's nested raw error",
    stream: '{"error":{"message":"Provider returned error","metadata":{"raw":"{\\"detail\\":\\"no prompt\\"}"}}}',
    how: json,
    outcome: "failed",
    problem: /no prompt/,
  },
];

for (const [title, rows] of [
  ["ends", endings],
  ["regressions", regressions],
] as const) {
  for (const row of rows) {
    test(`${title}: ${row.name} → ${row.outcome}, at every split`, async () => {
      const options: Partial<RunOptions> = {
        expect: { choices: row.choices ?? 1, stream: row.asked !== "whole" },
        profile: row.profile ?? "portable",
      };
      const run = await atEverySplit(row.stream, row.how ?? {}, options);
      assert.equal(run.phase, "done");
      assert.equal(run.outcome, row.outcome);
      assert.deepEqual(texts(run), row.texts ?? []);
      assert.equal(run.problem === undefined, row.outcome === "complete");
      if (row.problem !== undefined) assert.match(run.problem?.detail ?? "", row.problem);
      if (row.note === undefined) assert.deepEqual(run.notes, []);
      else assert.match(run.notes.join("\n"), row.note);
    });
  }
}

test("regressions: several events in one read, and comments every 15 ms between them", async () => {
  const silence = ": keep-alive\n\n";
  const run = await runOf([
    chunk("a") + chunk("b"),
    ...Array<string>(4_000).fill(silence),
    silence + chunk("c", "stop") + silence + done,
  ]);
  assert.deepEqual(texts(run), ["abc"]);
  assert.equal(run.events.total, 4);
});

test("regressions: a 10 MB event in 1 KB reads", async () => {
  const long = "x".repeat(10 << 20);
  const stream = bytes(chunk(long, "stop"));
  const reads: Uint8Array[] = [];
  for (let at = 0; at < stream.byteLength; at += 1024) reads.push(stream.subarray(at, at + 1024));
  const run = await runOf(reads);
  assert.equal(run.outcome, "complete");
  assert.equal(run.choices[0]?.text.length, long.length);
});

test("regressions: empty reads change nothing", async () => {
  const nothing = new Uint8Array(0);
  const run = await runOf([nothing, "\ufeff", nothing, chunk("a", "stop"), nothing, done]);
  assert.equal(run.outcome, "complete");
});
