// Starting the Worker where the page allows it, and doing without where it does not.
//
// The element may stand in a page of somebody else, whose policy we do not control. So there is a ladder: a Worker from
// its file; a Worker from a blob: URL (a file of another origin cannot be a Worker's script, and some policies allow
// only blob:); the same code on the page's own thread, where a long check is felt but everything works.

import workerFile from "worker:./worker.ts";
import { here } from "../model/here.ts";
import { integrityOf, tellLost } from "../model/parts.ts";
import { fetchPublished, NotPublished } from "./fetch-published.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** What the owner of a link hears. Nothing is called any more once the link is closed. */
export interface LinkListener {
  message(message: FromWorker): void;
  /** The Worker ended or failed outside any answer. */
  crash(reason: string): void;
}

/** A running EngineHost, wherever it runs. */
export interface Link {
  post(message: ToWorker): void;
  close(): void;
}

/** Starts an EngineHost. Messages posted before it runs are kept in order. The name is what developer tools show. */
export type Spawn = (listener: LinkListener, name: string) => Link;

/** The part of Trusted Types that we use; TypeScript's library does not have it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Where the signal is aborted before it resolves, nothing runs any more. */
type Rung = (listener: LinkListener, name: string, signal: AbortSignal) => Promise<Link>;

const rungs: readonly Rung[] = [workerFromFile, workerFromBlob, onThisThread];

/** Rungs below this one are known not to hold on this page. */
let firstRung = 0;

export const spawn: Spawn = (listener, name) => {
  const waiting: ToWorker[] = [];
  let link: Link | null = null;
  const closing = new AbortController();
  const { signal } = closing;
  const climb = async (): Promise<void> => {
    let problem: unknown;
    for (let i = firstRung; i < rungs.length && !signal.aborted; i++) {
      try {
        const found = await (rungs[i] as Rung)(listener, name, signal);
        if (signal.aborted) {
          found.close();
          return;
        }
        firstRung = i;
        link = found;
        for (const message of waiting) found.post(message);
        return;
      } catch (error) {
        problem = error;
        if (error instanceof NotPublished) tellLost(error.message);
      }
    }
    if (signal.aborted) return;
    const detail = problem instanceof Error ? problem.message : String(problem);
    listener.message({ kind: "failed", reason: `The checker could not be started: ${detail}` });
  };
  void climb();
  return {
    post: (message) => (link ? link.post(message) : void waiting.push(message)),
    close: () => {
      closing.abort();
      link?.close();
    },
  };
};

/** Of the page's own origin, or the browser refuses. What it loads is what was looked at, as far as its cache has that. */
async function workerFromFile(listener: LinkListener, name: string, signal: AbortSignal): Promise<Link> {
  const { href, origin } = new URL(workerFile, here);
  if (origin !== globalThis.origin) throw new Error("its script is of another origin");
  if (integrityOf(workerFile) !== undefined) await fetchWorker();
  return startWorker(href, listener, name, signal);
}

function fetchWorker(): Promise<Response> {
  return fetchPublished(new URL(workerFile, here).href, integrityOf(workerFile));
}

async function workerFromBlob(listener: LinkListener, name: string, signal: AbortSignal): Promise<Link> {
  const response = await fetchWorker();
  const url = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  try {
    return await startWorker(url, listener, name, signal);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The code of the Worker, here. */
async function onThisThread(listener: LinkListener): Promise<Link> {
  const { EngineHost } = await import("./engine-host.ts");
  const host = new EngineHost((message) => queueMicrotask(() => listener.message(message)));
  return { post: (message) => void host.receive(message), close: () => host.close() };
}

/** Resolves once the script says hello. A Worker that may not start says so late, by an error event. */
function startWorker(url: string, listener: LinkListener, name: string, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(scriptUrl(url), { name });
    signal.addEventListener("abort", () => {
      worker.terminate();
      reject(signal.reason);
    });
    let alive = false;
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
      if (!alive) {
        alive = true;
        resolve({ post: (message) => worker.postMessage(message), close: () => worker.terminate() });
      }
      listener.message(event.data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // told in the page instead
      if (alive) {
        listener.crash(event.message || "the Worker failed");
        return;
      }
      worker.terminate();
      reject(new Error(event.message || "the page may not start a Worker"));
    });
  });
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | null = null;

/**
 * The address as a page with Trusted Types wants it. The policy lets through what this file makes and nothing else, so
 * that having it does not weaken the page.
 */
function scriptUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!factory) return url;
  policy ??= factory.createPolicy("completion-playground", {
    createScriptURL: (candidate) => {
      const ours = new URL(workerFile, here).href;
      if (candidate === ours || candidate.startsWith("blob:")) return candidate;
      throw new TypeError("not a script of the playground");
    },
  });
  return policy.createScriptURL(url);
}
