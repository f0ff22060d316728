// The folder that "make dist" makes, served as a host of static files does it, with what may go wrong there.

import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const folder = join(process.env.PLAYGROUND_CACHE ?? "", "dist");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/** What an answer is instead of the file; undefined for the file. */
export type Instead = (
  name: string,
  file: () => Promise<Buffer>,
  response: ServerResponse,
) => Promise<boolean> | boolean;

export interface Statics {
  readonly base: string;
  /** Addresses that were asked for, without the first slash, in order. */
  readonly asked: string[];
  /** Files whose changed text has run. */
  readonly ran: string[];
  /** Is asked before each file. */
  instead: Instead;
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves the folder for any page; where there is a site, below /playground of that. `pages` are further ones, by name. */
export async function serveStatics(
  pages: Readonly<Record<string, () => string>> = {},
  site?: string,
): Promise<Statics> {
  const statics = { base: "", asked: [] as string[], ran: [] as string[], instead: (() => false) as Instead };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://host");
    const name = url.pathname.slice(1) || "index.html";
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (name === "ran") {
      statics.ran.push(url.searchParams.get("file") ?? "");
      response.writeHead(204).end();
      return;
    }
    statics.asked.push(name + url.search);
    const policy = url.searchParams.get("policy");
    if (policy !== null) response.setHeader("Content-Security-Policy", policy);
    const page = pages[name];
    if (page) {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page());
      return;
    }
    response.setHeader("Content-Type", types[extname(name)] ?? "application/octet-stream");
    const below = /^playground\//;
    const file = () =>
      readFile(site && !below.test(name) ? join(site, name) : join(folder, name.replace(site ? below : "", "")));
    try {
      if (!(await statics.instead(name + url.search, file, response))) response.end(await file());
    } catch {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not found");
    }
  });
  statics.base = await listen(server);
  return Object.assign(statics, {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** The file with a little more in it, which is still a file of its kind; a script tells when it runs. */
export function changed(name: string, data: Buffer, base: string): Buffer {
  if (name.endsWith(".wasm"))
    // A section of its own, with a name and nothing in it, which every engine passes over.
    return Buffer.concat([data, Buffer.from([0, 2, 1, 0x78])]);
  const tell = `fetch(${JSON.stringify(`${base}/ran?file=${name}`)},{mode:"no-cors"}).catch(()=>{});`;
  return Buffer.concat([Buffer.from(tell), data]);
}
