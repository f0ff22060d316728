import type { Fetch } from "../model/request.ts";

/** A fetch whose successful answers break after so many bytes. */
export function boundedFetch(fetch: Fetch, most: number): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.ok || !response.body) return response;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, out) => {
        bytes += part.byteLength;
        if (bytes > most) out.error(new TypeError("the answer is too long"));
        else out.enqueue(part);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
  };
}
