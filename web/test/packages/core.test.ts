// The package of the core in Node: what it answers is what the Go core answers, by the cases that Go tests run.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { changeLine, issueLines } from "../wasm/render.ts";
import { readSections } from "../wasm/support.ts";
import { folder, root, server } from "./consumer.ts";

type Core = typeof import("../../src/headless/index.ts");
type Streams = typeof import("../../src/headless/stream.ts");

const globalsBefore = Object.getOwnPropertyNames(globalThis);
const everything = pathToFileURL(join(folder, "everything.mjs")).href;
const { core, streams } = (await import(everything)) as { readonly core: Core; readonly streams: Streams };

function archives(...path: string[]): [name: string, sections: Map<string, string>][] {
  const at = join(root, "core", "testdata", ...path);
  const found = readdirSync(at).filter((name) => name.endsWith(".txtar"));
  assert.ok(found.length > 0);
  return found.map((name) => [name, readSections(readFileSync(join(at, name), "utf8"))]);
}

const refusal = (message: string | RegExp) => ({ name: "Refusal", message });

test("nothing is there before init()", () => {
  assert.throws(() => core.check("{}"), /call init\(\)/);
  assert.throws(() => core.importRequest("curl x"), /call init\(\)/);
});

test("a core that cannot be had is told, and another is tried", async () => {
  await assert.rejects(core.init(new Response("", { status: 404 })), /answered 404/);
  await assert.rejects(core.init(new Uint8Array(8)), WebAssembly.CompileError);
  await assert.rejects(core.init("http://127.0.0.1:1/core.wasm"), /could not be downloaded/);
});

test("with a core", async (t) => {
  before(() => core.init());

  await t.test("every case gets the verdict, the body and the fixes that it gets natively", () => {
    let count = 0;
    for (const [file, sections] of archives("cases")) {
      const input = sections.get("input") ?? "";
      const profile = sections.get("profile")?.trim();
      const options = profile === undefined ? {} : { profile };
      const { issues, changes, ok } = core.check(input, options);
      assert.equal(issues.map(issueLines).join(""), sections.get("issues") ?? "", file);
      assert.equal(changes.map(changeLine).join(""), sections.get("changes") ?? "", file);
      assert.equal(ok, !issues.some(({ severity }) => severity === "error"), file);
      const body = sections.get("body");
      if (body === undefined) assert.throws(() => core.body(input, options), refusal(/./), file);
      else assert.equal(`${core.body(input, options)}\n`, body, file);
      const { text, edits } = core.fix(input, options);
      assert.equal(text, core.apply(input, edits), file);
      assert.equal(text.trimEnd(), (sections.get("fixed") ?? input).trimEnd(), file);
      count++;
    }
    t.diagnostic(`${count} cases`);
  });

  await t.test("every edit is made as it is natively", () => {
    const edit = (text: string, operation: string): string => {
      const [verb = "", path = "", ...value] = operation.split(" ");
      if (verb === "format") return core.format(text).text;
      if (verb === "fix-all") return core.fix(text).text;
      if (verb === "unset") return core.unset(text, path).text;
      return core.set(text, path, JSON.parse(value.join(" "))).text;
    };
    let count = 0;
    for (const [file, sections] of archives("edits")) {
      const parts = readFileSync(join(root, "core", "testdata", "edits", file), "utf8")
        .split(/^-- (.+) --\n/m)
        .slice(1);
      assert.ok(sections.size > 0, file);
      for (let i = 0; i + 3 < parts.length; i += 4) {
        const [title = "", input = "", kind = "", want = ""] = parts.slice(i, i + 4);
        const operation = title.slice(title.indexOf(": ") + 2);
        // A value here is one of JavaScript, which has other digits or no such spelling.
        const value = /^set \S+ (.*)$/s.exec(operation)?.[1];
        if (value !== undefined && written(value) !== value) continue;
        if (kind === "error") assert.throws(() => edit(input, operation), refusal(want.trimEnd()), title);
        else assert.equal(edit(input, operation), want, `${file}: ${title}`);
        count++;
      }
    }
    assert.ok(count > 50, "most of them");
    t.diagnostic(`${count} edits`);
  });

  await t.test("every command and record is read as it is natively", () => {
    let count = 0;
    for (const [file, sections] of archives("imports")) {
      for (const [name, input] of sections) {
        if (name === "body" || /\.(body|read)$/.test(name)) continue;
        const found = core.import(input);
        assert.ok(found, `${file}: ${name}`);
        const facts = sections.get(`${name}.read`) ?? "";
        for (const fact of ["kind", "method", "url", "base", "host", "path", "profile", "key"] as const)
          assert.equal(
            found[fact],
            new RegExp(`^${fact}: (.*)$`, "m").exec(facts)?.[1] ?? "",
            `${file}: ${name}: ${fact}`,
          );
        const body = (sections.get(`${name}.body`) ?? sections.get("body") ?? "").trim();
        if (body !== "")
          assert.deepEqual(JSON.parse(core.body(found.text ?? "")), JSON.parse(body), `${file}: ${name}`);
        count++;
      }
    }
    assert.equal(core.importRequest("so it is"), null);
    t.diagnostic(`${count} commands and records`);
  });

  await t.test("a profile is that of one call; a wrong one is refused and harms no other", () => {
    const text = '{"model":"m","prompt":["x"],"max_tokens":8,"top_k":1}';
    const codes = (profile?: string | object) =>
      core.check(text, profile === undefined ? {} : { profile }).issues.map(({ code }) => code);
    const usual = codes();
    assert.deepEqual(codes("openai"), ["unknown-field"]);
    assert.deepEqual(codes(), usual);
    const own = JSON.parse(readFileSync(join(root, "schema", "profiles", "openai.json"), "utf8")) as object;
    assert.deepEqual(codes(own), ["unknown-field"]);
    assert.deepEqual(codes(JSON.stringify(own)), ["unknown-field"]);
    assert.throws(() => codes("nope"), refusal('no profile "nope"'));
    assert.deepEqual(codes("vllm"), []);
  });

  await t.test("numbers keep their digits, and what is no JSON is refused", () => {
    const seed = 2n ** 63n - 1n;
    const { text } = core.set('{"model":"m","prompt":["x"]}', "/seed", seed);
    assert.ok(core.body(text).includes(`"seed":${seed}`));
    assert.throws(() => core.set("{}", "/n", undefined as unknown as null), TypeError);
    assert.throws(() => core.body("{"), refusal("the request still has errors"));
    assert.equal(core.body("{", { force: true }), "{");
  });

  await t.test("a text that is too long is told, not taken", () => {
    const { ok, issues } = core.check("x".repeat((16 << 20) + 1));
    assert.equal(ok, false);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ["too-large"],
    );
    assert.equal(core.importRequest("x".repeat((16 << 20) + 1)), null);
  });
});

