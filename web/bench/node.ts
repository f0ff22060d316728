// The comparison in Node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../src/core/engine.ts";
import { compare, type Input, table } from "./measure.ts";
import { setting } from "./setting.ts";

const folder = setting("BENCH_INPUTS");
const inputs = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Input[];
const engine = await Engine.start(await WebAssembly.compile(readFileSync(setting("PLAYGROUND_WASM"))));
console.log(`Node ${process.version}`);
for (const input of inputs) {
  if (!input.name.includes(process.env.BENCH_ONLY ?? "")) continue;
  const text = readFileSync(join(folder, `${input.name}.json`), "utf8");
  console.log(table(input.title, compare(input, text, engine)));
}
process.exit(0); // Go's timers would keep the process alive
