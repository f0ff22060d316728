// The Worker's script. The checker and the demo model each run it in a Worker of their own, so that a long answer of
// the model never delays a check.

import type { FromWorker, ToWorker } from "./messages.ts";
import { Session } from "./session.ts";

/** The part of DedicatedWorkerGlobalScope that we use; the page's own types know nothing of Workers' insides. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const session = new Session((message) => scope.postMessage(message));
scope.addEventListener("message", (event) => void session.receive(event.data));
