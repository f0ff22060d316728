import { member } from "./json.ts";

/** A kind of server the page knows how to talk to. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Without `/v1/completions`, which the core adds; "" where the person has to say. */
  readonly base: string;
  /** A file name of schema/profiles, without ".json". */
  readonly profile: string;
  readonly keyNeeded: "yes" | "no" | "optional";
  /** How a page gets at such a server: flags, settings, what stands in the way. One paragraph of plain text. */
  readonly browserHelp: string;
  /** A command to copy that starts the server so that a page at `<origin>` may call it; "" where none is needed. */
  readonly startCommand: string;
  /** A model that such a server has, where there is one for all; undefined otherwise. */
  readonly model?: string;
  /** True for the model that is built in and needs no server. */
  readonly builtIn?: true;
}

/** Where requests to the built-in model are addressed. `.invalid` is reserved (RFC 2606): nothing can answer there. */
export const demoBase = "https://demo.invalid";

/**
 * Base URLs and ports are those of each project's own documentation. What a browser needs is from their sources where
 * those are open; hosted services say little about it, and the texts then say that.
 */
export const presets: readonly Preset[] = [
  {
    id: "demo",
    title: "Demo model (built in)",
    base: demoBase,
    profile: "demo",
    keyNeeded: "no",
    browserHelp: "Runs inside this page. Nothing leaves your computer.",
    startCommand: "",
    builtIn: true,
  },
  {
    id: "atoma",
    title: "Atoma",
    base: "https://api.atoma.network",
    profile: "atoma",
    keyNeeded: "yes",
    browserHelp: "Allows calls from any page. The header Retry-After is not readable from a page.",
    startCommand: "",
  },
  {
    id: "openai",
    title: "OpenAI",
    base: "https://api.openai.com",
    profile: "openai",
    keyNeeded: "yes",
    browserHelp:
      "Reported to allow calls from pages. Only a few models still answer this endpoint, such as gpt-3.5-turbo-instruct.",
    startCommand: "",
    model: "gpt-3.5-turbo-instruct",
  },
  {
    id: "vllm",
    title: "vLLM",
    base: "http://localhost:8000",
    profile: "vllm",
    keyNeeded: "optional",
    browserHelp:
      "Allows every page unless started with --allowed-origins. Its refusal of a wrong key lacks the headers a browser asks for, so a wrong key looks like an unreachable server.",
    startCommand: `vllm serve <model> --allowed-origins '["<origin>"]'`,
  },
  {
    id: "llamacpp",
    title: "llama.cpp server",
    base: "http://localhost:8080",
    profile: "llamacpp",
    keyNeeded: "optional",
    browserHelp:
      "Allows every page by default. Newer builds can narrow this with --cors-origins, and do so by themselves in agent mode.",
    startCommand: "llama-server -m <model.gguf> --port 8080",
  },
  {
    id: "ollama",
    title: "Ollama",
    base: "http://localhost:11434",
    profile: "ollama",
    keyNeeded: "no",
    browserHelp:
      "Allows pages from localhost only. Others need their origin in OLLAMA_ORIGINS; until then it refuses with an empty 403, which a browser shows as an unreachable server.",
    startCommand: "OLLAMA_ORIGINS=<origin> ollama serve",
  },
  {
    id: "sglang",
    title: "SGLang",
    base: "http://localhost:30000",
    profile: "sglang",
    keyNeeded: "optional",
    browserHelp:
      "Always allows every page. Its refusal of a wrong key lacks the headers a browser asks for, so a wrong key looks like an unreachable server.",
    startCommand: "python -m sglang.launch_server --model-path <model> --port 30000",
  },
  {
    id: "tgi",
    title: "Text Generation Inference",
    base: "http://localhost:8080",
    profile: "tgi",
    keyNeeded: "no",
    browserHelp:
      "Allows every page, but not with an Authorization header: leave the key empty. --cors-allow-origin narrows the pages.",
    startCommand: "text-generation-launcher --model-id <model> --port 8080",
  },
  {
    id: "lmstudio",
    title: "LM Studio",
    base: "http://localhost:1234",
    // It runs llama.cpp or MLX behind an HTTP server of its own whose source is closed, so llama.cpp's refusals cannot
    // be taken for granted: what every server takes is the safe choice.
    profile: "portable",
    keyNeeded: "no",
    browserHelp: "Refuses pages until told otherwise: switch on CORS in the server settings, or start it with --cors.",
    startCommand: "lms server start --cors",
  },
  {
    id: "koboldcpp",
    title: "KoboldCpp",
    base: "http://localhost:5001",
    profile: "koboldcpp",
    keyNeeded: "optional",
    browserHelp: "Allows every page, with a key or without. It wants one only where it was started with a password.",
    startCommand: "koboldcpp --model <model.gguf> --port 5001",
  },
  {
    id: "together",
    title: "Together",
    base: "https://api.together.xyz",
    profile: "together",
    keyNeeded: "yes",
    browserHelp:
      "Whether pages may call it is not documented. If the browser blocks the answer, use the local gateway.",
    startCommand: "",
  },
  {
    id: "fireworks",
    title: "Fireworks",
    base: "https://api.fireworks.ai/inference",
    profile: "fireworks",
    keyNeeded: "yes",
    browserHelp:
      "Whether pages may call it is not documented. If the browser blocks the answer, use the local gateway.",
    startCommand: "",
  },
  {
    id: "openrouter",
    title: "OpenRouter",
    base: "https://openrouter.ai/api",
    profile: "openrouter",
    keyNeeded: "yes",
    browserHelp: "Widely called from pages. Its text completions are a legacy path and not every model has them.",
    startCommand: "",
  },
  {
    id: "other",
    title: "Other server",
    base: "",
    profile: "portable",
    keyNeeded: "optional",
    browserHelp:
      "The server has to allow this page's origin and the headers Authorization and Content-Type (CORS). If it cannot, use the local gateway.",
    startCommand: "",
  },
];

