// Pictures of the page in every state, for people to look at. It fails only where a state cannot be reached.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { openProbe, type Playground, pageUrl, read, until, visit } from "../browser/playground.ts";

const cache = process.env.PLAYGROUND_CACHE;
assert.ok(cache, 'PLAYGROUND_CACHE is not set; take pictures through "go run ./build screenshots"');
const folder = join(cache, "screenshots");

/** A desktop, a phone, and the narrowest page that has to work: 1280 px at 400 % zoom. */
const windows = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 320, height: 568 },
];

const looks = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "dark", forcedColors: "active" },
} as const;

type Tab = "Form" | "Text" | "Answer";

let browser: Browser;

before(async () => {
  browser = await launchChromium();
});

after(() => browser.close());

const filled = {
  model: "demo-small",
  prompt: ["The lighthouse keeper opened the door and", "In the morning"],
  suffix: "The end.",
  max_tokens: 64,
  n: 2,
  best_of: 2,
  temperature: 0.7,
  top_p: 0.9,
  frequency_penalty: 0.5,
  presence_penalty: -0.5,
  logit_bias: { "50256": -100, "318": 5 },
  seed: 123,
  stop: ["\n", "The end"],
  logprobs: 3,
  echo: false,
  stream: true,
  stream_options: { include_usage: true },
  user: "user-1234",
};

const faulty = `{
  "model": "demo-small",
  "promt": "Once upon a time",
  "temperature": "0.7",
  "topP": 1.5,
  "max_tokens": 64.0,
  "stop": ["a", "b", "a"],
  "logit_bias": {"abc": 1},
  "best_of": 2,
  "n": 3,
  "stream_options": {"include_usage": true},
}
`;

const command = `curl https://api.together.xyz/v1/completions -H 'Authorization: Bearer abc' -H 'Content-Type: application/json' \\
  -d '{"model": "meta-llama/Llama-3.3-70B-Instruct", "prompt": "Hello!", "max_tokens": 32}'
`;

const ask = (model: string, more: object = {}) => ({
  model,
  prompt: ["The lighthouse keeper opened the door and"],
  max_tokens: 120,
  seed: 7,
  stream: true,
  ...more,
});

