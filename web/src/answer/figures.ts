import type { RunSnapshot, Timing, Usage } from "../model/answer.ts";

/** One number of a run, as it is shown. */
export type Figure = readonly [name: string, value: string];

/** The numbers of a run that mean something: what was not measured, or could only be guessed, is left out. */
export function figuresOf({ status, timing, usage, choices }: RunSnapshot): readonly Figure[] {
  // An answer in one piece has all its tokens at the same moment, which is the end.
  const inPieces = choices.some(({ chunkCount }) => chunkCount > 1);
  return [
    ...(status === undefined ? [] : [["Status", String(status)] as const]),
    ...timingFigures(timing, inPieces),
    ...usageFigures(usage),
  ];
}

function timingFigures({ firstTokenMs, tokensPerSecond, tokensCounted, totalMs }: Timing, inPieces: boolean): Figure[] {
  const figures: Figure[] = [];
  if (firstTokenMs !== undefined && inPieces) figures.push(["First token", duration(firstTokenMs)]);
  if (tokensPerSecond !== undefined) {
    // Where nobody counted the tokens, the pieces of text stand for them, and the figure says so.
    const unit = tokensCounted === "pieces" ? "pieces/s" : "tokens/s";
    figures.push(["Speed", `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} ${unit}`]);
  }
  if (totalMs !== undefined) figures.push(["Total", duration(totalMs)]);
  return figures;
}

function usageFigures(usage: Usage | undefined): Figure[] {
  if (!usage) return [];
  const { promptTokens, completionTokens, totalTokens } = usage;
  const sum = [promptTokens, completionTokens].map((count) => count?.toLocaleString("en") ?? "?").join(" + ");
  return [["Tokens", totalTokens === undefined ? sum : `${sum} = ${totalTokens.toLocaleString("en")}`]];
}

/** A span of time for people. Clocks in pages are coarse: below a millisecond nothing can be told. */
export function duration(ms: number): string {
  if (ms < 1) return "under 1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
