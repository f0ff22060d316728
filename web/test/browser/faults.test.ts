// The fault server's whole table through the page: each way in which a server can go wrong ends as the table says, and
// what came before it is on the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, type TestContext, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import {
  differences,
  faultsUrl,
  large,
  latestPlay,
  loadScenarios,
  outcomeOf,
  type Scenario,
  type Seen,
  table,
  wanted,
} from "./faults.ts";
import { completion, type Playground, read, until, visit } from "./playground.ts";

let browser: Browser;
let scenarios: readonly Scenario[];

before(async () => {
  scenarios = await loadScenarios();
  browser = await launchChromium();
});

after(() => browser.close());

/** How the server cuts an answer into writes; "" as its script says. */
type Form = "" | "whole" | "bytes";

/** Sends the requests of scenarios, one after the other. */
class Player {
  readonly #playground: Playground;
  #text = "";

  constructor(playground: Playground) {
    this.#playground = playground;
  }

  async send(scenario: Scenario, form: Form): Promise<Locator> {
    const playground = this.#playground;
    await playground.setBase([faultsUrl, scenario.name, ...(form === "" ? [] : [form])].join("/"));
    const text = JSON.stringify(scenario.request);
    if (text !== this.#text) await playground.paste(text);
    this.#text = text;
    const run = await playground.run();
    if (wanted(scenario).end === "stopped") await this.#leave(scenario, run);
    return run;
  }

  /** Stops with the keyboard once all has come that will come. */
  async #leave(scenario: Scenario, run: Locator): Promise<void> {
    const [text] = wanted(scenario).texts ?? [];
    if (text !== undefined) await completion(run).getByText(text).waitFor();
    await until(
      `${scenario.name} to be played`,
      () => latestPlay(scenario.name),
      (play) => play?.state === "running",
    );
    await this.#playground.page.keyboard.press("Escape");
  }
}

/** Waits until a run has ended, and looks at all that there is to see. */
async function look(playground: Playground, run: Locator): Promise<Seen> {
  const outcome = await run
    .getByText(/^(Complete|Ended early|Empty|Failed|Stopped)$/)
    .first()
    .innerText();
  const cards = await run.getByRole("article").all();
  const seen = { texts: [] as string[], finish: [] as string[], tokens: [] as string[] };
  for (const card of cards) {
    seen.texts.push(await copied(playground, card));
    const reason = card.getByTitle(/^finish_reason: /);
    seen.finish.push((await reason.count()) === 0 ? "" : await read(reason));
    if (seen.tokens.length === 0) seen.tokens.push(...(await tokens(playground, card)));
  }
  const terms = await run.getByRole("term").allInnerTexts();
  const values = await run.getByRole("definition").allInnerTexts();
  return {
    outcome,
    ...seen,
    figures: new Map(terms.map((term, i) => [term.trim(), values[i]?.trim() ?? ""])),
    words: (await run.textContent()) ?? "",
  };
}

/** The text of a card, to the last character. */
async function copied({ page }: Playground, card: Locator): Promise<string> {
  const before = "nothing was copied yet";
  await page.evaluate((text) => navigator.clipboard.writeText(text), before);
  await card.getByRole("button", { name: /^Copy / }).click();
  return until(
    "the copy",
    () => page.evaluate(() => navigator.clipboard.readText()),
    (text) => text !== before,
  );
}

/** The tokens of a card, visited with the arrow key; none where it shows no tokens. */
async function tokens({ page }: Playground, card: Locator): Promise<readonly string[]> {
  const group = card.getByRole("group", { name: /^Tokens/ });
  if ((await group.count()) === 0) return [];
  await group.focus();
  const found: string[] = [];
  for (;;) {
    await page.keyboard.press("ArrowRight");
    const status = card.getByRole("status");
    await status.waitFor();
    // At the last token the key stays where it is.
    const [, number, text] = /^Token (\d+): (\S+)/.exec((await read(status)).trim()) ?? [];
    if (Number(number) !== found.length + 1) return found;
    found.push(text ?? "");
  }
}

/** What a browser itself says about answers that fail, beside what the page says. */
const complaints = /Failed to load resource|blocked by CORS policy/;

/** Plays scenarios through one page, prints what came of each, and fails with the names of those that differ. */
async function playAll(t: TestContext, played: readonly Scenario[], form: (scenario: Scenario) => Form): Promise<void> {
  const rows: string[][] = [["scenario", "outcome", "wanted", "server", "what it restates"]];
  const wrong: string[] = [];
  await visit(browser, {}, async (playground) => {
    await playground.useServer(faultsUrl);
    const player = new Player(playground);
    for (const scenario of played) {
      const run = await player.send(scenario, form(scenario));
      const seen = await look(playground, run);
      const found = differences(scenario, seen);
      const end = await until(
        `the server's end of ${scenario.name}`,
        () => latestPlay(scenario.name),
        (play) => play === undefined || play.state !== "running",
      );
      rows.push([
        scenario.name,
        found.length > 0 ? `${seen.outcome} (differs)` : seen.outcome,
        outcomeOf(scenario),
        end?.state ?? "not reached",
        scenario.row,
      ]);
      wrong.push(...found.map((difference) => `${scenario.name}: ${difference}`));
    }
    await playground.expectComplaint(complaints);
  });
  for (const line of table(rows)) t.diagnostic(line);
  t.diagnostic(`${played.length} scenarios, ${wrong.length} differences`);
  assert.deepEqual(wrong, [], "the page ends each scenario as the table says");
}

test("every fault ends as it should, its answer written in one piece", async (t) => {
  await playAll(t, scenarios, (scenario) => (large(scenario) ? "" : "whole"));
});
