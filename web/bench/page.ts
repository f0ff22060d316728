// The comparison in a browser: on the page's own thread as in Node, and through the Worker as the playground has it.

import { startCore } from "../src/core/client.ts";
import { Engine } from "../src/core/engine.ts";
import { loadModule } from "../src/core/load.ts";
import type { Core } from "../src/core/protocol.ts";
import { wasmUrls } from "../src/core/wasm-url.ts";
import { compare, type Input, median, readable, table } from "./measure.ts";

/** What chromium.ts calls. */
export interface Bench {
  inputs(): Promise<readonly Input[]>;
  compare(input: Input): Promise<string>;
  roundTrip(input: Input): Promise<string>;
}

const edits = 31;

class PageBench implements Bench {
  #engine: Promise<Engine> | null = null;

  async inputs(): Promise<readonly Input[]> {
    return (await (await fetch("/inputs/index.json")).json()) as Input[];
  }

  async compare(input: Input): Promise<string> {
    const { wasm, rest } = wasmUrls(undefined);
    this.#engine ??= Promise.all([loadModule(wasm), rest === undefined ? undefined : loadModule(rest)]).then((halves) =>
      Engine.start(...halves),
    );
    return table(input.title, compare(input, await read(input), await this.#engine));
  }

  /** One letter typed into the middle of a text, from the change to the verdict, messages to the Worker and back included. */
  async roundTrip(input: Input): Promise<string> {
    const text = await read(input);
    const core = startCore();
    try {
      const first = nextResult(core);
      core.setText(text);
      await first;
      const place = text.indexOf(" ", text.length / 2) + 1;
      const times: number[] = [];
      for (let i = 0; i < edits; i++) {
        const result = nextResult(core);
        const start = performance.now();
        core.change([{ from: place, to: place, insert: "x" }]);
        await result;
        times.push(performance.now() - start);
      }
      return `| ${input.title} | ${readable(median(times) * 1000)} | ${readable(Math.max(...times) * 1000)} |`;
    } finally {
      core.close();
    }
  }
}

async function read(input: Input): Promise<string> {
  return (await fetch(`/inputs/${input.name}.json`)).text();
}

function nextResult(core: Core): Promise<void> {
  return new Promise((resolve) => {
    const stop = core.onResult(() => {
      stop();
      resolve();
    });
  });
}

Object.assign(globalThis, { bench: new PageBench() satisfies Bench });
