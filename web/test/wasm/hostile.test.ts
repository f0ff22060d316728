// The texts of core/testdata/hostile.json, which core/hostile_test.go times natively, through the compiled core. A panic
// or a stack overflow in Go would end the instance; so would running out of memory.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Engine, Refusal } from "../../src/core/engine.ts";
import type { EditOp } from "../../src/model/core.ts";
import { setting, startEngine } from "./support.ts";

interface HostileCase {
  readonly name: string;
  readonly start: string;
  /** "@" stands for the item's index. */
  readonly item: string;
  readonly join?: string;
  readonly end: string;
  readonly times: number;
  /** Errors among those reported; "*" stands for any, and none means that the text is valid. */
  readonly codes: readonly string[];
}

const file = join(setting("PLAYGROUND_ROOT"), "core", "testdata", "hostile.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as HostileCase[];

const valid = '{"model":"m","prompt":["x"],"max_tokens":5}';

test("there are hostile texts", () => assert.ok(cases.length > 0));

test("one instance answers all hostile texts, and rightly ever after", async (t) => {
  const engine = await startEngine();
  for (const c of cases) {
    await t.test(c.name, (t) => {
      const text = textOf(c);
      const started = performance.now();
      engine.setText(text);
      const { ok, issues } = engine.check();
      t.diagnostic(`${text.length} units, ${(performance.now() - started).toFixed(1)} ms`);
      const errors = issues.filter(({ severity }) => severity === "error");
      assert.equal(ok, errors.length === 0);
      assert.equal(ok, c.codes.length === 0);
      const reported = new Set(errors.map(({ code }) => code));
      for (const code of c.codes)
        assert.ok(code === "*" || reported.has(code), `${code} is not among ${[...reported]}`);
      for (const op of ["fix-all", "format"] as const) tryEdit(engine, { op });
      tryEdit(engine, { op: "set", path: "/n", value: "2" });
      assert.equal(engine.dead, false);
      assertStillRight(engine);
    });
  }
});

test("names of a prototype are only names", async () => {
  const engine = await startEngine();
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];
  engine.setText(`{"model":"m","prompt":["x"],"max_tokens":5,${names.map((name) => `"${name}":{"x":1}`).join()}}`);
  const { ok, issues } = engine.check();
  assert.equal(ok, true);
  assert.deepEqual(
    issues.map(({ code, path }) => [code, path]),
    names.map((name) => ["unknown-field", `/${name}`]),
  );
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

function textOf({ start, item, join = "", end, times }: HostileCase): string {
  return start + Array.from({ length: times }, (_, i) => item.replaceAll("@", String(i))).join(join) + end;
}

/** An edit may be declined for a text like these; anything else but an answer fails. */
function tryEdit(engine: Engine, op: EditOp): void {
  try {
    engine.edit(op);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function assertStillRight(engine: Engine): void {
  engine.setText(valid);
  const { ok, issues } = engine.check();
  assert.deepEqual([ok, issues], [true, []]);
  assert.equal(engine.body(false), valid);
  engine.setText(valid.replace("5", '"5"'));
  assert.deepEqual(
    engine.check().issues.map(({ code }) => code),
    ["wrong-type"],
  );
}
