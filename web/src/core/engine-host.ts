// The Worker's side of the conversation: one engine, messages in, messages out. Sessions take turns with its one text; what
// changes hands costs a whole text, and nothing while one person types in one element.

import type { CheckResult } from "../model/verdict.ts";
import { Engine, EngineDied, Refusal, RestNeeded } from "./engine.ts";
import { NotPublished } from "./fetch-published.ts";
import { keptMemory, smallTextUnits } from "./limits.ts";
import { loadModule } from "./load.ts";
import type { Call, CallName, Calls, FromWorker, Sync, ToWorker } from "./messages.ts";
import type { WasmUrls } from "./wasm-url.ts";

/** How often it says that it lives while a part of the core is loaded, which may take minutes, in milliseconds. */
const helloEvery = 2000;

/** Calls that the second half of the core answers. What else comes to it is asked again when it is there. */
function needsRest(call: Call): boolean {
  switch (call.name) {
    case "check":
    case "edit":
    case "base":
    case "build":
    case "detect":
    case "versions":
      return false;
    case "snippet":
      return call.args.language !== "curl";
    case "probe":
      // Without a model it only looks up rules, which the verdict that is asked for behind it goes by.
      return call.args.model !== "";
    default:
      return true;
  }
}

/** How long nothing is typed before the second half of the core is loaded, which would keep the verdicts, in milliseconds. */
const typingPause = 1000;

/** After this long without a break the demo lets other messages in. */
const demoSlice = 8;

