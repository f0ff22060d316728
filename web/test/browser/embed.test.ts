// The element in pages of other people: what it loads and when, what it tells them, and that neither disturbs the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checked, type Element_, visitDocs } from "./docs.ts";
import { until } from "./playground.ts";

const text = '{"model": "demo-small", "prompt": ["Once upon a time"], "max_tokens": 8, "seed": 1}';
const script = `<script type="application/json">\n${text}\n</script>`;

test("an element that nobody comes near shows its text and has loaded next to nothing", async () => {
  const far = '<div style="height: 4000px"></div>';
  const hidden = `<details><summary>More</summary><completion-playground id="closed">${script}</completion-playground></details>`;
  await visitDocs(`${hidden}${far}<completion-playground id="far">${script}</completion-playground>`, async (page) => {
    const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    await until("both elements", () =>
      page.evaluate(() => document.querySelectorAll(":defined#far, :defined#closed").length === 2),
    );
    assert.equal(await page.locator("#far pre").textContent(), text);
    const early = await loaded();
    const bytes = await Promise.all(early.map(async (url) => (await (await page.request.get(url)).body()).length));
    assert.ok(bytes.length > 0 && bytes.reduce((sum, each) => sum + each, 0) < 11_000, `${early} have ${bytes} bytes`);
    const tall = await page.locator("#far").boundingBox();
    await page.locator("#far").scrollIntoViewIfNeeded();
    await checked(page, "#far");
    assert.equal((await page.locator("#far").boundingBox())?.height, tall?.height, "nothing moves when it arrives");
    assert.equal(await page.locator("#closed .app").count(), 0, "what is closed stays asleep");
    await page.locator("details:has(#closed) > summary").click();
    await checked(page, "#closed");

    // An example can be read, sent and printed.
    await page.locator("#far").evaluate((element) => element.remove());
    await page.evaluate(
      (given) =>
        document.body.insertAdjacentHTML(
          "beforeend",
          `<completion-playground id="example" layout="example">${given}</completion-playground>`,
        ),
      script,
    );
    const example = page.locator("#example");
    await example.scrollIntoViewIfNeeded();
    await example.getByText("No problems", { exact: true }).waitFor();
    await example.getByRole("textbox", { name: "Request text" }).click();
    await page.keyboard.type("x");
    assert.equal(await example.evaluate((element) => (element as unknown as Element_).value), text);
    assert.equal(await example.getByRole("button", { name: "Format" }).count(), 0);
    await page.keyboard.press("ControlOrMeta+Enter");
    await example.getByText("Complete", { exact: true }).waitFor();
    await page.emulateMedia({ media: "print" });
    const beyond = await example
      .locator(".answer-body")
      .first()
      .evaluate((body) => body.scrollHeight - body.clientHeight);
    assert.ok(beyond <= 1, "all of the answer is on paper");
    assert.ok(await example.getByText("Complete", { exact: true }).isVisible());
    assert.ok(!(await example.getByRole("button", { name: /^Send/ }).isVisible()));
  });
});

test("the page and its element speak with each other", async () => {
  const contents = `<form id="form"><completion-playground name="request" layout="form" fields="model, max_tokens nonsense" lock-fields="model">${script}</completion-playground></form>`;
  await visitDocs(contents, async (page) => {
    const element = page.locator("completion-playground");
    await page.evaluate(() => {
      const heard: [string, unknown][] = [];
      Object.assign(window, { heard });
      for (const type of ["change", "check", "send", "chunk", "done", "error"])
        document.addEventListener(type, (event) => heard.push([type, (event as CustomEvent).detail]));
    });
    const heard = (type: string) =>
      page.evaluate(
        (name) =>
          (window as unknown as { heard: [string, object][] }).heard
            .filter(([each]) => each === name)
            .map(([, detail]) => detail),
        type,
      );
    const on = <Value>(act: (element: Element_) => Value | Promise<Value>) =>
      element.evaluate(act as unknown as (element: HTMLElement | SVGElement) => Value | Promise<Value>);
    await element.getByLabel("Max tokens", { exact: true }).waitFor();
    await element.getByText('fields: there is no field "nonsense".').waitFor();
    assert.equal(await element.getByLabel("Temperature", { exact: true }).count(), 0);
    await until("the lock", () => element.getByLabel("Model", { exact: true }).isDisabled());
    assert.equal(await element.getByRole("region", { name: "Text", exact: true }).count(), 0);

    // Checked, changed, refused, sent.
    assert.deepEqual(await on(async (each) => (await each.check()).ok), true);
    assert.equal(
      await on((each) => each.getRequest()),
      text.replaceAll(" ", "").replace("Onceuponatime", "Once upon a time"),
    );
    await on((each) => each.setRequest({ model: "demo-small", prompt: ["Hi"], max_tokens: -1 }));
    assert.deepEqual(await on(async (each) => (await each.check()).issues.map(({ field }) => field)), ["max_tokens"]);
    await until("an invalid form", () =>
      on((each) => !each.checkValidity() && !document.querySelector("form")?.checkValidity()),
    );
    assert.match(await on((each) => each.getRequest().catch((error) => String(error))), /max_tokens/);
    assert.match(await on(async (each) => each.send().then(() => "sent", String)), /Not sent: /);
    await on((each) => {
      each.value =
        '{"model": "demo-small", "prompt": ["Hi"], "max_tokens": 8, "stream": true, "seed": 9223372036854775807}';
    });
    await on((each) => each.check());
    await until("a valid form", () => on((each) => each.checkValidity()));
    const data = await page.evaluate(() =>
      new FormData(document.querySelector("form") as HTMLFormElement).get("request"),
    );
    assert.match(String(data), /"seed": 9223372036854775807/);
    await page.evaluate(() => document.addEventListener("send", (event) => event.preventDefault(), { once: true }));
    assert.equal(
      await on(async (each) =>
        each.send().then(
          () => "sent",
          () => "prevented",
        ),
      ),
      "prevented",
    );
    assert.equal((await heard("done")).length, 0);
    const done = await on((each) => each.send());
    assert.equal(done.outcome, "complete");
    assert.ok((done.choices[0]?.text.length ?? 0) > 0);
    await until("the end is told", async () => (await heard("done")).length === 1);
    assert.deepEqual(await heard("done"), [done]);
    assert.ok(
      (await heard("chunk")).length > 0 && (await heard("change")).length >= 2 && (await heard("check")).length >= 2,
    );
    const [sent] = (await heard("send")).slice(-1) as { url: string; body: string }[];
    assert.match(sent?.body ?? "", /"seed":9223372036854775807/);
    const froms = new Set(((await heard("error")) as { from: string }[]).map(({ from }) => from));
    // What is wrong with an attribute may have been told before anybody listened.
    froms.delete("attribute");
    assert.deepEqual(froms, new Set(["send"]));

    // Attributes and properties are one, and live.
    await on((each) => {
      each.profile = "nobodys";
    });
    await element.getByText('profile="nobodys" is no profile that is known.').waitFor();
    assert.equal(await on(async (each) => (await each.check()).ok), true, "it goes on checking");
    await on((each) => {
      each.layout = "editor";
    });
    assert.equal(await element.getAttribute("layout"), "editor");
    await element.getByRole("region", { name: "Text", exact: true }).waitFor();
    assert.equal(await on((each) => each.focusField("seed")), false);
    await on((each) => each.removeAttribute("fields"));
    await on((each) => each.setAttribute("layout", "full"));
    assert.equal(await on((each) => each.focusField("seed")), true);
    await page.evaluate(() => (document.querySelector("form") as HTMLFormElement).reset());
    await until("the text of the page", () => on((each) => each.value).then((value) => value === text));
  });
});

