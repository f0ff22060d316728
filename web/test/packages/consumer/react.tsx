// The element in JSX; this is compiled, not run.

import type { PlaygroundElement } from "@completion-playground/element";
import type {} from "@completion-playground/element/react";
import { createRef } from "react";

const ref = createRef<PlaygroundElement>();

export const page = (
  <>
    <completion-playground
      ref={ref}
      value='{"model": "m"}'
      hide-fields="seed"
      headingLevel="3"
      keep
      id="first"
      className="wide"
      oncheck={({ detail }) => detail.issues.length}
      onchunk={({ detail }) => detail.choices[0]?.text.length}
    />
    {/* @ts-expect-error no such layout of a word */}
    <completion-playground layout={3} />
    {/* @ts-expect-error the detail of an error has no issues */}
    <completion-playground onerror={({ detail }) => detail.issues} />
  </>
);
