import type { Check, Problem } from "../model/problem.ts";
import type { Fetch } from "../model/request.ts";
import type { Clock } from "./clock.ts";
import { demoBase } from "./endpoints.ts";
import { explain } from "./failures.ts";

export type LocalNetworkPermission = "granted" | "denied" | "prompt" | "unknown";

/** What the checklist may ask about the page. */
export interface Surroundings {
  /** navigator.onLine; undefined where unknown. */
  readonly online: boolean | undefined;
  readonly pageUrl: string;
  readonly secureContext: boolean;
  /** The browser's own fetch, for a probe without key and without preflight. */
  readonly fetch: Fetch;
  /** State of the permission "local-network-access"; "unknown" where the browser has none. */
  localNetworkPermission(): Promise<LocalNetworkPermission>;
}

/** Reads the surroundings from a window. */
export function surroundingsOf(scope: {
  readonly navigator: { readonly onLine: boolean; readonly permissions?: Pick<Permissions, "query"> };
  readonly location: { readonly href: string };
  readonly isSecureContext: boolean;
  readonly fetch: Fetch;
}): Surroundings {
  return {
    get online() {
      return scope.navigator.onLine;
    },
    pageUrl: scope.location.href,
    secureContext: scope.isSecureContext,
    fetch: (url, init) => scope.fetch(url, init),
    localNetworkPermission: async () => {
      try {
        // The name is newer than the type, and browsers without it throw.
        const status = await scope.navigator.permissions?.query({ name: "local-network-access" as PermissionName });
        return status?.state ?? "unknown";
      } catch {
        return "unknown";
      }
    },
  };
}

/** Where an address lies, as far as its spelling tells: a name that resolves to a private address counts as public. */
export function addressSpace(url: string): "loopback" | "local" | "public" {
  let host: string;
  try {
    host = new URL(url).hostname.toLowerCase();
  } catch {
    return "public";
  }
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  if (host.endsWith(".local")) return "local";
  if (host.startsWith("[")) return ipv6Space(host.slice(1, -1));
  const parts = host.split(".").map(Number);
  return parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)
    ? ipv4Space(parts)
    : "public";
}

function ipv4Space([a = 0, b = 0]: readonly number[]): "loopback" | "local" | "public" {
  // 0.0.0.0 reaches the own machine wherever it reaches anything.
  if (a === 127 || a === 0) return "loopback";
  const privateBlock = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
  const linkLocal = a === 169 && b === 254;
  const carrierNat = a === 100 && b >= 64 && b < 128;
  return privateBlock || linkLocal || carrierNat ? "local" : "public";
}

function ipv6Space(address: string): "loopback" | "local" | "public" {
  if (address === "::1" || address === "::") return "loopback";
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped?.[1] !== undefined) {
    const high = Number.parseInt(mapped[1], 16);
    return ipv4Space([high >> 8, high & 0xff]);
  }
  // fc00::/7 unique local, fe80::/10 link-local
  return /^f[cd]|^fe[89ab]/.test(address) ? "local" : "public";
}

const probeMs = 5_000;