/** Goes through all states and takes a picture of each; `tabs` are the areas that a narrow page shows one by one. */
async function walk(playground: Playground, shot: (state: string, tabs?: readonly Tab[]) => Promise<void>) {
  const { page } = playground;
  const text = () => turnTo(page, "Text");
  const send = async (request: object) => {
    await text();
    return playground.runJson(request);
  };

  await shot("start", ["Form", "Text", "Answer"]);
  await turnTo(page, "Answer");
  await page.getByText(/misbehave on purpose/).click();
  await shot("demo models", ["Answer"]);
  await page.getByText(/misbehave on purpose/).click();
  await turnTo(page, "Form");
  const model = page.getByRole("combobox", { name: "Model" });
  await model.click();
  await page.getByRole("listbox", { name: /^Models of/ }).waitFor();
  await model.press("ArrowDown");
  await shot("list of models");
  await model.press("Escape");
  await text();
  await playground.paste(" ");
  await shot("empty", ["Form", "Text"]);
  await text();
  await playground.editor.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete"); // quotes and brackets would be put around what is selected
  await page.keyboard.type('{"p');
  await page.getByRole("listbox").waitFor();
  await shot("completions");
  await page.keyboard.press("Escape");
  await playground.paste(`${JSON.stringify(filled, null, 2)}\n`);
  await shot("filled", ["Form", "Text"]);
  await text();
  await playground.paste(faulty);
  await shot("errors", ["Form", "Text"]);
  await text();
  await page.locator(".cm-lint-marker").nth(1).hover();
  await page.locator(".cm-tooltip-lint").waitFor();
  await shot("issue");
  await page.mouse.move(5, 5);
  await playground.send.click();
  await page.getByRole("alert").waitFor();
  await shot("refused", ["Text", "Answer"]);
  await text();
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("menu", { name: "Examples" }).waitFor();
  await shot("examples");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Wire", exact: true }).click();
  await page.getByRole("dialog", { name: "On the wire" }).waitFor();
  await shot("wire");
  await page.keyboard.press("Escape");
  await playground.paste(command);
  await page.getByRole("region", { name: "Import" }).waitFor();
  await shot("import");

  await page.getByText("Problems", { exact: true }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await shot("shortcuts");
  await page.keyboard.press("Escape");

  const first = await send(ask("demo-fast"));
  await playground.ended(first, "Complete");
  await shot("done", ["Answer"]);
  const scored = await send(ask("demo-fast", { logprobs: 5, temperature: 1.2 }));
  await playground.ended(scored, "Complete");
  await scored.getByRole("group", { name: /^Tokens/ }).press("ArrowRight");
  await shot("heat map", ["Answer"]);
  const nine = await send(ask("demo-fast", { n: 9, max_tokens: 60 }));
  await playground.ended(nine, "Complete");
  await shot("nine choices", ["Answer"]);
  await page.getByRole("button", { name: "Compare with this run" }).click();
  const slow = await send(ask("demo-slow"));
  await until(
    "the first words",
    () => read(slow),
    (said) => said.startsWith("Streaming"),
  );
  await shot("pinned and running", ["Answer"]);
  await page.getByRole("button", { name: "Compare with this run" }).click(); // pins the running one alone
  await shot("running", ["Form", "Text", "Answer"]);
  await page.keyboard.press("Escape");
  await playground.ended(slow, "Stopped");
  await shot("stopped", ["Answer"]);
  await playground.ended(await send(ask("demo-429")), "Failed");
  await shot("failed", ["Answer"]);
  await text();
  await playground.paste(JSON.stringify({ model: "demo-fast", prompt: ["Once upon a time", "Once upon a tomato"] }));
  await turnTo(page, "Answer");
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await page.getByRole("region", { name: "Run 7", exact: true }).getByRole("table").waitFor();
  await shot("score", ["Answer"]);

  await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "Other server" });
  await shot("own endpoint, no address", ["Text", "Answer"]);
  await playground.setBase("http://user:word@localhost:8000/v1?x=1#y");
  await shot("own endpoint, wrong address");
  await playground.setBase("http://localhost:8000");
  await page.getByLabel("API key", { exact: true }).fill("not-a-real-key");
  await page.getByRole("button", { name: "About this endpoint and its key" }).click();
  await page.getByRole("dialog", { name: "About this endpoint" }).waitFor();
  await shot("own endpoint");
  await page.getByRole("button", { name: "Add a header" }).click();
  await page.getByLabel("Name of header 1").fill("api-key");
  await page.getByText("The header has no value.").waitFor();
  await shot("own headers");
  await page.keyboard.press("Escape");

  await text();
  await playground.paste(JSON.stringify(ask("demo-slow")));
  await playground.setBase(pageUrl);
  await playground.checked();
  const probe = await openProbe(playground);
  await shot("probe before it begins");
  await probe.getByRole("button", { name: "Send the requests" }).click();
  await probe.getByText(/^\d+ of at most/).waitFor();
  await shot("probe under way");
  await probe.getByRole("button", { name: "Stop" }).click();
  for (const model of ["demo-401", "demo-clamps-temperature"]) {
    await probe.getByRole("button", { name: "Probe anew" }).click();
    await probe.getByLabel("Model").fill(model);
    await probe.getByRole("button", { name: "Send the requests" }).click();
    await probe.getByRole("button", { name: "Download the report" }).waitFor();
    await shot(model === "demo-401" ? "probe that failed" : "probe that is over");
  }
  await probe.getByRole("checkbox", { name: /Only what differs/ }).check();
  await shot("probe, what differs");
  await probe.getByRole("button", { name: "Close" }).click();
  playground.allowComplaints(/status of 40[01]/);
}

/** Turns to a tab where the page has tabs. */
async function turnTo(page: Page, name: Tab): Promise<void> {
  const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
  if (!(await tab.isVisible()) || (await tab.getAttribute("aria-selected")) === "true") return;
  await tab.click();
  await page.getByRole("tabpanel", { name, exact: true }).waitFor();
}

for (const viewport of windows) {
  test(`every state, ${viewport.width} px`, async () => {
    await visit(browser, { viewport }, async (playground) => {
      const { page } = playground;
      let number = 0;
      await walk(playground, async (state, tabs = []) => {
        const narrow = await page.getByRole("tablist").isVisible();
        number++;
        for (const tab of narrow && tabs.length > 0 ? tabs : [undefined]) {
          if (tab) await turnTo(page, tab);
          for (const [look, media] of Object.entries(looks)) {
            await page.emulateMedia(media);
            const name = [String(number).padStart(2, "0"), state, ...(tab ? [tab] : []), viewport.width, look];
            await page.screenshot({ path: join(folder, `${name.join(" ").replace(/[ ,]+/g, "-").toLowerCase()}.png`) });
          }
        }
        await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
      });
    });
  });
}
