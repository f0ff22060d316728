import type { Addresses, BaseFault } from "../model/address.ts";
import type { CoreState, DemoToken, EditOp } from "../model/core.ts";
import type { DetectArgs, DetectStep } from "../model/detected.ts";
import type { Comparison, Difference, Scored, Scoring } from "../model/findings.ts";
import type { Imported } from "../model/imported.ts";
import type { ProbeArgs, ProbeStep } from "../model/probe.ts";
import type { WireRequest } from "../model/request.ts";
import type { TextChange } from "../model/text-change.ts";
import type { CheckResult, TextEdit } from "../model/verdict.ts";

/** Where a request goes. The key and the values of headers stay with the page. */
export interface EndpointArgs {
  readonly base: string;
  readonly hasKey: boolean;
  /** The names of own headers; none when absent. */
  readonly headers?: readonly string[];
  readonly force: boolean;
}

/** What to write as code, and in which language of schema/languages.json. */
export interface SnippetArgs extends EndpointArgs {
  readonly language: string;
}

/** A request as code: `Snippet` of core/snippet. */
export interface Snippet {
  readonly text: string;
  /** What the program reads when it runs: texts too long for code. */
  readonly files: readonly { readonly name: string; readonly content: string }[];
  /** What the language cannot express, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The core in a Worker, as the page sees it. `web/src/core/client.ts` implements it. Text is addressed by revision:
 * every setText/change makes a new one; a result for an older revision is dropped before anybody sees it.
 */
export interface Core {
  readonly state: CoreState;
  /** Why the state is "restarting" or "failed", one sentence for people; "" otherwise. */
  readonly reason: string;
  onState(listener: () => void): () => void;
  /** Called with each result for the newest text. */
  onResult(listener: (result: CheckResult) => void): () => void;
  setText(text: string): void;
  /** `text` is what the changes make of the text; a caller that has it saves another copy of it. */
  change(changes: readonly TextChange[], text?: string): void;
  /**
   * Chooses the server profile and checks again: a file name in schema/profiles, with @ and a version where one is known,
   * or a profile as JSON.
   */
  setProfile(name: string): void;
  /** Resolves against the newest text; rejects with an Error whose message is for people. */
  edit(op: EditOp): Promise<readonly TextEdit[]>;
  /** What a base URL stands for that a person typed. Rejects only where the core fails. */
  base(typed: string): Promise<Addresses | BaseFault>;
  /**
   * Builds the request from the newest text. `force` builds one though errors remain: canonical JSON with the wrong values
   * in it, or the text as typed where it cannot be read.
   */
  build(endpoint: EndpointArgs): Promise<WireRequest>;
  /** The request as code that sends it; the key stands as a variable of the environment, and so do values of headers. */
  snippet(args: SnippetArgs): Promise<Snippet>;
  /** What answers of a server tell of it, and what to ask next. Rejects where the base is none. */
  detect(args: DetectArgs): Promise<DetectStep>;
  /** Reads a text that holds a request in another language, such as a curl command; null where it is none. */
  import(text: string): Promise<Imported | null>;
  /** In what an answer is not as its request asked. */
  compare(comparison: Comparison): Promise<readonly Difference[]>;
  /** What to send to have a text scored, or what the answer to that says. */
  score(scoring: Scoring): Promise<Scored>;
  /** The versions of a server where the rules of a profile change, oldest first. */
  versions(profile: string): Promise<readonly string[]>;
  /** What to send to find out what a server does, and what its answers say. */
  probe(args: ProbeArgs): Promise<ProbeStep>;
  /** Starts anew where the state is "failed", and checks the text again. */
  retry(): void;
  /** Splits text into the demo tokenizer's tokens. */
  tokens(text: string): Promise<readonly DemoToken[]>;
  close(): void;
}
