import type { Timing } from "../model/answer.ts";

/** What a run's speed is taken from. Milliseconds since the start of the run. */
export interface Measured {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly firstByteMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly lastTokenMs: number | undefined;
  readonly totalMs: number | undefined;
  /** As the server counted them. */
  readonly completionTokens: number | undefined;
  /** Tokens that were told apart from the text. */
  readonly tokens: number;
  readonly pieces: number;
  readonly choices: number;
}

export function timingOf(measured: Measured): Timing {
  const { startedAt, firstByteMs, firstTokenMs, lastTokenMs, totalMs } = measured;
  const used = measured.completionTokens;
  const [tokens, tokensCounted] =
    used !== undefined && used > 0
      ? ([used, "usage"] as const)
      : measured.tokens > 0
        ? ([measured.tokens, "logprobs"] as const)
        : ([measured.pieces, "pieces"] as const);
  // The first token marks the start of the span, so it is not counted; an answer in one piece has no span but its whole time.
  const inOnePiece = measured.pieces <= measured.choices && totalMs !== undefined && tokensCounted !== "pieces";
  const between = firstTokenMs === undefined || lastTokenMs === undefined ? 0 : lastTokenMs - firstTokenMs;
  const span = inOnePiece ? totalMs : between;
  const counted = inOnePiece ? tokens : tokens - 1;
  return {
    startedAt,
    ...(firstByteMs === undefined ? {} : { firstByteMs }),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(span > 0 && counted > 0 ? { tokensPerSecond: (counted * 1000) / span, tokensCounted } : {}),
  };
}
