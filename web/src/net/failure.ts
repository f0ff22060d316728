import type { Problem } from "../model/problem.ts";
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

const messageUnits = 1_000;
const rawUnits = 64 << 10;

/**
 * Reads an error out of JSON: `{error:{…}}`, `{error:"…"}`, `{object:"error",message}`, a bare `{message}`, and
 * FastAPI's `{detail}`. undefined where the value is none of these.
 */
export function readError(value: unknown): ServerError | undefined {
  const error = member(value, "error");
  if (isRecord(error)) return errorFrom(error);
  if (typeof error === "string" && error !== "") {
    const type = texts(value, "error_type", "type");
    return { message: short(error), ...(type === undefined ? {} : { type }) };
  }
  if (typeof member(value, "message") === "string" && member(value, "choices") === undefined) return errorFrom(value);
  const detail = member(value, "detail");
  if (typeof detail === "string" && detail !== "") return { message: short(detail) };
  const details = list(detail).flatMap((entry) => {
    const message = typeof entry === "string" ? entry : texts(entry, "msg", "message");
    const place = list(member(entry, "loc"))
      .filter((part) => typeof part === "string" || typeof part === "number")
      .join(".");
    return message === undefined ? [] : [place === "" ? message : `${place}: ${message}`];
  });
  return details.length > 0 ? { message: short(details.join("; ")) } : undefined;
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
    texts(answer, "message", "error") ??
    (typeof provider === "string" ? provider : undefined);
  return {
    message: short(texts(error, "message", "detail") ?? ""),
    ...(type === undefined ? {} : { type: short(type) }),
    ...(typeof code === "string" || typeof code === "number" ? { code: short(String(code)) } : {}),
    ...(param === undefined ? {} : { param: short(param) }),
    ...(upstream === undefined || upstream === "" ? {} : { upstream: short(upstream) }),
  };
}

function short(text: string): string {
  return text.length > messageUnits ? `${text.slice(0, messageUnits)}…` : text;
}

/** Retry-After in whole seconds, from either form (RFC 9110, 10.2.3). `now` is milliseconds since the epoch. */
export function retryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value));
  const date = httpDate(value);
  return date === undefined ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** A date of a header (RFC 9110, 5.6.7) in milliseconds since the epoch; undefined where it is none. */
