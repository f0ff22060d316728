// The fault server's whole table through the page: each way in which a server can go wrong ends as the table says, and
// what came before it is on the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import type { Locator } from "playwright-core";
import { deep } from "../rounds.ts";
import { browser } from "./browser.ts";
import {
  differences,
  faultsUrl,
  large,
  latestPlay,
  loadScenarios,
  outcomeOf,
  type Scenario,
  type Seen,
  scenarioNamed,
  table,
  wanted,
} from "./faults.ts";
import { completion, type Playground, patience, read, until, visit } from "./playground.ts";

const scenarios = await loadScenarios();

/** Turns to the fault server by hand, with the rules of a server that takes several prompts and choices. */
async function useFaults(playground: Playground): Promise<void> {
  await playground.useServer(faultsUrl);
  await playground.page.getByRole("button", { name: "About this endpoint" }).click();
  const about = playground.page.getByRole("dialog", { name: "About this endpoint" });
  await about.getByLabel("Checked by the rules of").selectOption({ label: "vLLM" });
  await playground.page.keyboard.press("Escape");
  await about.waitFor({ state: "hidden" });
}

/** How the server cuts an answer into writes; "" as its script says. */
type Form = "" | "whole" | "bytes";

/** Sends the requests of scenarios, one after the other. */
class Player {
  readonly playground: Playground;
  #text = "";

  constructor(playground: Playground) {
    this.playground = playground;
  }

