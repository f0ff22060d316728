// Endpoints as people have them: keys in headers of another name, servers at other addresses, what is still missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./browser.ts";
import { type Playground, read, until, visit } from "./playground.ts";
import { chunk, done, startServer, stream } from "./server.ts";

const canary = "canary-Value-0815";
const ask = '{"model": "made-up", "prompt": ["Say something"], "max_tokens": 8, "stream": true}';

async function details({ page }: Playground) {
  await page.getByRole("button", { name: /^About this endpoint/ }).click();
  return page.getByRole("dialog", { name: "About this endpoint" });
}

test("a header of one's own goes to its server, and its value stands nowhere", async () => {
  const server = await startServer((received, response) => {
    stream(response, chunk(`no ${received.headers["api-key"]}`) + chunk(".", "stop") + done);
  });
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.paste(ask);
      await playground.useServer(server.base);
      const about = await details(playground);
      await about.getByRole("button", { name: "Add a header" }).click();
      await about.getByLabel("Name of header 1").fill("Host");
      await about.getByText(/Host is not to be set: browsers set it themselves/).waitFor();
      await page.keyboard.press("Escape");
      await playground.send.click();
      await page
        .getByRole("alert")
        .getByText(/Host is not to be set/)
        .waitFor();

      const again = await details(playground);
      await again.getByLabel("Name of header 1").fill("api-key");
      await again.getByText("The header has no value.").waitFor();
      await again.getByLabel("Value of api-key").fill(canary);
      await again.getByText("The header has no value.").waitFor({ state: "detached" });
      assert.equal(await again.getByLabel("Value of api-key").getAttribute("type"), "password");
      await page.keyboard.press("Escape");
      const wire = await playground.wire();
      assert.match(wire.curl, /-H "api-key: \$HEADER_API_KEY"/);
      assert.ok(!JSON.stringify(wire).includes(canary));
      await playground.send.click();
      const run = await playground.nextRun();
      await playground.ended(run, "Complete");
      const post = server.received.find(({ method }) => method === "POST");
      assert.deepEqual([post?.headers["api-key"], post?.headers.authorization], [canary, undefined]);
      assert.equal(post?.headers["playground-headers"], undefined);

      // Another server gets none of it, and has no box with it.
      await playground.setBase("http://b.example");
      const other = await details(playground);
      await other.getByRole("button", { name: "Add a header" }).waitFor();
      assert.equal(await other.getByLabel(/^Name of header/).count(), 0);
      const stored = await page.evaluate(async () => {
        const names = await indexedDB.databases();
        return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, names]);
      });
      assert.ok(!stored.includes(canary));
    });
  } finally {
    await server.close();
  }
});

test("a header that is removed takes what was typed along, and each value goes out as it was typed", async () => {
  const server = await startServer((_, response) => stream(response, chunk("a", "stop") + done));
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.paste(ask);
      await playground.useServer(server.base);
      const about = await details(playground);
      for (const [at, name, value] of [
        [1, "x-first", "first-Value-1"],
        [2, "x-second", "second-Value-2"],
      ] as const) {
        await about.getByRole("button", { name: "Add a header" }).click();
        await about.getByLabel(`Name of header ${at}`).fill(name);
        const box = about.getByLabel(`Value of ${name}`);
        await box.pressSequentially(value);
        assert.equal(await box.inputValue(), value, "the box is left alone while one types");
      }
      await about.getByRole("button", { name: "Remove x-first" }).click();
      await about.getByLabel("Value of x-first").waitFor({ state: "detached" });
      const left = about.getByLabel("Value of x-second");
      assert.deepEqual([await left.inputValue(), await left.getAttribute("placeholder")], ["", "Value is set"]);
      await page.keyboard.press("Escape");
      await playground.send.click();
      await playground.ended(await playground.nextRun(), "Complete");

      // The one that moves up may have no value yet, and the box that it moves to had one.
      const again = await details(playground);
      await again.getByLabel("Value of x-second").pressSequentially("third");
      await again.getByRole("button", { name: "Add a header" }).click();
      await again.getByLabel("Name of header 2").fill("x-third");
      await again.getByRole("button", { name: "Remove x-second" }).click();
      await again.getByLabel("Value of x-second").waitFor({ state: "detached" });
      const last = again.getByLabel("Value of x-third");
      await last.pressSequentially("fourth");
      assert.equal(await last.inputValue(), "fourth");
      await page.keyboard.press("Escape");
      await playground.send.click();
      await playground.ended(await playground.nextRun(), "Complete");
      const posts = server.received.filter(({ method }) => method === "POST");
      assert.deepEqual(
        posts.map(({ headers }) => [headers["x-first"], headers["x-second"], headers["x-third"]]),
        [
          [undefined, "second-Value-2", undefined],
          [undefined, undefined, "fourth"],
        ],
      );
    });
  } finally {
    await server.close();
  }
});