export function httpDate(header: string | null): number | undefined {
  const value = header?.trim() ?? "";
  // Only forms that begin with a weekday: Date.parse takes almost anything.
  const date = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

interface Rule {
  readonly status: number | readonly [from: number, to: number];
  readonly profiles?: readonly string[];
  /** The server's own code or type. */
  readonly says?: RegExp;
  /** Only where the body is empty, or a web page, or names the model. */
  readonly body?: "empty" | "html" | "model";
  readonly key?: boolean;
  readonly title: string;
  readonly detail: string;
  readonly advice: readonly string[];
}

/** The first that fits is used: what is known about one server stands before what the status means anywhere. */
const rules: readonly Rule[] = [
  // Atoma: the proxy's codes.
  {
    status: 400,
    profiles: ["atoma"],
    says: /^FIAT_PAYMENTS_ONLY$/,
    title: "Only fiat payments are taken",
    detail: "The service accepts this call only from accounts that pay in fiat currency.",
    advice: ["Look at the payment settings of your account."],
  },
  {
    status: 402,
    profiles: ["atoma"],
    title: "Not enough credit",
    detail: "The balance of the account does not cover the most this request could cost.",
    advice: [
      "Set `max_tokens` to what you need: the balance is checked against the largest possible answer, and without `max_tokens` that is taken to be 8192 tokens.",
      "Add credit to the account.",
    ],
  },
  {
    status: 423,
    profiles: ["atoma"],
    title: "The compute share is locked",
    detail:
      "The share of computing time that this request was to use is locked. The service has already tried again by itself.",
    advice: ["Wait a few seconds and send again."],
  },
  {
    status: 425,
    profiles: ["atoma"],
    title: "The compute share is used up",
    detail:
      "The share of computing time that this request was to use is spent and a new one is not there yet. The service has already tried again by itself.",
    advice: ["Wait a few seconds and send again."],
  },
  {
    status: 429,
    profiles: ["atoma"],
    title: "The node is overloaded or unreachable",
    detail:
      "This service answers 429 when the node with the model is overloaded, and also when the node could not be reached at all.",
    advice: ["Wait a little and send again.", "If it stays so, try another model: it runs on other nodes."],
  },
  {
    status: 500,
    profiles: ["atoma"],
    title: "The node failed, or refused the request",
    detail:
      "This service reports a refusal by the node as 500 and drops the reason, so the request itself may be at fault.",
    advice: [
      "Check for what vLLM refuses: a `suffix`, `best_of` above 1, `n` above 1 at temperature 0, an empty prompt, more tokens than the model has room for.",
      "Leave out optional fields one after the other to find the one that is refused.",
      "If a minimal request fails too, the node is at fault: send again later.",
    ],
  },
  // Ollama
  {
    status: 403,
    profiles: ["ollama"],
    body: "empty",
    title: "Ollama does not allow this page",
    detail:
      "An empty 403 is Ollama's answer to a page whose origin is not on its list, or to a host name it does not know as its own.",
    advice: [
      "Start it with this page's origin allowed: OLLAMA_ORIGINS=<origin> ollama serve",
      "Address it as localhost or 127.0.0.1.",
    ],
  },
  {
    status: 404,
    profiles: ["ollama"],
    title: "The model is not there",
    detail: "Ollama answers 404 when a model has not been pulled.",
    advice: ["Pull it: ollama pull <model>", "Take a name from the model list: ollama list"],
  },
  {
    status: 400,
    profiles: ["ollama"],
    title: "Ollama could not read the request",
    detail: "It takes one string as `prompt`, and strings as `stop`.",
    advice: ["Choose the Ollama profile: it marks what has to change."],
  },
  // llama.cpp
  {
    status: 503,
    profiles: ["llamacpp"],
    title: "The model is still loading",
    detail: "llama.cpp answers 503 until the model is in memory.",
    advice: ["Wait until its log says that it listens, and send again."],
  },
  {
    status: [400, 500],
    profiles: ["llamacpp"],
    says: /^exceed_context_size_error$/,
    title: "The prompt is too long",
    detail: "The prompt does not fit into the context the server was started with.",
    advice: ["Shorten the prompt.", "Start llama-server with a larger context: -c <tokens>"],
  },
  {
    status: 500,
    profiles: ["llamacpp"],
    title: "llama.cpp failed, or does not know a field",
    detail: "Older builds answer 500 to a field they do not support, such as `best_of`, `suffix` or `echo`.",
    advice: ["Choose the llama.cpp profile: it marks what the server refuses.", "Look at the server's log."],
  },
  // TGI
  {
    status: 424,
    profiles: ["tgi"],
    title: "Generation failed",
    detail: "The model behind the server failed while it generated.",
    advice: ["Look at the server's log.", "Send again; if it fails again, shorten the prompt or lower `max_tokens`."],
  },
  {
    status: 422,
    profiles: ["tgi"],
    title: "TGI refused a value",
    detail:
      "It is stricter than others: `top_p` below 1 when sent, `stop` as a list of at most 4, `seed` not negative, no `suffix`.",
    advice: ["Choose the TGI profile: it marks what the server refuses."],
  },
  // OpenRouter
  {
    status: 403,
    profiles: ["openrouter"],
    title: "Refused by moderation",
    detail: "The chosen model demands moderation and the prompt was flagged, or the key may not use this model.",
    advice: ["Change the prompt or the model."],
  },
  {
    status: 502,
    profiles: ["openrouter"],
    title: "The provider failed",
    detail: "The provider behind the chosen model is down or gave an unusable answer.",
    advice: ["Send again: another provider may take over.", "Choose another model."],
  },
  {
    status: 503,
    profiles: ["openrouter"],
    title: "No provider fits",
    detail: "None of the providers that are up meets the demands of the request.",
    advice: ["Loosen `provider` preferences, or choose another model."],
  },
  // Fireworks
  {
    status: 412,
    profiles: ["fireworks"],
    title: "The account cannot run this",
    detail: "Fireworks answers 412 when a precondition of the account or the deployment is not met.",
    advice: ["Look at the account's billing state and at the deployment of the model."],
  },
  // vLLM and SGLang
  {
    status: 401,
    profiles: ["vllm", "sglang"],
    title: "The server wants another key",
    detail: "It was started with an API key, and this is not it.",
    advice: ["Enter the key given with --api-key when the server was started."],
  },
  {
    status: 404,
    profiles: ["vllm"],
    body: "model",
    title: "The server does not have this model",
    detail: "vLLM serves one model under the name it was started with.",
    advice: ["Take the name from the model list, or start the server with --served-model-name."],
  },
  // Anywhere
  {
    status: 400,
    title: "The server refused the request",
    detail: "It found a fault in the request.",
    advice: [
      "Change the field the message names, and send again.",
      "Choose the profile of this server to see what it refuses before sending.",
    ],
  },
  {
    status: 401,
    key: false,
    title: "The server wants a key",
    detail: "The request was sent without one.",
    advice: ["Enter your API key."],
  },
  {
    status: 401,
    title: "The key was not accepted",
    detail: "The server does not know the key, or the key is for something else.",
    advice: [
      "Check that the whole key was pasted, and that it belongs to this server.",
      "Make a new key if the old one was revoked.",
    ],
  },
  {
    status: 402,
    title: "Not enough credit",
    detail: "The account has to be topped up before the server answers.",
    advice: ["Look at the billing page of the service."],
  },
  {
    status: 403,
    body: "html",
    title: "A gateway blocked the request",
    detail: "The answer is a web page: a firewall in front of the server refused, not the server itself.",
    advice: ["Read the page below.", "Try from another network, or ask who runs the gateway."],
  },
  {
    status: 403,
    title: "Not allowed",
    detail: "The key is known but may not do this, or the server does not allow this page or your region.",
    advice: ["Check which models the key may use.", "Check the server's list of allowed origins."],
  },
  {
    status: 404,
    body: "model",
    title: "The server does not have this model",
    detail: "The path is right, but the model's name is not known there.",
    advice: ["Take a name from the model list.", "Check that this model does text completions, not chat alone."],
  },
  {
    status: 404,
    title: "Nothing at this path",
    detail: "The server is there but has nothing at /v1/completions, or does not have the model.",
    advice: [
      "Check the base URL: some services need a prefix, such as /api or /inference.",
      "Check that the server offers text completions: many offer chat alone.",
      "Check the model's name.",
    ],
  },
  {
    status: 405,
    title: "Wrong path",
    detail: "Something answers at this address but takes no POST there.",
    advice: ["Check the base URL: it must not point at a web page."],
  },
  {
    status: 408,
    title: "The server timed out",
    detail: "The request took longer than the server allows.",
    advice: ["Send again.", "Lower `max_tokens`."],
  },
  {
    status: 413,
    title: "The request is too large",
    detail: "The server, or a gateway in front of it, limits the size of a request body.",
    advice: ["Shorten the prompt.", "Raise the limit of the gateway (client_max_body_size in nginx)."],
  },
  {
    status: 415,
    title: "Not taken as JSON",
    detail: "The server did not accept the content type application/json.",
    advice: ["Check the base URL: this may be another kind of server."],
  },
  {
    status: 422,
    title: "The server refused a value",
    detail: "It could read the request but not accept it.",
    advice: ["Change the field the message names, and send again."],
  },
  {
    status: 423,
    title: "Locked",
    detail: "What the request needs is locked at the moment.",
    advice: ["Wait a few seconds and send again."],
  },
  {
    status: 425,
    title: "Too early",
    detail: "The server is not ready to process this request.",
    advice: ["Wait a few seconds and send again."],
  },
  {
    status: 429,
    title: "Too many requests",
    detail: "A limit of the account or of the server is reached, or the server is overloaded.",
    advice: ["Wait and send again.", "If it is the quota of the account, look at its limits."],
  },
  {
    status: 501,
    title: "Not supported",
    detail: "The server does not offer this function.",
    advice: ["Check that the server was started for text generation and supports completions."],
  },
  {
    status: [502, 504],
    body: "html",
    title: "The gateway did not get an answer",
    detail: "The answer is a gateway's page: the server behind it is down, starting, or too slow.",
    advice: [
      "Wait and send again.",
      "If it always stops after the same time, raise the gateway's read timeout, or ask for a stream.",
    ],
  },
  {
    status: 502,
    title: "Bad gateway",
    detail: "A server on the way got no usable answer from the one behind it.",
    advice: ["Wait and send again."],
  },
  {
    status: 503,
    title: "Not available",
    detail: "The server is overloaded, starting, or down for maintenance.",
    advice: ["Wait and send again."],
  },
  {
    status: 504,
    title: "Gateway timeout",
    detail: "A server on the way gave up waiting.",
    advice: ["Ask for a stream, so that the first byte comes earlier.", "Lower `max_tokens`."],
  },
  {
    status: 529,
    title: "Overloaded",
    detail: "The server has more requests than it can take.",
    advice: ["Wait and send again."],
  },
  {
    status: [500, 599],
    title: "The server failed",
    detail: "Something went wrong inside the server.",
    advice: [
      "Send again.",
      "If it fails each time, simplify the request: some servers answer 500 to a field they cannot handle.",
    ],
  },
  {
    status: [400, 499],
    title: "The server refused",
    detail: "It did not accept the request.",
    advice: ["Read its answer below."],
  },
];

const fallback: Rule = {
  status: [100, 999],
  title: "Unexpected status",
  detail: "This status means nothing for a completion.",
  advice: ["Check the base URL: this may be another kind of server."],
};

/** What is known of an answer whose status is not 2xx. `body` is at most the part that was read, without the key. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly profile: string;
  readonly hasKey: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Turns an HTTP refusal into words. */
export function explainRefusal(refusal: Refusal): Problem {
  const { status, body, profile, hasKey } = refusal;
  const error = readError(parse(body)?.value);
  const html = isHtml(body);
  const fits = (rule: Rule): boolean => {
    const [from, to] = typeof rule.status === "number" ? [rule.status, rule.status] : rule.status;
    if (status < from || status > to) return false;
    if (rule.profiles !== undefined && !rule.profiles.includes(profile)) return false;
    if (
      rule.says !== undefined &&
      ![error?.code, error?.type].some((word) => word !== undefined && rule.says?.test(word))
    )
      return false;
    if (rule.key !== undefined && rule.key !== hasKey) return false;
    if (rule.body === "empty") return body.trim() === "";
    if (rule.body === "html") return html;
    if (rule.body === "model") return error !== undefined && /model/i.test(`${error.message} ${error.code ?? ""}`);
    return true;
  };
  const rule = rules.find(fits) ?? fallback;
  const seconds = retryAfter(refusal.retryAfter, refusal.now);
  return {
    title: rule.title,
    detail: `HTTP ${status}. ${rule.detail}${quote(error, body, html)}`,
    advice: rule.advice,
    status,
    ...(body === "" ? {} : { raw: shown(body) }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

/** The server's own words, as a continuation of a sentence. */
function quote(error: ServerError | undefined, body: string, html: boolean): string {
  if (error !== undefined) {
    const about = error.param === undefined ? "" : ` (field ${error.param})`;
    const words =
      error.message !== "" ? error.message : [error.type, error.code].filter((word) => word !== undefined).join(", ");
    const upstream = error.upstream === undefined ? "" : ` The provider behind it says: “${error.upstream}”`;
    return words === "" ? upstream : ` The server says: “${words}”${about}.${upstream}`;
  }
  if (body.trim() === "") return " The answer has no body.";
  if (html) return " The answer is a web page.";
  return parse(body) === undefined ? ` The server says: “${short(body.trim())}”` : "";
}

export function isHtml(text: string): boolean {
  return text.trimStart().startsWith("<");
}

function shown(raw: string): string {
  return raw.length > rawUnits ? `${raw.slice(0, rawUnits)}…` : raw;
}

/** An error inside an answer whose status was 2xx: in the stream, or instead of it. */
export function explainErrorInAnswer(error: ServerError, raw: string, textArrived: boolean, status: number): Problem {
  const code = error.code !== undefined && /^[45]\d\d$/.test(error.code) ? ` It gives the status ${error.code}.` : "";
  return {
    title: textArrived ? "The server failed in mid-answer" : "The server answered with an error",
    detail: `The status was ${status}, but the answer holds an error.${quote(error, "", false).replace(" The answer has no body.", "")}${code}`,
    advice: [
      ...(textArrived ? ["What came before is kept."] : []),
      error.upstream === undefined
        ? "Read the message; if it names a field, change that and send again."
        : "The fault is with the provider behind the router: send again, or choose another model.",
    ],
    raw: shown(raw),
    status,
  };
}

/** A choice that the server ended by force, without an error beside it. */
export function explainAbort(rawReason: string, status: number): Problem {
  return {
    title: "The server gave up",
    detail: `It ended the answer with the finish reason “${rawReason}”, which stands for a failure, and gave no other reason.`,
    advice: ["What came before is kept.", "Send again; if it repeats, look at the server's log."],
    status,
  };
}

export function explainRedirect(status: number, location: string | null, url: string): Problem {
  let target = "";
  try {
    if (location !== null) target = new URL(location, url).href;
  } catch {
    // A location that is no URL says nothing more than that there was one.
  }
  return {
    title: "The server redirects",
    detail:
      target === ""
        ? "The server answered with a redirect. A browser does not tell a page where to. It was not followed, since the key would have gone there too."
        : `The server answered with a redirect to ${short(target)}. It was not followed, since the key would have gone there too.`,
    advice: [
      "Enter the address it leads to as the base URL, if you trust it. Often it is https in place of http, or a host with www.",
      "The curl command with -i shows the Location header.",
    ],
    ...(status === 0 ? {} : { status }),
  };
}

export function explainHtml(raw: string, status: number): Problem {
  return {
    title: "A web page instead of an answer",
    detail:
      "The server answered with HTML although the status says all is well. It is a login page, a captive portal, or the front page of a site.",
    advice: ["Check the base URL.", "Open the address in a tab: on a public network you may have to log in first."],
    raw: shown(raw),
    status,
  };
}

export function explainOllamaNative(raw: string, status: number): Problem {
  return {
    title: "Ollama's own format",
    detail:
      "The answer is one JSON object per line, as Ollama's /api/generate and /api/chat send it, not a completion.",
    advice: ["Use the base URL without /api, such as http://localhost:11434: the compatible path is /v1/completions."],
    raw: shown(raw),
    status,
  };
}

export function explainUnreadable(raw: string, contentType: string, status: number): Problem {
  return {
    title: "Not a completion",
    detail: `The status says all is well, but the answer is neither an event stream nor JSON of a completion${contentType === "" ? "" : ` (content type ${short(contentType)})`}.`,
    advice: ["Check the base URL.", "Read the answer below."],
    raw: shown(raw),
    status,
  };
}

export function explainEmpty(status: number, contentType: string, profile: string, streamed: boolean): Problem {
  const html = contentType.startsWith("text/html") ? " It is labelled as a web page." : "";
  return {
    title: "Empty answer",
    detail: `The server answered with status ${status} and closed the connection properly, but sent neither text nor an error.${html}`,
    advice: [
      ...(profile === "ollama" && streamed
        ? ["Ollama loses the text of errors that happen while it streams: look at its log."]
        : []),
      ...(profile === "atoma" && streamed ? ["The relay drops what it cannot read."] : []),
      streamed
        ? "Send again with streaming off: many servers then tell the reason."
        : "Send again, and look at the server's log.",
    ],
    status,
  };
}

export function explainEndedEarly(unfinished: number, expected: number, profile: string, status: number): Problem {
  const which =
    expected === 1 ? "the answer has no finish reason" : `${unfinished} of ${expected} choices have no finish reason`;
  return {
    title: "The answer ended early",
    detail: `The connection was closed properly, but ${which}, so text may be missing.`,
    advice: [
      ...(profile === "atoma" ? ["The relay closes the stream like this when it loses the node: send again."] : []),
      ...(profile === "llamacpp" || profile === "ollama"
        ? ["The server ends like this after a failure of its own: look at its log."]
        : []),
      "What came is kept.",
    ],
    status,
  };
}

/** The connection failed after the response head. */
export function explainBroken(textArrived: boolean, status: number): Problem {
  return {
    title: textArrived ? "The connection broke" : "The connection broke before any text",
    detail:
      "The connection was cut before the answer was complete: the server crashed, a gateway closed it, or the network was lost.",
    advice: [
      ...(textArrived ? ["What came before is kept."] : []),
      "Send again. If it always breaks after the same time, a gateway has a time limit; if always at the same place, look at the server's log.",
    ],
    status,
  };
}

export function explainTruncated(raw: string, textArrived: boolean, status: number): Problem {
  return {
    title: "The answer was cut off",
    detail: "The connection was closed properly, but in the middle of a message.",
    advice: [
      ...(textArrived ? ["What came before is kept."] : []),
      "Send again. A gateway with a size limit does this too.",
    ],
    raw: shown(raw),
    status,
  };
}

/** A message of the stream that begins like a chunk and is no JSON: text may be lost with it. */
export function explainDamaged(raw: string, textArrived: boolean, status: number): Problem {
  return {
    title: "The server sent a damaged message",
    detail:
      "One message of the stream is no JSON, though it begins like it, so a part of the answer is lost. Reading was stopped there.",
    advice: [
      ...(textArrived ? ["What came before is kept."] : []),
      "Send again. If it repeats, something on the way may cut or change the stream: ask the server without it.",
    ],
    raw: shown(raw),
    status,
  };
}

export function explainTooLarge(limit: number, status: number): Problem {
  return {
    title: "The answer is too large",
    detail: `A single message of the answer is larger than ${limit >> 20} MiB, so reading was stopped.`,
    advice: ["Lower `logprobs`, `n` or `max_tokens`."],
    status,
  };
}

export function explainBadKey(fault: string): Problem {
  return {
    title: "This key cannot be sent",
    detail: `${fault} Nothing was sent.`,
    advice: ["Copy the key again, from the page that issued it, and paste it alone."],
  };
}
