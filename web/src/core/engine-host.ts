// The Worker's side of the conversation: one engine, messages in, messages out. Sessions take turns with its one text; what
// changes hands costs a whole text, and nothing while one person types in one element.

import type { CheckResult } from "../model/verdict.ts";
import { Engine, EngineDied, Refusal } from "./engine.ts";
import { NotPublished } from "./fetch-published.ts";
import { keptMemory, smallTextUnits } from "./limits.ts";
import { loadModule } from "./load.ts";
import type { Call, CallName, Calls, FromWorker, Sync, ToWorker } from "./messages.ts";
import type { WasmUrls } from "./wasm-url.ts";

/** How often it says that it lives while the core is loaded, which may take minutes, in milliseconds. */
const helloEvery = 5000;

/** After this long without a break the demo lets other messages in. */
const demoSlice = 8;

export class EngineHost {
  readonly #post: (message: FromWorker) => void;
  readonly #load: (url: string, integrity?: string) => Promise<WebAssembly.Module>;
  /** Messages wait for the engine, and for each other, in the order they came. */
  #engine: Promise<Engine> | null = null;
  #module: WebAssembly.Module | null = null;
  /** Whose text and profile the engine has; whoever else sends a part of a text is asked for all of it. */
  #holder: number | undefined;
  #over = false;
  #hellos: ReturnType<typeof setInterval> | undefined;
  readonly #answers = new Map<number, { engineId: number; timer: ReturnType<typeof setTimeout> | undefined }>();

  constructor(post: (message: FromWorker) => void, load = loadModule) {
    this.#post = post;
    this.#load = load;
    post({ kind: "hello" });
  }