export interface Unreachable {
  readonly url: string;
  readonly profile: string;
  readonly hasKey: boolean;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * What can be said at once about a request that failed without any answer; `checklist` says more a moment later.
 * `words` is what the failure calls itself, without the key; browsers say little more than "Failed to fetch".
 */
export function explainUnreachable(url: string, words: string, hasChecklist: boolean): Problem {
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  if (origin === demoBase) return explain("demo-failed", { values: { words } });
  return explain("unreachable", { flags: { checklist: hasChecklist }, values: { origin, words } });
}

/**
 * Tests what can be tested about a server that could not be reached. Sends at most one request: a GET of the origin's
 * root in no-cors mode, which needs no preflight and carries neither key nor body. That it succeeds means that
 * something answers there, even if the page may not read it.
 */
export async function checklist(question: Unreachable): Promise<readonly Check[]> {
  const { url, profile, hasKey, surroundings } = question;
  const target = new URL(url);
  const page = new URL(surroundings.pageUrl);
  const targetSpace = addressSpace(url);
  const pageSpace = page.protocol === "file:" ? "loopback" : addressSpace(surroundings.pageUrl);
  const permission = targetSpace === "public" ? "unknown" : await surroundings.localNetworkPermission();
  const mixed = mixedContent(target, targetSpace, page, permission);
  const reachable = mixed.state === "bad" ? undefined : await probe(target, question);
  return [
    online(surroundings.online, targetSpace),
    mixed,
    localNetwork(targetSpace, pageSpace, surroundings.secureContext, permission),
    answering(target, reachable),
    crossOrigin(profile, hasKey, page.origin, reachable),
  ];
}

function online(state: boolean | undefined, space: "loopback" | "local" | "public"): Check {
  const label = "This computer is online";
  if (state === undefined) return { label, state: "unknown", detail: "The browser does not tell." };
  if (state) return { label, state: "ok", detail: "The browser says so, which means only that there is some network." };
  if (space === "loopback")
    return {
      label,
      state: "unknown",
      detail: "The browser says it is offline, which does not matter for a server on this computer.",
    };
  return { label, state: "bad", detail: "The browser says there is no network." };
}

function mixedContent(
  target: URL,
  space: "loopback" | "local" | "public",
  page: URL,
  permission: LocalNetworkPermission,
): Check {
  const label = "The page may use http";
  if (target.protocol !== "http:") return { label, state: "ok", detail: "The server is addressed by https." };
  if (page.protocol !== "https:") return { label, state: "ok", detail: "The page itself did not come by https." };
  if (space === "loopback") {
    return {
      label,
      state: "ok",
      detail: "A page on https may call a server on this computer by http, except in older versions of Safari.",
    };
  }
  if (space === "local" && permission !== "unknown") {
    return {
      label,
      state: "unknown",
      detail: "This browser allows http to the local network only once its permission is granted.",
    };
  }
  return {
    label,
    state: "bad",
    detail:
      "A page on https may not call this address by http (mixed content). Use https there, or run the page from this computer.",
  };
}

function localNetwork(
  target: "loopback" | "local" | "public",
  page: "loopback" | "local" | "public",
  secure: boolean,
  permission: LocalNetworkPermission,
): Check {
  const label = "The page may reach the local network";
  if (target === "public") return { label, state: "ok", detail: "The address is a public one." };
  if (page === "loopback" || (page === "local" && target === "local"))
    return { label, state: "ok", detail: "The page comes from there itself." };
  if (!secure)
    return {
      label,
      state: "bad",
      detail:
        "A page from a public address without https may not call local servers in Chrome. Open the page by https.",
    };
  switch (permission) {
    case "granted":
      return { label, state: "ok", detail: "The permission is granted." };
    case "denied":
      return {
        label,
        state: "bad",
        detail: "The permission is denied. Allow local network access in the site settings beside the address bar.",
      };
    case "prompt":
      return {
        label,
        state: "unknown",
        detail: "The browser asks for permission: answer its question and send again.",
      };
    case "unknown":
      return { label, state: "unknown", detail: "This browser cannot be asked." };
  }
}

function answering(target: URL, reachable: boolean | undefined): Check {
  const label = `Something answers at ${target.host}`;
  if (reachable === undefined) return { label, state: "unknown", detail: "Not tried, since the browser would refuse." };
  if (reachable) return { label, state: "ok", detail: "A plain request without key got an answer." };
  return {
    label,
    state: "bad",
    detail:
      "A plain request without key got none either: the server is not running, the name or port is wrong, its certificate is not trusted, or the browser refuses.",
  };
}

function crossOrigin(profile: string, hasKey: boolean, pageOrigin: string, reachable: boolean | undefined): Check {
  const label = "The server lets this page read its answers (CORS)";
  if (reachable !== true) return { label, state: "unknown", detail: "That shows only once something answers." };
  const why =
    profile === "vllm" || profile === "sglang"
      ? `This server leaves the headers out when the key is wrong or missing: check the key first.`
      : profile === "ollama"
        ? `Start it with OLLAMA_ORIGINS=${pageOrigin}`
        : profile === "tgi" && hasKey
          ? "This server does not let pages send a key: empty the key field."
          : `It has to allow the origin ${pageOrigin} and the headers Authorization and Content-Type.`;
  return {
    label,
    state: "bad",
    detail: `Something answers, but the page got nothing to read, so this is the likely cause. ${why}`,
  };
}

async function probe(target: URL, { surroundings, clock, signal }: Unreachable): Promise<boolean> {
  const timer = new AbortController();
  const ended = AbortSignal.any([signal, timer.signal]);
  const timeout = clock.sleep(probeMs, ended).then(
    () => timer.abort(),
    () => {},
  );
  try {
    const response = await surroundings.fetch(`${target.origin}/`, {
      method: "GET",
      mode: "no-cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      // no-cors allows nothing else; there is no secret that could go along.
      redirect: "follow",
      signal: ended,
    });
    response.body?.cancel().catch(() => {});
    return true;
  } catch {
    return false;
  } finally {
    timer.abort();
    await timeout;
  }
}
