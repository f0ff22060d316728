// What the page shows of a request, the command that it copies, and what it sends are the same bytes, with errors or without.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { until, visit } from "./playground.ts";
import { startServer } from "./server.ts";

const texts: readonly { readonly text: string; readonly sent: string; readonly refused: boolean }[] = [
  {
    text: `{ model: 'm', prompt: 'It\\'s "a" $x \`y\`\\n漢 😀', maxTokens: 1e1 }`,
    sent: `{"model":"m","prompt":"It's \\"a\\" $x \`y\`\\n漢 😀","max_tokens":10}`,
    refused: false,
  },
  {
    text: `{ "temperature": 9, "prompt": "a", "model": "m", /* too hot */ "seed": 9007199254740993 }`,
    sent: `{"model":"m","prompt":"a","temperature":9,"seed":9007199254740993}`,
    refused: true,
  },
  {
    text: `{model: 5, prompt: ['a'], n: "two", stop: null, other: [1,],}`,
    sent: `{"model":5,"prompt":"a","n":"two","other":[1]}`,
    refused: true,
  },
  { text: `[1, 2,]`, sent: `[1,2]`, refused: true },
  { text: `{"model": "m", "prompt": ["it's`, sent: `{"model": "m", "prompt": ["it's`, refused: true },
  { text: `@file`, sent: `@file`, refused: true },
];

test("the wire, the command and what is sent are one thing", async () => {
  const server = await startServer((_, response) => {
    response
      .writeHead(200, { "Content-Type": "application/json" })
      .end('{"choices":[{"index":0,"text":"ok","finish_reason":"stop"}]}');
  });
  // The page asks the server what it is, too.
  const posts = () => server.received.filter(({ method }) => method === "POST");
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.useServer(server.base);
      await page.getByLabel("API key", { exact: true }).fill("secret-0123456789");
      for (const [i, { text, sent, refused }] of texts.entries()) {
        await playground.paste(text);
        const wire = await playground.wire();
        assert.equal(wire.body, sent, text);
        await playground.editor.focus();
        await page.keyboard.press("ControlOrMeta+Enter");
        if (refused) await page.getByRole("button", { name: "Send anyway" }).click();
        await playground.ended(await playground.nextRun(), "Complete");
        const got = await until("the request", () => posts()[i]);
        assert.ok(got);
        assert.equal(got.body, sent, text);
        const [line = "", ...headers] = wire.request.split("\n");
        assert.equal(line, `${got.method} ${server.base}${got.path}`);
        for (const header of headers) {
          const [name = "", value] = header.split(": ");
          assert.equal(got.headers[name.toLowerCase()], value, header);
        }
        assert.deepEqual(argumentsOf(wire.curl), [
          line.replace("POST ", ""),
          "-H",
          `Authorization: ${got.headers.authorization}`,
          ...headers.flatMap((header) => ["-H", header]),
          sent.startsWith("@") ? "--data-raw" : "--data-binary",
          sent,
        ]);
      }
      assert.equal(posts().length, texts.length);
    });
  } finally {
    await server.close();
  }
});

/** What a shell hands to curl; options without a value are left out. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for each in "$@"; do printf '%s\\0' "$each"; done; }\n${command}`;
  const printed = execFileSync("sh", ["-c", script], { encoding: "utf8", env: { API_KEY: "secret-0123456789" } });
  return printed
    .split("\0")
    .slice(0, -1)
    .filter((each) => each !== "-N");
}
