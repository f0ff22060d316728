// What the element tells the page that holds it. Shapes that stay; web/docs/embed.md describes them.

import type { Choice, Outcome, Usage } from "./model/answer.ts";
import type { Published } from "./model/parts.ts";
import type { Problem } from "./model/problem.ts";
import type { Change, Issue } from "./model/verdict.ts";

/** The verdict on a text. */
export interface CheckDetail {
  readonly text: string;
  /** There are no errors; there may be warnings and hints. */
  readonly ok: boolean;
  readonly issues: readonly Issue[];
  /** What would be sent otherwise than it is written. */
  readonly changes: readonly Change[];
}

/** A request on its way. The key is not in it. */
export interface SendDetail {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** An answer as far as it came. */
export interface ChunkDetail {
  readonly choices: readonly Pick<Choice, "index" | "text" | "reasoning" | "finish">[];
}

/** An answer that has ended. */
export interface DoneDetail extends ChunkDetail {
  readonly outcome: Outcome;
  /** Of the response; 0 where there was none. */
  readonly status: number;
  readonly model?: string;
  readonly usage?: Usage;
  /** What went wrong, with every outcome but "complete" and "stopped". */
  readonly problem?: Problem;
}

export interface ErrorDetail {
  readonly message: string;
  /** What failed: loading the element, an attribute of it, the checker, sending, or the answer. */
  readonly from: "load" | "attribute" | "checker" | "send" | "answer";
}

/** The details of the element's events. All bubble, also out of other shadow roots; `send` can be prevented. */
export interface EventDetails {
  /** The text is another one. */
  change: { readonly text: string };
  check: CheckDetail;
  send: SendDetail;
  /** More of the answer has come; at most once a frame. */
  chunk: ChunkDetail;
  done: DoneDetail;
  error: ErrorDetail;
}

/** The element once it is loaded, between it and what it shows. */
export interface View {
  readonly text: string;
  setText(text: string): void;
  connected(): void;
  disconnected(): void;
  /** Reads the attributes again. */
  configure(): void;
  check(): Promise<CheckDetail>;
  send(force: boolean): Promise<DoneDetail>;
  stop(): void;
  request(): Promise<string>;
  focusField(name: string): boolean;
  focusText(): void;
}

/** What a view asks of its element. */
export interface ViewHost {
  /** The text to begin with; undefined for an example. */
  readonly text: string | undefined;
  /** The name that the element has among those that keep something; undefined for one that keeps nothing. */
  keepName(): string | undefined;
  /** The files that the element knows; undefined where none were published. */
  readonly published: Published | undefined;
  /** False where a listener has prevented it. */
  tell<Type extends keyof EventDetails>(type: Type, detail: EventDetails[Type]): boolean;
  /** Why the text is no request; "" where it is one. */
  invalid(message: string): void;
  changed(text: string): void;
}
