import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fields } from "../../../src/model/fields.ts";
import { here } from "../../../src/model/here.ts";
import { readSettings } from "../../../src/settings.ts";

// Where the page is that the elements are read on.
before(() =>
  Object.assign(globalThis, {
    location: { href: "https://own.example/play/?a=1" },
    document: { baseURI: "https://docs.example/guide/" },
  }),
);
after(() => {
  for (const name of ["location", "document"]) Reflect.deleteProperty(globalThis, name);
});

/** Settings of an element with these attributes, and what it says of them. */
function read(attributes: Readonly<Record<string, string>>) {
  const element = {
    getAttribute: (name: string) => attributes[name] ?? null,
    hasAttribute: (name: string) => name in attributes,
  } as unknown as Element;
  const troubles: string[] = [];
  return { settings: readSettings(element, undefined, (sentence) => troubles.push(sentence)), troubles };
}

test("an element without attributes is all there, sends, and is one heading below its page's", () => {
  const { settings, troubles } = read({});
  assert.deepEqual(troubles, []);
  assert.equal(settings.shownFields, undefined);
  assert.deepEqual(
    [settings.mode, settings.theme, settings.sends, settings.demo, settings.page, settings.headingLevel],
    ["full", undefined, true, true, false, 2],
  );
  assert.equal(read({ page: "" }).settings.headingLevel, 1);
});

test("fields are shown and hidden by their names, and others are told", () => {
  const { settings, troubles } = read({ fields: "model, prompt seed nothing", "hide-fields": "seed" });
  assert.deepEqual([...(settings.shownFields ?? [])], ["model", "prompt"]);
  assert.deepEqual(troubles, ['fields: there is no field "nothing".']);
  assert.equal(read({ "hide-fields": "user" }).settings.shownFields?.size, fields.length - 1);
  assert.deepEqual([...read({ "lock-fields": "model" }).settings.lockedFields], ["model"]);
});

test("a value that there is not counts as none, and is told with those that there are", () => {
  const { settings, troubles } = read({ layout: "wide", theme: "blue", send: "no", "heading-level": "9" });
  assert.deepEqual(
    [settings.mode, settings.theme, settings.sends, settings.headingLevel],
    ["full", undefined, true, 2],
  );
  assert.equal(troubles.length, 4);
  assert.ok(troubles.some((each) => each.startsWith(`layout="wide" is none of "full", "compact"`)));
});

test("links lead to the page itself, to the page beside the scripts, or to one that is named", () => {
  const page = (attributes: Readonly<Record<string, string>>) => read(attributes).settings.linkPage;
  assert.equal(page({}), undefined);
  assert.equal(page({ share: "off", page: "" }), undefined);
  assert.equal(page({ page: "" }), "https://own.example/play/?a=1");
  assert.equal(page({ share: "on" }), new URL("./", here).href);
  assert.equal(page({ share: "../play/" }), "https://docs.example/play/");
  const { settings, troubles } = read({ share: "javascript:alert(1)" });
  assert.equal(settings.linkPage, undefined);
  assert.deepEqual(troubles, ['share="javascript:alert(1)" is none of "on", "off" and the address of a page.']);
});
