// Text and form: two sides of one request, checked at every change.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { type Playground, read, until, visit } from "./playground.ts";

/** The sections of a shared case, by name. */
async function readCase(name: string): Promise<ReadonlyMap<string, string>> {
  const root = process.env.PLAYGROUND_ROOT ?? "";
  const file = await readFile(join(root, "core", "testdata", "cases", `${name}.txtar`), "utf8");
  const parts = file.split(/^-- (.+) --\n/m);
  const sections = new Map<string, string>();
  for (let i = 1; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? "", parts[i + 1] ?? "");
  return sections;
}

function section(sections: ReadonlyMap<string, string>, name: string): string {
  const text = sections.get(name);
  assert.ok(text !== undefined, `the case has a section ${name}`);
  return text;
}

test("the SDK's example, pasted as it is, is understood and mended", async () => {
  const example = await readCase("origin-example");
  const input = section(example, "input");
  await visit(browser, {}, async (playground) => {
    const { page, problems } = playground;
    await playground.paste(input);
    assert.equal(await playground.text(), input);
    await problems.getByText("which looks like a slip of the documentation").first().waitFor();
    assert.equal(await problems.getByText("which looks like a slip of the documentation").count(), 2);

    const before = await playground.wire();
    assert.equal(before.body, section(example, "body").trimEnd());

    // One from the list changes its own place and nothing else.
    await problems.getByRole("button", { name: 'Fix: take json() off ["stop", "halt"]' }).click();
    const mended = input.replace('"json([\\"stop\\", \\"halt\\"])"', '"stop", "halt"');
    assert.notEqual(mended, input);
    assert.equal(await playground.textBecomes((text) => text !== input, "the fix"), mended);

    await page.getByRole("button", { name: /^Fix all/ }).click();
    assert.equal(await playground.textBecomes((text) => text !== mended, "all fixes"), section(example, "fixed"));
    await playground.checked();
    assert.equal(await problems.getByText("which looks like a slip of the documentation").count(), 0);

    const { request, body } = await playground.wire();
    assert.match(request, /^POST https:\/\/\S+\/v1\/completions\n/);
    const canonical = section(example, "body")
      .replace('"suffix":"json(\\"\\n\\")"', '"suffix":"\\n"')
      .replace('["json([\\"stop\\", \\"halt\\"])"]', '["stop","halt"]');
    assert.equal(body, canonical.trimEnd());

    // Every fix is one step of the history.
    await playground.undo();
    assert.equal(await playground.textBecomes((text) => text.startsWith("import"), "the undo"), mended);
    await playground.undo();
    assert.equal(await playground.textBecomes((text) => text !== mended, "the second undo"), input);
  });
});

test("Fix all keeps what somebody wrote, and says what is left to decide", async () => {
  await visit(browser, {}, async (playground) => {
    const { page, problems } = playground;
    const input = '{"model": "m", "prompt": ["x"], "max_tokens": "5", "timeout": 30, "user": "a", "user": "b"}';
    await playground.paste(input);
    await problems.getByText("2 fixes take something away, so “Fix all” leaves them to you.").waitFor();
    const all = page.getByRole("button", { name: /^Fix all/ });
    assert.match((await all.textContent()) ?? "", /^Fix all\s*1$/);
    await all.click();
    const mended = input.replace('"5"', "5");
    assert.equal(await playground.textBecomes((text) => text !== input, "the safe fix"), mended);
    await playground.checked();
    assert.equal(await all.count(), 0);

    await problems.getByRole("button", { name: 'Fix: remove "user": "a", keep the last' }).click();
    const once = mended.replace('"user": "a", ', "");
    assert.equal(await playground.textBecomes((text) => text !== mended, "the removal"), once);
    await problems.getByText("1 fix takes something away, so “Fix all” leaves it to you.").waitFor();
  });
});

const annotated = `{
  // The model is built in.
  "model": "demo-fast",   "prompt": ["One\\r\\ntwo"], /* two lines */
  "temperature": 0.7, // warm
  "max_tokens":20,
}
`;

