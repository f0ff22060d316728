import type { Choice, Finish, FinishKind, TokenLogprob, Usage } from "../model/answer.ts";
import { count, isRecord, list, member, texts } from "./json.ts";
import { readTokens } from "./logprobs.ts";

/** More would be a broken or hostile server: nobody compares so many answers. */
const choicesKept = 4096;
const notesKept = 50;

const finishKinds: ReadonlyMap<string, FinishKind> = new Map([
  ["stop", "stop"],
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["stop_sequence", "stop"],
  ["length", "length"],
  ["content_filter", "filtered"],
  ["tool_calls", "tool"],
  ["function_call", "tool"],
  ["abort", "aborted"],
  ["cancelled", "aborted"],
  ["error", "error"],
]);

/** undefined while a choice is not finished, for which servers send null, "" or nothing. */
export function readFinish(value: unknown): Finish | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return { kind: finishKinds.get(value) ?? "other", raw: value.length > 100 ? `${value.slice(0, 100)}…` : value };
}

/** The last usage wins: some servers count up in every chunk, some send zeros until the end. */
function readUsage(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const promptTokens = count(member(value, "prompt_tokens"));
  const completionTokens = count(member(value, "completion_tokens"));
  const totalTokens = count(member(value, "total_tokens"));
  if (promptTokens === undefined && completionTokens === undefined && totalTokens === undefined) return undefined;
  return {
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(totalTokens === undefined ? {} : { totalTokens }),
  };
}

class ChoiceState {
  readonly index: number;
  text = "";
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
      text: this.text,
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
  readonly #choices = new Map<number, ChoiceState>();
  #sorted: ChoiceState[] = [];
  #usage: Usage | undefined;
  #model: string | undefined;
  #notes: readonly string[] = [];
  #textArrived = false;
  #tokens = 0;
  #pieces = 0;

  get usage(): Usage | undefined {
    return this.#usage;
  }

  get model(): string | undefined {
    return this.#model;
  }

  /** A fresh array after each new note. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  get textArrived(): boolean {
    return this.#textArrived;
  }

  /** Something to show for: text, or a choice that ended without any. */
  get delivered(): boolean {
    return this.#textArrived || this.#sorted.some((choice) => choice.finish !== undefined);
  }

  get tokenCount(): number {
    return this.#tokens;
  }

  get pieceCount(): number {
    return this.#pieces;
  }

  get choiceCount(): number {
    return this.#sorted.length;
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

  note(sentence: string): void {
    if (this.#notes.length < notesKept && !this.#notes.includes(sentence)) this.#notes = [...this.#notes, sentence];
  }

  /** Adds a chunk, or a whole answer that came in one piece. */
  add(chunk: unknown): void {
    if (!isRecord(chunk)) {
      this.note("The server sent JSON that is no object; it was skipped.");
      return;
    }
    this.#model ??= texts(chunk, "model")?.slice(0, 512);
    const usage = member(chunk, "usage");
    this.#usage = readUsage(usage) ?? this.#usage;
    const choices = member(chunk, "choices");
    if (Array.isArray(choices)) {
      choices.forEach((choice, position) => {
        this.#addChoice(choice, position, chunk, choices.length);
      });
    } else if (choices !== undefined && choices !== null) {
      this.note("The server sent `choices` that is no list; it was skipped.");
    }
    if (list(member(chunk, "prompt")).length > 0) {
      this.note("The server returned the echoed prompt apart from the choices; it stands in the event view.");
    }
  }

  #addChoice(choice: unknown, position: number, chunk: unknown, siblings: number): void {
    if (!isRecord(choice)) {
      this.note("The server sent a choice that is no object; it was skipped.");
      return;
    }
    const state = this.#stateFor(member(choice, "index"), position);
    if (state === undefined) return;
    // What Together puts beside the choices, a token and a finish reason, can only be meant for a lone one.
    const beside = siblings === 1 ? chunk : undefined;
    const text = this.#textOf(choice, beside);
    if (text !== "") {
      state.text += text;
      state.chunkCount++;
      this.#pieces++;
      this.#textArrived = true;
    }
    for (const token of readTokens(choice, beside)) {
      state.tokens.push(token);
      this.#tokens++;
    }
    const finish = readFinish(member(choice, "finish_reason")) ?? readFinish(member(beside, "finish_reason"));
    if (finish !== undefined) state.finish = finish;
    state.changed();
  }

  /** A missing index means the position in the list, which is 0 wherever a server leaves it out of a lone choice. */
  #stateFor(index: unknown, position: number): ChoiceState | undefined {
    const valid = count(index);
    if (valid === undefined && index !== undefined && index !== null) {
      this.note("The server sent a choice whose `index` is no whole number; its place in the list was taken instead.");
    }
    const at = valid ?? position;
    const known = this.#choices.get(at);
    if (known !== undefined) return known;
    if (this.#choices.size >= choicesKept) {
      this.note(`The server sent more than ${choicesKept} choices; the others were left out.`);
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
    if (plain !== undefined && plain !== null && typeof plain !== "string") {
      this.note("The server sent a choice whose `text` is no string; it was skipped.");
    }
    const chat = texts(member(choice, "delta"), "content") ?? texts(member(choice, "message"), "content");
    if (chat !== undefined) {
      if (typeof plain !== "string")
        this.note("The server answers in the form of chat completions; the text was taken from there.");
      return chat;
    }
    return texts(member(beside, "token"), "text") ?? "";
  }
}
