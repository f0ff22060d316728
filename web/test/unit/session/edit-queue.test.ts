import assert from "node:assert/strict";
import { test } from "node:test";
import type { EditOp } from "../../../src/model/core.ts";
import { EditQueue } from "../../../src/session/edit-queue.ts";

/** Edits that are under way until the test lets them end. */
class Applied {
  readonly log: string[] = [];
  readonly queue = new EditQueue((op, gesture) => {
    this.log.push(`${describe(op)}${gesture === "" ? "" : ` in ${gesture}`}`);
    return new Promise((resolve) => this.#ends.push(resolve));
  });
  readonly #ends: ((why: string) => void)[] = [];

  async end(why = ""): Promise<void> {
    this.#ends.shift()?.(why);
    // What follows an edit starts in the microtasks after it.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function describe(op: EditOp): string {
  return op.op === "set" ? `${op.path}=${op.value}` : "path" in op ? `-${op.path}` : op.op;
}

test("edits are made one at a time; a newer value takes the place of one that waits", async () => {
  const { queue, log, end } = bound(new Applied());
  for (const value of ["0.1", "0.2", "0.3"]) void queue.push({ op: "set", path: "/temperature", value }, "drag 1");
  void queue.push({ op: "set", path: "/n", value: "2" }, "");
  assert.deepEqual(log, ["/temperature=0.1 in drag 1"]);
  await end();
  assert.deepEqual(log.slice(1), ["/temperature=0.3 in drag 1"]);
  await end();
  assert.deepEqual(log.slice(2), ["/n=2"]);
  await end();
  void queue.push({ op: "format" }, "");
  assert.deepEqual(log.slice(3), ["format"]);
});

test("an edit that is asked again goes behind what was asked meanwhile", async () => {
  const { queue, log, end } = bound(new Applied());
  void queue.push({ op: "fix-all" }, "");
  void queue.push({ op: "set", path: "/stop", value: '["a"]' }, "");
  void queue.push({ op: "set", path: "/stop/0", value: '"b"' }, "");
  void queue.push({ op: "unset", path: "/stop" }, "");
  for (let i = 0; i < 3; i++) await end();
  assert.deepEqual(log, ["fix-all", '/stop/0="b"', "-/stop"]);
});

test("whoever asked hears what became of it, also where a newer value took its place", async () => {
  const { queue, end } = bound(new Applied());
  const heard: string[] = [];
  const push = (value: string) =>
    void queue.push({ op: "set", path: "/n", value }, "").then((why) => heard.push(`${value}: ${why}`));
  for (const value of ["1", "2", "3"]) push(value);
  let idle = false;
  void queue.idle().then(() => {
    idle = true;
  });
  await end("no place");
  assert.deepEqual(heard, ["1: no place"]);
  assert.equal(idle, false);
  await end();
  assert.deepEqual(heard, ["1: no place", "2: ", "3: "]);
  assert.equal(idle, true);
});

function bound(applied: Applied): Pick<Applied, "queue" | "log"> & { end(why?: string): Promise<void> } {
  return { queue: applied.queue, log: applied.log, end: (why) => applied.end(why) };
}
