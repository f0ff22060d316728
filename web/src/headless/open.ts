// The one core of a program that has no page around it, and how it gets there.

import { Engine } from "../core/engine.ts";
import { keptMemory } from "../core/limits.ts";
import { loadModule } from "../core/load.ts";
import type { CoreSource } from "./source.ts";

let module: WebAssembly.Module | undefined;
let engine: Engine | undefined;
/** The profile that the engine has. */
let profileThere = "";
let opening: Promise<void> | undefined;

/**
 * Makes the functions of this package usable. `source` is asked for once. Called again it does nothing, unless the core
 * ended, or a large text made it hold much memory; then it starts anew.
 */
export function open(source: () => CoreSource | PromiseLike<CoreSource>): Promise<void> {
  if (engine && !engine.dead && engine.memoryBytes <= keptMemory) return Promise.resolve();
  opening ??= start(source).finally(() => {
    opening = undefined;
  });
  return opening;
}

async function start(source: () => CoreSource | PromiseLike<CoreSource>): Promise<void> {
  module ??= await compiled(await source());
  engine = await Engine.start(module);
  profileThere = "";
}

async function compiled(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL) return loadModule(String(source));
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`The checker could not be downloaded; the server answered ${source.status}.`);
  return WebAssembly.compile(await source.arrayBuffer());
}

/** The core, with the rules of a profile. Throws where it is not there, or there is no such profile. */
export function core(profile: string): Engine {
  if (!engine) throw new Error("The core is not there yet: call init() and wait for it.");
  if (profile !== profileThere) {
    engine.profile(profile);
    profileThere = profile;
  }
  return engine;
}
