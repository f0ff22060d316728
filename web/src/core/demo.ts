// The built-in demo model behind the interface of `fetch`, so that the page sends to it as to any endpoint.

import { tellLost } from "../model/parts.ts";
import type { Fetch } from "../model/request.ts";
import { type Hub, pageHub, type Session } from "./hub.ts";
import type { Said } from "./messages.ts";
import { wasmUrls } from "./wasm-url.ts";

export interface DemoOptions {
  /** Where the core lies; beside this script when absent. */
  readonly wasmUrl?: string;
  /** Whose Worker it shares; the page's when absent. */
  readonly hub?: Hub;
  /** Ends what it was answering, for good, and the Worker where nobody else uses it. */
  readonly signal?: AbortSignal;
}

/**
 * A `fetch` that the demo model answers: `POST …/v1/completions` and `GET …/v1/models`, whatever the host. Its Worker
 * starts with the first request for a completion; the list of models is data. A connection that the model cuts on purpose ends the body with a TypeError, as a reset
 * connection does.
 */
export function startDemo(options: DemoOptions = {}): Fetch {
  const demo = new Demo(options);
  options.signal?.addEventListener("abort", () => demo.close());
  return (url, init) => demo.fetch(url, init);
}

interface Exchange {
  head(status: number, headers: readonly (readonly [string, string])[]): void;
  data(bytes: Uint8Array<ArrayBuffer>): void;
  end(): void;
  fail(error: unknown): void;
}

class Demo {
  readonly #options: DemoOptions;
  #session: Session | null = null;
  #nextId = 1;
  readonly #exchanges = new Map<number, Exchange>();

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const path = new URL(url, "http://demo.invalid").pathname;
    const method = (init.method ?? "GET").toUpperCase();
    init.signal?.throwIfAborted();
    if (path.endsWith("/v1/models")) {
      if (method !== "GET") return refusal(405, `${path} takes GET`);
      return Response.json((await import("../../../schema/demo-models.json")).default);
    }
    if (path.endsWith("/v1/completions")) {
      if (method !== "POST") return refusal(405, `${path} takes POST`);
      return this.#exchange(await new Response(init.body ?? "").text(), init.signal ?? null);
    }
    return refusal(404, `the demo has no ${path}; it answers /v1/completions and /v1/models`);
  }

  close(): void {
    this.#lost("The demo model was closed.");
  }

  #exchange(body: string, signal: AbortSignal | null): Promise<Response> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const session = this.#connect();
      let stream: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
      const finish = (): void => {
        this.#exchanges.delete(id);
        signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        session.post({ kind: "demo-cancel", id });
        exchange.fail(signal?.reason);
      };
      const exchange: Exchange = {
        head: (status, headers) => {
          const readable = new ReadableStream<Uint8Array<ArrayBuffer>>({
            start: (controller) => {
              stream = controller;
            },
            cancel: () => {
              finish();
              session.post({ kind: "demo-cancel", id });
            },
          });
          resolve(new Response(readable, { status, headers: headers.map(([name, value]) => [name, value]) }));
        },
        data: (bytes) => stream?.enqueue(bytes),
        end: () => {
          finish();
          stream?.close();
        },
        fail: (error) => {
          finish();
          if (stream) stream.error(error);
          else reject(error);
        },
      };
      this.#exchanges.set(id, exchange);
      signal?.addEventListener("abort", abort);
      session.post({ kind: "demo", id, body });
    });
  }

  #connect(): Session {
    this.#options.signal?.throwIfAborted();
    this.#session ??= (this.#options.hub ?? pageHub).join("demo model", wasmUrls(this.#options.wasmUrl), {
      message: (message) => this.#receive(message),
      ended: (reason) => this.#lost(`The demo model ended unexpectedly: ${reason}.`),
    });
    return this.#session;
  }

  #receive(message: Said): void {
    switch (message.kind) {
      case "failed":
        this.#lost(message.reason);
        return;
      case "refused":
        if (message.lost) tellLost(message.reason);
        this.#exchanges.get(message.id)?.fail(new TypeError(message.reason));
        return;
      case "demo-head":
        this.#exchanges.get(message.id)?.head(message.status, message.headers);
        return;
      case "demo-data":
        this.#exchanges.get(message.id)?.data(message.data);
        return;
      case "demo-end":
        if (message.cut) this.#exchanges.get(message.id)?.fail(new TypeError("network error"));
        else this.#exchanges.get(message.id)?.end();
        return;
    }
  }

  /** The Worker is of no use any more; the next call starts another. */
  #lost(reason: string): void {
    this.#session?.close();
    this.#session = null;
    for (const exchange of [...this.#exchanges.values()]) exchange.fail(new TypeError(reason));
  }
}

function refusal(status: number, message: string): Response {
  const body = { error: { message, type: "invalid_request_error", param: null, code: null } };
  return Response.json(body, { status });
}
