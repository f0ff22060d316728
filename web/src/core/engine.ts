// The compiled core as a TypeScript object: bytes in, JSON out. Runs in a Worker, on the main thread and in Node alike.
//
// Text crosses by TextEncoder.encodeInto straight into Go's memory, results come back as bytes at an address. That is
// the cheapest way there is: a JavaScript function that Go calls, or Go values as objects, cost several times more.

import { goScope } from "go:wasm_exec";
import type { Addresses, BaseFault } from "../model/address.ts";
import type { DemoToken, EditOp } from "../model/core.ts";
import type { DetectArgs, DetectStep } from "../model/detected.ts";
import type { Comparison, Difference, Scored, Scoring } from "../model/findings.ts";
import type { Imported } from "../model/imported.ts";
import type { ProbeArgs, ProbeStep } from "../model/probe.ts";
import type { WireRequest } from "../model/request.ts";
import type { TextChange } from "../model/text-change.ts";
import type { Member, TextEdit, Verdict } from "../model/verdict.ts";
import { type GoState, resume } from "./frozen.ts";
import { maxTextUnits } from "./limits.ts";
import type { EndpointArgs, Snippet, SnippetArgs } from "./protocol.ts";

/** The part of wasm_exec.js that we use. */
interface GoRuntime extends GoState {
  _resume(): void;
  readonly importObject: WebAssembly.Imports;
  exit: (code: number) => void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** The functions that wasm/main.go exports. Lengths and addresses are int32; addresses are read as unsigned. */
interface Exports {
  readonly mem: WebAssembly.Memory;
  /** Of a core that comes in halves: the functions of the second, which fills it. */
  readonly rest?: WebAssembly.Table;
  reserve_text(capacity: number): number;
  commit_text(length: number): void;
  splice(from16: number, to16: number, length: number): number;
  reserve_args(capacity: number): number;
  result_address(): number;
  check(length: number): void;
  members(): void;
  body(force: number): void;
  profile(length: number): void;
  edit(length: number): void;
  base(length: number): void;
  detect(length: number): void;
  build(length: number): void;
  snippet(length: number): void;
  import(length: number): void;
  compare(length: number): void;
  score(length: number): void;
  versions(length: number): void;
  probe(length: number): void;
  tokens(length: number): void;
  demo_open(length: number, high: number, low: number): void;
  demo_next(id: number): void;
  demo_close(id: number): void;
}

/** The Go program has ended: by a panic, a stack overflow or lack of memory. The instance answers nothing any more. */
export class EngineDied extends Error {
  override readonly name = "EngineDied";
}

/** The core has ended because it came to a function of its second half, which was not there (build/wasmfile/split.go). */
export class RestNeeded extends EngineDied {}

/** The core declined a call. The message is for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

export interface DemoHead {
  readonly id: number;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
}

export interface DemoStep {
  /** Milliseconds to wait before the data goes out. */
  readonly delay: number;
  readonly data: Uint8Array<ArrayBuffer>;
  /** The connection breaks here. */
  readonly cut: boolean;
  /** Nothing follows; there is no data. */
  readonly done: boolean;
}

/** The verdict on most texts at most keystrokes. */
const nothingToSay = { ok: true, issues: [], changes: [], dialect: "json" } as const;

export class Engine {
  readonly #go: GoRuntime;
  readonly #exports: Exports;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  /** Where Go writes number, address and length of its last result. */
  readonly #result: number;
  /** Go's memory, as long as its buffer is this one: the buffer is replaced when the memory grows. */
  #memory: DataView<ArrayBuffer>;
  /** The part of the memory that is reserved for texts, and how many bytes of a new one stand there that Go was not told of. */
  #room: Uint8Array<ArrayBuffer> | null = null;
  #written = -1;
  #number = 0;
  #units = 0;
  #died = "";
  #whole: boolean;
  #restNeeded = false;