export class EngineHost {
  readonly #post: (message: FromWorker) => void;
  readonly #load: typeof loadModule;
  /** Messages wait for the engine, and for each other, in the order they came. */
  #engine: Promise<Engine> | null = null;
  #module: WebAssembly.Module | null = null;
  #urls: WasmUrls | undefined;
  /** The second half of the core, from when it is wanted. */
  #rest: Promise<WebAssembly.Module> | undefined;
  /** Runs out when nothing was typed for a while; undefined where nobody has typed yet, null where it has run out. */
  #typing: ReturnType<typeof setTimeout> | undefined | null;
  /** Whose text and profile the engine has; whoever else sends a part of a text is asked for all of it. */
  #holder: number | undefined;
  /** Counts what was done to text and profile. */
  #revision = 0;
  #over = false;
  #hellos: ReturnType<typeof setInterval> | undefined;
  #loading = 0;
  /** Requests to the demo model that wait for the rest of the core. */
  readonly #waiting = new Set<number>();
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
      else if (message.kind === "demo") void this.#demoLater(message.id, message.body);
      else this.#cancel(engine, message.id);
    } catch (error) {
      if (message.kind === "call" && error instanceof RestNeeded) this.#again(message.id);
      else this.#report(error, message.id);
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
    this.#waiting.clear();
    clearTimeout(this.#typing ?? undefined);
    for (const { timer } of this.#answers.values()) clearTimeout(timer);
    this.#answers.clear();
  }

  async #open(urls: WasmUrls): Promise<Engine> {
    const { wasm, plain, integrity = {} } = urls;
    this.#urls = urls;
    try {
      const engine = await this.#whileLoading(async () => {
        try {
          return await this.#start(wasm, integrity.wasm);
        } catch (error) {
          // A core that arrived and does not come to life has another form, which starts from the beginning.
          if (this.#module === null || plain === undefined) throw error;
          return await this.#start(plain, integrity.plain);
        }
      });
      this.#post({ kind: "ready" });
      return engine;
    } catch (error) {
      this.#over = true;
      this.#post({ kind: "failed", reason: sentence(error), ...(error instanceof NotPublished && { lost: true }) });
      throw error;
    }
  }

  async #start(url: string, integrity: string | undefined): Promise<Engine> {
    this.#module = await this.#load(url, integrity);
    return Engine.start(this.#module);
  }

  /** Says now and then that the Worker lives, as long as something is loaded. */
  async #whileLoading<T>(load: () => Promise<T>): Promise<T> {
    this.#loading++;
    this.#hellos ??= setInterval(() => this.#post({ kind: "hello" }), helloEvery);
    try {
      return await load();
    } finally {
      if (--this.#loading === 0) {
        clearInterval(this.#hellos);
        this.#hellos = undefined;
      }
    }
  }

  /** Loads the second half of the core, once; where that fails, once more when it is wanted again. */
  #loadRest(): Promise<WebAssembly.Module> {
    const { rest, integrity } = this.#urls ?? {};
    if (rest === undefined) return Promise.reject(new Error("Nobody says where the rest of the checker is."));
    this.#rest ??= this.#load(rest, integrity?.rest, "A part of the checker").catch((error: unknown) => {
      this.#rest = undefined;
      throw error;
    });
    return this.#rest;
  }

  /** The engine, with all of the core; null where it has ended. */
  async #complete(): Promise<Engine | null> {
    const engine = await this.#current();
    if (engine === null || engine.whole) return engine;
    const rest = await this.#whileLoading(() => this.#loadRest());
    const now = await this.#current();
    await now?.complete(rest);
    return now;
  }

  /** Whoever has typed will soon want all of the core. Where it does not come, whoever needs it asks again, and tells. */
  #completeSoon(): void {
    if (this.#typing === null) return;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#typing = null;
      this.#complete().catch(() => {});
    }, typingPause);
  }

  /** A call came to what is not there, which ended the engine. It is asked again of one that has all. */
  #again(id: number): void {
    const module = this.#module as WebAssembly.Module;
    this.#holder = undefined;
    this.#revision++;
    this.#engine = this.#whileLoading(async () => {
      try {
        const engine = await Engine.start(module, await this.#loadRest());
        this.#post({ kind: "resync", id });
        return engine;
      } catch (error) {
        this.#refuse(error, id);
        return Engine.start(module);
      }
    });
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
    if (sync !== undefined || profile !== undefined) this.#revision++;
    if (sync?.kind === "changes" && !engine.whole) this.#completeSoon();
    if (needsRest(call) && !engine.whole) {
      void this.#callLater(id, call);
      return;
    }
    this.#post({ kind: "answer", id, value: answer(engine, call) });
    if (engine.memoryBytes > keptMemory && engine.textUnits <= smallTextUnits) this.#renew(engine);
  }

  /** Answers a call when all of the core is there, and asks for the text anew where it has become another by then. */
  async #callLater(id: number, call: Call): Promise<void> {
    const revision = this.#revision;
    try {
      const engine = await this.#complete();
      if (engine === null || this.#over) return;
      if (revision !== this.#revision) this.#post({ kind: "resync", id });
      else this.#post({ kind: "answer", id, value: answer(engine, call) });
    } catch (error) {
      // Another call came to what was not there yet, and there is a new instance without a text.
      if (error instanceof RestNeeded) this.#post({ kind: "resync", id });
      else this.#refuse(error, id);
    }
  }

  async #demoLater(id: number, body: string): Promise<void> {
    this.#waiting.add(id);
    try {
      const engine = await this.#complete();
      if (engine !== null && this.#waiting.delete(id)) this.#demo(engine, id, body);
    } catch (error) {
      if (this.#waiting.delete(id)) this.#refuse(error, id);
      else this.#report(error, id);
    }
  }

  /** Reports why a call was not answered that needed all of the core. That a part does not come ends nothing. */
  #refuse(error: unknown, id: number): void {
    if (error instanceof EngineDied || error instanceof Refusal) this.#report(error, id);
    else
      this.#post({
        kind: "refused",
        id,
        reason: sentence(error),
        ...(error instanceof NotPublished && { lost: true }),
      });
  }

  /** Gives memory back that a large text needed and a small one does not: by a new engine, which has no text yet. */
  #renew(old: Engine): void {
    const module = this.#module;
    if (module === null || this.#answers.size > 0) return;
    this.#holder = undefined;
    this.#revision++;
    const { whole } = old;
    this.#engine = Promise.resolve(whole ? this.#rest : undefined)
      .then((rest) => Engine.start(module, rest))
      .catch(() => old);
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
    this.#waiting.delete(id);
    const answer = this.#answers.get(id);
    if (!answer) return;
    clearTimeout(answer.timer);
    this.#answers.delete(id);
    engine.demoClose(answer.engineId);
  }

  #report(error: unknown, id: number): void {
    const reason = sentence(error);
    if (error instanceof Refusal) {
      this.#post({ kind: "refused", id, reason });
      return;
    }
    this.close();
    this.#post({ kind: "dead", reason: error instanceof EngineDied ? reason : `the core failed: ${reason}` });
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
