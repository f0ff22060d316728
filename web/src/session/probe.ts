import type { Core } from "../core/protocol.ts";
import type { faultOf, reached } from "../model/address.ts";
import type { RunSnapshot } from "../model/answer.ts";
import { wireAnswer } from "../model/findings.ts";
import type { stringValue } from "../model/json-value.ts";
import type { ProbeArgs, ProbeLimits, ProbeQuestion } from "../model/probe.ts";
import type { Fetch, Header } from "../model/request.ts";
import { boundedFetch } from "../net/bounded.ts";
import type { Clock } from "../net/clock.ts";
import type { startRun } from "../net/run.ts";
import type { EndpointChoice } from "../state/choices.ts";
import type { ProbeAct, ProbeState } from "../state/probe.ts";
import type { headerFault, lacksKey } from "../state/ready.ts";
import type { Store } from "../state/store.ts";
import type { saveAs } from "./save.ts";

/** After so many answers it is said how far the probe is. */
const saidEvery = 20;

/** What a probe needs to know of where it goes. */
export interface ProbeHost {
  located(): Promise<void>;
  keyFor(chosen: EndpointChoice, url: string): string;
  headersFor(chosen: EndpointChoice, url: string): readonly Header[];
  fetchFor(chosen: EndpointChoice): Fetch;
  /** The rules of the endpoint without what was found out about it: a profile's name, with a version where one is known. */
  rulesOf(chosen: EndpointChoice): string;
  /** Has texts for this endpoint checked by a profile, as JSON. */
  useFindings(chosen: EndpointChoice, profile: string): void;
}

/** What the page has anyway. */
export interface ProbeTools {
  readonly startRun: typeof startRun;
  readonly clock: Clock;
  readonly reached: typeof reached;
  readonly faultOf: typeof faultOf;
  readonly stringValue: typeof stringValue;
  readonly lacksKey: typeof lacksKey;
  readonly headerFault: typeof headerFault;
  readonly saveAs: typeof saveAs;
}

/** What came of a request, and how long the server wants to be left alone. */
interface Asked {
  readonly id: string;
  readonly snapshot: RunSnapshot;
  readonly stream: boolean;
  /** When it wants the next one, on the clock; 0 where the request was answered. */
  readonly notBefore: number;
}

/** Finds out what the endpoint does, by asking it. Sends nothing before it is told to start. */
export class ProbeSession {
  readonly #store: Store;
  readonly #core: Core;
  readonly #host: ProbeHost;
  readonly #tools: ProbeTools;
  readonly #clock: Clock;
  #stop = new AbortController();
  /** Where it goes, and what was answered. */
  #chosen: EndpointChoice | undefined;
  #args: ProbeArgs | undefined;
  #waited = 0;
  #limits = 0;
  #closed = false;

  constructor(store: Store, core: Core, host: ProbeHost, tools: ProbeTools) {
    this.#store = store;
    this.#core = core;
    this.#host = host;
    this.#tools = tools;
    this.#clock = tools.clock;
  }

  /** Resolves when it is done; a start, when the probe is over. */
  async does(act: ProbeAct): Promise<void> {
    switch (act.act) {
      case "open":
        return this.#open();
      case "again":
        return this.#prepare();
      case "start":
        return this.#start(act.model.trim());
      case "stop":
        return this.#stop.abort();
      case "close":
        this.#stop.abort();
        return this.#show({ open: false });
      case "all":
        return this.#askAll(act.all);
      case "filter":
        return this.#show({ onlyDiffering: act.onlyDiffering });
      case "save":
        return this.#save();
      case "use":
        return this.#use();
    }
  }

  close(): void {
    this.#closed = true;
    this.#stop.abort();
  }

