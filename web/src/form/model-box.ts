import { visiblePieces } from "../ui/visible.ts";
import type { ModelFacts } from "./matching.ts";
import type { ModelList } from "./model-list.ts";

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
  const load = async () => {
    const part = known.list ? undefined : await import("./model-list.ts").catch(() => undefined);
    if (part) known.list ??= new part.ModelList(box, () => known.facts);
  };
  box.addEventListener("focus", load);
  box.addEventListener("click", async () => {
    await load();
    known.list?.open();
  });
}

function shown(name: string): string {
  return visiblePieces(name)
    .map((piece) => (typeof piece === "string" ? piece : piece.sign))
    .join("");
}
