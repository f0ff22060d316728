import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Engine } from "../../src/core/engine.ts";
import type { TextEdit } from "../../src/model/verdict.ts";

/** What the build tool hands to tests. */
export function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run the tests through "go run ./build test"`);
  return value;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** The compiled core, compiled once for each test file. */
export function coreModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(readFileSync(setting("PLAYGROUND_WASM")));
  return compiled;
}

/** A fresh instance of the core. */
export async function startEngine(): Promise<Engine> {
  return Engine.start(await coreModule());
}

/** The txtar format: a comment, and then sections that each start with a line "-- name --". */
export function readSections(archive: string): Map<string, string> {
  const parts = archive.split(/^-- (.+) --\n/m).slice(1);
  const sections = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? "", parts[i + 1] ?? "");
  return sections;
}

/** A text after edits, which stand in the order of their places. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((result, e) => result.slice(0, e.start16) + e.text + result.slice(e.end16), text);
}
