import type { Actions } from "./actions.ts";
import { RunSession } from "./answer/runs.ts";
import { startCore, startDemo } from "./core/client.ts";
import type { Core } from "./core/protocol.ts";
import { TextSession } from "./editor/session.ts";
import type { EndpointChoice } from "./endpoint/endpoints.ts";
import { EndpointSession } from "./endpoint/session.ts";
import type { Store } from "./state.ts";
import { rememberTheme } from "./theme.ts";

export interface PlaygroundOptions {
  readonly text: string;
  /** The id of a preset, or a base URL. */
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly gateway: string;
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
    this.#text = new TextSession(this.#core, store, options.text, async () => {
      await this.#endpoints.loadModels();
      return store.state.models;
    });
    this.#endpoints = new EndpointSession(
      store,
      this.#core,
      { demo: startDemo({ signal: this.#ended.signal }), network: (url, init) => fetch(url, init) },
      options.gateway,
    );
    this.#runs = new RunSession(store, this.#core, this.#text, this.#endpoints);
    this.actions = this.#makeActions();
    this.#core.onResult((result) => this.#text.receive(result));
    this.#core.onState(() => this.#coreChanged());
    this.#coreChanged();
    this.#endpoints.begin(this.#firstEndpoint(options));
  }

  get text(): string {
    return this.#text.text;
  }

  choices(): readonly EndpointChoice[] {
    return this.#endpoints.choices();
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
    this.#store.set({ editorReady: false, current: false });
  }

  #firstEndpoint({ endpoint, profile, gateway }: PlaygroundOptions): EndpointChoice {
    const choices = this.#endpoints.choices();
    const wanted = endpoint ?? (gateway === "" ? this.#store.state.endpoint.id : "gateway");
    const standing = this.#store.state.endpoint;
    // Connected anew, the element goes on with the address that was typed.
    const known = standing.id === wanted ? standing : choices.find((choice) => choice.id === wanted);
    const other = choices.find((choice) => choice.editable);
    const first = known ?? (other ? { ...other, base: wanted } : standing);
    return profile === undefined ? first : { ...first, profile };
  }

  #coreChanged(): void {
    const { state, reason } = this.#core;
    // The note on a restart stays until the text changes; that on a failure goes with the failure.
    const keep = reason === "" && this.#store.state.core !== "failed";
    this.#store.set(keep ? { core: state } : { core: state, coreNote: reason });
  }

  async #preview(): Promise<void> {
    const { base, builtIn } = this.#store.state.endpoint;
    const endpoint = {
      base: base || "http://localhost:8000",
      hasKey: this.#store.state.hasKey && this.#store.state.endpoint.keyNeeded !== "no",
      force: true,
    };
    // The local server answers for the built-in model too, and curl can reach only that one.
    const local = builtIn && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
    const reachable = local ? { ...endpoint, base: location.origin } : endpoint;
    try {
      const [request, curl] = await Promise.all([this.#core.build(endpoint), this.#core.curl(reachable)]);
      this.#store.set({ preview: { ...request, curl, problem: "" } });
    } catch (error) {
      this.#store.set({
        preview: {
          method: "",
          url: "",
          headers: [],
          body: "",
          curl: "",
          problem: error instanceof Error ? error.message : String(error),
        },
      });
    }
  }

  async #copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#store.set({ notice: `${what} is copied.`, announcement: `${what} is copied.` });
    } catch {
      this.#store.set({
        notice: "The browser did not let the page copy.",
        announcement: "The browser did not let the page copy.",
      });
    }
  }

  #makeActions(): Actions {
    const store = this.#store;
    const text = this.#text;
    const endpoints = this.#endpoints;
    const runs = this.#runs;
    return {
      setField: (path, value, gesture) => text.request({ op: "set", path, value }, gesture),
      unsetField: (path) => text.request({ op: "unset", path }),
      help: (field) => field !== "" && store.set({ helpField: field }),
      fix: (issue) => void text.fix(issue),
      fixAll: () => text.request({ op: "fix-all" }),
      format: () => text.request({ op: "format" }),
      undo: () => text.undo(),
      redo: () => text.redo(),
      copyText: (copied, what) => void this.#copy(copied, what),
      copyRequest: () => void this.#copy(text.text, "The text"),
      useExample: (example) => text.replace(example),
      show: (span) => {
        store.set({ tab: "text" });
        // A narrow page shows the text only now, and what is hidden cannot be scrolled.
        requestAnimationFrame(() => text.select(span.start.utf16, span.end.utf16));
      },
      preview: () => void this.#preview(),
      closePreview: () => store.set({ preview: undefined }),
      tab: (tab) => store.set({ tab }),
      theme: (theme) => {
        rememberTheme(theme);
        store.set({ theme });
      },
      chooseEndpoint: (id) => endpoints.choose(id),
      setBase: (base) => endpoints.setBase(base),
      setProfile: (profile) => endpoints.setProfile(profile),
      setKey: (key) => endpoints.setKey(key),
      keepKey: (keep) => endpoints.keepForTab(keep),
      clearKey: () => endpoints.clearKey(),
      clearKeys: () => endpoints.clearKeys(),
      loadModels: () => void endpoints.loadModels(),
      send: (force) => void runs.send(force),
      stop: () => runs.stop(),
      dismissRefusal: () => store.set({ refusal: undefined }),
      showRun: (id) => runs.show(id),
      pinRun: (id) => runs.pin(id),
      saveRun: (entry) => {
        const file = runs.recording(entry);
        if (file) download(file, `completion-run-${entry.id}.json`);
      },
      openRun: (file) => void runs.open(file),
      replayRun: (entry, timing) => runs.replay(entry, timing),
      tokenView: (on) => store.set({ tokenView: on }),
      openEvents: (open) => store.set({ eventsOpen: open }),
      selectToken: (token) => store.set({ selectedToken: token }),
      // Tokens are an offer; where they cannot be had, there is none.
      tokens: (sample) => this.#core.tokens(sample).catch(() => []),
    };
  }
}

function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
