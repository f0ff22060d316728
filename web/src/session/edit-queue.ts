import type { EditOp } from "../model/core.ts";

/**
 * Applies one edit to the newest text. `gesture` names the drag or typing it belongs to, "" for none. Resolves with why
 * it could not be made, "" where it was.
 */
export type ApplyEdit = (op: EditOp, gesture: string) => Promise<string>;

interface Waiting {
  readonly op: EditOp;
  readonly gesture: string;
  readonly ends: readonly ((why: string) => void)[];
}

/**
 * Sends form edits to the text one at a time. While one is under way, a newer value for the same place replaces the
 * waiting one: a drag asks the core as often as it answers, not as often as the pointer moves.
 */
export class EditQueue {
  readonly #apply: ApplyEdit;
  readonly #waiting = new Map<string, Waiting>();
  #drained: Promise<void> | undefined;

  constructor(apply: ApplyEdit) {
    this.#apply = apply;
  }

  /** Resolves as the edit does, or as the newer one that took its place. */
  push(op: EditOp, gesture: string): Promise<string> {
    const key = "path" in op ? op.path : op.op;
    return new Promise((end) => {
      const ends = [...(this.#waiting.get(key)?.ends ?? []), end];
      // Deleting first moves the edit to the end, so that it stays behind what was asked before it.
      this.#waiting.delete(key);
      this.#waiting.set(key, { op, gesture, ends });
      this.#drained ??= this.#drain();
    });
  }

  /** Resolves when the text has all that was asked so far. */
  async idle(): Promise<void> {
    await this.#drained;
  }

  async #drain(): Promise<void> {
    try {
      for (;;) {
        const next = this.#waiting.entries().next();
        if (next.done) return;
        const [key, { op, gesture, ends }] = next.value;
        this.#waiting.delete(key);
        const why = await this.#apply(op, gesture);
        for (const end of ends) end(why);
      }
    } finally {
      this.#drained = undefined;
    }
  }
}
