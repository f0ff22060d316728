import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../../src/state/store.ts";
import { clearNotices } from "../../../src/ui/announce.ts";

test("a message at the text's foot goes once it could be read, and a newer one has its own time", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = new Store();
  const ended = new AbortController();
  clearNotices(store, ended.signal);
  const notice = () => store.state.editor.notice;
  store.change({ editor: { notice: "The text is copied." } });
  mock.timers.tick(5_000);
  assert.equal(notice(), "The text is copied.");
  store.change({ editor: { notice: "All keys are forgotten." } });
  mock.timers.tick(5_000);
  assert.equal(notice(), "All keys are forgotten.");
  mock.timers.tick(5_000);
  assert.equal(notice(), "");

  store.change({ editor: { notice: "left behind" } });
  ended.abort();
  mock.timers.tick(60_000);
  assert.equal(notice(), "left behind");
});
