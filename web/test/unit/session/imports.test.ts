import assert from "node:assert/strict";
import { test } from "node:test";
import type { Core } from "../../../src/core/protocol.ts";
import type { Imported } from "../../../src/model/imported.ts";
import type { EndpointSession } from "../../../src/session/endpoint.ts";
import { ImportSession } from "../../../src/session/imports.ts";
import { demoEndpoint, type EndpointChoice } from "../../../src/state/choices.ts";
import { Store } from "../../../src/state/store.ts";

const command = "curl https://api.example.com/v1/completions -d '{}'";
const canary = "canary0123456789";
const imported: Imported = {
  kind: "curl",
  name: "a curl command",
  text: '{"model": "m"}',
  base: "https://api.example.com",
  host: "api.example.com",
  url: "https://api.example.com/v1/completions",
  path: "/v1/completions",
  method: "POST",
  profile: "",
  headers: [],
  key: canary,
  keyHeader: "",
  notes: [],
};

/** A session whose core reads every command, and whose text is a variable. */
class Importing {
  readonly store = new Store();
  /** What the endpoint was told, in turn. */
  readonly told: string[] = [];
  /** The keys that it was told of. */
  readonly seen: string[] = [];
  text: string;
  readonly session: ImportSession;

  constructor(text: string) {
    this.text = text;
    const core = {
      import: async (source: string) => (source.startsWith("curl ") ? imported : null),
    } as unknown as Core;
    const endpoints = {
      adopt: ({ base, profile, key }: Imported) => this.told.push(`adopt ${base} ${profile} ${key}`),
      abandon: ({ id }: EndpointChoice) => this.told.push(`abandon for ${id}`),
    } as unknown as EndpointSession;
    this.session = new ImportSession(this.store, core, endpoints, {
      text: () => this.text,
      replace: (text) => this.become(text),
      keySeen: (key) => this.seen.push(key),
    });
  }

  become(text: string): void {
    this.text = text;
    this.session.changed(text);
  }

  get offer() {
    return this.store.state.text.offer;
  }
}

test("an import is offered, and nothing is taken over before the person agrees", async () => {
  const { session, store, told, text, seen } = new Importing(command);
  await session.consider(command);
  assert.equal(store.state.text.offer?.from.name, "a curl command");
  assert.equal(store.state.text.offer?.hasKey, true);
  assert.ok(!JSON.stringify(store.state).includes(canary), "the key is not in the state");
  assert.deepEqual([told, seen], [[], [canary]]);
  assert.equal(text, command);
});

test("with the endpoint come the server and the key, and an undo gives both back", async () => {
  const importing = new Importing(command);
  await importing.session.consider(command);
  importing.session.actions.takeImport(true);
  assert.equal(importing.text, imported.text);
  assert.deepEqual(importing.told, [`adopt https://api.example.com  ${canary}`]);
  assert.equal(importing.offer?.done, "all");
  importing.session.actions.takeImport(true);
  assert.equal(importing.told.length, 1, "once is enough");

  importing.session.actions.undoImport();
  assert.equal(importing.text, command);
  assert.equal(importing.told[1], `abandon for ${demoEndpoint().id}`);
  assert.equal(importing.offer, undefined);
});

test("the text alone leaves endpoint and key as they are", async () => {
  const importing = new Importing(command);
  await importing.session.consider(command);
  importing.session.actions.takeImport(false);
  assert.equal(importing.text, imported.text);
  assert.equal(importing.offer?.done, "text");
  importing.session.actions.undoImport();
  assert.deepEqual([importing.text, importing.told], [command, []]);
});

test("what is pasted into another text is offered too, and takes its place", async () => {
  const importing = new Importing(`{"model": "m", ${command}}`);
  await importing.session.consider(command);
  importing.session.actions.takeImport(false);
  assert.equal(importing.text, imported.text);
});

test("an offer goes with what it is about, once the text is checked", async () => {
  const importing = new Importing(command);
  await importing.session.consider(command);
  importing.become("{}");
  assert.ok(importing.offer, "the text is not checked yet");
  importing.session.actions.takeImport(true);
  assert.deepEqual([importing.text, importing.told], ["{}", []], "it is about a text that is no more");
  importing.session.checked(false);
  assert.equal(importing.offer, undefined);
});

test("what the person wants left as it is, is not offered again", async () => {
  const importing = new Importing(command);
  await importing.session.consider(command);
  importing.session.actions.dismissImport();
  await importing.session.consider(command);
  assert.equal(importing.offer, undefined);
  importing.become("{}");
  importing.become(command);
  await importing.session.consider(command);
  assert.ok(importing.offer, "it was pasted anew");
});

test("line ends are those of the editor", async () => {
  const importing = new Importing("curl a\n-d b");
  await importing.session.consider("curl a\r\n-d b");
  assert.ok(importing.offer);
});

test("a text that is no request in another language offers nothing", async () => {
  const importing = new Importing("{}");
  await importing.session.consider("{}");
  assert.equal(importing.offer, undefined);
});
