import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Engine } from "../../src/core/engine.ts";

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
