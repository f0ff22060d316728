// What the npm package of the element tells TypeScript. Its script is that of other pages.

import "./main.ts";
import type { Attribute, Flag, properties } from "./attributes.ts";
import type { CompletionPlayground } from "./element.ts";

export type { Attribute, Flag } from "./attributes.ts";
export type {
  CheckDetail,
  ChunkDetail,
  DoneDetail,
  ErrorDetail,
  EventDetails,
  SendDetail,
} from "./element-types.ts";

/** The properties that say what the attributes say. */
export type Properties = {
  [A in Exclude<Attribute, "value"> as (typeof properties)[A]]: A extends Flag ? boolean : string | undefined;
};

/** The element, as a page has it. */
export type PlaygroundElement = CompletionPlayground & Properties;

declare global {
  interface HTMLElementTagNameMap {
    "completion-playground": PlaygroundElement;
  }
}