/** The list of models narrows as one types, is walked by keys, and changes nothing before a name is chosen. */
async function findsModels(playground: Playground): Promise<void> {
  const { page, form } = playground;
  // The text is read without touching anything: the focus stays in the box.
  const textShows = (name: string) =>
    until(
      `${name} in the text`,
      async () => (await page.locator(".cm-line").allInnerTexts()).join("\n"),
      (text) => text.includes(`"${name}"`),
    );
  const box = form.getByRole("combobox", { name: "Model" });
  const list = form.getByRole("listbox", { name: "Models of vLLM" });
  const options = list.getByRole("option");
  const active = () =>
    box.evaluate((element) => {
      const id = element.getAttribute("aria-activedescendant") ?? "";
      const option = (element.getRootNode() as ShadowRoot).getElementById(id);
      return option?.ariaSelected === "true" ? option.textContent : null;
    });
  const activeIs = (name: string | null) =>
    until(
      `${name} as the active one`,
      () => active(),
      (found) => found === name,
    );
  await box.click();
  await list.waitFor();
  assert.equal(await box.getAttribute("aria-expanded"), "true");
  await form.getByText("5,000 models of vLLM", { exact: true }).waitFor();
  await form.getByText("4,900 more: type a part of the name", { exact: true }).waitFor();
  assert.equal(await options.count(), 100);
  assert.equal(await box.inputValue(), "made-up");

  await box.fill("mODEL-499");
  await form.getByText("11 of 5,000 models of vLLM", { exact: true }).waitFor();
  assert.deepEqual(await options.allInnerTexts(), models499);
  await textShows("mODEL-499");
  await activeIs(null);
  await box.press("ArrowDown");
  await activeIs("org-49/Model-499");
  await box.press("ArrowUp");
  await activeIs("org-49/Model-4999");
  await box.press("ArrowDown");
  await activeIs("org-49/Model-499");
  await box.press("PageDown");
  await activeIs("org-49/Model-4999");
  await box.press("Home");
  await activeIs(null);
  const cursor = () => box.evaluate((element) => (element as HTMLInputElement).selectionStart);
  assert.equal(await cursor(), 0);
  await box.press("End");
  assert.equal(await cursor(), 9);

  // Enter without a choice, Escape and leaving the box keep what stands there.
  await box.press("Enter");
  await list.waitFor({ state: "hidden" });
  await box.press("ArrowDown");
  await activeIs("org-0/Model-0");
  await box.press("Escape");
  await list.waitFor({ state: "hidden" });
  await box.press("Alt+ArrowDown");
  await list.waitFor();
  await box.press("Tab");
  await list.waitFor({ state: "hidden" });
  assert.equal(await box.getAttribute("aria-expanded"), "false");
  await box.fill("no such");
  await form.getByText("None of 5,000 models of vLLM", { exact: true }).waitFor();
  assert.equal(await box.getAttribute("aria-expanded"), "false");

  // A name is chosen by Enter and by a click.
  await box.fill("model-4999");
  await box.press("ArrowDown");
  await box.press("Enter");
  await list.waitFor({ state: "hidden" });
  await textShows("org-49/Model-4999");
  assert.equal(await box.inputValue(), "org-49/Model-4999");
  await box.fill("model-77");
  await options.filter({ hasText: "Model-777" }).click();
  await textShows("org-27/Model-777");
  assert.equal(await box.evaluate((element) => element.matches(":focus")), true);
}

const models499 = [499, 4990, 4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999].map(
  (i) => `org-${i % 50}/Model-${i}`,
);

test("a server of the list can stand at another address, and one of its 5,000 models be found", async () => {
  const models = Array.from({ length: 5_000 }, (_, i) => `org-${i % 50}/Model-${i}`);
  const server = await startServer((_, response) => stream(response, chunk("Evening.", "stop") + done), models);
  try {
    await visit(browser, {}, async (playground) => {
      const { page } = playground;
      await playground.paste(ask);
      await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "vLLM" });
      const about = await details(playground);
      const box = about.getByLabel("Address");
      assert.equal(await box.inputValue(), "http://localhost:8000");
      await box.fill(server.base);
      await box.press("Enter");
      await about.getByText(`${server.base}/v1/completions`, { exact: true }).waitFor();
      await page.keyboard.press("Escape");
      await playground.checked();
      await playground.send.click();
      await playground.ended(await playground.nextRun(), "Complete");
      assert.equal(server.received.filter(({ method }) => method === "POST").length, 1);
      await findsModels(playground);

      const again = await details(playground);
      await again.getByRole("button", { name: "Back to http://localhost:8000" }).click();
      await until(
        "the old address",
        () => again.getByLabel("Address").inputValue(),
        (base) => base === "http://localhost:8000",
      );
    });
  } finally {
    await server.close();
  }
});

