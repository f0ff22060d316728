import { CompletionPlayground } from "./element.ts";

const name = "completion-playground";

// Loaded twice, or beside another version, the first one stays; on a server there is nothing to define.
if (globalThis.customElements && !customElements.get(name)) customElements.define(name, CompletionPlayground);
