// The page's side of the conversation with the Worker that checks.

import type { Addresses, BaseFault } from "../model/address.ts";
import type { CoreState, DemoToken, EditOp } from "../model/core.ts";
import type { DetectArgs, DetectStep } from "../model/detected.ts";
import type { Comparison, Difference, Scored, Scoring } from "../model/findings.ts";
import type { Imported } from "../model/imported.ts";
import { tellLost } from "../model/parts.ts";
import type { ProbeArgs, ProbeStep } from "../model/probe.ts";
import type { WireRequest } from "../model/request.ts";
import { applyChanges, joined, splitsPairs, type TextChange } from "../model/text-change.ts";
import type { CheckResult, TextEdit } from "../model/verdict.ts";
import { checkerName, type Hub, pageHub, type Session } from "./hub.ts";
import { maxTextUnits } from "./limits.ts";
import type { Call, CallName, Calls, Said, Sync } from "./messages.ts";
import type { Core, EndpointArgs, Snippet, SnippetArgs } from "./protocol.ts";
import { type WasmUrls, wasmUrls } from "./wasm-url.ts";

export interface CoreOptions {
  /** Server profile to start with; the core's default when absent. */
  readonly profile?: string;
  /** Where the core lies; beside this script when absent. */
  readonly wasmUrl?: string;
  /** Whose Worker it shares; the page's when absent. Tests give Workers that misbehave. */
  readonly hub?: Hub;
}

/** Starts the core in a Worker. It may be used at once; calls wait until it has arrived. */
export function startCore(options: CoreOptions = {}): Core {
  return new Client(options);
}

/** More batches than this are no longer cheaper than the whole text. */
const maxBatches = 256;

interface Pending {
  readonly call: Call;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  /** Of the text it was last sent with. */
  revision: number;
  /** Whether a Worker has it. */
  sent: boolean;
  /** Workers that ended while they had it. */
  deaths: number;
}

class Client implements Core {
  readonly #wasmUrls: WasmUrls;
  readonly #hub: Hub;
  readonly #stateListeners = new Set<() => void>();
  readonly #resultListeners = new Set<(result: CheckResult) => void>();

  #state: CoreState = "loading";
  #reason = "";
  #session: Session | null = null;
  /** The Worker has the core and answers. */
  #running = false;
  /** A Worker that ends before that has a successor. */
  #startAgain = true;
  /** Two Workers ended on this text; a third is started when it changes. */
  #paused = false;
  #closed = false;

  #text = "";
  #profile: string;
  /** Counts texts and profiles. 0: there is no text yet, and nothing to check. */
  #revision = 0;
  /** What the Worker does not know yet. */
  #unsent: { text: "whole" | (readonly TextChange[])[]; profile: boolean };
  /** Revision that the Worker has. */
  #revisionSent = 0;
  /** Revision on which a Worker last ended. */
  #revisionOfDeath = -1;

  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  #checking = false;
  #checkWanted = false;

  constructor(options: CoreOptions) {
    this.#wasmUrls = wasmUrls(options.wasmUrl);
    this.#hub = options.hub ?? pageHub;
    this.#profile = options.profile ?? "";
    this.#unsent = { text: "whole", profile: false };
    this.#start();
  }

  get state(): CoreState {
    return this.#state;
  }

  get reason(): string {
    return this.#reason;
  }

