import { startCore, startDemo } from "./core/client.ts";
import type { Core } from "./core/protocol.ts";
import { copy } from "./session/clipboard.ts";
import { EndpointSession } from "./session/endpoint.ts";
import { RunSession } from "./session/runs.ts";
import { TextSession } from "./session/text.ts";
import type { Actions, ViewActions } from "./state/actions.ts";
import type { Store } from "./state/store.ts";
import { rememberTheme } from "./ui/theme.ts";

export interface PlaygroundOptions {
  readonly text: string;
  /** The id of a preset, or a base URL. */
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly gateway: string;
  /** What stands in the form and not in the text, because it cannot be read, as a sentence; "" for nothing. */
  readonly unread: () => string;
}

/** Everything behind the page between connecting and disconnecting: the core, the text, the endpoint and the runs. */
export class Playground {
  readonly actions: Actions;
  readonly #store: Store;
  readonly #core: Core;
  readonly #text: TextSession;
  readonly #endpoints: EndpointSession;
  readonly #runs: RunSession;
  readonly #ended = new AbortController();

  constructor(store: Store, options: PlaygroundOptions) {
    this.#store = store;
    this.#core = startCore();
    this.#endpoints = new EndpointSession(store, this.#core, {
      ...options,
      demo: startDemo({ signal: this.#ended.signal }),
      network: (url, init) => fetch(url, init),
    });
    this.#text = new TextSession(store, this.#core, this.#endpoints, options.text);
    this.#runs = new RunSession(store, this.#core, this.#text, this.#endpoints, options.unread);
    this.actions = {
      ...this.#endpoints.actions,
      ...this.#text.actions,
      ...this.#runs.actions,
      ...viewActions(store),
    };
    this.#core.onResult((result) => this.#text.receive(result));
    this.#core.onState(() => this.#coreChanged());
    this.#coreChanged();
    this.#endpoints.begin();
  }

  get text(): string {
    return this.#text.text;
  }

  open(area: HTMLTextAreaElement, frame: HTMLElement): void {
    void this.#text.open(area, frame, this.#ended.signal);
  }

  close(): void {
    // Before the demo model ends with the signal: its answer is then one that was stopped, not one that failed.
    this.#runs.close();
    this.#ended.abort();
    this.#endpoints.close();
    this.#text.close();
    this.#core.close();
  }

  #coreChanged(): void {
    const { state, reason } = this.#core;
    // The note on a restart stays until the text changes; that on a failure goes with the failure.
    const keep = reason === "" && this.#store.state.core.state !== "failed";
    this.#store.change({ core: keep ? { state } : { state, note: reason } });
  }
}

function viewActions(store: Store): ViewActions {
  return {
    tab: (tab) => store.change({ view: { tab } }),
    theme: (theme) => {
      rememberTheme(theme);
      store.change({ view: { theme } });
    },
    help: (helpField) => helpField !== "" && store.change({ view: { helpField } }),
    shortcuts: (shortcuts) => store.change({ view: { shortcuts } }),
    copyText: (text, what) => void copy(store, text, what),
  };
}
