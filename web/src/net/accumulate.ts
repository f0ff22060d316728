import type { Choice, Finish, TokenLogprob, Usage } from "../model/answer.ts";
import { limits, reasoningMembers } from "./facts.ts";
import { readFinish } from "./finish.ts";
import { GrowingText } from "./growing-text.ts";
import { count, isRecord, list, member, texts } from "./json.ts";
import { readTokens } from "./logprobs.ts";
import { Notes } from "./notes.ts";
import { readUsage } from "./usage.ts";

class ChoiceState {
  readonly index: number;
  readonly text = new GrowingText();
  readonly reasoning = new GrowingText();
  finish: Finish | undefined;
  readonly tokens: TokenLogprob[] = [];
  chunkCount = 0;
  #view: Choice | undefined;

  constructor(index: number) {
    this.index = index;
  }

  changed(): void {
    this.#view = undefined;
  }

  view(): Choice {
    this.#view ??= {
      index: this.index,
      text: this.text.text,
      ...(this.reasoning.text === "" ? {} : { reasoning: this.reasoning.text }),
      ...(this.finish === undefined ? {} : { finish: this.finish }),
      tokens: this.tokens,
      tokenCount: this.tokens.length,
      chunkCount: this.chunkCount,
    };
    return this.#view;
  }
}

/** What the chunks of one run add up to. Takes any JSON value and never throws. */
export class Answer {
  readonly notes: Notes;
  readonly #choices = new Map<number, ChoiceState>();
  #sorted: ChoiceState[] = [];
  #usage: Usage | undefined;
  #model: string | undefined;
  #fingerprint: string | undefined;
  #abortedReason: string | undefined;
  #textArrived = false;
  #reasoningArrived = false;
  #tokens = 0;
  #pieces = 0;

