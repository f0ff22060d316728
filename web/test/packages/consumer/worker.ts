import { found } from "./checks.js";

const scope = globalThis as unknown as { postMessage(value: unknown): void };
globalThis.addEventListener("message", async (event) =>
  scope.postMessage(await found((event as MessageEvent<string>).data)),
);
