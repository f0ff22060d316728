import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/net/clock.ts";

test("sleep ends with its time or its signal", async () => {
  await systemClock.sleep(0);
  const controller = new AbortController();
  const sleeping = systemClock.sleep(1e9, controller.signal);
  controller.abort(new Error("enough"));
  await assert.rejects(sleeping, /enough/);
  await assert.rejects(systemClock.sleep(1e9, AbortSignal.abort(new Error("before"))), /before/);
});

test("rest lets other tasks run", async () => {
  let ran = false;
  setImmediate(() => {
    ran = true;
  });
  for (let i = 0; i < 1_000 && !ran; i++) await systemClock.rest();
  assert.ok(ran);
});

test("now is steady time, wall is the calendar's", async () => {
  const before = systemClock.now();
  await systemClock.rest();
  assert.ok(systemClock.now() > before);
  assert.ok(systemClock.wall() > Date.UTC(2024, 0, 1));
});
