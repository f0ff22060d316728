import assert from "node:assert/strict";
import { test } from "node:test";
import failures from "../../../../schema/failures.json";
import type { Problem } from "../../../src/model/problem.ts";
import { explain, explainRefusal, type FailureId, type Refusal } from "../../../src/net/failures.ts";
import { retryAfter } from "../../../src/net/http-time.ts";
import { readError } from "../../../src/net/server-error.ts";

function refused(status: number, body: string, more: Partial<Refusal> = {}): Problem {
  return explainRefusal({ status, body, retryAfter: null, profile: "portable", hasKey: true, now: 0, ...more });
}

test("error bodies in all shapes", () => {
  const rows: readonly (readonly [name: string, body: unknown, expected: ReturnType<typeof readError>])[] = [
    [
      "E1",
      { error: { message: "m", type: "t", param: "stop", code: "c" } },
      { message: "m", type: "t", param: "stop", code: "c" },
    ],
    ["E1 with nulls", { error: { message: "m", type: "t", param: null, code: null } }, { message: "m", type: "t" }],
    [
      "E2",
      { error: { message: "m", type: "BadRequestError", param: "body.prompt", code: 400 } },
      { message: "m", type: "BadRequestError", param: "body.prompt", code: "400" },
    ],
    [
      "E3",
      { error: { code: 501, message: "m", type: "not_supported_error" } },
      { message: "m", type: "not_supported_error", code: "501" },
    ],
    ["E4", { error: { code: "BALANCE_ERROR", message: "m" } }, { message: "m", code: "BALANCE_ERROR" }],
    [
      "E5",
      { error: { code: 502, message: "m", metadata: { provider_name: "p", raw: "upstream says" } }, user_id: "u" },
      { message: "m", code: "502", upstream: "upstream says" },
    ],
    [
      "E5 with an object as raw",
      { error: { message: "m", metadata: { raw: { error: { message: "inner" } } } } },
      { message: "m", upstream: "inner" },
    ],
    [
      "E5 with JSON as raw",
      { error: { message: "m", metadata: { raw: '{"message":"inner"}' } } },
      { message: "m", upstream: "inner" },
    ],
    [
      "E6",
      { object: "error", message: "m", type: "BadRequest", param: null, code: 400 },
      { message: "m", type: "BadRequest", code: "400" },
    ],
    ["E7", { error: "Unauthorized" }, { message: "Unauthorized" }],
    [
      "E8",
      { error: "Input validation error", error_type: "validation" },
      { message: "Input validation error", type: "validation" },
    ],
    ["E9 string", { detail: "Not Found" }, { message: "Not Found" }],
    [
      "E9 list",
      { detail: [{ loc: ["body", "stop", 0], msg: "str type expected" }, "and so on"] },
      { message: "body.stop.0: str type expected; and so on" },
    ],
    ["TGI in a stream", { error: { message: "m", http_status_code: 424 } }, { message: "m", code: "424" }],
    ["no message", { error: {} }, { message: "" }],
    ["error: null", { error: null }, undefined],
    ["error: empty", { error: "" }, undefined],
    ["an answer", { choices: [], message: "x" }, undefined],
    ["nothing", null, undefined],
    ["a list", [{ error: "x" }], undefined],
    ["detail of something else", { detail: [5, {}] }, undefined],
  ];
  for (const [name, body, expected] of rows) assert.deepEqual(readError(body), expected, name);
  assert.ok((readError({ error: "x".repeat(1e6) })?.message.length ?? 0) <= 1001);
});

test("status by status: a title, a reason, something to do", () => {
  const titles = new Map<string, number>();
  for (let status = 400; status < 600; status++) {
    const problem = refused(status, "");
    assert.equal(problem.status, status);
    assert.match(problem.detail, new RegExp(`^HTTP ${status}\\. .+ The answer has no body\\.$`));
    assert.ok(problem.advice.length > 0);
    titles.set(problem.title, status);
  }
  const named = [400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 423, 425, 429, 500, 501, 502, 503, 504, 529];
  assert.equal(new Set(named.map((status) => refused(status, "").title)).size, named.length);
  assert.match(refused(999, "").title, /Unexpected/);
});

