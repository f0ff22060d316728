import assert from "node:assert/strict";
import { test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import type { TextChange } from "../../../src/model/text-change.ts";
import type { CheckResult } from "../../../src/model/verdict.ts";
import type { EndpointSession } from "../../../src/session/endpoint.ts";
import { TextSession } from "../../../src/session/text.ts";
import { Store } from "../../../src/state/store.ts";

const verdict: CheckResult = { ok: true, issues: [], changes: [], members: [], dialect: "json", micros: 1 };

/** As much of a textarea as the plain editor asks for. */
class Area extends EventTarget {
  value = "";
  readonly defaultValue = "";
  readonly parentElement = null;
  setSelectionRange(): void {}

  type(text: string): void {
    this.value += text;
    this.dispatchEvent(new Event("input"));
  }
}

/** A session over a textarea, for a page that was left before the full editor arrived. */
async function opened() {
  const store = new Store();
  const sent: (readonly TextChange[])[] = [];
  const core = {
    reason: "",
    setText: () => {},
    change: (changes: readonly TextChange[]) => sent.push(changes),
  } as unknown as Core;
  const session = new TextSession(store, core, {} as EndpointSession, "{}");
  const area = new Area();
  await session.open(area as unknown as HTMLTextAreaElement, {} as HTMLElement, AbortSignal.abort());
  session.receive(verdict);
  return { store, session, area, sent };
}

test("typing changes what only the text's own area reads", async () => {
  const { store, session, area, sent } = await opened();
  const before = store.state;
  area.type(" ");
  assert.equal(session.text, "{} ");
  assert.deepEqual(sent, [[{ from: 2, to: 2, insert: " " }]]);
  assert.deepEqual(store.state, { ...before, editor: { ...before.editor, checked: false } });
  for (const name of ["text", "endpoint", "core", "runs", "view"] as const)
    assert.equal(store.state[name], before[name], name);
});

test("a verdict changes the text's slice and settles who waits for it", async () => {
  const { store, session, area } = await opened();
  area.type(" ");
  const before = store.state;
  const settled = session.settled();
  const next = { ...verdict, micros: 2 };
  session.receive(next);
  assert.equal(await settled, next);
  assert.equal(await session.settled(), next);
  assert.equal(store.state.text.result, next);
  for (const name of ["endpoint", "core", "runs", "view"] as const) assert.equal(store.state[name], before[name], name);
});

test("a change of the text takes back a refusal to send it", async () => {
  const { store, area } = await opened();
  store.change({ runs: { refusal: { message: "Not sent", canForce: true } } });
  area.type("x");
  assert.equal(store.state.runs.refusal, undefined);
});
