// Typing into a box of the form while the checker takes its time, the text is changed by others and Workers die: every
// letter stays in the box, and in the end stands in the text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startCore } from "../../../src/core/client.ts";
import { Hub } from "../../../src/core/hub.ts";
import type { FromWorker, ToWorker } from "../../../src/core/messages.ts";
import type { Link, LinkListener } from "../../../src/core/spawn.ts";
import { Drafts } from "../../../src/form/drafts.ts";
import type { FieldView } from "../../../src/form/field-view.ts";
import { readText, typing } from "../../../src/form/typing.ts";
import type { EditOp } from "../../../src/model/core.ts";
import { stringValue } from "../../../src/model/json-value.ts";
import { applyChanges } from "../../../src/model/text-change.ts";
import type { CheckResult, TextEdit } from "../../../src/model/verdict.ts";
import type { EndpointSession } from "../../../src/session/endpoint.ts";
import { TextSession } from "../../../src/session/text.ts";
import { Store } from "../../../src/state/store.ts";
import { rounds } from "../../rounds.ts";
import { Random } from "../../wasm/random.ts";

const member = /"user":("(?:[^"\\]|\\.)*"),/;

/** A Worker that knows one field, and answers a question when it is told to. */
class Checker implements Link {
  readonly #listener: LinkListener;
  readonly #asked: ToWorker[] = [];
  #text = "";
  #ready = false;

  constructor(listener: LinkListener) {
    this.#listener = listener;
  }

  post(message: ToWorker): void {
    this.#asked.push(message);
  }

  close(): void {
    this.#asked.length = 0;
  }

  /** One that ends while it starts is given up for good. */
  crash(): void {
    if (this.#ready) this.#listener.crash("boom");
  }

  /** Answers what was asked first; false: there is nothing. */
  answer(): boolean {
    const message = this.#asked.shift();
    if (message?.kind === "open") {
      this.#ready = true;
      this.#listener.message({ kind: "ready" });
    }
    if (message?.kind === "call") this.#listener.message(this.#call(message));
    return message !== undefined;
  }

  #call({ id, call, sync }: Extract<ToWorker, { kind: "call" }>): FromWorker {
    if (sync?.kind === "text") this.#text = sync.text;
    if (sync?.kind === "changes") this.#text = sync.batches.reduce(applyChanges, this.#text);
    return { kind: "answer", id, value: call.name === "edit" ? this.#edit(call.args) : this.#check() };
  }

  #edit(op: EditOp): readonly TextEdit[] {
    const found = member.exec(this.#text);
    const text = op.op === "set" ? `"user":${op.value},` : "";
    const start16 = found?.index ?? 1;
    return [{ start: 0, end: 0, start16, end16: start16 + (found?.[0].length ?? 0), text }];
  }

  #check(): CheckResult {
    const json = member.exec(this.#text)?.[1];
    const at = { byte: 0, utf16: 0, line: 1, column: 1 };
    const members = json === undefined ? [] : [{ field: "user", span: { start: at, end: at }, json }];
    return { ok: true, issues: [], changes: [], members, dialect: "json", micros: 1 };
  }
}

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

/** Lets follow what follows. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function open() {
  const workers: Checker[] = [];
  const spawn = (listener: LinkListener) => {
    const checker = new Checker(listener);
    workers.push(checker);
    return checker;
  };
  const core = startCore({ wasmUrl: "https://example.com/core.wasm", hub: new Hub(spawn) });
  const store = new Store();
  const session = new TextSession(store, core, {} as EndpointSession, '{"user":"u","n":1}');
  core.onResult((result) => session.receive(result));
  const area = new Area();
  await session.open(area as unknown as HTMLTextAreaElement, {} as HTMLElement, AbortSignal.abort());
  const drafts = new Drafts(() => {});
  const box = { value: "" };
  const path = "/user";
  const json = () => store.state.text.result?.members[0]?.json;
  /** As the page draws the box: with what is known at that time. */
  const draw = () => {
    box.value = drafts.text(path) ?? stringValue(json()) ?? "";
    const view = { drafts, actions: session.actions, field: { title: "User" } } as unknown as FieldView;
    return typing(view, { path, json: json(), read: readText });
  };
  const answer = async () => {
    await settle();
    const answered = workers.at(-1)?.answer() ?? false;
    await settle();
    return answered;
  };
  return { core, session, area, drafts, box, draw, answer, crash: () => workers.at(-1)?.crash() };
}

for (const faults of [false, true]) {
  test(`what is typed into a box stays in it and comes into the text${faults ? ", also where Workers die" : ""}`, async () => {
    for (let seed = 0; seed < rounds(100); seed++) {
      const random = new Random(seed);
      const { core, session, area, drafts, box, draw, answer, crash } = await open();
      while (await answer());
      let on = draw();
      let wanted = "u";
      let spaces = 0;
      const log: string[] = [];
      const type = (text: string) => {
        wanted = text;
        box.value = text;
        on.input({ currentTarget: box } as unknown as Event);
      };
      for (let step = 0; step < 60; step++) {
        const what = random.below(faults ? 16 : 15);
        log.push(String(what));
        if (what < 7) type(box.value + random.pick([..."abc def"]));
        else if (what === 7) type(box.value.slice(0, -1));
        else if (what === 8) on.blur();
        else if (what === 9) {
          area.type(" ");
          spaces++;
        } else if (what < 15) await answer();
        else crash();
        if (random.oneIn(3)) await settle();
        on = draw();
        assert.equal(box.value, wanted, `seed ${seed}: ${log.join(" ")}`);
      }
      while (await answer());
      // What a Worker died over is told, and comes with the next key.
      if (drafts.unread !== "") {
        assert.ok(faults, `seed ${seed}: ${drafts.unread}`);
        on = draw();
        type(`${box.value}.`);
        while (await answer());
      }
      draw();
      assert.equal(box.value, wanted, `seed ${seed}, at last: ${log.join(" ")}`);
      const written = wanted === "" ? "" : `"user":${JSON.stringify(wanted)},`;
      assert.equal(session.text, `{${written}"n":1}${" ".repeat(spaces)}`, `seed ${seed}: ${log.join(" ")}`);
      assert.equal(drafts.unread, "", `seed ${seed}`);
      core.close();
    }
  });
}
