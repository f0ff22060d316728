// Typing by hand: what comes out is what was typed, and completions wait until they are wanted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deep } from "../rounds.ts";
import { browser } from "./browser.ts";
import { type Playground, until, visit } from "./playground.ts";

async function clear({ editor, page }: Playground): Promise<void> {
  await editor.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
}

const requests: Readonly<Record<string, string>> = {
  "one line": '{"model": "demo-small", "prompt": ["Hi"], "max_tokens": 1, "temperature": 0, "n": 1}',
  "as Format writes it": JSON.stringify(
    {
      model: "demo-fast",
      prompt: ["In [the {evening", "a, b: c"],
      stop: ["\n", '"'],
      logit_bias: { "5": -1 },
      seed: 1,
    },
    null,
    2,
  ),
  "quotes, escapes and brackets in strings":
    '{"model":"m","prompt":["Say \\"hi\\" to [them] {now} \\\\","\\\\\\"\\"","caf\\u00e9 \\ud83d\\ude00 é 😀"],"stop":[]}',
  comments: `{
  // it's 5" wide :-[ {
  "model": "demo-small", /* a "note */
  "prompt": "p", "stream": t
}`,
  "an object of JavaScript": `const value: CompletionRequest = {
  model: 'demo-small',
  prompt: ["it's", 'say "x"'],
  maxTokens: 1,
  topP: 1,
  streamOptions: {includeUsage: true},
};
`,
  "a command": `curl http://127.0.0.1:9/v1/completions \\
  -H "Content-Type: application/json" \\
  -d '{"model": "demo-small", "prompt": ["t"], "max_tokens": 1
}'
`,
};

test("requests typed key by key stand in the text as they were typed, fast and slow", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    for (const [name, text] of Object.entries(requests).filter((_, number) => deep || number % 2 === 0)) {
      await clear(playground);
      await page.keyboard.type(text);
      assert.equal(await playground.text(), text, name);
    }
    // With time enough for every list to open: after each key the verdict is awaited, and a list where one comes.
    const text = '{"p": 1,\n"model": "demo-s",\n"max_tokens": 1\n,"t": 0\n}';
    await clear(playground);
    let opened = 0;
    for (const key of text) {
      await page.keyboard.type(key);
      await playground.checked();
      if (/[pdt]/.test(key) && (await listOpens(playground))) opened++;
    }
    assert.ok(opened >= 3, `lists were open while keys came: ${opened}`);
    assert.equal(await playground.text(), text);
  });
});

/** The text as it is drawn: all of a short one, with the focus left where it is. */
function drawn({ editor }: Playground): Promise<string> {
  return editor.evaluate((node) => [...node.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
}

/** Whether a list of completions is open once the editor has had the time to open one. */
async function listOpens({ page }: Playground): Promise<boolean> {
  // CodeMirror asks for completions after a pause; a timer that is set now and is longer comes after its.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  return (await page.getByRole("listbox", { name: "Completions" }).count()) > 0;
}

for (const viewport of [{ width: 390, height: 844 }, ...(deep ? [{ width: 1440, height: 900 }] : [])]) {
  test(`completions at ${viewport.width} px: ranked, explained, taken with Tab, and never in the way`, async () => {
    await visit(browser, { viewport }, async (playground) => {
      const { page, editor } = playground;
      const list = page.getByRole("listbox", { name: "Completions" });
      const chosen = list.getByRole("option", { selected: true });
      const focused = () => editor.evaluate((node) => node.matches(":focus"));
      const start = async (text: string) => {
        await clear(playground);
        await page.keyboard.type(text);
      };

      // The closing quote is there by itself, or it is not.
      for (const unclosed of [false, true]) {
        for (const [typed, first, whole] of [
          ['{"p', "prompt", '{"prompt": }'],
          ['{"t', "temperature", '{"temperature": }'],
          ['{"model": "demo-s', "demo-small", '{"model": "demo-small"}'],
        ] as const) {
          await start(typed.slice(0, -1));
          if (unclosed) await page.keyboard.press("Delete");
          await page.keyboard.type(typed.slice(-1));
          // The list of what was typed before may still be there.
          await chosen.filter({ hasText: new RegExp(`^${first}`) }).waitFor();
          await page.keyboard.press("Tab");
          assert.equal(await drawn(playground), whole, `${typed}, ${unclosed ? "without" : "with"} the quote`);
          assert.ok(await focused(), "Tab took the completion and stayed");
          await list.waitFor({ state: "detached" });
        }
      }

      // What it means stands with it, inside the window.
      await start('{"pres');
      await chosen.waitFor();
      const docs = page.locator(".cm-completionInfo");
      await docs.getByText("-2 to 2").waitFor();
      const box = await docs.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height);
      // Enter is for the line.
      await page.keyboard.press("Enter");
      assert.equal(await drawn(playground), '{"pres\n"}');
      await page.keyboard.press("Backspace");
      // Chosen with the arrows, it may be taken with Enter too.
      await page.keyboard.type("e");
      await chosen.waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      assert.equal(await drawn(playground), '{"presence_penalty": }');

      // Examples come when they are asked for, and one that is half typed is left alone.
      await start('{"max_tokens": 1');
      assert.equal(await listOpens(playground), false);
      await page.keyboard.press("Enter");
      assert.equal(await drawn(playground), '{"max_tokens": 1\n}');
      await start('{"max_tokens": ');
      await page.keyboard.press("Control+Space");
      await list.getByRole("option", { name: "4096" }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      assert.equal(await drawn(playground), '{"max_tokens": 4096}');

      // Before its list is there, Tab takes what the list will begin with; where there is nothing to take, it moves on.
      await start('{"tem');
      await page.keyboard.press("Tab");
      assert.equal(await drawn(playground), '{"temperature": }');
      await start('{"xyz');
      await page.keyboard.press("Tab");
      assert.ok(!(await focused()), "Tab moved on");
      assert.equal(await drawn(playground), '{"xyz"}');

      // Escape closes the list and keeps the word; then Tab moves on.
      await start('{"tem');
      await chosen.waitFor();
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "detached" });
      assert.ok(await focused());
      await page.keyboard.press("Tab");
      assert.ok(!(await focused()), "Tab moved on after Escape");
      assert.equal(await drawn(playground), '{"tem"}');
      await until("a verdict", () => page.getByText(/^checked in /).isVisible());
    });
  });
}
