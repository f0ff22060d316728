import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";
import { loadModule } from "../../../src/core/load.ts";

const core = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const other = new Uint8Array([...core, 0, 1, 0]); // with a section that says nothing
const integrity = `sha256-${createHash("sha256").update(core).digest("base64")}`;
const url = "https://host.example/core.wasm";

const own = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = own;
});

/** Answers requests, and does with the attribute `integrity` what browsers do. Tells the integrity of each request. */
function serve(answers: readonly (() => Response)[]): (string | undefined)[] {
  const asked: (string | undefined)[] = [];
  globalThis.fetch = async (_, options = {}) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    assert.ok(answer);
    asked.push(options.integrity);
    const response = answer();
    if (!options.integrity) return response;
    const bytes = new Uint8Array(await response.clone().arrayBuffer());
    const sum = createHash("sha256").update(bytes).digest("base64");
    if (options.integrity !== `sha256-${sum}`) throw new TypeError("Failed to fetch");
    return response;
  };
  return asked;
}

const wasm =
  (bytes: Uint8Array<ArrayBuffer>, type = "application/wasm") =>
  () =>
    new Response(bytes, { headers: { "content-type": type } });

test("a file that is the one that was published is asked for once, of whatever type", async () => {
  for (const type of ["application/wasm", "application/octet-stream"]) {
    const asked = serve([wasm(core, type)]);
    assert.ok((await loadModule(url, integrity)) instanceof WebAssembly.Module);
    assert.deepEqual(asked, [undefined]);
  }
});

test("another file is not handed out, and told as such", async () => {
  const asked = serve([wasm(other)]);
  await assert.rejects(loadModule(url, integrity), /^Error: The checker is not the file that was published/);
  assert.deepEqual(asked.slice(0, 2), [undefined, integrity]);
});

test("what broke off, or was refused, is asked for once more with its integrity", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(core.slice(0, 4));
          controller.error(new TypeError("network error"));
        },
      }),
      { headers: { "content-type": "application/wasm" } },
    );
  for (const first of [broken, () => new Response("", { status: 503 })]) {
    const asked = serve([first, wasm(core, "application/octet-stream")]);
    assert.ok((await loadModule(url, integrity)) instanceof WebAssembly.Module);
    assert.deepEqual(asked, [undefined, integrity]);
  }
});

test("without an integrity there is nothing to hold a file to", async () => {
  const asked = serve([wasm(core)]);
  assert.ok((await loadModule(url)) instanceof WebAssembly.Module);
  assert.equal(asked.length, 1);
});
