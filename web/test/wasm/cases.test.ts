// The cases of core/testdata, which core/cases_test.go runs natively, through the compiled core. Here the sections are
// rendered from what the page sees, so that a difference in either the verdict or its crossing shows.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Engine, Refusal } from "../../src/core/engine.ts";
import { changeLine, issueLines } from "./render.ts";
import { applyEdits, readSections, setting, startEngine } from "./support.ts";

const folder = join(setting("PLAYGROUND_ROOT"), "core", "testdata", "cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".txtar"));

test("there are cases", () => assert.ok(files.length > 0));

for (const file of files) {
  test(file, async () => {
    const sections = readSections(readFileSync(join(folder, file), "utf8"));
    const input = sections.get("input");
    assert.ok(input !== undefined, "the case has no input");
    const engine = await startEngine();
    const profile = sections.get("profile");
    if (profile !== undefined) engine.profile(profile.trim());
    engine.setText(input);
    const got = render(engine, input);
    for (const section of ["issues", "changes", "body", "fixed"]) {
      assert.equal(got.get(section) ?? "", sections.get(section) ?? "", section);
    }
  });
}

test("positions of every issue and change lie in the text", async () => {
  const engine = await startEngine();
  for (const file of files) {
    const input = readSections(readFileSync(join(folder, file), "utf8")).get("input") ?? "";
    engine.setText(input);
    const { issues, changes } = engine.check();
    const members = engine.members();
    const bytes = Buffer.from(input);
    for (const { span } of [...issues, ...changes, ...members]) {
      for (const { byte, utf16 } of [span.start, span.end]) {
        assert.equal(bytes.subarray(0, byte).toString(), input.slice(0, utf16), file);
      }
    }
  }
});

function render(engine: Engine, input: string): Map<string, string> {
  const { issues, changes } = engine.check();
  const sections = new Map([
    ["issues", issues.map(issueLines).join("")],
    ["changes", changes.map(changeLine).join("")],
  ]);
  try {
    sections.set("body", `${engine.body(false)}\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const fixed = applyEdits(input, engine.edit({ op: "fix-all" }));
  if (fixed !== input) sections.set("fixed", fixed.endsWith("\n") ? fixed : `${fixed}\n`);
  return sections;
}
