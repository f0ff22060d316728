import type { Core } from "../core/protocol.ts";
import type { RunSnapshot } from "../model/answer.ts";
import { type Difference, type Sent, type WireAnswer, wireAnswer } from "../model/findings.ts";

// UTF-16 units of JSON, roughly, beyond which an answer is not compared: the core's memory only grows.
const mostUnits = 4_000_000;
// Answers that the next ones with the same seed are held to.
const answersKept = 20;

/** Holds answers to their requests, and to those that the same request had before. */
export class Comparisons {
  readonly #core: Core;
  /** By address and body, the oldest first. */
  readonly #before = new Map<string, WireAnswer>();

  constructor(core: Core) {
    this.#core = core;
  }

  /**
   * In what an answer is not as asked; undefined where there is nothing to compare, or too much. One of another time is
   * `alone`: those that came before it here came later.
   */
  async of(
    { url, body, profile, stream }: Sent,
    snapshot: RunSnapshot,
    alone = false,
  ): Promise<readonly Difference[] | undefined> {
    const { status = 0, outcome, choices } = snapshot;
    if (status < 200 || status > 299 || (choices.length === 0 && outcome !== "complete")) return undefined;
    const units = choices.reduce((sum, { text, tokenCount }) => sum + text.length + 50 * tokenCount, body.length);
    if (units > mostUnits) return undefined;
    const answer = wireAnswer(snapshot, stream);
    const same = `${url} ${body}`;
    const previous = alone ? undefined : this.#before.get(same);
    if (outcome === "complete" && !alone) this.#remember(same, answer);
    return this.#core.compare({ profile, body, answer, ...(previous === undefined ? {} : { previous }) });
  }

  #remember(same: string, answer: WireAnswer): void {
    this.#before.delete(same);
    // Only texts are held to each other.
    const choices = answer.choices.map((choice) => ({ ...choice, tokens: [] }));
    this.#before.set(same, { ...answer, choices });
    const [oldest] = this.#before.keys();
    if (this.#before.size > answersKept && oldest !== undefined) this.#before.delete(oldest);
  }
}
