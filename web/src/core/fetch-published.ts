// Fetching a file of the build, and saying in one sentence why it could not be had.

/** A file of the build that could not be had, or is another one. The message is a sentence for people. */
export class NotPublished extends Error {}

/**
 * Fetches a file, once more where that fails. `integrity`, where given, is what the file has to be, as in the attribute of
 * that name; the response of any other is not handed out. `what` begins the sentence of the error.
 */
export async function fetchPublished(url: string, integrity = "", what = fileName(url)): Promise<Response> {
  const ask = async (more: RequestInit): Promise<Response | undefined> =>
    fetch(url, { credentials: "omit", ...more }).catch(() => undefined);
  const there =
    (await ask({ integrity })) ??
    (globalThis.navigator?.onLine === false ? undefined : await ask({ integrity, cache: "reload" }));
  if (there?.ok) return there;
  throw new NotPublished(`${what} ${await whyNot(there, () => ask({ cache: "no-store" }))}`);
}

async function whyNot(answer: Response | undefined, askPlainly: () => Promise<Response | undefined>): Promise<string> {
  if (globalThis.navigator?.onLine === false) return "has not been downloaded yet, and you are offline.";
  const plain = answer ?? (await askPlainly());
  void plain?.body?.cancel();
  if (!plain) return "could not be downloaded; the connection failed or the page's policy forbids it.";
  if (plain.status === 404 || plain.status === 410 || /^text\/html/i.test(plain.headers.get("content-type") ?? ""))
    return "is not there any more: the playground was published anew.";
  if (!plain.ok) return `could not be downloaded; the server answered ${plain.status}.`;
  return "is not the file that was published, so it was not run.";
}

/** The last part of an address. */
export function fileName(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}
