// The texts of core/testdata/imports, which core/import_test.go reads natively, through the compiled core. The facts are
// rendered from what the page gets, so that a difference in the reading or in its crossing shows.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Imported } from "../../src/model/imported.ts";
import { readSections, setting, startEngine } from "./support.ts";

const folder = join(setting("PLAYGROUND_ROOT"), "core", "testdata", "imports");
const files = readdirSync(folder).filter((name) => name.endsWith(".txtar"));

test("every text is read as it is natively", async (t) => {
  const engine = await startEngine();
  const tally = new Map<string, { tried: number; right: number }>();
  for (const file of files) {
    const sections = readSections(readFileSync(join(folder, file), "utf8"));
    for (const [name, input] of sections) {
      if (name === "body" || /\.(body|read)$/.test(name)) continue;
      const found = engine.import(input);
      assert.ok(found, `${file}: ${name}`);
      const count = tally.get(found.kind) ?? { tried: 0, right: 0 };
      tally.set(found.kind, count);
      count.tried++;
      assert.equal(render(input, found), sections.get(`${name}.read`), `${file}: ${name}`);
      const body = (sections.get(`${name}.body`) ?? sections.get("body") ?? "").trim();
      engine.setText(found.text ?? "");
      engine.check();
      if (body !== "") assert.deepEqual(JSON.parse(engine.body(false)), JSON.parse(body), `${file}: ${name}`);
      count.right++;
    }
  }
  for (const [kind, { tried, right }] of tally) t.diagnostic(`${kind}: ${tried} tried, ${right} read right`);
  assert.ok(tally.size >= 12, "all kinds");
});

test("a request, and what is no text of another language, is not imported", async () => {
  const engine = await startEngine();
  for (const text of ["", '{"model":"m","prompt":["curl http://h"]}', "{model: 'm'}", "so it is"]) {
    assert.equal(engine.import(text), null, text);
  }
});

function render(text: string, found: Imported): string {
  const lines: string[] = [];
  const line = (name: string, value: string): void => {
    if (value !== "") lines.push(`${name}: ${value}\n`);
  };
  for (const name of ["kind", "method", "url", "base", "host", "path", "profile"] as const) line(name, found[name]);
  for (const { name, value } of found.headers) line("header", `${name}: ${value}`);
  line("key", found.key);
  for (const { code, message, span } of found.notes) {
    const bytes = Buffer.from(text.slice(span.start.utf16, span.end.utf16));
    const at = bytes.length > 40 ? `${bytes.subarray(0, 40)}…` : bytes.toString();
    const places = `${span.start.line}:${span.start.column} to ${span.end.line}:${span.end.column}`;
    // Go writes these as escapes.
    const quoted = JSON.stringify(at).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
    line("note", `${code} at ${places} ${quoted}: ${message}`);
  }
  return lines.join("");
}
