// custom-elements.json of the npm package, against the element.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { manifest } from "../../../packages/element/manifest.ts";
import { properties } from "../../../src/attributes.ts";
import { CompletionPlayground } from "../../../src/element.ts";

const embed = readFileSync(join(process.env.PLAYGROUND_ROOT ?? "..", "web", "docs", "embed.md"), "utf8");

interface Named {
  readonly name: string;
  readonly description?: string;
}

interface Declaration {
  readonly attributes: readonly (Named & { readonly fieldName: string })[];
  readonly members: readonly (Named & { readonly kind: string })[];
  readonly events: readonly Named[];
}

function declaration(text: string): Declaration {
  const { modules } = manifest(text) as { modules: [{ declarations: [Declaration] }] };
  return modules[0].declarations[0];
}

test("the manifest names what the element has, in the words of its page", () => {
  const { attributes, members, events } = declaration(embed);
  const observed = attributes.map(({ name }) => name).filter((name) => name !== "name");
  assert.deepEqual(observed.sort(), [...CompletionPlayground.observedAttributes].sort());
  for (const { name, fieldName } of attributes)
    assert.equal(fieldName, name === "name" ? "name" : properties[name as keyof typeof properties]);
  for (const { kind, name } of members)
    if (kind === "method") assert.equal(typeof CompletionPlayground.prototype[name as "check"], "function", name);
    else assert.ok(name in CompletionPlayground.prototype, name);
  assert.deepEqual(events.map(({ name }) => name).sort(), ["change", "check", "chunk", "done", "error", "send"]);
  for (const { name, description = "" } of [...attributes, ...members, ...events]) {
    assert.ok(description.length > 10, name);
    assert.doesNotMatch(description, /\]\(/, name);
  }
});

test("a page that is silent about something, or tells of what there is not, gives no manifest", () => {
  for (const [what, text] of [
    ["attributes: theme", embed.replace(/^\| `theme`.*\n/m, "")],
    ["attributes: colour", embed.replace("`theme` |", "`colour`, `theme` |")],
    ["methods: stop", embed.replace(/^\| `stop\(\)`.*\n/m, "")],
    ["events: chunk", embed.replace(/^\| `chunk`.*\n/m, "")],
  ] as const)
    assert.throws(() => manifest(text), new RegExp(`${what}$`), what);
});
