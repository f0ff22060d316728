import { limits } from "./facts.ts";
import { isRecord, list, member, parse, texts } from "./json.ts";

/** What an error body says, whichever of the shapes in use it has. */
export interface ServerError {
  readonly message: string;
  readonly type?: string;
  /** String or number on the wire. */
  readonly code?: string;
  /** The field it is about, where the server names one. */
  readonly param?: string;
  /** A router's copy of what the provider behind it said. */
  readonly upstream?: string;
}

/**
 * Reads an error out of JSON: `{error:{…}}`, `{error:"…"}`, `{object:"error",message}`, a bare `{message}`, and
 * FastAPI's and KoboldCpp's `{detail}`. undefined where the value is none of these.
 */
export function readError(value: unknown): ServerError | undefined {
  const error = member(value, "error");
  if (isRecord(error)) return errorFrom(error);
  if (typeof error === "string" && error !== "") {
    const type = texts(value, "error_type", "type");
    return { message: short(error), ...(type === undefined ? {} : { type: short(type) }) };
  }
  if (error !== undefined && error !== null && error !== "" && error !== false)
    return { message: short(JSON.stringify(error)) };
  const choices = member(value, "choices");
  if (choices !== undefined && choices !== null) return undefined;
  if (texts(value, "message") !== undefined) return errorFrom(value);
  const detail = member(value, "detail");
  if (typeof detail === "string" && detail !== "") return { message: short(detail) };
  const details = (isRecord(detail) ? [detail] : list(detail)).flatMap((entry) => {
    const message = typeof entry === "string" ? entry : texts(entry, "msg", "message");
    const place = list(member(entry, "loc"))
      .filter((part) => typeof part === "string" || typeof part === "number")
      .join(".");
    return message === undefined ? [] : [place === "" ? message : `${place}: ${message}`];
  });
  return details.length > 0 ? { message: short(details.join("; ")) } : undefined;
}

/** Whether a chunk has an error beside whatever else it has. */
export function errorGiven(chunk: unknown): boolean {
  const error = member(chunk, "error");
  return isRecord(error) || (typeof error === "string" && error !== "");
}

function errorFrom(error: unknown): ServerError {
  const code = member(error, "code") ?? member(error, "http_status_code");
  const type = texts(error, "type", "error_type");
  const param = texts(error, "param");
  const provider = member(member(error, "metadata"), "raw");
  // As an object, or once more as JSON text, or in words.
  const answer = typeof provider === "string" ? parse(provider)?.value : provider;
  const upstream =
    texts(member(answer, "error"), "message") ??
    texts(answer, "message", "error", "detail") ??
    (typeof provider === "string" ? provider : undefined);
  return {
    message: short(texts(error, "message", "detail") ?? ""),
    ...(type === undefined ? {} : { type: short(type) }),
    ...(typeof code === "string" || typeof code === "number" ? { code: short(String(code)) } : {}),
    ...(param === undefined ? {} : { param: short(param) }),
    ...(upstream === undefined || upstream === "" ? {} : { upstream: short(upstream) }),
  };
}

/** At most as long as a message is shown. */
export function short(text: string): string {
  const most = limits.messageUnits;
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