  async send(scenario: Scenario, form: Form): Promise<Locator> {
    const { playground } = this;
    const text = JSON.stringify(scenario.request);
    if (text !== this.#text) await playground.paste(text);
    this.#text = text;
    const box = playground.page.getByLabel("Base URL", { exact: true });
    await box.fill([faultsUrl, scenario.name, ...(form === "" ? [] : [form])].join("/"));
    await box.press("ControlOrMeta+Enter");
    const run = await playground.nextRun();
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
    await this.playground.page.keyboard.press("Escape");
  }
}

/** Waits until a run has ended, and looks at all that there is to see: in one go, since hundreds of runs are looked at. */
async function look(playground: Playground, run: Locator, scenario: Scenario): Promise<Seen> {
  const { outcome, cards, figures, words } = await run.evaluate(async (section, patience) => {
    const end = Date.now() + patience;
    const until = async <T>(what: string, ask: () => Promise<T> | T, accept: (value: T) => boolean): Promise<T> => {
      for (;;) {
        const value = await ask();
        if (accept(value)) return value;
        if (Date.now() > end) throw new Error(`${what} did not come about`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const all = (place: Element, selector: string) => [...place.querySelectorAll<HTMLElement>(selector)];
    const ends = ["Complete", "Ended early", "Empty", "Failed", "Stopped"];
    const outcome = await until(
      "the end of the run",
      () =>
        all(section, "span")
          .find((place) => ends.includes(place.innerText.trim()))
          ?.innerText.trim() ?? "",
      (text) => text !== "",
    );
    // The text of a card, to the last character.
    const copied = async (card: Element): Promise<string> => {
      const before = "nothing was copied yet";
      await navigator.clipboard.writeText(before);
      card.querySelector<HTMLElement>('button[aria-label^="Copy "]')?.click();
      return until(
        "the copy",
        () => navigator.clipboard.readText(),
        (text) => text !== before,
      );
    };
    const cards = [];
    for (const card of all(section, "article")) {
      const finish = all(card, '[title^="finish_reason: "]').map((place) => place.innerText);
      cards.push({ text: await copied(card), finish: finish.join(" and ") });
    }
    const values = all(section, "dd").map((place) => place.innerText.trim());
    const figures = all(section, "dt").map((place, i): [string, string] => [place.innerText.trim(), values[i] ?? ""]);
    return { outcome, cards, figures, words: section.textContent ?? "" };
  }, patience);
  const found: string[] = [];
  for (let i = 0; i < cards.length && found.length === 0; i++)
    found.push(...(await tokens(playground, run.getByRole("article").nth(i), wanted(scenario).tokens ?? [])));
  return {
    outcome,
    texts: cards.map(({ text }) => text),
    finish: cards.map(({ finish }) => finish),
    tokens: found,
    figures: new Map(figures),
    words,
  };
}

/**
 * The tokens of a card, visited with the arrow key; none where it shows no tokens. Where they cannot be those that the
 * table wants, all of them as one.
 */
async function tokens({ page }: Playground, card: Locator, want: readonly string[]): Promise<readonly string[]> {
  const group = card.getByRole("group", { name: /^Tokens/ });
  if ((await group.count()) === 0) return [];
  const all = await read(group);
  if (all !== want.join("")) return [all];
  await group.focus();
  const found: string[] = [];
  for (let number = 1; number <= want.length; number++) {
    await page.keyboard.press("ArrowRight");
    const status = card.getByRole("status").filter({ hasText: `Token ${number}:` });
    found.push(/^Token \d+:\s+(\S+)/.exec((await status.innerText()).trim())?.[1] ?? "");
  }
  return found;
}

/** What a browser itself says about answers that fail, beside what the page says. */
const complaints = /Failed to load resource|blocked by CORS policy/;

/** Plays scenarios through one page, prints what came of each, and fails with the names of those that differ. */
async function playAll(
  t: TestContext,
  player: Player,
  scenarios: readonly Scenario[],
  form: (scenario: Scenario) => Form,
): Promise<void> {
  // Those with the same request follow each other, so that it is pasted once.
  const request = (scenario: Scenario) => JSON.stringify(scenario.request);
  const played = [...scenarios].sort((a, b) => Number(request(a) > request(b)) - Number(request(a) < request(b)));
  const rows: string[][] = [["scenario", "outcome", "wanted", "server", "what it restates"]];
  const wrong: string[] = [];
  try {
    for (const scenario of played) {
      const run = await player.send(scenario, form(scenario));
      const seen = await look(player.playground, run, scenario);
      const found = [...differences(scenario, seen)];
      const end = await until(
        `the server's end of ${scenario.name}`,
        () => latestPlay(scenario.name),
        (play) => play === undefined || play.state !== "running",
      );
      if (wanted(scenario).end === "stopped" && end?.state !== "left") found.push("the server did not see us leave");
      rows.push([
        scenario.name,
        found.length > 0 ? `${seen.outcome} (differs)` : seen.outcome,
        outcomeOf(scenario),
        end?.state ?? "not reached",
        scenario.row,
      ]);
      wrong.push(...found.map((difference) => `${scenario.name}: ${difference}`));
    }
  } finally {
    // What was seen before a wait that was in vain tells where that was.
    for (const line of table(rows)) t.diagnostic(line);
  }
  t.diagnostic(`${played.length} scenarios, ${wrong.length} differences`);
  assert.deepEqual(wrong, [], "the page ends each scenario as the table says");
}

/** What a scenario is about, by the part of the contract that it restates, and how it ends. */
function kind(scenario: Scenario): string {
  const [part = ""] = scenario.row.split(/[:;(]/);
  return `${part.trim()}, ${outcomeOf(scenario)}`;
}

test("every fault ends as the table says", async (t) => {
  // What moves, and a large window, would be drawn for minutes.
  const settings = { limit: 7_200_000, viewport: { width: 1200, height: 500 } } as const;
  await visit(browser, settings, async (playground) => {
    await useFaults(playground);
    const player = new Player(playground);
    // The page's reader gets all scenarios in Node, whole and byte by byte; what the page and a browser's own fetch make of
    // them shows in one of each kind.
    const kinds = scenarios.filter(
      (scenario) => deep || scenarios.find((other) => kind(other) === kind(scenario)) === scenario,
    );
    await t.test("its answer written in one piece", (t) =>
      playAll(t, player, kinds, (scenario) => (large(scenario) ? "" : "whole")),
    );
    const streams = scenarios
      .filter((scenario) => !large(scenario) && wanted(scenario).status === undefined)
      .filter((_, number) => deep || number % 16 === 0);
    await t.test("each byte of a stream written alone", (t) => playAll(t, player, streams, () => "bytes"));

    await t.test("what was recorded ends the same when it is played again", () => playRecordings(player));
    await playground.expectComplaint(complaints);
  });
});

async function playRecordings(player: Player): Promise<void> {
  const { playground } = player;
  const { page } = playground;
  for (const name of [
    "keep-alive",
    "logprobs-arrays",
    "relay-cut",
    "nothing",
    "error-then-done",
    "truncated",
    "bad-request",
    "stall",
  ]) {
    const scenario = scenarioNamed(scenarios, name);
    const seen = await look(playground, await player.send(scenario, ""), scenario);
    assert.equal(seen.outcome, outcomeOf(scenario), name);
    const played = await latestPlay(name);
    const arrives = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save this run" }).click();
    const file = await readFile(await (await arrives).path());

    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open a recording" }).click();
    await (await chooser).setFiles({ name: "run.json", mimeType: "application/json", buffer: file });
    const replayed = await look(playground, await playground.nextRun(), scenario);
    for (const what of ["outcome", "texts", "finish", "tokens"] as const)
      assert.deepEqual(replayed[what], seen[what], `${name}: ${what}`);
    for (const what of ["Status", "Tokens"])
      assert.equal(replayed.figures.get(what), seen.figures.get(what), `${name}: ${what}`);

    await page.getByRole("button", { name: "Show at once", exact: true }).click();
    const atOnce = await look(playground, await playground.nextRun(), scenario);
    for (const what of ["outcome", "texts", "finish", "tokens"] as const)
      assert.deepEqual(atOnce[what], seen[what], `${name}, at once: ${what}`);
    assert.equal((await latestPlay(name))?.number, played?.number, `${name}: nothing was sent again`);
  }
}