test("answers are read while they come, by one function", async () => {
  const ask = (body: object) => fetch(`${server}/v1/completions`, { method: "POST", body: JSON.stringify(body) });
  const request = { model: "demo-fast", prompt: ["Once"], max_tokens: 12, seed: 1 };
  const whole = await core.stream(await ask(request)).finished;
  assert.equal(whole.outcome, "complete");
  assert.deepEqual(whole.noteCodes, []);
  const texts: string[] = [];
  let last = "";
  for await (const { choices, phase, outcome } of streams.stream(await ask({ ...request, stream: true }))) {
    texts.push(choices[0]?.text ?? "");
    last = `${phase} ${outcome}`;
  }
  assert.equal(last, "done complete");
  assert.equal(texts.at(-1), whole.choices[0]?.text);
  for (const [at, text] of texts.entries()) assert.ok(text.startsWith(texts[at - 1] ?? ""), "it only grows");
  const { outcome, problem } = await core.stream(await ask({})).finished;
  assert.equal(outcome, "failed");
  assert.equal(problem?.status, 400);
});

test("an answer that is left is stopped, and its source hears of it", async () => {
  for (const leave of ["break", "stop", "signal"] as const) {
    let gone: (reason: unknown) => void = () => {};
    const cancelled = new Promise((resolve) => {
      gone = resolve;
    });
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (to) => to.enqueue(new TextEncoder().encode('data: {"choices":[{"index":0,"text":"a"}]}\n\n')),
      cancel: gone,
    });
    const stop = new AbortController();
    const answer = core.stream(source, { signal: stop.signal });
    for await (const { choices } of answer) {
      if (choices[0]?.text !== "a") continue;
      if (leave === "break") break;
      if (leave === "stop") answer.stop();
      else stop.abort();
    }
    const { outcome, choices } = await answer.finished;
    assert.equal(outcome, "stopped", leave);
    assert.equal(choices[0]?.text, "a");
    await cancelled;
  }
});

test("a key is in no text that is told", async () => {
  const refused = Response.json({ error: { message: "bad key sk-secret-1" } }, { status: 401 });
  const { problem } = await core.stream(refused, { key: "sk-secret-1" }).finished;
  assert.equal(problem?.status, 401);
  assert.doesNotMatch(JSON.stringify(problem), /sk-secret-1/);
});

test("on a server neither package leaves anything behind", () => {
  assert.deepEqual(
    Object.getOwnPropertyNames(globalThis).filter((name) => !globalsBefore.includes(name)),
    [],
  );
});

/** What JavaScript makes of a JSON text. */
function written(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}