test("the page's own server is not taken for another one", async () => {
  await visit(browser, {}, async (playground) => {
    const { page } = playground;
    await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "llama.cpp server" });
    const about = await details(playground);
    await about.getByLabel("Address").fill(new URL(page.url()).origin);
    await about.getByLabel("Address").press("Tab");
    await page.getByText(/the page's own server, not of llama.cpp server/).waitFor();
  });
});

test("without a key, and with the demo's model, a hosted server is not ready; one press mends it", async () => {
  const posts: string[] = [];
  const prepare = (page: Playground["page"]) =>
    page.route("https://api.openai.com/**", (route) => {
      posts.push(route.request().method());
      return route.fulfill({ status: 200, json: { data: [] }, headers: { "Access-Control-Allow-Origin": "*" } });
    });
  await visit(browser, { prepare }, async (playground) => {
    const { page } = playground;
    await playground.paste('{"model": "demo-small", "prompt": ["Say something"], "max_tokens": 8}');
    await page.getByLabel("Endpoint", { exact: true }).selectOption({ label: "OpenAI" });
    await page.getByText("OpenAI wants an API key.").first().waitFor();
    await playground.send.click();
    await page.getByRole("alert").getByText("Not sent: OpenAI wants an API key.").waitFor();
    await page.getByRole("button", { name: "Enter it" }).click();
    const key = page.getByLabel("API key", { exact: true });
    await until("the focus", () => key.evaluate((box) => (box.getRootNode() as ShadowRoot).activeElement === box));
    await page.keyboard.type("sk-made-up");
    await page.getByText("demo-small is a model of the built-in demo.").first().waitFor();
    await page.getByRole("button", { name: "Use gpt-3.5-turbo-instruct" }).click();
    await playground.textBecomes((text) => text.includes('"gpt-3.5-turbo-instruct"'), "the model");
    await page.getByText("demo-small is a model of the built-in demo.").first().waitFor({ state: "detached" });
    assert.ok(!posts.includes("POST"));
    assert.match(await read(playground.form), /gpt|Form/);
  });
});

test("a server says what it is: its rules are offered, its key is not asked for, and what it tells stands in the details", async () => {
  const asked: string[] = [];
  const answers: Record<string, object> = {
    "/v1/models": { object: "list", data: [{ id: "llama", owned_by: "vllm", max_model_len: 4096 }] },
    "/version": { version: "0.12.0" },
  };
  const prepare = (page: Playground["page"]) =>
    page.route("http://gpu.example/**", (route) => {
      const { pathname } = new URL(route.request().url());
      asked.push(`${route.request().method()} ${pathname}`);
      const headers = { "Access-Control-Allow-Origin": "*" };
      return route.fulfill({ status: 200, json: answers[pathname] ?? {}, headers });
    });
  await visit(browser, { prepare }, async (playground) => {
    const { page } = playground;
    await playground.paste('{"model": "demo-small", "prompt": ["Say something"], "max_tokens": 8}');
    await playground.useServer("http://gpu.example");
    await page.getByText("Looks like vLLM 0.12.0.").waitFor();
    assert.deepEqual(asked, ["GET /v1/models", "GET /version"]);
    await page.getByLabel("API key", { exact: true }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Use its rules" }).click();
    await page.getByText("Looks like vLLM 0.12.0.").waitFor({ state: "detached" });
    // The one model that it lists stands in for the demo's.
    await page.getByRole("button", { name: "Use llama" }).click();
    await playground.textBecomes((text) => text.includes('"llama"'), "the model");

    const about = await details(playground);
    await about.getByText("It says it is vLLM 0.12.0. A prompt and its answer have room for 4,096 tokens.").waitFor();
    assert.equal(await about.getByLabel("Checked by the rules of").inputValue(), "vllm");
    const version = about.getByLabel("Version");
    assert.equal(await version.inputValue(), "0.12.0", "its rules are those of its version");
    assert.match(await read(version), /newest.*0\.12\.0 to before 0.*before 0\.8\.0/s);
    await version.selectOption({ index: 0 });
    await page.getByText("Looks like vLLM 0.12.0.").waitFor();
    await about.getByLabel("API key", { exact: true }).waitFor();
    await about.getByRole("button", { name: "Ask the server what it is" }).click();
    await until("another question", () => asked.length >= 4);
    assert.ok(asked.every((each) => each.startsWith("GET ")));
  });
});
