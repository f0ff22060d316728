/**
 * Reads a body as UTF-8 text, at most `limit` bytes of it; what is beyond is not fetched. A body that breaks off gives
 * what came, with `cut`.
 */
export async function readText(
  response: Response,
  limit: number,
  onBytes?: (bytes: Uint8Array) => void,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  const reader = response.body?.getReader();
  if (reader === undefined) return { text: "", cut: false };
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  let cut = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      onBytes?.(value);
      const room = limit - bytes;
      bytes += value.byteLength;
      pieces.push(decoder.decode(value.byteLength > room ? value.subarray(0, room) : value, { stream: true }));
      if (value.byteLength > room) {
        cut = true;
        break;
      }
    }
  } catch {
    cut = true;
  }
  // Cancelling a body that has ended does nothing; one that has failed rejects, which changes nothing either.
  reader.cancel().catch(() => {});
  pieces.push(decoder.decode());
  return { text: pieces.join(""), cut };
}