  onState(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onResult(listener: (result: CheckResult) => void): () => void {
    this.#resultListeners.add(listener);
    return () => this.#resultListeners.delete(listener);
  }

  setText(text: string): void {
    this.#text = text;
    this.#unsent.text = "whole";
    this.#changed();
  }

  change(changes: readonly TextChange[], text = applyChanges(this.#text, changes)): void {
    if (changes.length === 0) return;
    const batches = this.#unsent.text;
    if (batches !== "whole") {
      // The core holds UTF-8, which cannot be cut inside a pair; such changes are rare, and the whole text is sent instead.
      if (splitsPairs(this.#text, changes)) this.#unsent.text = "whole";
      else {
        // What is typed while a check is under way is one change, however slow the machine and quick the hand.
        const together = joined(batches.at(-1) ?? [], changes);
        if (together) batches[batches.length - 1] = together;
        else if (batches.length < maxBatches) batches.push(changes);
        else this.#unsent.text = "whole";
      }
    }
    this.#text = text;
    this.#changed();
  }

  setProfile(name: string): void {
    this.#profile = name;
    this.#unsent.profile = true;
    this.#changed();
  }

  edit(op: EditOp): Promise<readonly TextEdit[]> {
    return this.#ask("edit", op);
  }

  build(endpoint: EndpointArgs): Promise<WireRequest> {
    return this.#ask("build", endpoint);
  }

  base(typed: string): Promise<Addresses | BaseFault> {
    return this.#ask("base", typed);
  }

  detect(args: DetectArgs): Promise<DetectStep> {
    return this.#ask("detect", args);
  }

  snippet(args: SnippetArgs): Promise<Snippet> {
    return this.#ask("snippet", args);
  }

  import(text: string): Promise<Imported | null> {
    return text.length > maxTextUnits ? Promise.resolve(null) : this.#ask("import", text);
  }

  compare(comparison: Comparison): Promise<readonly Difference[]> {
    return this.#ask("compare", comparison);
  }

  score(scoring: Scoring): Promise<Scored> {
    return this.#ask("score", scoring);
  }

  versions(profile: string): Promise<readonly string[]> {
    return this.#ask("versions", profile);
  }

  probe(args: ProbeArgs): Promise<ProbeStep> {
    return this.#ask("probe", args);
  }

  tokens(text: string): Promise<readonly DemoToken[]> {
    return this.#ask("tokens", text);
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#rejectAll("The checker was closed.");
    this.#stateListeners.clear();
    this.#resultListeners.clear();
  }

  #changed(): void {
    this.#revision++;
    this.#checkWanted = true;
    this.#resume();
    this.#pump();
  }

  retry(): void {
    if (this.#state === "failed" && !this.#closed) this.#again("loading", "");
  }

  /** Gives a text that ended two Workers one more. */
  #resume(): void {
    if (this.#paused) this.#again("restarting", this.#reason);
  }

  #again(state: CoreState, reason: string): void {
    this.#paused = false;
    this.#checkWanted = true;
    this.#set(state, reason);
    if (this.#running) this.#pump();
    else this.#start();
  }

  #ask<K extends CallName>(name: K, args: Calls[K]["args"]): Promise<Calls[K]["value"]> {
    return new Promise((resolve, reject) => {
      // Whoever edits in the form means to change the text, and without the core cannot.
      if (name === "edit") this.#resume();
      if (this.#closed) reject(new Error("The checker was closed."));
      else if (this.#state === "failed" && !this.#running) reject(new Error(this.#reason));
      else this.#enqueue({ name, args } as Call, resolve, reject);
    });
  }

  #enqueue(call: Call, resolve: (value: never) => void, reject: (error: Error) => void): void {
    const id = this.#nextId++;
    this.#pending.set(id, { call, resolve, reject, revision: this.#revision, sent: false, deaths: 0 });
    this.#pump();
  }

  /** Sends what can be sent. At most one check is under way; the next one is then for the newest text. */
  #pump(): void {
    if (!this.#running) return;
    if (this.#checkWanted && !this.#checking && this.#revision > 0) {
      this.#checking = true;
      this.#checkWanted = false;
      const id = this.#nextId++;
      const ignore = (): void => {};
      const call: Call = { name: "check", args: null };
      const pending = { call, resolve: ignore, reject: ignore, revision: 0, sent: false, deaths: 0 };
      this.#pending.set(id, pending);
    }
    for (const [id, pending] of this.#pending) {
      if (!pending.sent) this.#send(id, pending);
    }
  }

  #send(id: number, pending: Pending): void {
    const sync = this.#takeSync();
    const profile = this.#unsent.profile || (sync && sync.kind !== "changes") ? this.#profile : undefined;
    this.#unsent.profile = false;
    pending.sent = true;
    pending.revision = this.#revision;
    this.#revisionSent = this.#revision;
    this.#session?.post({
      kind: "call",
      id,
      call: pending.call,
      ...(sync && { sync }),
      ...(profile !== undefined && { profile }),
    });
  }

  #takeSync(): Sync | null {
    const { text } = this.#unsent;
    this.#unsent.text = [];
    if (text !== "whole" && text.length === 0) return null;
    if (this.#text.length > maxTextUnits) return { kind: "too-long" };
    return text === "whole" ? { kind: "text", text: this.#text } : { kind: "changes", batches: text };
  }

  #start(): void {
    this.#session = this.#hub.join(checkerName, this.#wasmUrls, {
      message: (message) => this.#receive(message),
      ended: (reason, own) => this.#died(reason, own),
    });
  }

  #stop(): void {
    this.#running = false;
    this.#session?.close();
    this.#session = null;
  }

  #receive(message: Said): void {
    switch (message.kind) {
      case "ready":
        this.#running = true;
        this.#startAgain = true;
        this.#unsent.text = "whole";
        this.#set("ready", "");
        this.#pump();
        return;
      case "failed":
        // The reason stands with the problems.
        if (message.lost) tellLost("The checker is missing.");
        this.#stop();
        this.#set("failed", message.reason);
        this.#rejectAll(message.reason);
        return;
      case "answer":
      case "refused":
      case "resync":
        this.#answered(message);
        return;
    }
  }

  #answered(message: Extract<Said, { kind: "answer" | "refused" | "resync" }>): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.kind === "resync") {
      this.#unsent.text = "whole";
      this.#send(message.id, pending);
      return;
    }
    if (message.kind === "refused" && message.lost) tellLost(message.reason);
    const late = pending.revision !== this.#revision;
    // An edit is what somebody did to the form: it is asked again until the text rests, and never dropped.
    if (late && pending.call.name === "edit") {
      this.#send(message.id, pending);
      return;
    }
    this.#pending.delete(message.id);
    if (pending.call.name === "check") {
      this.#checking = false;
      if (message.kind === "refused") this.#set("failed", message.reason);
      else if (!late) this.#publish(message.value as CheckResult);
    } else if (message.kind === "refused") {
      pending.reject(new Error(message.reason));
    } else {
      pending.resolve(message.value as never);
    }
    this.#pump();
  }

  #publish(result: CheckResult): void {
    this.#set("ready", "");
    for (const listener of this.#resultListeners) listener(result);
  }

  /**
   * The Worker ended. Start another and repeat what it had, once; leave the text alone if it ends a second one. One that
   * was at work for another element says nothing of this text.
   */
  #died(reason: string, own: boolean): void {
    const wasRunning = this.#running;
    this.#stop();
    this.#checking = false;
    if (!wasRunning) {
      this.#startAgain = !this.#startAgain;
      if (!this.#startAgain) {
        this.#start();
        return;
      }
      this.#set("failed", `The checker could not be started: ${reason}.`);
      this.#rejectAll(this.#reason);
      return;
    }
    const again = own && this.#revisionOfDeath === this.#revisionSent;
    if (own) this.#revisionOfDeath = this.#revisionSent;
    if (again && this.#revision === this.#revisionSent) {
      this.#paused = true;
      this.#set("failed", `The checker ended twice on this text (${reason}); it starts again when the text changes.`);
      this.#rejectAll(this.#reason);
      return;
    }
    for (const [id, pending] of this.#pending) {
      if (pending.call.name === "check") {
        this.#pending.delete(id);
        this.#checkWanted = true;
      } else if (own && pending.sent && ++pending.deaths > 1) {
        this.#pending.delete(id);
        pending.reject(new Error(`The checker ended twice on this call: ${reason}.`));
      } else {
        pending.sent = false;
      }
    }
    this.#set("restarting", `The checker ended unexpectedly (${reason}) and is being restarted.`);
    this.#start();
  }

  #rejectAll(reason: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#checking = false;
    for (const { reject } of pending) reject(new Error(reason));
  }

  #set(state: CoreState, reason: string): void {
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    this.#reason = reason;
    for (const listener of this.#stateListeners) listener();
  }
}
