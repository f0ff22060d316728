import { CompletionPlayground } from "./element.ts";

customElements.define("completion-playground", CompletionPlayground);