  constructor(notes: Notes = new Notes()) {
    this.notes = notes;
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  get model(): string | undefined {
    return this.#model;
  }

  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  get textArrived(): boolean {
    return this.#textArrived;
  }

  get reasoningArrived(): boolean {
    return this.#reasoningArrived;
  }

  /** Something to show for: text, reasoning, or a choice that ended without any. */
  get delivered(): boolean {
    return this.#textArrived || this.#reasoningArrived || this.#sorted.some((choice) => choice.finish !== undefined);
  }

  /** The first word with which the server gave up a choice. */
  get abortedReason(): string | undefined {
    return this.#abortedReason;
  }

  get tokenCount(): number {
    return this.#tokens;
  }

  /** Pieces of text and of reasoning, over all choices. */
  get pieceCount(): number {
    return this.#pieces;
  }

  get choiceCount(): number {
    return this.#sorted.length;
  }

  /** Choices that came and have no finish reason. */
  get openCount(): number {
    return this.#sorted.filter(({ finish }) => finish === undefined).length;
  }

  choices(): readonly Choice[] {
    return this.#sorted.map((choice) => choice.view());
  }

  /** How many of the indexes 0…expected−1, and of any others that appeared, have no finish reason. */
  unfinished(expected: number): number {
    let finished = 0;
    let beyond = 0;
    for (const { index, finish } of this.#sorted) {
      if (index >= expected) beyond++;
      if (finish !== undefined) finished++;
    }
    return expected + beyond - finished;
  }

  /** Adds a chunk, or a whole answer that came in one piece. */
  add(chunk: unknown): void {
    if (!isRecord(chunk)) {
      this.notes.add("event-skipped");
      return;
    }
    this.#model ??= texts(chunk, "model")?.slice(0, limits.modelUnits);
    this.#fingerprint ??= texts(chunk, "system_fingerprint")?.slice(0, limits.modelUnits);
    // The last usage wins: some servers count up in every chunk, some send zeros until the end.
    this.#usage = readUsage(member(chunk, "usage"), () => this.notes.add("usage-unreadable")) ?? this.#usage;
    const choices = member(chunk, "choices");
    if (Array.isArray(choices)) {
      choices.forEach((choice, position) => {
        this.#addChoice(choice, position, chunk, choices.length);
      });
    } else if (choices !== undefined && choices !== null) {
      this.notes.add("choices-skipped");
    }
    if (list(member(chunk, "prompt")).length > 0) this.notes.add("echo-apart");
  }

  /** Nothing more comes: halves of characters that still wait for the other half are given up. */
  end(): void {
    for (const state of this.#sorted) this.#giveUpHalves(state);
  }

  #addChoice(choice: unknown, position: number, chunk: unknown, siblings: number): void {
    if (!isRecord(choice)) {
      this.notes.add("choice-skipped");
      return;
    }
    const state = this.#stateFor(member(choice, "index"), position);
    if (state === undefined) return;
    // What Together puts beside the choices, a token and a finish reason, can only be meant for a lone one.
    const beside = siblings === 1 ? chunk : undefined;
    const text = this.#textOf(choice, beside);
    if (text !== "") {
      if (!state.text.add(text)) this.notes.add("half-character");
      state.chunkCount++;
      this.#pieces++;
      this.#textArrived = true;
    }
    const reasoning = reasoningOf(choice);
    if (reasoning !== undefined) {
      if (!state.reasoning.add(reasoning)) this.notes.add("half-character");
      if (text === "") this.#pieces++;
      this.#reasoningArrived = true;
      this.notes.add("reasoning");
    }
    for (const token of readTokens(choice, beside, (code) => this.notes.add(code))) {
      state.tokens.push(token);
      this.#tokens++;
    }
    const finish = readFinish(member(choice, "finish_reason")) ?? readFinish(member(beside, "finish_reason"));
    if (finish !== undefined) {
      state.finish = finish;
      if (finish.kind === "aborted" || finish.kind === "error") this.#abortedReason ??= finish.raw;
      this.#giveUpHalves(state);
    }
    state.changed();
  }

  #giveUpHalves(state: ChoiceState): void {
    const text = state.text.end();
    const reasoning = state.reasoning.end();
    if (text && reasoning) return;
    this.notes.add("half-character");
    state.changed();
  }

  /** A missing index means the position in the list, which is 0 wherever a server leaves it out of a lone choice. */
  #stateFor(index: unknown, position: number): ChoiceState | undefined {
    const valid = count(index);
    if (valid === undefined && index !== undefined && index !== null) this.notes.add("index-odd");
    const at = valid ?? position;
    const known = this.#choices.get(at);
    if (known !== undefined) return known;
    // More would be a broken or hostile server: nobody compares so many answers.
    if (this.#choices.size >= limits.choices) {
      this.notes.add("choices-left-out", { limit: String(limits.choices) });
      return undefined;
    }
    const state = new ChoiceState(at);
    this.#choices.set(at, state);
    this.#sorted.push(state);
    const before = this.#sorted.at(-2);
    if (before !== undefined && before.index > at) this.#sorted.sort((a, b) => a.index - b.index);
    return state;
  }

  /** One server may say the same text in several places, so the first non-empty one counts. */
  #textOf(choice: unknown, beside: unknown): string {
    const plain = member(choice, "text");
    if (typeof plain === "string" && plain !== "") return plain;
    if (plain !== undefined && plain !== null && typeof plain !== "string") this.notes.add("text-skipped");
    const chat = texts(member(choice, "delta"), "content") ?? texts(member(choice, "message"), "content");
    if (chat !== undefined) {
      if (typeof plain !== "string") this.notes.add("chat-form");
      return chat;
    }
    return texts(member(beside, "token"), "text") ?? "";
  }
}

function reasoningOf(choice: unknown): string | undefined {
  const places = [choice, member(choice, "delta"), member(choice, "message")];
  for (const name of reasoningMembers) {
    for (const place of places) {
      const found = texts(place, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
