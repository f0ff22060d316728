import "@completion-playground/element";
import { found } from "./checks.js";
import type { Found } from "./found.js";

const inWorker = (text: string): Promise<Found> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Found>) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(text);
  });

Object.assign(globalThis, { found, inWorker });