// Where the same status means something of its own.
const rows: readonly (readonly [
  name: string,
  status: number,
  profile: string,
  body: string,
  title: RegExp,
  says: RegExp,
])[] = [
  ["Atoma 400 fiat", 400, "atoma", '{"error":{"code":"FIAT_PAYMENTS_ONLY","message":"m"}}', /fiat/, /currency/],
  ["Atoma 402", 402, "atoma", '{"error":{"code":"BALANCE_ERROR","message":"m"}}', /credit/, /max_tokens/],
  ["Atoma 423", 423, "atoma", '{"error":{"code":"LOCKED","message":"m"}}', /locked/, /already tried/],
  ["Atoma 425", 425, "atoma", '{"error":{"code":"UNAVAILABLE_STACK","message":"m"}}', /used up/, /already tried/],
  [
    "Atoma 429",
    429,
    "atoma",
    '{"error":{"code":"TOO_MANY_REQUESTS","message":"m"}}',
    /overloaded or unreachable/,
    /could not be reached/,
  ],
  [
    "Atoma 500 hides a 400",
    500,
    "atoma",
    '{"error":{"code":"INTERNAL_ERROR","message":"Bad Request"}}',
    /or refused the request/,
    /suffix.*best_of/,
  ],
  ["Atoma 401", 401, "atoma", '{"error":{"code":"AUTH_ERROR","message":"m"}}', /key was not accepted/, /whole key/],
  ["Atoma 503", 503, "atoma", '{"error":{"code":"SERVICE_UNAVAILABLE","message":"m"}}', /Not available/, /Wait/],
  ["Ollama's empty 403", 403, "ollama", "", /does not allow this page/, /OLLAMA_ORIGINS/],
  ["Ollama 404", 404, "ollama", '{"error":{"message":"model \\"x\\" not found"}}', /not there/, /ollama pull/],
  [
    "Ollama 400",
    400,
    "ollama",
    '{"error":{"message":"json: cannot unmarshal array"}}',
    /could not read/,
    /one string as `prompt`/,
  ],
  [
    "llama.cpp 503",
    503,
    "llamacpp",
    '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    /still loading/,
    /log/,
  ],
  [
    "llama.cpp context",
    400,
    "llamacpp",
    '{"error":{"code":400,"message":"too big","type":"exceed_context_size_error"}}',
    /prompt is too long/,
    /-c/,
  ],
  [
    "llama.cpp 500, older",
    500,
    "llamacpp",
    '{"error":{"message":"Unsupported param: best_of"}}',
    /does not know a field/,
    /Unsupported param: best_of/,
  ],
  ["vLLM 401", 401, "vllm", '{"error":"Unauthorized"}', /another key/, /--api-key/],
  [
    "vLLM 404",
    404,
    "vllm",
    '{"error":{"message":"The model `x` does not exist."}}',
    /does not have this model/,
    /served-model-name/,
  ],
  ["SGLang 401", 401, "sglang", '{"error":"Unauthorized"}', /another key/, /--api-key/],
  [
    "TGI 422 in JSON",
    422,
    "tgi",
    '{"error":"`top_p` must be > 0.0 and < 1.0","error_type":"validation"}',
    /TGI refused/,
    /top_p/,
  ],
  ["TGI 422 in words", 422, "tgi", "Failed to deserialize the JSON body", /TGI refused/, /Failed to deserialize/],
  ["TGI 424", 424, "tgi", '{"error":"Request failed during generation"}', /Generation failed/, /log/],
  ["OpenRouter 403", 403, "openrouter", '{"error":{"code":403,"message":"flagged"}}', /moderation/, /flagged/],
  [
    "OpenRouter 502",
    502,
    "openrouter",
    '{"error":{"code":502,"message":"m","metadata":{"raw":"upstream"}}}',
    /provider failed/,
    /provider behind it says: “upstream”/,
  ],
  ["OpenRouter 503", 503, "openrouter", '{"error":{"code":503,"message":"m"}}', /No provider/, /provider/],
  ["Fireworks 412", 412, "fireworks", '{"error":{"message":"m"}}', /cannot run/, /billing/],
  [
    "no such model anywhere",
    404,
    "openai",
    '{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}',
    /does not have this model/,
    /model list/,
  ],
  ["no such path", 404, "openai", "404 page not found", /Nothing at this path/, /base URL/],
  [
    "a field that is named",
    400,
    "openai",
    '{"error":{"message":"too long","param":"stop","code":"array_above_max_length"}}',
    /refused the request/,
    /“too long” \(field stop\)/,
  ],
  [
    "an unknown argument",
    400,
    "openai",
    '{"error":{"message":"Unrecognized request argument supplied: top_k","param":null}}',
    /refused/,
    /top_k/,
  ],
  ["a firewall's page", 403, "openai", "<!DOCTYPE html><title>Blocked</title>", /gateway blocked/, /web page/],
  ["a gateway's 502", 502, "vllm", "<html><h1>502 Bad Gateway</h1></html>", /gateway did not get/, /read timeout/],
  ["a gateway's 504", 504, "vllm", "<html></html>", /gateway did not get/, /web page/],
  ["words alone", 500, "portable", "Internal Server Error", /server failed/, /“Internal Server Error”/],
  [
    "FastAPI",
    422,
    "portable",
    '{"detail":[{"loc":["body","n"],"msg":"not an int"}]}',
    /refused a value/,
    /body\.n: not an int/,
  ],
  ["no message but a code", 400, "portable", '{"error":{"code":"bad"}}', /refused/, /“bad”/],
];

