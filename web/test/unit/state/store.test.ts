import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { initialState, type State, type StateChange, Store } from "../../../src/state/store.ts";

const names = Object.keys(initialState) as (keyof State)[];

/** One real change for each slice. */
const changes: { readonly [Name in keyof State]: Partial<State[Name]> } = {
  endpoint: { hasKey: true },
  core: { state: "ready" },
  text: { preview: { method: "POST", url: "u", headers: [], body: "{}", curl: "curl", note: "", problem: "" } },
  editor: { checked: true },
  runs: { tick: 1 },
  view: { tab: "answer" },
  keep: { on: false },
};

let store: Store;
let heard: (readonly [State, State])[];

beforeEach(() => {
  store = new Store();
  heard = [];
  store.subscribe((state, before) => heard.push([state, before]));
});

for (const name of names) {
  test(`a change in ${name} leaves every other slice the object it was`, () => {
    const before = store.state;
    store.change({ [name]: changes[name] } satisfies StateChange);
    assert.deepEqual(store.state[name], { ...before[name], ...changes[name] });
    for (const other of names) {
      if (other === name) assert.notEqual(store.state[other], before[other]);
      else assert.equal(store.state[other], before[other], other);
    }
  });
}

test("a slice whose members get the values they have stays the object it was, and nobody hears of it", () => {
  const before = store.state;
  store.change({ view: { tab: before.view.tab, theme: before.view.theme }, editor: { ...before.editor }, core: {} });
  store.change({});
  assert.equal(store.state, before);
  assert.deepEqual(heard, []);
});

test("of several slices only those that really change are new", () => {
  const before = store.state;
  store.change({ view: { tab: "form" }, runs: { tick: before.runs.tick } });
  assert.notEqual(store.state.view, before.view);
  assert.equal(store.state.runs, before.runs);
});

test("a member can be set to undefined", () => {
  store.change({ runs: { refusal: { message: "no", canForce: false } } });
  store.change({ runs: { refusal: undefined } });
  assert.equal(store.state.runs.refusal, undefined);
  assert.equal(heard.length, 2);
});

test("listeners hear each change once, with the state after it and the one before", () => {
  const before = store.state;
  store.change({ view: { tab: "form" }, editor: { notice: "Copied." } });
  const after = store.state;
  store.change({ view: { tab: "text" } });
  assert.equal(heard.length, 2);
  assert.deepEqual([heard[0]?.[0], heard[0]?.[1]], [after, before]);
  assert.deepEqual([heard[1]?.[0], heard[1]?.[1]], [store.state, after]);
  assert.deepEqual([before.view.tab, after.view.tab, after.editor.notice], [initialState.view.tab, "form", "Copied."]);
});

test("a listener already reads the new state, and may change it further", () => {
  store.subscribe(({ view }) => {
    assert.equal(store.state.view, view);
    if (view.announcement === "") store.change({ view: { announcement: "said" } });
  });
  store.change({ view: { tab: "form" } });
  assert.deepEqual([store.state.view.tab, store.state.view.announcement], ["form", "said"]);
});

test("whoever ended the subscription hears no more", () => {
  const end = store.subscribe(() => assert.fail("heard"));
  end();
  store.change({ view: { tab: "form" } });
  assert.equal(heard.length, 1);
});

test("stores share their beginning and nothing else", () => {
  const other = new Store();
  store.change({ runs: { tick: 5 } });
  assert.equal(other.state, initialState);
  assert.equal(initialState.runs.tick, 0);
});
