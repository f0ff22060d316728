import type { EditOp } from "../model/core.ts";

/** Applies one edit to the newest text. `gesture` names the drag or typing it belongs to, "" for none. */
export type ApplyEdit = (op: EditOp, gesture: string) => Promise<void>;

/**
 * Sends form edits to the text one at a time. While one is under way, a newer value for the same place replaces the
 * waiting one: a drag asks the core as often as it answers, not as often as the pointer moves.
 */
export class EditQueue {
  readonly #apply: ApplyEdit;
  readonly #waiting = new Map<string, { op: EditOp; gesture: string }>();
  #busy = false;

  constructor(apply: ApplyEdit) {
    this.#apply = apply;
  }

  push(op: EditOp, gesture: string): void {
    const key = "path" in op ? op.path : op.op;
    // Deleting first moves the edit to the end, so that it stays behind what was asked before it.
    this.#waiting.delete(key);
    this.#waiting.set(key, { op, gesture });
    if (!this.#busy) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (;;) {
        const next = this.#waiting.entries().next();
        if (next.done) return;
        const [key, { op, gesture }] = next.value;
        this.#waiting.delete(key);
        await this.#apply(op, gesture);
      }
    } finally {
      this.#busy = false;
    }
  }
}