/** What stands in the place of `value` now, where the rest is as it was, byte for byte. */
function replaced(before: string, value: string, after: string): string {
  const start = before.indexOf(value);
  assert.ok(start >= 0, `${value} stands in the text`);
  const tail = before.slice(start + value.length);
  assert.equal(after.slice(0, start), before.slice(0, start), "the text before the value");
  assert.equal(after.slice(after.length - tail.length), tail, "the text behind the value");
  return after.slice(start, after.length - tail.length);
}

async function drag(playground: Playground, name: string, from: number, to: number): Promise<void> {
  const slider = playground.form.getByRole("slider", { name });
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  assert.ok(box);
  // The thumb's middle keeps half its width from both ends.
  const thumb = 16;
  const x = (share: number) => box.x + thumb / 2 + share * (box.width - thumb);
  const y = box.y + box.height / 2;
  await playground.page.mouse.move(x(from), y);
  await playground.page.mouse.down();
  await playground.page.mouse.move(x(to), y, { steps: 20 });
  await playground.page.mouse.up();
}

test("a slider changes its own number in the text, and one undo takes the whole drag back", async () => {
  await visit(browser, {}, async (playground) => {
    const { form, page } = playground;
    await playground.paste(annotated);
    const before = await playground.text();
    assert.equal(before, annotated);

    await drag(playground, "Temperature, slider", 0.35, 0.75);
    const dragged = await playground.textBecomes((text) => Number(replaced(before, "0.7", text)) > 1.2, "the drag");
    const value = replaced(before, "0.7", dragged);
    assert.match(value, /^1\.\d{1,2}$/, "the number is in steps of the field");
    assert.equal(await form.getByLabel("Temperature", { exact: true }).inputValue(), value);

    await playground.undo();
    assert.equal(await playground.textBecomes((text) => text !== dragged, "the undo"), before);
    await page.getByRole("button", { name: "Redo", exact: true }).click();
    assert.equal(await playground.textBecomes((text) => text !== before, "the redo"), dragged);
    await playground.undo();
    await playground.textBecomes((text) => text === before, "the undo");

    const slider = form.getByRole("slider", { name: "Temperature, slider" });
    await slider.press("ArrowRight");
    const stepped = await playground.textBecomes((text) => text !== before, "the step");
    assert.equal(replaced(before, "0.7", stepped), "0.75");
    await slider.press("End");
    const most = await playground.textBecomes((text) => text !== stepped, "the end of the scale");
    assert.equal(replaced(before, "0.7", most), "2");
  });
});

