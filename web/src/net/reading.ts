import type { RunEvent } from "../model/answer.ts";
import { Answer } from "./accumulate.ts";
import { limits } from "./facts.ts";
import { type FailureId, isHtml } from "./failures.ts";
import { EventTooLargeError, type FramedEvent, Framer, isBareEvent } from "./framing.ts";
import { isOpen, isRecord, member, parseTolerant } from "./json.ts";
import { Notes } from "./notes.ts";
import { errorGiven, readError, type ServerError, short } from "./server-error.ts";
import { utf8Length } from "./utf8.ts";

/** What the first characters show an answer to be; servers mislabel both ways, so the content type only helps in words. */
export type Form = "stream" | "json" | "html";

/** What became of one JSON value: it was read, its end is missing, or it is no JSON though its end is there. */
export type Whole = "read" | "open" | "unreadable";

/** What ended the reading before the answer ended. */
export interface Fault {
  readonly id: FailureId;
  /** What the server sent. */
  readonly raw: string;
  readonly error?: ServerError;
}

export interface ReadingOptions {
  /** Takes the key out of a text. */
  redact(text: string): string;
  onEvent(kind: RunEvent["kind"], name: string, data: string): void;
}

/** Reads the bytes of an answer, in whatever form it comes. What it all means is for the ending to say. */
export class Reading {
  readonly notes = new Notes();
  readonly answer = new Answer(this.notes);
  readonly #options: ReadingOptions;
  // Strips one byte order mark, also where it comes in parts, and turns broken UTF-8 into U+FFFD.
  readonly #decoder = new TextDecoder();
  readonly #framer = new Framer({
    onEvent: (event) => this.#event(event),
    onOtherLine: (line, ended) => this.#otherLine(line, ended),
  });
  #form: Form | undefined;
  /** What came while the form does not show. */
  #lead = "";
  #kept: string[] = [];
  #keptLength = 0;
  /** Of an answer that is one JSON text. */
  #jsonBytes = 0;
  /** Whether a body that begins like JSON is one value or has one a line. */
  #lines: "unknown" | "perhaps" | "no" = "unknown";
  #done = false;
  #fault: Fault | undefined;
  #truncated: string | undefined;
  #bare = false;
  #completion = false;
  #native = false;
  #whole: Whole | undefined;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  get form(): Form | undefined {
    return this.#form;
  }

  /** It is an event stream, be it one without an event. */
  get framed(): boolean {
    return this.#framer.recognised;
  }

  /** A list of choices has come, be it an empty one. */
  get completion(): boolean {
    return this.#completion;
  }

  /** Something in Ollama's own format has come. */
  get native(): boolean {
    return this.#native;
  }

  /** Events came as bare lines. */
  get bare(): boolean {
    return this.#bare;
  }

  /** [DONE] has come: nothing but an error counts any more. */
  get done(): boolean {
    return this.#done;
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** The stream ended inside this event, which makes no sense as far as it came. */
  get truncated(): string | undefined {
    return this.#truncated;
  }

  /** What came of an answer in one piece; undefined for other answers, and until the end. */
  get whole(): Whole | undefined {
    return this.#whole;
  }

  /** No use in reading on. */
  get over(): boolean {
    return this.#fault !== undefined || (this.#form === "html" && this.#keptLength >= limits.rawUnits);
  }

  /** All of a JSON body, the beginning of any other. */
  text(): string {
    return this.#options.redact(this.#kept.join(""));
  }

  push(bytes: Uint8Array): void {
    this.#guard(() => this.#take(this.#decoder.decode(bytes, { stream: true })));
  }

  /** Nothing more comes. */
  end(): void {
    this.#guard(() => {
      this.#take(this.#decoder.decode());
      // The beginning of [DONE], or of a list.
      if (this.#form === undefined && this.#lead.trim() !== "") {
        this.#form = "json";
        this.#pass(this.#lead);
      }
      if (this.#form === "json") this.#readWhole();
      else this.#framer.end();
    });
    this.answer.end();
  }

  #guard(read: () => void): void {
    try {
      if (!this.over) read();
    } catch (fault) {
      if (!(fault instanceof EventTooLargeError)) throw fault;
      this.#fault ??= { id: "too-large", raw: "" };
    }
  }

  #take(text: string): void {
    if (this.#form !== undefined) {
      this.#pass(text);
      return;
    }
    const all = this.#lead + text;
    const start = all.replace(/^[ \t\r\n]+/, "");
    // Before a field its line may not be blank, before anything else blanks mean nothing.
    const blank = all.slice(0, all.length - start.length).replace(/^[\s\S]*[\r\n]/, "");
    this.#lead = blank.slice(-100) + start;
    this.#form = formOf(start);
    if (this.#form !== undefined) this.#pass(this.#form === "stream" ? this.#lead : start);
  }

  #pass(text: string): void {
    this.#keep(text);
    if (this.#form === "json") this.#lookForLines(text);
    else if (this.#form === "stream") this.#framer.push(text);
  }

  #keep(text: string): void {
    if (this.#form === "json") {
      this.#jsonBytes += utf8Length(text);
      if (this.#jsonBytes > limits.eventBytes) throw new EventTooLargeError(limits.eventBytes);
      this.#kept.push(text);
    } else if (this.#keptLength < limits.rawUnits) {
      const head = text.slice(0, limits.rawUnits - this.#keptLength);
      this.#kept.push(head);
      this.#keptLength += head.length;
    }
  }

  /** A first line that is an object, with something after it, begins a stream that lacks its framing. */
  #lookForLines(text: string): void {
    if (this.#lines === "perhaps" && text.trim() !== "") this.#readAsLines();
    if (this.#lines !== "unknown" || !/[\r\n]/.test(text)) return;
    const all = this.#kept.join("");
    const end = all.search(/[\r\n]/);
    if (end === -1) return;
    this.#lines = isRecord(parseTolerant(all.slice(0, end))?.value) ? "perhaps" : "no";
    if (this.#lines === "perhaps" && all.slice(end).trim() !== "") this.#readAsLines();
  }

  #readAsLines(): void {
    const all = this.#kept.join("");
    this.#form = "stream";
    this.#lines = "no";
    this.#kept = [all.slice(0, limits.rawUnits)];
    this.#keptLength = this.#kept[0]?.length ?? 0;
    this.#framer.push(all);
  }

  #event({ name, data: sent, ended }: FramedEvent): void {
    if (this.#fault !== undefined) return;
    const data = this.#options.redact(sent);
    const trimmed = data.trim();
    // Gateways send empty data as a sign of life.
    if (trimmed === "") return;
    if (this.#done) {
      if (name === "error") this.#errorEvent(name, trimmed);
      return;
    }
    if (this.#isDone(name, data)) return;
    if (name === "error" && (ended || !trimmed.startsWith("{") || parseTolerant(data) !== undefined)) {
      this.#errorEvent(name, data);
      return;
    }
    const json = this.#parse(data);
    if (json === undefined && this.#joined(name, data)) return;
    if (isRecord(json?.value)) {
      this.#object(json.value, name, data);
      return;
    }
    this.#options.onEvent("other", name, data);
    if (json !== undefined) this.notes.add("event-skipped");
    else if (!ended) this.#truncated = data;
    // A gateway's word among the chunks costs nothing, but half a chunk may have held text.
    else if ((name === "" || name === "message") && trimmed.startsWith("{")) this.#fault = { id: "damaged", raw: data };
    else this.notes.add("event-skipped");
  }

  /** Older builds of llama.cpp report a failure as a field of its own; some relays lose the framing of the chunks. */
  #otherLine(line: string, ended: boolean): void {
    const error = /^error: ?(.+)/s.exec(line)?.[1]?.trim() ?? "";
    if (error !== "") this.#event({ name: "error", data: error, ended });
    if (!isBareEvent(line)) return;
    if (!this.#done && (ended || beginsDone(line) || parseTolerant(line) !== undefined)) this.#bare = true;
    this.#event({ name: "", data: line, ended });
  }

  /** The mark of the end, which some servers put in quotes, break into two lines, or follow by something. */
  #isDone(name: string, data: string): boolean {
    if (!beginsDone(data)) return false;
    this.#options.onEvent("done", name, data);
    if (data.trim() !== "[DONE]") this.notes.add("done-odd");
    this.#done = true;
    return true;
  }

  /** Events without the blank line between them look like one event of several data lines. */
  #joined(name: string, data: string): boolean {
    const parts = data.split("\n").filter((part) => part.trim() !== "");
    if (parts.length < 2 || !parts.every((part) => beginsDone(part) || parseTolerant(part) !== undefined)) return false;
    this.notes.add("events-joined");
    for (const part of parts) {
      if (this.#done) break;
      this.#event({ name, data: part, ended: true });
    }
    return true;
  }

  #parse(data: string): { readonly value: unknown } | undefined {
    const json = parseTolerant(data);
    if (json?.mended) this.notes.add("no-json-numbers");
    return json;
  }

  #errorEvent(name: string, data: string): void {
    this.#options.onEvent("error", name, data);
    const value = parseTolerant(data)?.value;
    // An error field holds the inner object, an error event either, or plain words.
    const found = readError(value) ?? readError({ error: value });
    const told = found?.message !== "" || [found.type, found.code, found.upstream].some((word) => word !== undefined);
    const error = found !== undefined && told ? found : { message: short(data.trim()) };
    this.#fault = { id: "error-in-answer", raw: data, error };
  }

  #object(value: unknown, name: string, data: string): void {
    const choices = member(value, "choices");
    // A bare message is an error only where nobody says that the event is about something else.
    const unnamed = name === "" || name === "message";
    const bareError = (choices === undefined || choices === null) && unnamed;
    const error = bareError || errorGiven(value) ? readError(value) : undefined;
    this.#options.onEvent(error === undefined ? "chunk" : "error", name, data);
    if (Array.isArray(choices)) this.#completion = true;
    else if (error === undefined && typeof member(value, "done") === "boolean") this.#native = true;
    this.answer.add(value);
    if (error !== undefined) this.#fault = { id: "error-in-answer", raw: data, error };
  }

  #readWhole(): void {
    const text = this.text();
    const json = this.#parse(text);
    if (json === undefined) {
      this.#whole = isOpen(text) ? "open" : "unreadable";
      return;
    }
    this.#whole = isRecord(json.value) ? "read" : "unreadable";
    if (this.#whole === "read") this.#object(json.value, "", text);
  }
}

/** The mark of the end, however it is spelled. */
function beginsDone(data: string): boolean {
  return /^"?\[DONE\]/.test(
    data
      .trimStart()
      .slice(0, 100)
      .replace(/[ \t\r\n]/g, ""),
  );
}

/** `start` has no blanks before it. */
function formOf(start: string): Form | undefined {
  // What begins like [DONE] is a stream, but that takes some characters to see.
  if ("[DONE]".startsWith(start) && start !== "[DONE]") return undefined;
  if (start.startsWith("{") || (start.startsWith("[") && !start.startsWith("[DONE]"))) return "json";
  return isHtml(start) ? "html" : "stream";
}
