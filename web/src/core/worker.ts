// The Worker's script. The checker and the demo model each run it in a Worker of their own, so that a long answer of
// the model never delays a check.

import { EngineHost } from "./engine-host.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** The part of DedicatedWorkerGlobalScope that we use; the page's own types know nothing of Workers' insides. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const host = new EngineHost((message) => scope.postMessage(message));
scope.addEventListener("message", (event) => void host.receive(event.data));