test("every control writes what it shows, and the rest of the text stays", async () => {
  await visit(browser, {}, async (playground) => {
    const { form, page } = playground;
    await playground.paste(annotated);
    const start = await playground.text();

    // Set, and back to not set: as if nothing had been.
    await form.getByRole("radiogroup", { name: "Echo" }).getByText("On", { exact: true }).click();
    const echoed = await playground.textBecomes((text) => text !== start, "echo");
    assert.match(echoed, /"echo": ?true/);
    await form.getByRole("radiogroup", { name: "Echo" }).getByText("Not set", { exact: true }).click();
    assert.equal(await playground.textBecomes((text) => text !== echoed, "echo is gone"), start);
    await form.getByLabel("Top p", { exact: true }).fill("0.9");
    await playground.textBecomes((text) => /"top_p": ?0\.9\b/.test(text), "top_p");
    await form.getByRole("button", { name: "Remove Top p" }).click();
    await playground.textBecomes((text) => text === start, "top_p is gone");

    // A number beyond what JavaScript keeps.
    await form.getByLabel("Seed", { exact: true }).fill("9007199254740993");
    await playground.textBecomes((text) => /"seed": ?9007199254740993\b/.test(text), "the seed");
    assert.match((await playground.wire()).body, /"seed":9007199254740993[,}]/);

    await form.getByRole("textbox", { name: "Stop", exact: true }).fill("END\\n");
    await page.keyboard.press("Enter");
    await playground.textBecomes((text) => /"stop": ?\["END\\n"\]/.test(text), "the stop text");
    await form.getByRole("list", { name: "Stop" }).getByText("END⏎").waitFor();

    await form.getByRole("button", { name: "Add a prompt" }).click();
    await form.getByRole("textbox", { name: "Prompt 2" }).fill('Say "hi"\nthen stop');
    await playground.textBecomes((text) => text.includes('"Say \\"hi\\"\\nthen stop"'), "the second prompt");
    await form.getByRole("button", { name: "Remove prompt 1" }).click();
    await playground.textBecomes((text) => !text.includes("One"), "the first prompt is gone");

    await form.getByText("Find tokens of the demo model").click();
    await form.getByRole("textbox", { name: "Text whose tokens to find" }).fill("sea");
    const found = form.getByRole("list", { name: "Tokens found" }).getByRole("button").first();
    const id = /\d+/.exec(await read(found))?.[0];
    assert.ok(id, "a token found shows its id");
    await found.click();
    await playground.textBecomes(
      (text) => new RegExp(`"logit_bias": ?\\{\\s*"${id}": ?1,?\\s*\\}`).test(text),
      "the bias",
    );
    await form.getByLabel(`Bias of token ${id}`, { exact: true }).fill("-100");
    const text = await playground.textBecomes((now) => new RegExp(`"${id}": ?-100\\b`).test(now), "the ban");

    for (const kept of ["  // The model is built in.\n", '"demo-fast",   "prompt"', " /* two lines */\n", " // warm\n"])
      assert.ok(text.includes(kept), `${JSON.stringify(kept)} is still there in ${text}`);
    const { body } = await playground.wire();
    assert.deepEqual(JSON.parse(body.replace("9007199254740993", '"9007199254740993"')), {
      model: "demo-fast",
      prompt: ['Say "hi"\nthen stop'],
      stop: ["END\n"],
      temperature: 0.7,
      max_tokens: 20,
      logit_bias: { [id]: -100 },
      seed: "9007199254740993",
    });
  });
});

test("an error is marked wherever it matters, leads to its place, and holds the request back", async () => {
  const request = '{"model": "demo-fast", "prompt": ["Hi"], "temperature": 3, "max_tokens": 4}';
  await visit(browser, {}, async (playground) => {
    const { editor, form, page, problems } = playground;
    await editor.click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.press("Delete");
    await page.keyboard.type(request);
    // Brackets and quotes close themselves while one types; what comes out is what was typed.
    assert.equal(await playground.text(), request);
    await playground.checked();

    const message = "got 3, want at most 2";
    const entry = problems.getByRole("button", { name: new RegExp(`^error: .*${message}`) });
    await entry.waitFor();
    await form.getByText(message).waitFor();

    // A mark in the margin and a wavy line have neither role nor name; the classes are those of CodeMirror's lint.
    assert.equal(await page.locator(".cm-lint-marker-error").count(), 1);
    const squiggle = page.locator(".cm-lintRange-error");
    assert.equal(await read(squiggle), "3");
    await squiggle.hover();
    await page.locator(".cm-tooltip").getByText(message).waitFor();
    await page.mouse.move(0, 0);

    await entry.click();
    const column = request.indexOf("3,") + 1;
    await page.getByText(new RegExp(`^Ln 1, Col (${column}|${column + 1})$`)).waitFor();
    const focused = () => editor.evaluate((node) => node.matches(":focus"));
    await until("the focus in the text", focused);

    await page.keyboard.press("ControlOrMeta+Enter");
    const refusal = page.getByRole("alert").filter({ hasText: "Not sent: 1 error to mend." });
    await refusal.waitFor();
    await refusal.getByRole("button", { name: "Send anyway" }).click();
    const run = await playground.nextRun();
    await playground.ended(run, "Failed");
    const words = await read(run);
    assert.match(words, /HTTP 400/);
    assert.match(words, /temperature/);

    // What the click selected is typed over, and all marks go.
    await entry.click();
    await until("the focus in the text", focused);
    await page.keyboard.type("1");
    await playground.textBecomes((text) => text === request.replace("3,", "1,"), "the correction");
    await problems.getByText("No problems.").waitFor();
    await until("the marks to go", async () => (await page.locator(".cm-lintRange-error").count()) === 0);
  });
});