  get #state(): ProbeState | undefined {
    return this.#store.state.endpoint.probe;
  }

  #show(change: Partial<ProbeState>): void {
    const probe = this.#state;
    if (probe && !this.#closed) this.#store.change({ endpoint: { probe: { ...probe, ...change } } });
  }

  #say(announcement: string): void {
    if (!this.#closed) this.#store.change({ view: { announcement } });
  }

  /**
   * Shows the probe of the endpoint that is chosen: the one that there was, or the question whether to begin. That one is
   * asked anew each time, since what was in its way may be mended.
   */
  async #open(): Promise<void> {
    const { chosen } = this.#store.state.endpoint;
    const here = this.#chosen;
    const same = here?.base === chosen.base && this.#host.rulesOf(here) === this.#host.rulesOf(chosen);
    if (same && this.#state && this.#state.phase !== "asking") return this.#show({ open: true });
    await this.#prepare();
  }

  async #prepare(): Promise<void> {
    await this.#host.located();
    const { endpoint, text } = this.#store.state;
    const { chosen, address, headers, models } = endpoint;
    const url = this.#tools.reached(address)?.completions;
    if (url === undefined || this.#closed) return;
    const typed = this.#tools.stringValue(text.result?.members.find(({ field }) => field === "model")?.json) ?? "";
    const model = models.length === 0 || models.includes(typed) ? typed : (models[0] ?? "");
    const lacks = this.#tools.lacksKey(endpoint);
    const fault = this.#tools.faultOf(address) || this.#tools.headerFault(headers);
    const rules = this.#host.rulesOf(chosen);
    const options = { seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 };
    const args = { profile: rules, model, options, answers: [], stopped: false, whole: false };
    const step = await this.#core.probe(args);
    this.#chosen = chosen;
    this.#args = args;
    const probe: ProbeState = {
      open: true,
      url,
      rules,
      model,
      all: false,
      phase: "asking",
      step,
      waiting: 0,
      trouble: lacks ? `${chosen.title} wants an API key.` : fault,
      onlyDiffering: false,
      used: false,
    };
    if (!this.#closed) this.#store.change({ endpoint: { probe } });
  }

  /** Shows what the probe costs with all fields, or without. */
  async #askAll(all: boolean): Promise<void> {
    const args = this.#args;
    const state = this.#state;
    if (!args || state?.phase !== "asking") return;
    const options = { ...args.options, requests: all ? state.step.budget.all : 0 };
    const asked = { ...args, options };
    this.#args = asked;
    const step = await this.#core.probe(asked);
    if (this.#args === asked) this.#show({ all, step });
  }

  async #start(model: string): Promise<void> {
    const state = this.#state;
    const chosen = this.#chosen;
    const args = this.#args;
    if (!state || !chosen || !args || state.phase === "running") return;
    this.#stop = new AbortController();
    this.#waited = 0;
    this.#limits = 0;
    // Whoever goes on after a stop goes on with the model that was asked.
    this.#args = { ...args, stopped: false, whole: false, model: args.answers.length === 0 ? model : args.model };
    this.#show({ phase: "running", model: this.#args.model, used: false });
    this.#say("Probing.");
    try {
      await this.#ask(chosen, state.url);
      const { whole, ...rest } = this.#args;
      const step = await this.#core.probe({ ...rest, whole: true, stopped: this.#stop.signal.aborted });
      this.#show({ phase: "over", step, waiting: 0 });
      this.#say(`The probe is over: ${step.account}.`);
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      this.#show({ phase: "over", waiting: 0, trouble });
      this.#say(trouble);
    }
  }

  /** Sends what the core wants to be sent, until it wants nothing more or is stopped. */
  async #ask(chosen: EndpointChoice, url: string): Promise<void> {
    const { signal } = this.#stop;
    const open = new Map<string, Promise<Asked>>();
    while (this.#args && !signal.aborted) {
      const step = await this.#core.probe(this.#args);
      this.#show({ step });
      for (const question of step.next) {
        if (signal.aborted || open.size >= step.limits.atOnce) break;
        if (!open.has(question.id)) open.set(question.id, this.#send(question, chosen, url, step.limits));
      }
      if (open.size === 0) return;
      const asked = await Promise.race(open.values());
      open.delete(asked.id);
      // What was cut short by a stop is no answer.
      if (signal.aborted) break;
      if (asked.notBefore > 0 && (await this.#wait(asked.notBefore, step.limits))) continue;
      this.#take(asked);
    }
    await Promise.all(open.values());
  }

  async #send(
    { id, body, stream }: ProbeQuestion,
    chosen: EndpointChoice,
    url: string,
    { bytes, timeMs }: ProbeLimits,
  ): Promise<Asked> {
    const accept = stream ? "text/event-stream" : "application/json";
    const headers = [
      { name: "Content-Type", value: "application/json" },
      { name: "Accept", value: accept },
    ];
    const late = new AbortController();
    const run = this.#tools.startRun({
      request: { method: "POST", url, headers, body },
      // Whatever was chosen meanwhile, the key is that of the address that is asked.
      key: this.#host.keyFor(chosen, url),
      headers: this.#host.headersFor(chosen, url),
      fetch: boundedFetch(this.#host.fetchFor(chosen), bytes),
      expect: { choices: 1, stream },
      signal: this.#stop.signal,
      profile: chosen.profile,
      clock: this.#clock,
    });
    void this.#clock.sleep(timeMs, late.signal).then(
      () => run.stop(),
      () => {},
    );
    const snapshot = await run.finished;
    late.abort();
    return { id, snapshot, stream, notBefore: await this.#limited(snapshot) };
  }

  /** When a server that sets a limit wants the next request, on the clock; 0 where this answer is no limit. */
  async #limited({ status = 0, problem }: RunSnapshot): Promise<number> {
    const args = this.#args;
    if (!args || status < 400) return 0;
    const limited = { status, retryAfterMs: 1000 * (problem?.retryAfterSeconds ?? 0), waits: this.#limits };
    const { pauseMs } = await this.#core.probe({ ...args, limited });
    return pauseMs > 0 ? this.#clock.now() + pauseMs : 0;
  }

  /** Waits, a second at a time so that it can be seen. False where that would be too long, and nothing was waited for. */
  async #wait(until: number, { waitMs }: ProbeLimits): Promise<boolean> {
    const { signal } = this.#stop;
    const left = until - this.#clock.now();
    if (left > 0) {
      if (this.#waited + left > waitMs) return false;
      this.#waited += left;
      this.#say(`The server wants fewer requests. Waiting ${Math.ceil(left / 1000)} seconds.`);
    }
    this.#limits++;
    for (let rest = left; rest > 0 && !signal.aborted; rest = until - this.#clock.now()) {
      this.#show({ waiting: Math.ceil(rest / 1000) });
      await this.#clock.sleep(Math.min(rest, 1000), signal).catch(() => {});
    }
    this.#show({ waiting: 0 });
    return true;
  }

  #take({ id, snapshot, stream }: Asked): void {
    const args = this.#args;
    if (!args) return;
    this.#limits = 0;
    const said = snapshot.problem?.said;
    const answer = wireAnswer(snapshot, stream);
    // The server's own words say more than the page's title for them.
    const error = said === undefined ? {} : { error: said };
    const answers = [...args.answers, { id, answer: { ...answer, ...error } }];
    this.#args = { ...args, answers };
    if (answers.length % saidEvery === 0) this.#say(`${answers.length} requests are answered.`);
  }

  /** Hands the report to the person as a file. There is no key in it. */
  #save(): void {
    const report = this.#state?.step.report;
    if (report !== undefined) this.#tools.saveAs("probe-report.json", report);
  }

  #use(): void {
    const profile = this.#state?.step.profile;
    if (profile === undefined || !this.#chosen) return;
    this.#host.useFindings(this.#chosen, profile);
    this.#show({ used: true });
    this.#say("Texts for this endpoint are checked by what was found.");
  }
}
