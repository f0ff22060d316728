import assert from "node:assert/strict";
import { test } from "node:test";
import type { Check } from "../../../src/model/problem.ts";
import {
  addressSpace,
  checklist,
  type LocalNetworkPermission,
  type Surroundings,
  surroundingsOf,
  type Unreachable,
} from "../../../src/net/reach.ts";
import { startRun } from "../../../src/net/run.ts";
import { request, TestClock } from "./support.ts";

interface Scene {
  readonly url?: string;
  readonly page?: string;
  readonly online?: boolean | undefined;
  readonly secure?: boolean;
  readonly permission?: LocalNetworkPermission;
  readonly answers?: boolean;
  readonly profile?: string;
  readonly hasKey?: boolean;
}

function scene(given: Scene) {
  const probes: { readonly url: string; readonly init: RequestInit }[] = [];
  const surroundings: Surroundings = {
    online: "online" in given ? given.online : true,
    pageUrl: given.page ?? "https://playground.example/",
    secureContext: given.secure ?? true,
    fetch: async (url, init) => {
      probes.push({ url, init });
      if (given.answers === false) throw new TypeError("Failed to fetch");
      return new Response("ok");
    },
    localNetworkPermission: async () => given.permission ?? "unknown",
  };
  const question: Unreachable = {
    url: given.url ?? "https://api.example.com/v1/completions",
    profile: given.profile ?? "portable",
    hasKey: given.hasKey ?? true,
    surroundings,
    clock: new TestClock(),
    signal: new AbortController().signal,
  };
  return { question, probes };
}

async function states(given: Scene): Promise<string> {
  return (await checklist(scene(given).question)).map(({ state }) => state).join(" ");
}

test("where an address lies", () => {
  for (const [host, space] of [
    ["localhost", "loopback"],
    ["LOCALHOST", "loopback"],
    ["x.localhost", "loopback"],
    ["127.0.0.1", "loopback"],
    ["127.9.9.9", "loopback"],
    ["0.0.0.0", "loopback"],
    ["[::1]", "loopback"],
    ["[::ffff:127.0.0.1]", "loopback"],
    ["10.0.0.1", "local"],
    ["172.16.0.1", "local"],
    ["172.31.255.255", "local"],
    ["172.32.0.1", "public"],
    ["192.168.1.5", "local"],
    ["192.169.1.5", "public"],
    ["169.254.1.1", "local"],
    ["100.64.0.1", "local"],
    ["[fe80::1]", "local"],
    ["[fd00::1]", "local"],
    ["[::ffff:192.168.1.5]", "local"],
    ["[2001:db8::1]", "public"],
    ["printer.local", "local"],
    ["8.8.8.8", "public"],
    ["api.example.com", "public"],
    ["localhost.example.com", "public"],
    ["10.example.com", "public"],
    ["2130706433", "loopback"],
  ] as const) {
    assert.equal(addressSpace(`http://${host}:8000/v1`), space, host);
  }
  assert.equal(addressSpace("no url"), "public");
});

// online · http allowed · local network · answers · CORS
const rows: readonly (readonly [name: string, given: Scene, states: string, says: RegExp])[] = [
  ["something answers: CORS is left", {}, "ok ok ok ok bad", /https:\/\/playground\.example and the headers/],
  ["nothing answers", { answers: false }, "ok ok ok bad unknown", /not running/],
  ["offline", { online: false, answers: false }, "bad ok ok bad unknown", /no network/],
  [
    "offline does not matter to this computer",
    { online: false, url: "http://localhost:8000/v1" },
    "unknown ok unknown ok bad",
    /does not matter/,
  ],
  ["online unknown", { online: undefined }, "unknown ok ok ok bad", /does not tell/],
  [
    "http to a public host from https",
    { url: "http://api.example.com/v1" },
    "ok bad ok unknown unknown",
    /mixed content/,
  ],
  [
    "http to a public host from http",
    { url: "http://api.example.com/v1", page: "http://playground.example/" },
    "ok ok ok ok bad",
    /did not come by https/,
  ],
  [
    "http to this computer from https",
    { url: "http://127.0.0.1:8000/v1", permission: "granted" },
    "ok ok ok ok bad",
    /granted/,
  ],
  [
    "http to the local network, no such permission",
    { url: "http://192.168.1.5/v1" },
    "ok bad unknown unknown unknown",
    /mixed content/,
  ],
  [
    "http to the local network, asked",
    { url: "http://192.168.1.5/v1", permission: "prompt" },
    "ok unknown unknown ok bad",
    /answer its question/,
  ],
  [
    "the permission was denied",
    { url: "http://localhost:8000/v1", permission: "denied", answers: false },
    "ok ok bad bad unknown",
    /site settings/,
  ],
  [
    "a public page without https",
    { url: "http://localhost:8000/v1", page: "http://playground.example/", secure: false, answers: false },
    "ok ok bad bad unknown",
    /Open the page by https/,
  ],
  [
    "a page from this computer",
    { url: "http://localhost:8000/v1", page: "http://localhost:8080/" },
    "ok ok ok ok bad",
    /comes from there itself/,
  ],
  [
    "a page from a file",
    { url: "http://localhost:8000/v1", page: "file:///page.html" },
    "ok ok ok ok bad",
    /comes from there itself/,
  ],
  ["vLLM: look at the key", { profile: "vllm" }, "ok ok ok ok bad", /check the key first/],
  ["SGLang: look at the key", { profile: "sglang" }, "ok ok ok ok bad", /check the key first/],
  ["Ollama: allow the page", { profile: "ollama" }, "ok ok ok ok bad", /OLLAMA_ORIGINS=https:\/\/playground\.example$/],
  ["TGI: no key", { profile: "tgi" }, "ok ok ok ok bad", /empty the key field/],
  ["TGI without one", { profile: "tgi", hasKey: false }, "ok ok ok ok bad", /has to allow the origin/],
];

