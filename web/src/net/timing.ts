import type { Timing } from "../model/answer.ts";
import type { Clock } from "./clock.ts";

/** What of an answer its speed is taken from. */
export interface Counted {
  /** As the server counted them. */
  readonly completionTokens: number | undefined;
  /** Tokens that were told apart from the text. */
  readonly tokens: number;
  readonly pieces: number;
  readonly choices: number;
  /** The prompt comes back in front of the answer: only what the server counted was generated. */
  readonly echo: boolean;
}

/** The times of one run, in milliseconds since it was made. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #start: number;
  #firstByteMs: number | undefined;
  #firstTokenMs: number | undefined;
  #lastTokenMs: number | undefined;
  #doneMs: number | undefined;
  #totalMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.wall();
    this.#start = clock.now();
  }

  get elapsedMs(): number {
    return this.#clock.now() - this.#start;
  }

  byte(): void {
    this.#firstByteMs ??= this.elapsedMs;
  }

  token(): void {
    this.#lastTokenMs = this.elapsedMs;
    this.#firstTokenMs ??= this.#lastTokenMs;
  }

  /** The server has marked the end: the answer has taken this long, whatever the connection does then. */
  done(): void {
    this.#doneMs ??= this.elapsedMs;
  }

  end(): void {
    this.#totalMs ??= this.#doneMs ?? this.elapsedMs;
  }

  timing({ completionTokens, tokens: told, pieces, choices, echo }: Counted): Timing {
    const [firstByteMs, firstTokenMs, totalMs] = [this.#firstByteMs, this.#firstTokenMs, this.#totalMs];
    const [tokens, tokensCounted] =
      completionTokens !== undefined && (completionTokens > 0 || echo)
        ? ([completionTokens, "usage"] as const)
        : told > 0
          ? ([told, "logprobs"] as const)
          : ([pieces, "pieces"] as const);
    // The first token marks the start of the span, so it is not counted; an answer in one piece has no span but its
    // whole time.
    const inOnePiece = pieces <= choices && totalMs !== undefined && tokensCounted !== "pieces";
    const span = inOnePiece ? totalMs : (this.#lastTokenMs ?? 0) - (firstTokenMs ?? 0);
    const counted = inOnePiece ? tokens : tokens - 1;
    return {
      startedAt: this.#startedAt,
      ...(firstByteMs === undefined ? {} : { firstByteMs }),
      ...(firstTokenMs === undefined || echo ? {} : { firstTokenMs }),
      ...(totalMs === undefined ? {} : { totalMs }),
      ...(span > 0 && counted > 0 && (!echo || tokensCounted === "usage")
        ? { tokensPerSecond: (counted * 1000) / span, tokensCounted }
        : {}),
    };
  }
}
