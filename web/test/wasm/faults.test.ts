// The single faults of core/fault_test.go through the compiled core: a slip of the hand at one character of the structure,
// all fixes that are applied without being asked for, and what would be sent then. The Go test tries them all; here it is
// every thirteenth, and all in the deep mode.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Engine, Refusal } from "../../src/core/engine.ts";
import { deep } from "../rounds.ts";
import { applyEdits, readSections, setting, startEngine } from "./support.ts";

const kinds: Readonly<Record<string, (text: string, at: number) => string[]>> = {
  deleted: (text, at) => [replaced(text, at, at + 1, "")],
  doubled: (text, at) => [replaced(text, at, at, text.charAt(at))],
  swapped: (text, at) =>
    [at - 1, at]
      .filter((i) => i >= 0 && i + 1 < text.length && text.charCodeAt(i) < 0x80 && text.charCodeAt(i + 1) < 0x80)
      .map((i) => replaced(text, i, i + 2, text.charAt(i + 1) + text.charAt(i))),
  inserted: (text, at) => [...'":,[]{}\\'].filter((c) => c !== text.charAt(at)).map((c) => replaced(text, at, at, c)),
};

test("no slip turns a request into another one", async (t) => {
  const engine = await startEngine();
  const corpus = readSections(
    readFileSync(join(setting("PLAYGROUND_ROOT"), "core", "testdata", "faults.txtar"), "utf8"),
  );
  const rows: string[] = [];
  const all = { tried: 0, restored: 0, invalid: 0, different: 0 };
  const seen = new Set<string>();
  let count = 0;
  for (const [kind, make] of Object.entries(kinds)) {
    const row = { tried: 0, restored: 0, invalid: 0, different: 0 };
    for (const [name, section] of corpus) {
      const text = section.replace(/\n$/, "");
      const [, profile] = name.split(" for ");
      engine.profile(profile ?? "atoma");
      const want = fixedBody(engine, text);
      assert.ok(want !== null, name);
      for (const at of structural(text)) {
        for (const broken of make(text, at)) {
          if (isJSON(broken) || seen.has(name + broken)) continue;
          seen.add(name + broken);
          if (count++ % 13 !== 0 && !deep) continue;
          const got = fixedBody(engine, broken);
          const verdict = got === null ? "invalid" : got === want ? "restored" : "different";
          row.tried++;
          row[verdict]++;
          assert.notEqual(verdict, "different", `${kind} at ${at} of "${name}" became ${got}`);
        }
      }
    }
    rows.push(line(kind, row));
    for (const key of ["tried", "restored", "invalid", "different"] as const) all[key] += row[key];
  }
  t.diagnostic("one fault   tried restored  invalid  different");
  for (const row of [...rows, line("all", all)]) t.diagnostic(row);
  assert.ok(all.tried > 300, "something was tried");
  assert.ok(all.restored >= 0.97 * all.tried, "most are restored");
});

function line(name: string, n: { tried: number; restored: number; invalid: number; different: number }): string {
  const share = ((100 * n.restored) / n.tried).toFixed(2);
  return `${name.padEnd(9)} ${String(n.tried).padStart(7)} ${share.padStart(6)} % ${String(n.invalid).padStart(7)} ${String(n.different).padStart(10)}`;
}

/** What would be sent once all is fixed that can be without asking; null where that is nothing. */
function fixedBody(engine: Engine, text: string): string | null {
  engine.setText(text);
  engine.check();
  engine.setText(applyEdits(text, engine.edit({ op: "fix-all" })));
  engine.check();
  try {
    return engine.body(false);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The places of the characters that hold strict JSON together, backslashes that begin an escape among them. */
function structural(text: string): number[] {
  const places: number[] = [];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (quoted && c === "\\") places.push(i++);
    else if (c === '"') {
      quoted = !quoted;
      places.push(i);
    } else if (!quoted && "{}[]:,".includes(c)) places.push(i);
  }
  return places;
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function replaced(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}