for (const [name, given, expected, says] of rows) {
  test(`checklist: ${name}`, async () => {
    assert.equal(await states(given), expected);
    const details = (await checklist(scene(given).question)).map(({ detail }: Check) => detail);
    assert.ok(
      details.some((detail) => says.test(detail)),
      details.join("\n"),
    );
  });
}

test("the probe needs no preflight and carries nothing", async () => {
  const { question, probes } = scene({ url: "https://api.example.com/deep/v1/completions?x" });
  await checklist(question);
  assert.equal(probes.length, 1);
  const { url, init } = probes[0] ?? assert.fail();
  const { signal, ...rest } = init;
  assert.ok(signal);
  assert.equal(url, "https://api.example.com/");
  assert.deepEqual(rest, {
    method: "GET",
    mode: "no-cors",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    redirect: "follow",
  });
});

test("no probe where the browser would refuse", async () => {
  const { question, probes } = scene({ url: "http://api.example.com/v1" });
  await checklist(question);
  assert.equal(probes.length, 0);
});

test("a probe that hangs is given up after five seconds", async () => {
  const { question } = scene({});
  const clock = new TestClock();
  let asked = () => {};
  const started = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const checks = checklist({
    ...question,
    clock,
    surroundings: {
      ...question.surroundings,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
          asked();
        }),
    },
  });
  await started;
  assert.deepEqual(clock.due, [5_000]);
  clock.advance(5_000);
  assert.equal((await checks)[3]?.state, "bad");
});

test("a run that reaches nobody fails at once and adds the checks later", async () => {
  const { question } = scene({});
  const run = startRun({
    request,
    key: "sk-canary",
    fetch: async () => {
      throw new TypeError("Failed to fetch");
    },
    expect: { choices: 1, stream: true },
    surroundings: question.surroundings,
  });
  const seen: (number | undefined)[] = [];
  run.onChange(() => seen.push(run.snapshot().problem?.checklist?.length));
  const end = await run.finished;
  assert.equal(end.outcome, "failed");
  assert.equal(end.problem?.checklist?.length, 5);
  assert.equal(seen[0], undefined);
  assert.doesNotMatch(JSON.stringify(end.problem), /canary/);
});

test("surroundings of a window, with and without the permission", async () => {
  const window = {
    navigator: { onLine: false, permissions: { query: async () => ({ state: "denied" }) as PermissionStatus } },
    location: { href: "https://a.example/" },
    isSecureContext: true,
    fetch: async () => new Response("x"),
  };
  const all = surroundingsOf(window);
  assert.equal(all.online, false);
  assert.equal(all.pageUrl, "https://a.example/");
  assert.equal(await all.localNetworkPermission(), "denied");
  assert.equal(await (await all.fetch("x", {})).text(), "x");
  const throwing = {
    ...window,
    navigator: { onLine: true, permissions: { query: async () => Promise.reject(new TypeError("unknown name")) } },
  };
  assert.equal(await surroundingsOf(throwing).localNetworkPermission(), "unknown");
  assert.equal(await surroundingsOf({ ...window, navigator: { onLine: true } }).localNetworkPermission(), "unknown");
});

test("a failure of the built-in model is told as its own", async () => {
  const run = await startRun({
    request: { ...request, url: "https://demo.invalid/v1/completions" },
    key: "",
    fetch: async () => {
      throw new TypeError("The demo model ended unexpectedly: out of memory.");
    },
    expect: { choices: 1, stream: true },
  }).finished;
  assert.match(run.problem?.title ?? "", /built-in model/);
  assert.match(run.problem?.detail ?? "", /out of memory/);
});
