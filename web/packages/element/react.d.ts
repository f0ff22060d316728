// The element in JSX, for React 19, which sets its properties and hears its events:
//
//   import type {} from "@completion-playground/element/react";

import type { HTMLAttributes, Ref } from "react";
import type { Attribute, EventDetails, Flag, PlaygroundElement, Properties } from "./types/npm.js";

type Attributes = { [A in Attribute]?: A extends Flag ? boolean | string : string };

type Handlers = { [Type in keyof EventDetails as `on${Type}`]?: (event: CustomEvent<EventDetails[Type]>) => void };

type PlaygroundProps = Omit<HTMLAttributes<PlaygroundElement>, keyof Attributes | keyof Handlers> &
  Omit<Partial<Properties>, keyof Attributes> &
  Attributes &
  Handlers & { name?: string; class?: string; ref?: Ref<PlaygroundElement> };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "completion-playground": PlaygroundProps;
    }
  }
}