test("page and element leave each other alone", async () => {
  const styles = `<style>* { all: unset !important } html { font-size: 10px; text-transform: uppercase; letter-spacing: 3px }</style>`;
  const contents = `${styles}<div id="host"></div><input id="own" aria-label="Own">`;
  await visitDocs(
    contents,
    async (page) => {
      const globals = await page.evaluate(() => Object.keys(window));
      await page.evaluate((given) => {
        // Inside a component of the page's own.
        const root = (document.querySelector("#host") as HTMLElement).attachShadow({ mode: "open" });
        root.innerHTML = `<completion-playground>${given}</completion-playground>`;
        const pressed: string[] = [];
        Object.assign(window, { pressed });
        for (const name of ["keydown", "keypress", "keyup"])
          document.addEventListener(name, (event) => pressed.push((event as KeyboardEvent).key));
      }, script);
      const element = page.locator("completion-playground");
      await checked(page);
      const box = await element.locator(".app").boundingBox();
      assert.ok(box && box.height > 400 && box.width > 1000, JSON.stringify(box));
      const look = await element.locator(".cm-content").evaluate((node) => {
        const { fontSize, letterSpacing, textTransform, direction, textAlign } = getComputedStyle(node);
        return { fontSize, letterSpacing, textTransform, direction, textAlign };
      });
      assert.deepEqual(look, {
        fontSize: "12.5px",
        letterSpacing: "normal",
        textTransform: "none",
        direction: "ltr",
        textAlign: "start",
      });
      assert.equal(await page.locator("main, h1").count(), 1 + (await element.locator("h1").count()));
      assert.equal(await element.locator("h1").getAttribute("aria-level"), "2");

      // Letters are the element's, whatever they do in the page; what is pressed in the page is the page's.
      const user = element.getByLabel("User", { exact: true });
      await user.click();
      await page.keyboard.type("/k");
      await element.getByRole("textbox", { name: "Request text" }).click();
      await page.keyboard.press("ControlOrMeta+Home");
      await page.keyboard.type("/? s");
      const pressed = () => page.evaluate(() => (window as unknown as { pressed: string[] }).pressed);
      assert.deepEqual(
        (await pressed()).filter((key) => key !== "Control" && key !== "Shift"),
        [],
      );
      await page.locator("#own").focus();
      await page.keyboard.type("/");
      assert.deepEqual((await pressed()).slice(-3), ["/", "/", "/"]);
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.locator("body").evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.keyboard.press("ControlOrMeta+Enter");
      await element.getByRole("textbox", { name: "Request text" }).click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(text);
      await checked(page);
      assert.equal(await element.getByRole("region", { name: /^Run / }).count(), 0, "nothing was sent from outside");
      await page.keyboard.press("ControlOrMeta+Enter");
      await element.getByRole("region", { name: "Run 1", exact: true }).waitFor();
      const added = (await page.evaluate(() => Object.keys(window))).filter((name) => !globals.includes(name));
      // The second is the mark by which versions of lit-html know of each other.
      assert.deepEqual(added, ["pressed", "litHtmlVersions"]);

      // Taken away, it ends what it had; put back, it goes on.
      assert.ok(page.workers().length > 0);
      const removed = await page.evaluateHandle(() => {
        const each = document.querySelector("#host")?.shadowRoot?.querySelector("completion-playground") as HTMLElement;
        each.remove();
        return each;
      });
      await until("no Workers", () => page.workers().length === 0);
      await page.evaluate((each) => document.querySelector("#host")?.shadowRoot?.append(each), removed);
      await checked(page);
      assert.equal(await element.evaluate((each) => (each as unknown as Element_).value), text);
    },
    'dir="rtl"',
  );
});
