// Both packages in a page, for bundlers that follow new URL("./file", import.meta.url).
import "@completion-playground/element";
import "@completion-playground/element/files/playground.css";
import { check, init } from "@completion-playground/core";

await init();
document.body.dataset.found = check('{"model": "m", "prompt": ["p"], "n": 0}')
  .issues.map(({ code }) => code)
  .join();
