import { startCore } from "./core/client.ts";
import type { Core } from "./core/protocol.ts";
import type { Drafts } from "./form/drafts.ts";
import type { RunSnapshot } from "./model/answer.ts";
import { firstError } from "./model/issue-words.ts";
import type { Fetch, WireRequest } from "./model/request.ts";

import type { CheckResult } from "./model/verdict.ts";
import { demoBase } from "./net/endpoints.ts";
import { copy } from "./session/clipboard.ts";
import { EndpointSession } from "./session/endpoint.ts";
import type { KeepSession } from "./session/keep.ts";
import { RunSession } from "./session/runs.ts";
import { TextSession } from "./session/text.ts";
import type { Settings } from "./settings.ts";
import type { Actions, KeepActions, ViewActions } from "./state/actions.ts";
import type { Store } from "./state/store.ts";
import { rememberTheme } from "./ui/theme.ts";

export interface PlaygroundOptions {
  readonly settings: Settings;
  readonly text: string;
  /** What stands in the form's boxes. */
  readonly drafts: Drafts;
  /** The text is one that the embedding page gave. */
  readonly textGiven: boolean;
  /** The element was in the page before, and still has everything. */
  readonly again: boolean;
  /** Begins everything anew, with an empty memory. */
  reset(): void;
  /** False keeps a request from being sent. */
  mayStart(request: WireRequest): boolean;
  /** The text is another one. */
  changed(text: string): void;
}

/** How long a page waits for what was kept, in milliseconds; what comes later is offered. */
const keepPatience = 10_000;

/** Everything behind the page between connecting and disconnecting: the core, the text, the endpoint and the runs. */
export class Playground {
  readonly actions: Actions;
  readonly #store: Store;
  readonly #core: Core;
  readonly #text: TextSession;
  readonly #endpoints: EndpointSession;
  readonly #runs: RunSession;
  readonly #ended = new AbortController();
  readonly #keeping: Promise<KeepSession | undefined>;
  /** Resolves when what was kept of an earlier visit stands in the page, or is not worth more waiting. */
  readonly #resumed: Promise<unknown>;
  #area: HTMLTextAreaElement | undefined;

