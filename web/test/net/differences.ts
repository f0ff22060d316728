import { isDeepStrictEqual } from "node:util";
import type { RunSnapshot, Usage } from "../../src/model/answer.ts";
import type { Scenario } from "./table.ts";

/** Which of the failures are of a kind; those of a server itself are all others. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  redirect: ["redirect"],
  transport: ["broken", "unreachable", "cut-whole"],
  size: ["too-large"],
};

/** In what a run is not what the table wants: one sentence each. */
export function differences({ want, script }: Scenario, run: RunSnapshot): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, got: unknown, wish: unknown) => {
    if (!isDeepStrictEqual(got, wish))
      found.push(`${what}: got ${JSON.stringify(got)?.slice(0, 300)}, want ${JSON.stringify(wish)?.slice(0, 300)}`);
  };
  const { problem, choices } = run;
  const [first] = choices;
  const all = choices.map(({ text }) => text);
  compare("outcome", run.outcome, want.end);
  if (want.length !== undefined) compare("length", all.join("").length, want.length);
  else if (!want.prefix) compare("texts", all, want.texts ?? []);
  else if (!want.texts?.[0]?.startsWith(all.join(""))) compare("the beginning of the text", all, want.texts);
  if (!want.prefix) {
    const finish = choices.map((choice) => choice.finish?.kind ?? "");
    compare("finish reasons", finish, want.finish ?? []);
  }
  compare("reasoning", first?.reasoning ?? "", want.reasoning ?? "");
  const tokens = first?.tokens.slice(0, first.tokenCount) ?? [];
  const told = tokens.map(({ logprob }) => (logprob === Number.NEGATIVE_INFINITY ? "-Infinity" : logprob));
  const top = tokens.map((token) => token.top.map(({ text }) => text));
  compare("tokens", texts(tokens), want.tokens ?? []);
  if (want.logprobs !== undefined) compare("log probabilities", told, want.logprobs);
  if (want.top !== undefined) compare("alternatives", top, want.top);
  compare("usage", counts(run.usage), want.usage);
  for (const code of want.notes ?? []) if (!run.noteCodes.includes(code)) compare("notes", run.noteCodes, code);

  compare("a problem", problem !== undefined, want.end !== "complete" && want.end !== "stopped");
  if (want.failure !== undefined) compare("failure", problem?.failure, want.failure);
  if (want.error !== undefined) compare("kind of failure", kindOf(problem?.failure), known(want.error));
  if (want.status !== undefined) compare("status", run.status, want.status);
  compare("seconds to wait", problem?.retryAfterSeconds ?? 0, want.retryAfter ?? 0);
  // A server is quoted, but what it did not say is said in other words than those of the table.
  const message = want.message ?? "";
  const sent = message !== "" && (script.steps ?? []).some(({ data }) => data?.includes(message));
  // Of what is no completion at all there is only the raw text.
  const words = problem?.failure === "unreadable" ? problem.raw : problem?.detail;
  if (sent && !words?.includes(message)) compare("message", words, message);
  return found;
}

function texts(tokens: readonly { readonly text: string }[]): readonly string[] {
  return tokens.map(({ text }) => text);
}

function counts(usage: Usage | undefined): unknown {
  if (usage === undefined) return undefined;
  const { promptTokens = null, completionTokens = null, totalTokens = null } = usage;
  return { prompt: promptTokens, completion: completionTokens, total: totalTokens };
}

function kindOf(failure: string | undefined): string {
  const found = Object.keys(kinds).find((kind) => kinds[kind]?.includes(failure ?? ""));
  return found ?? "server";
}

function known(kind: string): string {
  return kind in kinds ? kind : "server";
}
