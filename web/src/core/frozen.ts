// A core that the build let start, and froze (build/freeze.go): its memory is already that of a program which waits to be
// called, so that an instance is all that has to be made. What is left is the JavaScript half of the Go runtime, whose
// state lies outside of the memory; the build wrote down what it was.

import { goScope } from "go:wasm_exec";

/** The state of wasm_exec.js that its method `run` sets up. */
export interface GoState {
  exited: boolean;
  mem: DataView;
  _inst: WebAssembly.Instance;
  /** JavaScript values that Go holds, and how often, by id; and the other way round. */
  _values: unknown[];
  _goRefCounts: number[];
  _ids: Map<unknown, number>;
  _idPool: number[];
}

/** What the build notes in the custom section "frozen". */
interface Note {
  /** Names of the values that Go holds beside those of every program, in the order of their ids. Null: one that is free. */
  readonly values: readonly (string | null)[];
  /** A table that is left out of the memory (build/wasmfile/buckets.go): its address, and the functions that it knows. */
  readonly buckets?: { readonly address: number; readonly functions: number };
}

/** Lets the program in an instance go on. False: its module is no frozen one, and has to be run. */
export function resume(go: GoState, instance: WebAssembly.Instance, module: WebAssembly.Module): boolean {
  const section = WebAssembly.Module.customSections(module, "frozen")[0];
  if (section === undefined) return false;
  const note = JSON.parse(new TextDecoder().decode(section)) as Note;
  const { buffer } = instance.exports.mem as WebAssembly.Memory;
  if (note.buckets) fillBuckets(new Uint32Array(buffer, note.buckets.address), note.buckets.functions);
  go._inst = instance;
  go.mem = new DataView(buffer);
  go.exited = false;
  go._values = [Number.NaN, 0, null, true, false, goScope, go];
  go._ids = new Map(go._values.slice(1).map((value, at) => [value, at + 1]));
  go._idPool = [];
  for (const name of note.values) {
    const id = go._values.length;
    const value = name === null ? null : named(name);
    go._values.push(value);
    if (name === null) go._idPool.push(id);
    else go._ids.set(value, id);
  }
  go._goRefCounts = go._values.map(() => Number.POSITIVE_INFINITY); // they stay, whatever Go gives back
  return true;
}

/** Sixteen buckets for each function, each its number and four words of zeros. */
function fillBuckets(table: Uint32Array, functions: number): void {
  for (let bucket = 0; bucket < 16 * functions; bucket++) table[5 * bucket] = bucket >> 4;
}

/** The value of a global of the program, such as "fs.constants". */
function named(name: string): unknown {
  return name.split(".").reduce<unknown>((object, key) => (object as Record<string, unknown>)[key], goScope);
}
