// A server beside the page's own, for answers that a story makes up.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface TestServer {
  /** Without `/v1`. */
  readonly base: string;
  /** All requests but preflights. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/**
 * Answers completions with `answer`, preflights with consent, the list of models where there are some, and everything else
 * with 404. Any page may call it.
 */
export async function startServer(
  answer: (request: Received, response: ServerResponse) => Promise<void> | void,
  models: readonly string[] = [],
): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, Accept, Api-Key, X-First, X-Second, X-Third",
    );
    response.setHeader("Access-Control-Expose-Headers", "Retry-After");
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = "", url = "", headers } = request;
    const arrived = { method, path: url, headers, body: Buffer.concat(parts).toString() };
    received.push(arrived);
    const data = models.map((id) => ({ id, object: "model" }));
    if (url === "/v1/models" && models.length > 0)
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ object: "list", data }));
    else if (url.replace(/\?.*$/, "") !== "/v1/completions")
      response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
    else await answer(arrived, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One chunk of a streamed completion as an event. */
export function chunk(text: string, finish: string | null = null, more: object = {}): string {
  const data = {
    id: "cmpl-1",
    object: "text_completion",
    created: 1735689600,
    model: "made-up",
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
    ...more,
  };
  return `data: ${JSON.stringify(data)}\n\n`;
}

export const done = "data: [DONE]\n\n";

/** A whole streamed answer at once. */
export function stream(response: ServerResponse, events: string): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" }).end(events);
}
