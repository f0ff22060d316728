import type { Run, RunSnapshot } from "../model/answer.ts";
import type { Problem } from "../model/problem.ts";
import { type Clock, systemClock } from "../net/clock.ts";
import { EventRing } from "../net/events.ts";
import type { Tape, Timed } from "../net/recording/format.ts";
import { player } from "../net/recording/player.ts";
import { Recorder } from "../net/recording/recorder.ts";
import { startRun } from "../net/run.ts";
import type { KeptRun } from "./records.ts";

/** What is said of an answer during which the page went. */
export const cutByReload: Problem = {
  title: "Cut by a reload",
  detail: "The page was reloaded, closed or ended while this answer was coming. It is here as far as it came.",
  advice: ["Send it again for a whole answer."],
};

/**
 * A run of an earlier visit. Its answer is read from what was stored, by the same code that read it from the network and
 * with the times of then, once somebody looks at it. How it ended is as it was found then.
 */
export class RestoredRun implements Run {
  readonly finished: Promise<RunSnapshot>;
  /** Takes the answer down anew, so that it can be saved as any other. */
  readonly recorder: Recorder;
  readonly #kept: KeptRun;
  readonly #load: () => Promise<readonly Timed[]>;
  readonly #listeners = new Set<() => void>();
  #snapshot: RunSnapshot;
  #finish: (snapshot: RunSnapshot) => void = () => {};
  #reading = false;

  /** `load` gives the answer's bytes as they were read. Where it rejects there is no answer to be seen. */
  constructor(kept: KeptRun, load: () => Promise<readonly Timed[]>) {
    this.#kept = kept;
    this.#load = load;
    this.recorder = new Recorder({ title: kept.model, profile: kept.profile });
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#snapshot = this.#told({
      version: 0,
      phase: "done",
      choices: [],
      timing: { startedAt: kept.startedAt },
      notes: [],
      noteCodes: [],
      events: new EventRing(),
    });
  }

  snapshot(): RunSnapshot {
    void this.read();
    return this.#snapshot;
  }

  onChange(listener: () => void): () => void {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  stop(): void {}

  /** Reads the answer, if that was not done yet. */
  read(): Promise<RunSnapshot> {
    if (!this.#reading) {
      this.#reading = true;
      void this.#replay().then((snapshot) => {
        this.#snapshot = this.#told({ ...snapshot, version: 1 });
        this.#finish(this.#snapshot);
        for (const listener of [...this.#listeners]) listener();
      });
    }
    return this.finished;
  }

  async #replay(): Promise<RunSnapshot> {
    const { profile, expect, request, startedAt } = this.#kept;
    const reads = await this.#load().catch(() => []);
    const clocks = playedClocks(startedAt);
    return startRun({
      request: { ...request, headers: request.headers.map(([name, value]) => ({ name, value })) },
      key: "",
      fetch: player(this.#tape(reads), { clock: clocks.player }),
      expect,
      record: this.recorder,
      clock: clocks.reader,
      ...(profile === "" ? {} : { profile }),
    }).finished;
  }

  #tape(reads: readonly Timed[]): Tape {
    const { response, end } = this.#kept;
    if (response === null) return { response: undefined };
    const headers = new Headers();
    for (const [name, value] of response.headers) {
      try {
        headers.append(name, value);
      } catch {
        // A header that no server can have sent.
      }
    }
    return {
      response: {
        status: response.status === 0 ? 302 : response.status,
        headers,
        headMs: response.headMs,
        chunks: reads,
        // An answer that was cut ends as one that was stopped, which counts as whole where nothing was missing.
        end: end?.how ?? "stopped",
        endMs: Math.max(end?.ms ?? 0, reads.at(-1)?.ms ?? response.headMs),
      },
    };
  }

  /** What the reading makes of it, with the ending that was found when it was sent. */
  #told(read: RunSnapshot): RunSnapshot {
    const { outcome, problem, response } = this.#kept;
    const { outcome: found, problem: foundProblem, ...rest } = read;
    const head = response === null ? {} : { status: response.status, headers: response.headers };
    if (outcome === null) {
      if (found === "complete") return { ...rest, ...head, outcome: found };
      return { ...rest, ...head, outcome: "ended-early", problem: cutByReload };
    }
    const ending = { outcome, ...(problem === null ? {} : { problem }) };
    // Nobody answered, and what is read of that is about the replay alone.
    return response === null ? { ...rest, ...ending, notes: [], noteCodes: [] } : { ...rest, ...head, ...ending };
  }
}

/**
 * The times of then without the waits: the player's sleep moves the time on at once. The run's reader never sleeps, as a
 * tape always comes to its end.
 */
function playedClocks(startedAt: number): { readonly player: Clock; readonly reader: Clock } {
  let now = 0;
  let rested = systemClock.now();
  const times = { now: () => now, wall: () => startedAt + now };
  const rest = async () => {
    await systemClock.rest();
    rested = systemClock.now();
  };
  return {
    player: {
      ...times,
      rest,
      sleep: async (ms) => {
        now += ms;
        // The page has its turn now and then.
        if (systemClock.now() - rested > 8) await rest();
      },
    },
    reader: {
      ...times,
      rest,
      sleep: (_, signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    },
  };
}
