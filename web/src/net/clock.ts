/** Time as the network code needs it. Tests pass their own, so nothing here ever has to be waited for. */
export interface Clock {
  /** Milliseconds on a steady clock; only differences mean anything. */
  now(): number;
  /** Milliseconds since the epoch, for what people read and for HTTP dates. */
  wall(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets the page react: resolves in a later task, as soon as there is room for one. */
  rest(): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
  // A message rather than a timer: timers are slowed down to one a second in a tab that is not seen.
  rest: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }),
};