  /** Bytes of WebAssembly memory that the engine holds, once it has started. */
  async memoryBytes(): Promise<number> {
    return (await this.#current())?.memoryBytes ?? 0;
  }

  async receive(message: ToWorker): Promise<void> {
    if (message.kind === "open") {
      this.#engine = this.#open(message);
      await this.#engine.catch(() => {});
      return;
    }
    const engine = await this.#current();
    if (!engine || this.#over) return;
    try {
      if (message.kind === "call") this.#call(engine, message);
      else if (message.kind === "demo") this.#demo(engine, message.id, message.body);
      else this.#cancel(engine, message.id);
    } catch (error) {
      this.#report(error, message.id);
    }
  }

  /** The engine, also where it is replaced while a message waits for it. */
  async #current(): Promise<Engine | null> {
    for (;;) {
      const promise = this.#engine;
      const engine = (await promise?.catch(() => null)) ?? null;
      if (promise === this.#engine) return engine;
    }
  }

  /** Ends every timer; nothing is posted any more. */
  close(): void {
    this.#over = true;
    clearInterval(this.#hellos);
    for (const { timer } of this.#answers.values()) clearTimeout(timer);
    this.#answers.clear();
  }

  async #open({ wasm, plain, integrity = [undefined, undefined] }: WasmUrls): Promise<Engine> {
    this.#hellos = setInterval(() => this.#post({ kind: "hello" }), helloEvery);
    try {
      let engine: Engine;
      try {
        engine = await this.#start(wasm, integrity[0]);
      } catch (error) {
        // A core that arrived and does not come to life has another form, which starts from the beginning.
        if (this.#module === null || plain === undefined) throw error;
        engine = await this.#start(plain, integrity[1]);
      }
      this.#post({ kind: "ready" });
      return engine;
    } catch (error) {
      this.#over = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ kind: "failed", reason, ...(error instanceof NotPublished && { lost: true }) });
      throw error;
    } finally {
      clearInterval(this.#hellos);
    }
  }

  async #start(url: string, integrity: string | undefined): Promise<Engine> {
    this.#module = await this.#load(url, integrity);
    return Engine.start(this.#module);
  }

  #call(engine: Engine, { id, session, call, sync, profile }: Extract<ToWorker, { kind: "call" }>): void {
    const held = session === this.#holder;
    const whole = sync !== undefined && sync.kind !== "changes";
    if (!held && !whole) {
      this.#post({ kind: "resync", id });
      return;
    }
    this.#holder = undefined; // until all of it is there
    if (sync && !applySync(engine, sync)) {
      this.#post({ kind: "resync", id });
      return;
    }
    // A profile that is refused leaves the one before in force, but not that of another session.
    if (held) this.#holder = session;
    if (profile !== undefined) engine.profile(profile);
    this.#holder = session;
    this.#post({ kind: "answer", id, value: answer(engine, call) });
    if (engine.memoryBytes > keptMemory && engine.textUnits <= smallTextUnits) this.#renew(engine);
  }

  /** Gives memory back that a large text needed and a small one does not: by a new engine, which has no text yet. */
  #renew(old: Engine): void {
    const module = this.#module;
    if (module === null || this.#answers.size > 0) return;
    this.#holder = undefined;
    this.#engine = Engine.start(module).catch(() => old);
  }

  #demo(engine: Engine, id: number, body: string): void {
    const head = engine.demoOpen(body);
    this.#answers.set(id, { engineId: head.id, timer: undefined });
    this.#post({ kind: "demo-head", id, status: head.status, headers: head.headers });
    this.#stream(engine, id, performance.now());
  }

  /**
   * Sends what is due and sets a timer for the rest. `due` is when the next step counts from: delays add up against
   * the clock, so that timers which fire late (browsers round them up) do not slow the model down.
   */
  #stream(engine: Engine, id: number, due: number): void {
    const answer = this.#answers.get(id);
    if (!answer) return;
    const started = performance.now();
    for (;;) {
      const step = engine.demoNext(answer.engineId);
      if (step.done) {
        this.#finish(engine, id, false);
        return;
      }
      const send = (): void => {
        if (step.data.length > 0) this.#post({ kind: "demo-data", id, data: step.data });
        if (step.cut) this.#finish(engine, id, true);
      };
      due += step.delay;
      const now = performance.now();
      if (due <= now && now - started < demoSlice) {
        send();
        if (step.cut) return;
        continue;
      }
      answer.timer = setTimeout(
        () => {
          try {
            send();
            if (!step.cut) this.#stream(engine, id, due);
          } catch (error) {
            this.#report(error, id);
          }
        },
        Math.max(0, due - now),
      );
      return;
    }
  }

  #finish(engine: Engine, id: number, cut: boolean): void {
    this.#cancel(engine, id);
    this.#post({ kind: "demo-end", id, cut });
  }

  #cancel(engine: Engine, id: number): void {
    const answer = this.#answers.get(id);
    if (!answer) return;
    clearTimeout(answer.timer);
    this.#answers.delete(id);
    engine.demoClose(answer.engineId);
  }

  #report(error: unknown, id: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal) {
      this.#post({ kind: "refused", id, reason });
      return;
    }
    this.close();
    this.#post({ kind: "dead", reason: error instanceof EngineDied ? reason : `the core failed: ${reason}` });
  }
}

function applySync(engine: Engine, sync: Sync): boolean {
  switch (sync.kind) {
    case "text":
      engine.setText(sync.text);
      return true;
    case "changes":
      return sync.batches.every((batch) => engine.change(batch));
    case "too-long":
      engine.refuseText();
      return true;
  }
}

function answer(engine: Engine, call: Call): Calls[CallName]["value"] {
  switch (call.name) {
    case "check":
      return checkResult(engine);
    case "edit":
      return engine.edit(call.args);
    case "base":
      return engine.base(call.args);
    case "detect":
      return engine.detect(call.args);
    case "build":
      return engine.build(call.args);
    case "snippet":
      return engine.snippet(call.args);
    case "import":
      return engine.import(call.args);
    case "compare":
      return engine.compare(call.args);
    case "score":
      return engine.score(call.args);
    case "versions":
      return engine.versions(call.args);
    case "probe":
      return engine.probe(call.args);
    case "tokens":
      return engine.tokens(call.args);
  }
}

function checkResult(engine: Engine): CheckResult {
  const started = performance.now();
  const verdict = engine.check();
  const micros = Math.round((performance.now() - started) * 1000);
  return { ...verdict, members: engine.members(), micros };
}
