// Who is compared, and how: the peers take turns, so that what else the machine does falls on all of them.

import validators from "bench:validators";
import type { Engine } from "../src/core/engine.ts";
import { requestOfTexts, requestOfTextsOrTokens } from "./zod.ts";

/** One entry of the inputs' index.json, which build/bench writes. */
export interface Input {
  readonly name: string;
  readonly title: string;
  readonly profile: string;
  readonly valid: boolean;
}

export interface Row {
  readonly peer: string;
  /** Median of the rounds. */
  readonly micros: number;
  /** Median of how many times Ajv's time it took in the same round. */
  readonly ratio: number;
}

interface Peer {
  readonly name: string;
  readonly check: (text: string) => boolean;
}

const rounds = 9;
/** The least that one sample of one peer takes, in milliseconds: clocks in browsers are coarse. */
const sample = 10;
const longestWarmUp = 2000;

/** Compares all peers on one text. Throws where one gives the wrong verdict. */
export function compare(input: Input, text: string, engine: Engine): Row[] {
  engine.profile(input.profile);
  const peers = peersFor(input, text, engine);
  for (const { name, check } of peers) {
    if (check(text) !== input.valid) throw new Error(`${name} gives the wrong verdict on ${input.name}`);
  }
  const repeats = peers.map((peer) => Math.ceil(sample / warmUp(peer, text)));
  const times = peers.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) times[i]?.push(clock(peer, text, repeats[i] ?? 1));
  }
  const base = times[0] ?? [];
  return peers.map(({ name }, i) => {
    const own = times[i] ?? [];
    return {
      peer: name,
      micros: median(own) * 1000,
      ratio: median(own.map((time, round) => time / (base[round] ?? Number.NaN))),
    };
  });
}

function peersFor(input: Input, text: string, engine: Engine): Peer[] {
  const validate = validators[input.profile];
  if (!validate) throw new Error(`no validator for ${input.profile}`);
  const zod = input.name === "tokens-10k" ? requestOfTextsOrTokens : requestOfTexts;
  const peers: Peer[] = [
    { name: "JSON.parse + Ajv, compiled", check: (text) => validate(JSON.parse(text)) },
    { name: "JSON.parse + Zod", check: (text) => zod.safeParse(JSON.parse(text)).success },
    {
      name: "core, whole text",
      check: (text) => {
        engine.setText(text);
        return engine.check().ok;
      },
    },
  ];
  const encoder = new TextEncoder();
  const room = new Uint8Array(3 * text.length);
  peers.push({
    name: "of that, handing the text over (TextEncoder.encodeInto)",
    check: (text) => encoder.encodeInto(text, room).read === text.length && input.valid,
  });
  peers.push({
    name: "core, whole text and fields",
    check: (text) => {
      engine.setText(text);
      const { ok } = engine.check();
      return engine.members().length > 0 && ok;
    },
  });
  const place = text.slice(text.length / 2).search(/ [a-z]{2}/) + Math.floor(text.length / 2) + 1;
  if (text.length > 50_000 && place > text.length / 2) {
    let turn = 0;
    peers.push({
      name: "core, one letter changed",
      check: () => {
        // The peer before has left the text there.
        if (!engine.change([{ from: place, to: place + 1, insert: "ab"[turn++ % 2] ?? "" }]))
          throw new Error("declined");
        return engine.check().ok;
      },
    });
  }
  return peers;
}

/**
 * Runs a peer until it gets no faster: engines compile what runs often a second time, in the background and bit by bit.
 * Returns about how many milliseconds one check takes.
 */
function warmUp(peer: Peer, text: string): number {
  const started = performance.now();
  let best = 100;
  for (let idle = 0; idle < 3 && performance.now() - started < longestWarmUp; ) {
    const time = clock(peer, text, Math.ceil(100 / best));
    idle = time > 0.9 * best ? idle + 1 : 0;
    best = Math.max(Math.min(best, time), 1e-3); // a coarse clock may not have moved
  }
  return best;
}

/** Milliseconds for one of n checks. */
function clock({ check }: Peer, text: string, n: number): number {
  const start = performance.now();
  for (let i = 0; i < n; i++) check(text);
  return (performance.now() - start) / n;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** A table in Markdown. */
export function table(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ peer, micros, ratio }) => `| ${peer} | ${readable(micros)} | ${ratio.toFixed(2)} |`);
  return `\n### ${title}\n\n| | time | × Ajv |\n|---|--:|--:|\n${lines.join("\n")}\n`;
}

export function readable(micros: number): string {
  if (micros < 10_000) return `${micros.toFixed(micros < 100 ? 1 : 0)} µs`;
  return `${(micros / 1000).toFixed(1)} ms`;
}
