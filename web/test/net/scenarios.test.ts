// The page's reader over real connections: each way in which a server can go wrong ends as the table says, in each form.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run, RunSnapshot } from "../../src/model/answer.ts";
import { startRun } from "../../src/net/run.ts";
import { differences } from "./differences.ts";
import { choicesAsked, faultsUrl, forms, large, loadScenarios, played, type Scenario } from "./table.ts";

const scenarios = await loadScenarios();

test("the table is there", () => {
  assert.ok(scenarios.length > 50);
});

for (const scenario of scenarios) {
  test(scenario.name, async () => {
    for (const form of large(scenario) ? forms.slice(0, 1) : forms)
      assert.deepEqual(differences(scenario, await play(scenario, form)), [], `form "${form}"`);
  });
}

async function play(scenario: Scenario, form: string): Promise<RunSnapshot> {
  const base = [faultsUrl, scenario.name, ...(form === "" ? [] : [form])].join("/");
  const run = startRun({
    request: {
      method: "POST",
      url: `${base}/v1/completions`,
      headers: [{ name: "Content-Type", value: "application/json" }],
      body: JSON.stringify(scenario.request),
    },
    key: "sk-test-key",
    fetch: (url, init) => fetch(url, init),
    expect: { choices: choicesAsked(scenario), stream: scenario.request.stream === true },
    profile: scenario.profile ?? "",
  });
  if (scenario.want.end !== "stopped") return run.finished;
  await arrived(run, scenario.want.texts?.[0] ?? "");
  await played(scenario.name, form, "running");
  run.stop();
  const end = await run.finished;
  await played(scenario.name, form, "left");
  return end;
}

/** Resolves when the first choice has this text; at once for "". */
async function arrived(run: Run, text: string): Promise<void> {
  const there = () => text === "" || run.snapshot().choices[0]?.text === text;
  while (!there()) {
    await new Promise<void>((resolve) => {
      const off = run.onChange(() => {
        off();
        resolve();
      });
    });
  }
}
