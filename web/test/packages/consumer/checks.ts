// What a page and its Worker each do with the core.

import { body, check, fix, init } from "@completion-playground/core";
import type { Found } from "./found.js";

export async function found(text: string): Promise<Found> {
  const before = Object.getOwnPropertyNames(globalThis);
  await init();
  const fixed = fix(text).text;
  return {
    codes: check(text).issues.map(({ code }) => code),
    fixed,
    body: body(fixed),
    left: Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name)),
  };
}
