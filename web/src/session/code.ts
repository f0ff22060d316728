import languages from "../../../schema/languages.json";
import type { Core, EndpointArgs } from "../core/protocol.ts";
import type { Store } from "../state/store.ts";
import { saveFile } from "./save.ts";

const storageKey = "completion-playground.language";

/** How code is shown. */
export interface CodeOptions {
  /** The language to begin with; undefined for that of before. */
  readonly language: string | undefined;
  /** The choice of a language is remembered. */
  readonly lasting: boolean;
}

/** The request as code: written in the language that was chosen, and anew whenever text or endpoint change. */
export class CodeSession {
  readonly #store: Store;
  readonly #core: Core;
  readonly #endpoint: () => Promise<EndpointArgs>;
  readonly #lasting: boolean;
  #unsubscribe: (() => void) | undefined;
  #language: string;
  #writing = false;
  #stale = false;

  /** `endpoint` tells where the request goes. */
  constructor(store: Store, core: Core, endpoint: () => Promise<EndpointArgs>, options: CodeOptions) {
    this.#store = store;
    this.#core = core;
    this.#endpoint = endpoint;
    this.#lasting = options.lasting;
    if (options.language !== undefined && known(options.language) === undefined) {
      const trouble = `language="${options.language}" is none of ${languages.map(({ name }) => `"${name}"`).join(", ")}.`;
      const { troubles } = store.state.view;
      store.change({ view: { troubles: [...troubles, trouble] } });
    }
    this.#language = known(this.#remembered()) ?? known(options.language) ?? "curl";
  }

  toggle(): void {
    if (this.#unsubscribe) {
      this.close();
      return;
    }
    this.#unsubscribe = this.#store.subscribe((state, before) => {
      if (state.text.result !== before.text.result || state.endpoint !== before.endpoint) void this.#write();
    });
    this.#store.change({
      text: { code: { language: this.#language, text: "", files: [], notes: [], problem: "" } },
    });
    void this.#write();
  }

  choose(language: string): void {
    const code = this.#store.state.text.code;
    if (!code || known(language) === undefined) return;
    this.#language = language;
    this.#store.change({ text: { code: { ...code, language } } });
    if (this.#lasting)
      try {
        localStorage.setItem(storageKey, language);
      } catch {
        // A page without storage keeps the choice until it is left.
      }
    void this.#write();
  }

  save(): void {
    const code = this.#store.state.text.code;
    const file = languages.find(({ name }) => name === code?.language)?.file;
    if (!code || file === undefined) return;
    saveFile(file, code.text, "text/plain");
    for (const { name, content } of code.files) saveFile(name, content, "text/plain");
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#store.change({ text: { code: undefined } });
  }

  #remembered(): string | undefined {
    if (!this.#lasting) return undefined;
    try {
      return localStorage.getItem(storageKey) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** One writing at a time; what changes meanwhile is written after it. */
  async #write(): Promise<void> {
    this.#stale = true;
    if (this.#writing) return;
    this.#writing = true;
    while (this.#stale && this.#unsubscribe) {
      this.#stale = false;
      const language = this.#language;
      let problem = "";
      const snippet = await this.#endpoint()
        .then((endpoint) => this.#core.snippet({ ...endpoint, language }))
        .catch((error: unknown) => {
          problem = error instanceof Error ? error.message : String(error);
          return undefined;
        });
      const code = this.#store.state.text.code;
      if (!code || !this.#unsubscribe) break;
      const before = code.language === language ? code : { text: "", files: [], notes: [] };
      const { text, files, notes } = snippet ?? before;
      this.#store.change({ text: { code: { language: code.language, text, files, notes, problem } } });
    }
    this.#writing = false;
  }
}

function known(language: string | undefined): string | undefined {
  return languages.find(({ name }) => name === language)?.name;
}
