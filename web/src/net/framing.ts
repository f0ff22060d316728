// Event stream framing as in the WHATWG HTML standard, "Parsing an event stream".
//
// Why not eventsource-parser: it holds a CR at the end of a read back until the next terminator arrives, so that in a
// stream with bare CRs each event is shown one read late and the last one is lost at the end; it gives no access to an
// event that the end of the stream cut off, which must be told apart from a finished one; and in a long read with both
// kinds of terminators it looks for the far one again at every line, which is quadratic. test/unit/net/framing.test.ts
// shows each and holds the two together where they should agree.

import { limits } from "./facts.ts";
import { utf8Length } from "./utf8.ts";

export interface FramedEvent {
  /** The `event:` name, "" where none was given. */
  readonly name: string;
  readonly data: string;
  /** False when the stream ended before the blank line. The standard drops such an event; the caller decides. */
  readonly ended: boolean;
}

export interface FramerOptions {
  onEvent(event: FramedEvent): void;
  /** A line whose field name the standard does not know and would ignore. `ended`: it had its line end. */
  onOtherLine?(line: string, ended: boolean): void;
  /** Largest event, or unfinished line, in bytes of UTF-8. */
  readonly limit?: number;
}

/** An event grew beyond the limit; nothing more can be read from this stream. */
export class EventTooLargeError extends Error {
  override readonly name = "EventTooLargeError";
  readonly limit: number;

  constructor(limit: number) {
    super(`a single event is larger than ${limit >> 20} MiB`);
    this.limit = limit;
  }
}

/**
 * Splits decoded text into events. Cost is linear in the text however it is cut: a line that spans many pushes is
 * joined once, and each terminator is looked for once. The decoder in front has to strip the byte order mark, as
 * TextDecoder does unless told otherwise.
 */
export class Framer {
  readonly #onEvent: (event: FramedEvent) => void;
  readonly #onOtherLine: ((line: string, ended: boolean) => void) | undefined;
  readonly #limit: number;
  /** Pieces of the line that has no terminator yet. */
  #line: string[] = [];
  #lineBytes = 0;
  /** Values of the data lines of the event that has no blank line yet. */
  #data: string[] = [];
  #dataBytes = 0;
  #name = "";
  /** The last push ended in CR: an LF that follows belongs to it. */
  #afterCR = false;
  #recognised = false;

  constructor(options: FramerOptions) {
    this.#onEvent = options.onEvent;
    this.#onOtherLine = options.onOtherLine;
    this.#limit = options.limit ?? limits.eventBytes;
  }

  /** Whether there was a line of an event stream: a comment, or a field that the standard knows. */
  get recognised(): boolean {
    return this.#recognised;
  }

  /** Throws EventTooLargeError; after that the framer must not be used any more. */
  push(text: string): void {
    if (text === "") return;
    let from = this.#afterCR && text.charCodeAt(0) === 0x0a ? 1 : 0;
    this.#afterCR = false;
    let cr = text.indexOf("\r", from);
    let lf = text.indexOf("\n", from);
    for (;;) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      if (end === -1) break;
      this.#endLine(text.slice(from, end));
      from = end + 1;
      if (end === cr) {
        if (from === text.length) this.#afterCR = true;
        else if (lf === from) from++;
        cr = text.indexOf("\r", from);
      }
      if (lf !== -1 && lf < from) lf = text.indexOf("\n", from);
    }
    if (from < text.length) {
      const piece = from === 0 ? text : text.slice(from);
      this.#lineBytes += utf8Length(piece);
      if (this.#lineBytes + this.#dataBytes > this.#limit) throw new EventTooLargeError(this.#limit);
      this.#line.push(piece);
    }
  }

  /** The stream is over: an event without its blank line is given with `ended: false`. */
  end(): void {
    if (this.#line.length > 0) this.#endLine("", false);
    if (this.#data.length > 0) this.#dispatch(false);
  }

  #endLine(rest: string, ended = true): void {
    let line = rest;
    if (this.#line.length > 0) {
      this.#line.push(rest);
      line = this.#line.join("");
      this.#line = [];
      this.#lineBytes = 0;
    }
    if (line === "") {
      if (this.#data.length > 0) this.#dispatch(true);
      this.#name = "";
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      this.#recognised = true;
      return;
    }
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
    switch (field) {
      case "data":
        this.#recognised = true;
        this.#dataBytes += utf8Length(value) + 1;
        if (this.#dataBytes > this.#limit) throw new EventTooLargeError(this.#limit);
        this.#data.push(value);
        return;
      case "event":
        this.#recognised = true;
        this.#name = value;
        return;
      // Only a client that reconnects needs these two, and a completion must not be sent twice.
      case "id":
      case "retry":
        this.#recognised = true;
        return;
      default:
        // An event of its own ends the one before it, or their order would be lost.
        if (this.#data.length > 0 && (field === "error" || isBareEvent(line))) this.#dispatch(true);
        this.#onOtherLine?.(line, ended);
    }
  }

  #dispatch(ended: boolean): void {
    const event = { name: this.#name, data: this.#data.join("\n"), ended };
    this.#data = [];
    this.#dataBytes = 0;
    this.#name = "";
    this.#onEvent(event);
  }
}

/** Whether a line without a field is an event of its own, as relays write them that lose the framing. */
export function isBareEvent(line: string): boolean {
  return line.startsWith("{") || line.startsWith("[DONE]");
}
