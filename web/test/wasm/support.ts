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

/** Starts something that makes an instance, and hands out the instance's memory beside it. */
export async function withMemory<T>(start: () => Promise<T>): Promise<{ started: T; memory: WebAssembly.Memory }> {
  const original = WebAssembly.instantiate;
  const instances: WebAssembly.Instance[] = [];
  WebAssembly.instantiate = (async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const instance = await original(module, imports);
    instances.push(instance);
    return instance;
  }) as typeof WebAssembly.instantiate;
  try {
    const started = await start();
    assert.equal(instances.length, 1);
    return { started, memory: instances[0]?.exports.mem as WebAssembly.Memory };
  } finally {
    WebAssembly.instantiate = original;
  }
}

/** Overwrites all that Go knows, which ends the next call in a trap, as a fault of the core would. */
export function ruin(memory: WebAssembly.Memory): void {
  new Uint8Array(memory.buffer).fill(0xff);
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
