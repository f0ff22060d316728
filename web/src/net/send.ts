import type { Header, WireRequest } from "../model/request.ts";

/** Tells the local gateway which of the other headers it is to pass on: their names, with commas. */
export const namesHeader = "Playground-Headers";

/** What of a request nobody may see: the key, and the values of the person's own headers. */
export function secretsOf(key: string, own: readonly Header[]): readonly string[] {
  return [key, ...own.filter(({ name }) => name !== namesHeader).map(({ value }) => value)];
}

/** How a request is sent: nothing goes along that identifies the page or its user, and nothing is followed. */
export function requestInit(
  request: WireRequest,
  key: string,
  own: readonly Header[],
  signal: AbortSignal,
): RequestInit {
  return {
    method: request.method,
    headers: sentHeaders(request, key, own),
    // A GET must have none.
    ...(request.body === "" ? {} : { body: request.body }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    // "manual" rather than "error": then a redirect can be told from a network fault. Neither follows it.
    redirect: "manual",
    signal,
  };
}

/** Browsers hide all of a redirect but that it is one. */
export function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

/** Only these reach the server: any header that nobody asked for can make a browser's preflight fail. */
function sentHeaders(request: WireRequest, key: string, own: readonly Header[]): Record<string, string> {
  const plain = request.headers.filter(({ name }) => /^(content-type|accept)$/i.test(name));
  return {
    ...(key === "" ? {} : { Authorization: `Bearer ${key}` }),
    ...Object.fromEntries([...own, ...plain].map(({ name, value }) => [name, value])),
  };
}