/** A server a person entered. It has no place for a key. */
export interface RememberedEndpoint {
  readonly base: string;
  readonly profile: string;
}

/** The part of localStorage that is used. Any of it may throw. */
export interface EndpointStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const rememberedName = "completion-playground.endpoints";
const rememberedKept = 50;

/**
 * The servers a person entered, newest first, at most 50. What lies in the storage is checked on every read and what
 * is not understood is left out; a storage that throws behaves like an empty one.
 */
export function rememberedEndpoints(storage: EndpointStorage | undefined): {
  list(): readonly RememberedEndpoint[];
  /** False when the base is no http(s) URL, could hold a secret (user info, query), or the storage refused. */
  add(endpoint: RememberedEndpoint): boolean;
  remove(base: string): void;
} {
  const list = (): readonly RememberedEndpoint[] => {
    try {
      const stored: unknown = JSON.parse(storage?.getItem(rememberedName) ?? "[]");
      if (!Array.isArray(stored)) return [];
      return stored
        .flatMap((entry: unknown) => {
          const base = member(entry, "base");
          const profile = member(entry, "profile");
          if (typeof base !== "string" || typeof profile !== "string" || !/^[a-z0-9]{1,32}$/.test(profile)) return [];
          return isPlainBase(base) ? [{ base, profile }] : [];
        })
        .slice(0, rememberedKept);
    } catch {
      return [];
    }
  };
  const save = (endpoints: readonly RememberedEndpoint[]): boolean => {
    try {
      storage?.setItem(rememberedName, JSON.stringify(endpoints.slice(0, rememberedKept)));
      return storage !== undefined;
    } catch {
      return false;
    }
  };
  return {
    list,
    add: ({ base, profile }) =>
      isPlainBase(base) && save([{ base, profile }, ...list().filter((known) => known.base !== base)]),
    remove: (base) => {
      save(list().filter((known) => known.base !== base));
    },
  };
}

/** An http(s) URL that cannot carry a key: user info and query are where services put them. */
export function isPlainBase(base: string): boolean {
  try {
    const url = new URL(base);
    return (
      /^https?:$/.test(url.protocol) &&
      url.username === "" &&
      url.password === "" &&
      url.search === "" &&
      url.hash === "" &&
      base.length <= 2048
    );
  } catch {
    return false;
  }
}