  constructor(store: Store, options: PlaygroundOptions) {
    this.#store = store;
    this.#core = startCore();
    this.#endpoints = new EndpointSession(store, this.#core, {
      given: options.settings,
      lasting: options.settings.keep !== undefined,
      demo: demoFor(this.#ended.signal),
      network: (url, init) => fetch(url, init),
    });
    this.#text = new TextSession(store, this.#core, this.#endpoints, options.text, options.changed, {
      language: options.settings.language,
      lasting: options.settings.keep !== undefined,
    });
    this.#runs = new RunSession(
      store,
      this.#core,
      this.#text,
      this.#endpoints,
      () => options.drafts.unread,
      options.mayStart,
    );
    this.actions = {
      ...this.#endpoints.actions,
      ...this.#text.actions,
      ...this.#runs.actions,
      ...viewActions(store, options.settings.keep !== undefined),
      ...this.#keepActions(),
    };
    this.#core.onResult((result) => this.#text.receive(result));
    this.#core.onState(() => this.#coreChanged());
    this.#coreChanged();
    this.#endpoints.begin();
    this.#keeping = this.#keep(options);
    this.#resumed = Promise.race([
      this.#keeping.then((keep) => keep?.begin()),
      new Promise((resolve) => options.settings.keep !== undefined && setTimeout(resolve, keepPatience)),
    ]);
  }

  get text(): string {
    return this.#text.text;
  }

  setText(text: string): void {
    this.#text.replace(text);
  }

  configure(settings: Settings): void {
    this.#endpoints.configure(settings);
  }

  /** The verdict on the text as it is now. Rejects where nothing can be checked. */
  verdict(): Promise<CheckResult> {
    return this.#runs.verdict();
  }

  /** Sends the text and waits for the end of the answer. Rejects with the reason where nothing is sent. */
  async send(force: boolean): Promise<RunSnapshot> {
    const entry = await this.#runs.send(force);
    if (!entry) throw new Error(this.#store.state.runs.refusal?.message ?? "Nothing was sent.");
    return entry.run.finished;
  }

  /** The request as it would be sent. Rejects where the text has errors. */
  async body(): Promise<string> {
    const error = firstError((await this.verdict()).issues);
    if (error !== "") throw new Error(error);
    return (await this.#core.build({ base: demoBase, hasKey: false, headers: [], force: false })).body;
  }

  focusText(): void {
    this.#text.focus();
  }

  /** Something else stands in the form's boxes. */
  boxesChanged(): void {
    void this.#keeping.then((keep) => keep?.boxesChanged());
  }

  open(area: HTMLTextAreaElement, frame: HTMLElement): void {
    const { signal } = this.#ended;
    this.#area = area;
    void this.#resumed.then(() => (signal.aborted ? undefined : this.#text.open(area, frame, signal)));
  }

  close(): void {
    // Before the demo model ends with the signal: its answer is then one that was stopped, not one that failed.
    this.#runs.close();
    void this.#keeping.then((keep) => keep?.close());
    this.#ended.abort();
    this.#endpoints.close();
    this.#text.close();
    this.#core.close();
  }

  /** What keeps things comes in a chunk of its own, and only where it was asked for. */
  async #keep({ settings, drafts, textGiven, again, reset }: PlaygroundOptions) {
    const { keep, endpoint, profile } = settings;
    if (keep === undefined) return undefined;
    const { signal } = this.#ended;
    const parts = {
      store: this.#store,
      core: this.#core,
      text: this.#text,
      endpoints: this.#endpoints,
      runs: this.#runs,
    };
    try {
      const { startKeeping } = await import("./session/keep-start.ts");
      if (signal.aborted) return undefined;
      return startKeeping(parts, {
        name: keep,
        textGiven,
        endpointGiven: endpoint !== undefined || profile !== undefined,
        again,
        typed: () =>
          (this.#area !== undefined && this.#area.value !== this.#area.defaultValue) || drafts.lasting.length > 0,
        boxes: () => drafts.lasting,
        resumeBoxes: (boxes) => drafts.resume(boxes),
        reset,
      });
    } catch {
      const trouble = "A part of the page could not be loaded. Text and answers are gone when the page is left.";
      this.#store.change({ keep: { offered: true, trouble } });
      return undefined;
    }
  }

  #keepActions(): KeepActions {
    const then = (act: (actions: KeepActions) => void) => void this.#keeping.then((keep) => keep && act(keep.actions));
    return {
      keepDrafts: (on) => then((actions) => actions.keepDrafts(on)),
      restoreDraft: (id) => then((actions) => actions.restoreDraft(id)),
      dismissDraft: () => this.#store.change({ keep: { offer: undefined } }),
      dismissTrouble: () => this.#store.change({ keep: { told: true } }),
      listDrafts: () => then((actions) => actions.listDrafts()),
      confirmClear: (confirming) => this.#store.change({ keep: { confirming } }),
      clearAll: () => then((actions) => actions.clearAll()),
    };
  }

  #coreChanged(): void {
    const { state, reason } = this.#core;
    // The note on a restart stays until the text changes; that on a failure goes with the failure.
    const keep = reason === "" && this.#store.state.core.state !== "failed";
    this.#store.change({ core: keep ? { state } : { state, note: reason } });
  }
}

/** The demo model until the signal. Its code comes when it is first asked for something: once a text was checked. */
function demoFor(signal: AbortSignal): Fetch {
  let demo: Promise<Fetch> | undefined;
  return async (url, init) => {
    demo ??= import("./core/demo.ts").then(
      ({ startDemo }) => startDemo({ signal }),
      (error: unknown) => {
        demo = undefined;
        throw error;
      },
    );
    return (await demo)(url, init);
  };
}

function viewActions(store: Store, lasting: boolean): ViewActions {
  return {
    tab: (tab) => store.change({ view: { tab } }),
    theme: (theme) => {
      if (lasting) rememberTheme(theme);
      store.change({ view: { theme } });
    },
    help: (helpField) => helpField !== "" && store.change({ view: { helpField } }),
    shortcuts: (shortcuts) => store.change({ view: { shortcuts } }),
    copyText: (text, what) => void copy(store, text, what),
  };
}