  private constructor(go: GoRuntime, exports: Exports) {
    this.#go = go;
    this.#exports = exports;
    this.#memory = new DataView(exports.mem.buffer as ArrayBuffer);
    this.#result = exports.result_address() >>> 0;
    this.#whole = exports.rest === undefined;
    // What the program does by itself, when a timer of its runs out, may come to its end too.
    const resume = go._resume.bind(go);
    go._resume = () => {
      try {
        resume();
      } catch (error) {
        this.#die(error);
      }
    };
  }

  /**
   * Starts a core. A module may be started many times; each instance has its own memory. Of a core in halves the second may
   * come later, by `complete`; a call that needs it before ends the instance with RestNeeded.
   */
  static async start(module: WebAssembly.Module, rest?: WebAssembly.Module): Promise<Engine> {
    const Go = goScope.Go as new () => GoRuntime;
    const go = new Go();
    go.exit = () => {}; // its own handler only logs, and every call looks at `exited`
    const instance = await WebAssembly.instantiate(module, go.importObject);
    // The program's main function never returns; the promise settles when the program dies, which each call notices.
    if (!resume(go, instance, module)) go.run(instance).catch(() => {});
    if (go.exited) throw new EngineDied("the core ended while it started");
    const engine = new Engine(go, instance.exports as unknown as Exports);
    if (rest) await engine.complete(rest);
    return engine;
  }

