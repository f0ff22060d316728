// A server whose line can be made slow for everything behind it, Workers included, and that counts what it sends.

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is served at one address. */
export interface Resource {
  readonly type: string;
  readonly body: Buffer;
  /** Content-Encoding, where the body is not as it is. */
  readonly encoding?: string;
  /** The name changes with the contents: a browser may keep it. */
  readonly lasting: boolean;
}

/** A line of so many bytes a second for all answers together, each of which begins so many milliseconds late. */
export interface Line {
  readonly bytesPerSecond: number;
  readonly delay: number;
}

/** Milliseconds from one parcel to the next on a slow line. */
const beat = 10;

export class PacedServer {
  /** Undefined: as fast as it goes. */
  line: Line | undefined;
  bytes = 0;
  requests = 0;
  readonly #find: (path: string) => Resource | undefined;
  readonly #queue: { response: ServerResponse; rest: Buffer }[] = [];
  readonly #server = createServer((request, response) => {
    const resource = this.#find(new URL(request.url ?? "/", "http://localhost").pathname);
    if (!resource) {
      response.writeHead(404).end();
      return;
    }
    this.requests++;
    this.bytes += resource.body.length;
    const send = (): void => {
      response.writeHead(200, {
        "Content-Type": resource.type,
        "Content-Length": resource.body.length,
        "Cache-Control": resource.lasting ? "public, max-age=31536000, immutable" : "no-cache",
        ...(resource.encoding !== undefined && { "Content-Encoding": resource.encoding }),
      });
      if (this.line) this.#queue.push({ response, rest: resource.body });
      else response.end(resource.body);
    };
    if (this.line) setTimeout(send, this.line.delay);
    else send();
  });
  #timer: ReturnType<typeof setInterval> | undefined;
  #paced = 0;

  constructor(find: (path: string) => Resource | undefined) {
    this.#find = find;
  }

  /** Resolves with the address, which ends without a slash. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#timer = setInterval(() => this.#deliver(), beat);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Sends what the line carries since the last time, in equal parts to all that wait. */
  #deliver(): void {
    const now = performance.now();
    // A timer that fires late brings all the more.
    let room = Math.round(((now - this.#paced) / 1000) * (this.line?.bytesPerSecond ?? Number.MAX_SAFE_INTEGER));
    this.#paced = now;
    while (this.#queue.length > 0 && room > 0) {
      const part = Math.max(1, Math.floor(room / this.#queue.length));
      for (const waiting of this.#queue.splice(0)) {
        const now = waiting.rest.subarray(0, Math.min(part, room));
        room -= now.length;
        waiting.rest = waiting.rest.subarray(now.length);
        if (waiting.rest.length === 0) waiting.response.end(now);
        else {
          waiting.response.write(now);
          this.#queue.push(waiting);
        }
      }
    }
  }
}
