import { Answer } from "../accumulate.ts";
import { Framer } from "../framing.ts";
import { member, parse } from "../json.ts";
import { readError } from "../server-error.ts";
import { binary, fileUnits, type Recorded, RecordingError, responseStatus, type Timed } from "./format.ts";

/** Reads what other programs captured: what `curl -N` printed (with or without `-i`), .sse files, plain JSON answers. */
export function readCaptured(bytes: Uint8Array, text: string): Recorded {
  if (/^HTTP\/\d/.test(text)) return withHead(bytes);
  const start = text.trimStart();
  if (/^[*<>] /m.test(start.slice(0, 2_000)) && !/^(data|event):/m.test(start.slice(0, 2_000))) {
    throw new RecordingError(
      "This looks like the output of curl -v, which holds the key. Capture with: curl -N -i … > answer.txt",
    );
  }
  return answerOf(bytes, text, 200, new Headers({ "content-type": contentTypeOf(start) }));
}

function contentTypeOf(start: string): string {
  if (start.startsWith("{") || start.startsWith("[")) {
    const value = parse(start)?.value ?? parse(start.split("\n", 1)[0] ?? "")?.value;
    const known =
      Array.isArray(member(value, "choices")) ||
      typeof member(value, "done") === "boolean" ||
      readError(value) !== undefined;
    if (known) return "application/json";
    throw new RecordingError(
      value === undefined
        ? "The file begins like JSON but is damaged."
        : "The file is JSON, but neither a recording nor the answer to a completion.",
    );
  }
  if (/^(data|event|error|id|retry)?:/m.test(start)) return "text/event-stream";
  throw new RecordingError(
    "The file is neither a recording nor the answer of a server: no line of it begins with “data:”.",
  );
}

/** `curl -i`: one or more heads (100 Continue, a proxy's, redirects that were followed), then the body. */
function withHead(bytes: Uint8Array): Recorded {
  let offset = 0;
  for (;;) {
    // Heads are ASCII in practice; where they are not, the offset is found in bytes all the same.
    const head = /^HTTP\/[\d.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)\r?\n/.exec(
      binary(bytes.subarray(offset, offset + (256 << 10))),
    );
    if (head?.[1] === undefined)
      throw new RecordingError("The file begins like the output of curl -i, but its headers do not end.");
    offset += head[0].length;
    const body = bytes.subarray(offset);
    if (/^HTTP\/\d/.test(binary(body.subarray(0, 8)))) continue;
    const headers = new Headers();
    for (const line of (head[2] ?? "").split(/\r?\n/)) {
      const colon = line.indexOf(":");
      try {
        if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
      } catch {
        // A header that fetch would not have let through either.
      }
    }
    const status = Number(head[1]);
    if (!responseStatus(status))
      throw new RecordingError(`The answer has the status ${status}, with which no answer ends.`);
    return answerOf(body, new TextDecoder().decode(body), status, headers);
  }
}

function answerOf(bytes: Uint8Array, text: string, status: number, headers: Headers): Recorded {
  const json = /^\s*[{[]/.test(text);
  return {
    kind: json ? "json" : "stream",
    title: "",
    expect: { choices: json ? choicesIn(parse(text)?.value) : choicesInStream(text), stream: !json },
    tape: { response: { status, headers, headMs: 0, chunks: inPieces(bytes), end: "ended", endMs: 0 } },
  };
}

/** Reads of a size as networks have them. */
function inPieces(bytes: Uint8Array): readonly Timed[] {
  const pieces: Timed[] = [];
  for (let from = 0; from < bytes.byteLength; from += 16 << 10)
    pieces.push({ ms: 0, bytes: bytes.subarray(from, from + (16 << 10)) });
  return pieces;
}

/** How many choices were asked for can only be guessed from those that came. */
function choicesIn(...chunks: readonly unknown[]): number {
  const answer = new Answer();
  for (const chunk of chunks) answer.add(chunk);
  return Math.max(1, answer.choiceCount);
}

function choicesInStream(text: string): number {
  const answer = new Answer();
  const framer = new Framer({ onEvent: ({ data }) => answer.add(parse(data)?.value), limit: fileUnits });
  framer.push(text);
  framer.end();
  return Math.max(1, answer.choiceCount);
}