  /** Whether all of the core is there. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Adds the second half of the core. */
  async complete(rest: WebAssembly.Module): Promise<void> {
    if (this.#whole) return;
    await WebAssembly.instantiate(rest, { first: this.#exports as unknown as WebAssembly.ModuleImports });
    this.#whole = true;
  }

  /** Whether the instance has ended; every further call throws EngineDied. */
  get dead(): boolean {
    return this.#died !== "" || this.#go.exited;
  }

  /** Bytes of its memory, which only grows. */
  get memoryBytes(): number {
    return this.#exports.mem.buffer.byteLength;
  }

  /** UTF-16 units of the text that it holds. */
  get textUnits(): number {
    return this.#units;
  }

  /**
   * Replaces the text. Lone surrogates become U+FFFD, as everywhere that UTF-16 turns into UTF-8; lengths in UTF-16
   * units stay the same. Text that the core would refuse for its size is not copied: the next check says so.
   */
  setText(text: string): void {
    if (this.dead) throw this.#die("the core has ended");
    this.#units = text.length;
    // Most text is ASCII, so one byte a unit is nearly always enough. Reserving three would cost memory for good:
    // WebAssembly memory never shrinks.
    let capacity = text.length <= maxTextUnits ? Math.min(text.length + 64, maxTextUnits) : text.length;
    let room = this.#room;
    if (room === null || room.length < text.length || room.buffer !== this.#exports.mem.buffer) {
      room = this.#reserve(capacity);
    }
    let read = 0;
    let written = 0;
    while (room !== null) {
      const step = this.#encoder.encodeInto(
        read === 0 ? text : text.slice(read),
        written === 0 ? room : room.subarray(written),
      );
      read += step.read;
      written += step.written;
      if (read === text.length) {
        this.#written = written;
        return;
      }
      // Three bytes a unit always suffice, but no more than the core takes; beyond that the reservation is refused.
      const needed = written + 3 * (text.length - read);
      capacity = capacity < maxTextUnits ? Math.min(needed, maxTextUnits) : maxTextUnits + 1;
      room = this.#reserve(capacity);
    }
  }

  /** Stands for a text that is too long to hand over. The next check answers with the issue. */
  refuseText(): void {
    this.#units = 0;
    this.#reserve(maxTextUnits + 1);
  }

  /** Asks for room for a text, with what was written to it so far; null: there will be no text, it is too long. */
  #reserve(capacity: number): Uint8Array<ArrayBuffer> | null {
    this.#written = -1;
    const address = this.#guard(() => this.#exports.reserve_text(capacity)) >>> 0;
    this.#room = address === 0 ? null : this.#bytes(address, capacity);
    return this.#room;
  }

  /** Tells Go of a text that only stands in its memory yet. */
  #commit(): void {
    if (this.#written < 0) return;
    const written = this.#written;
    this.#written = -1;
    this.#guard(() => this.#exports.commit_text(written));
  }

  /**
   * Applies changes, all against the old text and in document order. False: the core does not hold the old text, or
   * the new one would be too long for it, and the whole text is needed.
   */
  change(changes: readonly TextChange[]): boolean {
    this.#commit();
    this.#room = null; // the text may move
    for (let i = changes.length - 1; i >= 0; i--) {
      const { from, to, insert } = changes[i] as TextChange;
      if (insert.length > maxTextUnits) return false;
      const length = this.#args(insert);
      if (this.#guard(() => this.#exports.splice(from, to, length)) === 0) return false;
      this.#units += insert.length - (to - from);
    }
    return true;
  }

  /** Chooses the server profile. */
  profile(name: string): void {
    const length = this.#args(name);
    this.#json(() => this.#exports.profile(length));
  }

  check(): Verdict {
    // As #call, written out: this runs at every keystroke, and a function to be called in between takes a tenth of it.
    if (this.dead) throw this.#die("the core has ended");
    try {
      this.#exports.check(this.#written);
    } catch (error) {
      throw this.#die(error);
    }
    this.#written = -1;
    const bytes = this.#answer();
    return bytes === null ? nothingToSay : (this.#parse(bytes) as Verdict);
  }

  /** The fields in the text that was checked last. */
  members(): readonly Member[] {
    return this.#json(() => this.#exports.members()) as Member[];
  }

  /** The canonical body; with `force` also of a request with wrong values, and the text as typed where it cannot be read. */
  body(force: boolean): string {
    return (this.#json(() => this.#exports.body(force ? 1 : 0)) as { body: string }).body;
  }

  edit(op: EditOp): readonly TextEdit[] {
    const length = this.#args(JSON.stringify(op));
    return this.#json(() => this.#exports.edit(length)) as TextEdit[];
  }

  /** What a base URL stands for that a person typed. */
  base(typed: string): Addresses | BaseFault {
    const length = this.#args(typed);
    return this.#json(() => this.#exports.base(length)) as Addresses | BaseFault;
  }

  /** What answers of a server tell of it, and what to ask next. */
  detect(args: DetectArgs): DetectStep {
    const length = this.#args(JSON.stringify(args));
    return this.#json(() => this.#exports.detect(length)) as DetectStep;
  }

  build(endpoint: EndpointArgs): WireRequest {
    const length = this.#args(JSON.stringify(endpoint));
    return this.#json(() => this.#exports.build(length)) as WireRequest;
  }

  snippet(args: SnippetArgs): Snippet {
    const length = this.#args(JSON.stringify(args));
    return this.#json(() => this.#exports.snippet(length)) as Snippet;
  }

  /** What a text holds that is a request in another language; null where it is none. */
  import(text: string): Imported | null {
    const length = this.#args(text);
    return this.#json(() => this.#exports.import(length)) as Imported | null;
  }

  compare(comparison: Comparison): readonly Difference[] {
    const length = this.#args(JSON.stringify(comparison));
    return this.#json(() => this.#exports.compare(length)) as Difference[];
  }

  score(scoring: Scoring): Scored {
    const length = this.#args(JSON.stringify(scoring));
    return this.#json(() => this.#exports.score(length)) as Scored;
  }

  versions(profile: string): readonly string[] {
    const length = this.#args(profile);
    return this.#json(() => this.#exports.versions(length)) as string[];
  }

  probe(args: ProbeArgs): ProbeStep {
    const length = this.#args(JSON.stringify(args));
    return this.#json(() => this.#exports.probe(length)) as ProbeStep;
  }

  tokens(text: string): readonly DemoToken[] {
    const length = this.#args(text);
    return this.#json(() => this.#exports.tokens(length)) as DemoToken[];
  }

  /** Starts an answer of the demo model to a request body. */
  demoOpen(body: string): DemoHead {
    const length = this.#args(body);
    // Random numbers come from here: those of an instance that was frozen are the same each time.
    const [high = 0, low = 0] = crypto.getRandomValues(new Int32Array(2));
    return this.#json(() => this.#exports.demo_open(length, high, low)) as DemoHead;
  }

  /** The next step of an answer: flags and delay in eight bytes (wasm/protocol.go), then data. */
  demoNext(id: number): DemoStep {
    const bytes = this.#bytesOf(() => this.#exports.demo_next(id));
    const head = new DataView(bytes.buffer, bytes.byteOffset, 8);
    const flags = head.getUint32(0, true);
    return {
      delay: head.getUint32(4, true),
      data: bytes.slice(8),
      cut: (flags & 1) !== 0,
      done: (flags & 2) !== 0,
    };
  }

  demoClose(id: number): void {
    this.#guard(() => this.#exports.demo_close(id));
  }

  /** Puts text into the argument buffer; its length in bytes. */
  #args(text: string): number {
    const capacity = 3 * text.length;
    const address = this.#guard(() => this.#exports.reserve_args(capacity)) >>> 0;
    return this.#encoder.encodeInto(text, this.#bytes(address, capacity)).written;
  }

  #json(call: () => void): unknown {
    return this.#parse(this.#bytesOf(call));
  }

  #parse(bytes: Uint8Array<ArrayBuffer>): unknown {
    const value: unknown = JSON.parse(this.#decoder.decode(bytes));
    if (typeof value === "object" && value !== null && "error" in value) throw new Refusal(String(value.error));
    return value;
  }

  /** Runs a call about the text whose result is never empty. */
  #bytesOf(call: () => void): Uint8Array<ArrayBuffer> {
    this.#commit();
    const bytes = this.#call(call);
    if (bytes === null) throw this.#die("the core gave no answer");
    return bytes;
  }

  /** Runs a call that has a result; its bytes are valid until the next call. Null: the result is empty. */
  #call(call: () => void): Uint8Array<ArrayBuffer> | null {
    this.#guard(call);
    return this.#answer();
  }