for (const [name, status, profile, body, title, says] of rows) {
  test(`in words: ${name}`, () => {
    const problem = refused(status, body, { profile });
    assert.match(problem.title, title);
    assert.match([problem.detail, ...problem.advice].join("\n"), says);
    assert.equal(problem.raw, body === "" ? undefined : body);
  });
}

test("what one server means does not leak to another", () => {
  assert.doesNotMatch(JSON.stringify(refused(500, "", { profile: "openai" })), /node/);
  assert.doesNotMatch(JSON.stringify(refused(403, "", { profile: "openai" })), /OLLAMA/);
  // A 403 with a body is something else than the one for a page that is not allowed.
  assert.doesNotMatch(refused(403, '{"error":"x"}', { profile: "ollama" }).title, /does not allow this page/);
});

test("401 without a key asks for one", () => {
  assert.match(refused(401, "", { hasKey: false }).title, /wants a key/);
  assert.match(refused(401, "", { hasKey: true }).title, /not accepted/);
});

test("Retry-After in seconds and as a date", () => {
  const now = Date.parse("Wed, 01 Jan 2025 00:00:00 GMT");
  for (const [header, seconds] of [
    [null, undefined],
    ["", undefined],
    ["0", 0],
    ["7", 7],
    [" 7 ", 7],
    ["1.2", 2],
    ["-1", undefined],
    ["soon", undefined],
    ["1e3", undefined],
    ["2025", 2025],
    ["99999999999999", undefined],
    ["Wed, 01 Jan 2025 00:00:30 GMT", 30],
    ["Wednesday, 01-Jan-25 00:00:30 GMT", 30],
    ["Wed Jan  1 00:00:30 2025", undefined],
    ["Tue, 31 Dec 2024 23:59:00 GMT", 0],
    ["Wed, 99 Foo 2025", undefined],
  ] as const) {
    const read = retryAfter(header, now);
    // The third, obsolete form has no zone; engines read it as local time, so only its being a number is sure.
    if (header === "Wed Jan  1 00:00:30 2025") assert.equal(typeof read, "number");
    else assert.equal(read, seconds, String(header));
  }
  assert.equal(refused(429, "", { retryAfter: "5" }).retryAfterSeconds, 5);
  assert.equal("retryAfterSeconds" in refused(429, ""), false);
});

test("the data: patterns compile, every entry has something to do and leaves no condition unknown", () => {
  const ids = failures.refusals.map(({ id }) => id);
  assert.equal(
    new Set([...ids, ...Object.keys(failures.answers)]).size,
    ids.length + Object.keys(failures.answers).length,
  );
  for (const rule of failures.refusals) {
    for (const pattern of [rule.says, rule.message]) {
      if (pattern === undefined) continue;
      // What RE2 lacks, and what it writes in another way.
      assert.doesNotMatch(pattern, /\(\?|\\[1-9kpP]/, rule.id);
      assert.ok(new RegExp(pattern, "u"), rule.id);
    }
    assert.ok(rule.advice.length > 0, rule.id);
  }
  for (const id of Object.keys(failures.answers) as FailureId[]) {
    for (const text of [true, false]) {
      for (const streamed of [true, false]) assert.ok(explain(id, { flags: { text, streamed } }).advice.length > 0, id);
    }
  }
});

test("additions to an explanation: the title of the last that fits, details after, advice before", () => {
  const broken = explain("broken", { status: 200, flags: { text: true } });
  assert.equal(broken.failure, "broken");
  assert.equal(broken.title, "The connection broke");
  assert.match(broken.advice[0] ?? "", /kept/);
  assert.equal(explain("broken", { status: 200 }).title, "The connection broke before any text");
  const empty = (profile: string, streamed: boolean) => explain("empty", { profile, flags: { streamed } }).advice;
  assert.match(empty("ollama", true)[0] ?? "", /Ollama loses/);
  assert.doesNotMatch(empty("ollama", false).join(), /Ollama loses/);
  assert.doesNotMatch(empty("vllm", true).join(), /Ollama/);
});

test("a page that refuses is told by its title, whatever else stands in it", () => {
  assert.match(refused(502, "<html><title>Bad &amp; gone &#8211; &odd;</title>").detail, /“Bad & gone – &odd;”/);
  assert.doesNotMatch(refused(502, "<html><title></title>").detail, /“/);
  assert.match(refused(502, "<title".repeat(40_000)).detail, /web page/);
});
