// The types as somebody sees them who installed the packages. What has to be refused is marked; this is compiled, not run.

import type { Edited, Imported, Issue, TextEdit, Verdict } from "@completion-playground/core";
import * as core from "@completion-playground/core";
import {
  type Answer,
  body,
  check,
  fix,
  format,
  importRequest,
  init,
  set,
  stream,
  unset,
} from "@completion-playground/core";
import type { RunSnapshot } from "@completion-playground/core/stream";
import type { CheckDetail, DoneDetail, PlaygroundElement } from "@completion-playground/element";

await init();
await init("/core.wasm");
await init(new URL("https://example.com/core.wasm"));
await init(fetch("/core.wasm"));
await init(new Uint8Array(8));
const verdict: Verdict = check("{}", { profile: "vllm@0.11.2" });
const issue: Issue | undefined = verdict.issues[0];
const fixes: readonly TextEdit[] = issue?.fix?.edits ?? [];
const edited: Edited = fix("{}");
const text: string =
  set("{}", "/n", 1n, { profile: { name: "own" } }).text + unset("{}", "/n").text + format("{}").text;
const sent: string = body(text, { force: true });
const imported: Imported | null = importRequest("curl …") ?? core.import("curl …");
const answer: Answer = stream(await fetch("/v1/completions"), { choices: 2 });
for await (const snapshot of answer) {
  const whole: RunSnapshot = snapshot;
  whole.choices.map((choice) => choice.text.length);
}
const element = document.querySelector("completion-playground");
const same: PlaygroundElement | null = element;
element?.setRequest({ model: "m" });
const detail: CheckDetail | undefined = await element?.check();
const done: DoneDetail | undefined = await element?.send({ force: true });
const profile: string | undefined = element?.profile;
const keeps: boolean | undefined = element?.keep;

// @ts-expect-error a text is wanted
check({ model: "m" });
// @ts-expect-error there is no JSON for a function
set("{}", "/n", () => 1);
// @ts-expect-error the verdict is not to be changed
verdict.ok = true;
// @ts-expect-error init() is to be awaited
init().issues;
// @ts-expect-error a flag is true or false
if (element) element.keep = "yes";
// @ts-expect-error there is no such module
await import("@completion-playground/core/engine");

export { detail, done, edited, fixes, imported, keeps, profile, same, sent };
