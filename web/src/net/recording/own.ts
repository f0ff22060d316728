import type { WireRequest } from "../../model/request.ts";
import { count, finite, isRecord, list, member } from "../json.ts";
import { type Recorded, RecordingError, responseStatus, type Tape, type Timed, version } from "./format.ts";

/** Reads a file of this project. Throws RecordingError, with the place that is damaged. */
export function readOwn(file: unknown): Recorded {
  const found = member(file, "version");
  if (typeof found !== "number" || !Number.isInteger(found) || found < 1) damaged("version");
  if (found > version)
    throw new RecordingError(
      `The recording has the format version ${found}; this page reads up to ${version}. Update the page.`,
    );
  const request = ownRequest(member(file, "request"));
  const expect = member(file, "expect");
  const choices = count(member(expect, "choices")) ?? damaged("expect.choices");
  const stream = member(expect, "stream");
  if (typeof stream !== "boolean") damaged("expect.stream");
  const profile = textAt(file, "profile", "profile");
  const title = textAt(file, "title", "title");
  return {
    kind: "recording",
    title,
    ...(profile === "" ? {} : { profile }),
    request,
    expect: { choices: Math.max(1, choices), stream, echo: member(expect, "echo") === true },
    tape: { response: ownResponse(member(file, "response")) },
  };
}

function ownRequest(request: unknown): WireRequest {
  if (!isRecord(request)) damaged("request");
  return {
    method: textAt(request, "method", "request.method"),
    url: textAt(request, "url", "request.url"),
    headers: pairs(member(request, "headers"), "request.headers").map(([name, value]) => ({ name, value })),
    body: textAt(request, "body", "request.body"),
  };
}

function ownResponse(response: unknown): Tape["response"] {
  if (response === null) return undefined;
  const status = member(response, "status");
  // A browser hides the status of a redirect that was not followed; any of them stands for it.
  const shown = status === 0 ? 302 : status;
  if (typeof shown !== "number" || !responseStatus(shown)) damaged("response.status");
  const headers = new Headers();
  for (const [name, value] of pairs(member(response, "headers"), "response.headers")) {
    try {
      headers.append(name, value);
    } catch {
      damaged("response.headers");
    }
  }
  const end = member(response, "end");
  if (end !== "ended" && end !== "broken" && end !== "stopped" && end !== "cut") damaged("response.end");
  let before = time(member(response, "headMs"), 0, "response.headMs");
  const headMs = before;
  const chunks = member(response, "chunks");
  if (!Array.isArray(chunks)) damaged("response.chunks");
  const timed = chunks.map((chunk: unknown, i): Timed => {
    const place = `response.chunks[${i}]`;
    const [ms, base64] = list(chunk);
    if (typeof base64 !== "string") damaged(place);
    before = time(ms, before, place);
    return { ms: before, bytes: unbase64(base64) ?? damaged(place) };
  });
  return {
    status: shown,
    headers,
    headMs,
    chunks: timed,
    end,
    endMs: time(member(response, "endMs"), before, "response.endMs"),
  };
}

function damaged(place: string): never {
  throw new RecordingError(`The recording is damaged: ${place} is missing or makes no sense.`);
}

function textAt(value: unknown, name: string, place: string): string {
  const text = member(value, name);
  return typeof text === "string" ? text : damaged(place);
}

/** Milliseconds, never before what came earlier. */
function time(value: unknown, earliest: number, place: string): number {
  const ms = finite(value);
  return ms !== undefined && ms >= earliest ? ms : damaged(place);
}

function pairs(value: unknown, place: string): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) damaged(place);
  return value.map((pair: unknown) => {
    const [name, text] = list(pair);
    return typeof name === "string" && typeof text === "string" ? ([name, text] as const) : damaged(place);
  });
}

function unbase64(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
