import { visiblePieces } from "../ui/visible.ts";
import type { ModelList } from "./model-list.ts";

/** What the list below the box of the model shows. */
export interface ModelFacts {
  /** In the order of the server, each once. */
  readonly models: readonly string[];
  /** Whose they are, for people. */
  readonly of: string;
  /** Puts a model into the text. */
  readonly choose: (model: string) => void;
  /** A name with signs in the place of what would be invisible, or do something. */
  readonly shown: (name: string) => string;
}

interface Known {
  facts: ModelFacts;
  list?: ModelList;
}

const boxes = new WeakMap<Element, Known>();

/**
 * Gives the box of the model its list, and the list its newest facts. For Lit's `ref` on the box, at each drawing. The list
 * is loaded when somebody comes to the box; where it does not load, the box is one to type into.
 */
export function modelBox(box: HTMLInputElement | undefined, facts: Omit<ModelFacts, "shown">): void {
  if (box === undefined) return;
  const known = boxes.get(box) ?? { facts: { ...facts, shown } };
  known.facts = { ...facts, shown };
  known.list?.changed();
  if (boxes.has(box)) return;
  boxes.set(box, known);
  box.addEventListener("focus", async () => {
    const part = known.list === undefined && (await import("./model-list.ts").catch(() => undefined));
    if (part) known.list ??= new part.ModelList(box, () => known.facts);
  });
}

function shown(name: string): string {
  return visiblePieces(name)
    .map((piece) => (typeof piece === "string" ? piece : piece.sign))
    .join("");
}
