// The texts of core/testdata/imports and of core/internal/paste/testdata, which Go tests read natively, through the compiled
// core. The facts are rendered from what the page gets, so that a difference in the reading or in its crossing shows.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Imported } from "../../src/model/imported.ts";
import { readSections, setting, startEngine } from "./support.ts";

const root = setting("PLAYGROUND_ROOT");

function archives(folder: string): [name: string, sections: Map<string, string>][] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".txtar"))
    .map((name) => [name, readSections(readFileSync(join(root, folder, name), "utf8"))]);
}

/** How many texts of each kind were tried, and how many of them were read right. */
class Tally {
  readonly #kinds = new Map<string, { tried: number; right: number }>();

  tried(kind: string): () => void {
    const count = this.#kinds.get(kind) ?? { tried: 0, right: 0 };
    this.#kinds.set(kind, count);
    count.tried++;
    return () => void count.right++;
  }

  print(t: TestContext, least: number): void {
    t.diagnostic("kind              tried  read right");
    for (const [kind, { tried, right }] of [...this.#kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      t.diagnostic(`${kind.padEnd(18)} ${String(tried).padStart(4)}  ${String(right).padStart(10)}`);
    }
    assert.ok(this.#kinds.size >= least, "all kinds");
  }
}

test("every command and record is read as it is natively", async (t) => {
  const engine = await startEngine();
  const tally = new Tally();
  for (const [file, sections] of archives("core/testdata/imports")) {
    for (const [name, input] of sections) {
      if (name === "body" || /\.(body|read)$/.test(name)) continue;
      const found = engine.import(input);
      assert.ok(found, `${file}: ${name}`);
      const right = tally.tried(found.kind);
      assert.equal(render(input, found), sections.get(`${name}.read`), `${file}: ${name}`);
      const body = (sections.get(`${name}.body`) ?? sections.get("body") ?? "").trim();
      engine.setText(found.text ?? "");
      engine.check();
      if (body !== "") assert.deepEqual(JSON.parse(engine.body(false)), JSON.parse(body), `${file}: ${name}`);
      right();
    }
  }
  tally.print(t, 18);
});

test("every program and encoded text is read as it is natively", async (t) => {
  const engine = await startEngine();
  const tally = new Tally();
  for (const [file, sections] of archives("core/internal/paste/testdata")) {
    for (const [section, data] of sections) {
      if (!section.endsWith(".in")) continue;
      const name = section.slice(0, -".in".length);
      const kind = /^(.+?): /.exec(name)?.[1] ?? file.replace(/\.txtar$/, "");
      const right = tally.tried(kind);
      const input = data.replace(/\n$/, "");
      const found = engine.import(input);
      const json = sections.get(`${name}.json`);
      if (json === undefined) assert.equal(found?.text ?? null, null, name);
      else assert.deepEqual(JSON.parse(withoutComments(found?.text ?? "")), JSON.parse(json), name);
      assert.equal(found ? said(input, found) : "", (sections.get(`${name}.says`) ?? "").trim(), name);
      right();
    }
  }
  tally.print(t, 18);
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
  line("in header", found.keyHeader);
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

/** What is told beside the request, in the form of the second test's cases. */
function said(text: string, found: Imported): string {
  const lines: string[] = [];
  const line = (word: string, value: string): void => {
    if (value !== "") lines.push(`${word} ${value}`);
  };
  line("url", found.url);
  line("method", found.method);
  for (const { name, value } of found.headers) line("header", `${name}: ${value}`);
  line("key", found.key);
  line("in header", found.keyHeader);
  for (const { code, span } of found.notes) {
    line(code, text.slice(span.start.utf16, span.end.utf16).replace(/\n[\s\S]*/, " …"));
  }
  return lines.join("\n").trim();
}

/** Strict JSON of the text of a request. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('"') ? found : "",
  );
}
