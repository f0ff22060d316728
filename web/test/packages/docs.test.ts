// What the packages' documents show is what happens: programs are run, types compiled, sizes compared.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { blocks, folder, node, root, server, typeCheck } from "./consumer.ts";

for (const file of ["web/docs/javascript.md", "web/packages/core/README.md"]) {
  test(`the programs of ${file} print what it says`, async () => {
    const all = blocks(file);
    let count = 0;
    for (const [at, { language, text }] of all.entries()) {
      if (language !== "js") continue;
      const printed = all[at + 1];
      assert.equal(printed?.language, "text", "a program is followed by what it prints");
      const script = `shown-${file.replaceAll(/\W/g, "-")}-${++count}.mjs`;
      writeFileSync(join(folder, script), text.replaceAll("http://127.0.0.1:7420", server));
      assert.equal(await node(script), printed?.text, text);
    }
    assert.ok(count > 0);
  });
}

test("the types are right under both ways in which modules are found", async () => {
  for (const [module, resolution] of [
    ["node16", "node16"],
    ["esnext", "bundler"],
  ] as const)
    await typeCheck("-p", ".", "--module", module, "--moduleResolution", resolution);
});

test("what the types refuse is refused", async () => {
  writeFileSync(join(folder, "wrong.mts"), 'import { check } from "@completion-playground/core";\ncheck(1);\n');
  const args = ["--noEmit", "--ignoreConfig", "--strict", "--module", "node16", "--lib", "ES2022,DOM", "wrong.mts"];
  await assert.rejects(typeCheck(...args), ({ stdout }: { stdout: string }) => /wrong\.mts\(2,7\)/.test(stdout));
});

test("the JSX of the element's README compiles", async () => {
  const shown = blocks("web/packages/element/README.md").find(({ language }) => language === "tsx");
  assert.ok(shown);
  writeFileSync(join(folder, "shown.tsx"), shown.text);
  await typeCheck("-p", ".", "--module", "esnext", "--moduleResolution", "bundler");
});

test("the sizes that javascript.md tells are those of the package", () => {
  const text = readFileSync(join(root, "web", "docs", "javascript.md"), "utf8");
  const told =
    /It has ([\d.]+) MB, ([\d.]+) MB with gzip[^;]*; the scripts\s+have\s+(\d+) kB with gzip, and `stream` alone (\d+)/.exec(
      text.replaceAll("\n", " "),
    );
  assert.ok(told);
  const [, raw, packed, scripts, alone] = told.map(Number);
  const at = join(folder, "node_modules", "@completion-playground", "core");
  const wasm = readFileSync(join(at, "core.wasm"));
  const gzip = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(at, name)), { level: 9 }).length, 0);
  const near = (what: string, claim: number | undefined, real: number) =>
    assert.ok(claim !== undefined && Math.abs(claim - real) <= real / 10, `${what}: ${claim} is told, ${real} is so`);
  near("core.wasm", raw, wasm.length / 1e6);
  near("core.wasm with gzip", packed, gzipSync(wasm, { level: 9 }).length / 1e6);
  near("scripts", scripts, gzip(readdirSync(at).filter((name) => name.endsWith(".js"))) / 1e3);
  const chunk = /from"\.\/(chunk-\w+\.js)"/.exec(readFileSync(join(at, "stream.js"), "utf8"))?.[1] ?? "";
  near("stream", alone, gzip(["stream.js", chunk]) / 1e3);
});

test("each package has its license, its version and its words", () => {
  for (const name of ["core", "element"]) {
    const at = join(folder, "node_modules", "@completion-playground", name);
    assert.match(readFileSync(join(at, "LICENSE"), "utf8"), /MIT License/);
    const others = readFileSync(join(at, "THIRD-PARTY.txt"), "utf8");
    assert.match(others, /The Go Authors/);
    assert.equal(/@codemirror\/view/.test(others), name === "element");
    assert.match(
      (JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { version: string }).version,
      /^\d+\.\d+\.\d+$/,
    );
    assert.ok(statSync(join(at, "README.md")).size > 500);
  }
});