  /** The result of the call that was made last. */
  #answer(): Uint8Array<ArrayBuffer> | null {
    if (this.#memory.buffer !== this.#exports.mem.buffer) {
      this.#memory = new DataView(this.#exports.mem.buffer as ArrayBuffer);
    }
    // An instance that ended without saying so would show us an old result.
    this.#number = (this.#number + 1) >>> 0;
    if (this.#go.exited || this.#memory.getUint32(this.#result, true) !== this.#number) {
      throw this.#die("the core ended unexpectedly");
    }
    const length = this.#memory.getUint32(this.#result + 8, true);
    return length === 0 ? null : this.#bytes(this.#memory.getUint32(this.#result + 4, true), length);
  }

  /**
   * Runs one exported function. After a panic in Go such functions keep returning, always 0, which would read as
   * "nothing wrong"; so an instance that ended is never believed again.
   */
  #guard<T>(call: () => T): T {
    if (this.dead) throw this.#die("the core has ended");
    let value: T;
    try {
      value = call();
    } catch (error) {
      throw this.#die(error);
    }
    if (this.#go.exited) throw this.#die("the core ended unexpectedly");
    return value;
  }

  #die(reason: unknown): EngineDied {
    this.#restNeeded ||= !this.#whole && !this.#died && reason instanceof WebAssembly.RuntimeError;
    this.#died ||= reason instanceof Error ? reason.message : String(reason);
    return this.#restNeeded ? new RestNeeded(this.#died) : new EngineDied(this.#died);
  }

  /** A view of Go's memory, which is of no use any more when the memory grows. */
  #bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#exports.mem.buffer as ArrayBuffer, address, length);
  }
}
