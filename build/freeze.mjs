// Starts a Go program, lets it come to rest, writes down what its memory and globals hold, and then uses it:
//
//	node freeze.mjs WASM_EXEC MODULE GLOBALS FUNCTIONS USE MEMORY
//
// MODULE exports GLOBALS globals, and one for each of its FUNCTIONS, by the names that build/wasmfile gives them. USE is a
// file with what to ask of the program (build/firstuse.go). The memory goes to the file MEMORY; what is printed is JSON: the
// globals, the names of JavaScript values that the program holds, and the functions that it called when it was used. It is
// the same in every run: the clock and the random numbers that the program sees are made up.

import fs from "node:fs";
import { runInThisContext } from "node:vm";

const [, , wasmExec, file, globals, functions, useFile, memoryFile] = process.argv;

let ticks = 0;
globalThis.performance = { now: () => ++ticks / 1000 };
globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [++ticks / 1000] : args));
  }
  static now() {
    return 0;
  }
};
let seed = 1;
Object.defineProperty(globalThis, "crypto", {
  value: {
    getRandomValues(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        bytes[i] = seed >>> 16;
      }
      return bytes;
    },
  },
});
// The program has no files, as in a browser: wasm_exec.js brings what answers in their place.
const { process: node } = globalThis;
globalThis.process = undefined;
runInThisContext(fs.readFileSync(wasmExec, "utf8"), { filename: wasmExec });

const go = new globalThis.Go();
go.env = { GODEBUG: "clobberfree=1" }; // marks freed memory, which wasmfile looks for
let ended = false;
go.exit = () => {
  ended = true;
};
const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), go.importObject);
go.run(instance);
if (!ended) instance.exports.settle();
if (ended || go.exited) throw new Error("the program ended");
// web/src/core/frozen.ts sets what of its state "run" has set up, and nothing else.
for (const name of ["_inst", "mem", "_values", "_goRefCounts", "_ids", "_idPool", "exited"]) {
  if (!Object.hasOwn(go, name)) throw new Error(`this wasm_exec.js has no ${name}`);
}
if (go._scheduledTimeouts.size > 0) throw new Error("the program waits for a timer");
if (go._pendingEvent !== null) throw new Error("the program waits for an event");

const known = new Map([[globalThis.fs.constants, "fs.constants"]]);
for (const name of ["Object", "Array", "process", "fs", "path", "Uint8Array", "Date"]) known.set(globalThis[name], name);
// The first seven are always there: wasm_exec.js sets them before the program starts.
const names = go._values.slice(7).map((value) => {
  if (value === null) return null;
  const name = known.get(value);
  if (name === undefined) throw new Error(`the program holds a JavaScript value without a name: ${String(value)}`);
  return name;
});
const { exports } = instance;
fs.writeFileSync(memoryFile, new Uint8Array(exports.mem.buffer));
const values = Array.from({ length: Number(globals) }, (_, n) => String(exports[`global ${n}`].value));

const hits = Array.from({ length: Number(functions) }, (_, n) => exports[`hit ${n}`]);
for (const hit of hits) hit.value = 0;
const encoder = new TextEncoder();
/** Writes a text where the program has reserved room for it; its length in bytes. */
const put = (reserve, text) => {
  const room = 3 * text.length;
  const address = reserve(room) >>> 0; // the memory may grow
  return encoder.encodeInto(text, new Uint8Array(exports.mem.buffer, address, room)).written;
};
for (const { text, call, args, numbers } of JSON.parse(fs.readFileSync(useFile, "utf8"))) {
  if (text !== undefined) exports.commit_text(put(exports.reserve_text, text));
  else exports[call](...(numbers ?? []), ...(args === undefined ? [] : [put(exports.reserve_args, args)]));
  if (go.exited) throw new Error(`the program ended at ${call}`);
}
const called = hits.flatMap((hit, n) => (hit.value === 1 ? [n] : []));
node.stdout.write(JSON.stringify({ globals: values, values: names, called }));
node.exit(0);
