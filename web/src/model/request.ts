export interface Header {
  readonly name: string;
  readonly value: string;
}

/** The request as it will be sent, without the key: the page adds Authorization at the last moment. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** `fetch` as the page uses it: the browser's, the demo model's, or a recording's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
