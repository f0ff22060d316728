// The script of frame.html: the element for pages that hold it in an <iframe>, sandboxed or not. Its address gives the
// attributes. It tells the page around its height, and takes theme and request from it; web/docs/embed.md has the messages.

import { type Attribute, properties } from "./attributes.ts";
import type { CompletionPlayground } from "./element.ts";

/** What a page around may set by the address. What belongs to a page of its own is left out. */
const allowed = (Object.keys(properties) as Attribute[]).filter(
  (name) => name !== "gateway" && name !== "page" && name !== "keep",
);

const element = document.querySelector("completion-playground") as CompletionPlayground;
const query = new URLSearchParams(location.search);
const given = [query, new URLSearchParams(location.hash.slice(1))];

for (const name of allowed)
  for (const each of given) if (each.has(name)) element.setAttribute(name, each.get(name) ?? "");

/** The origin whose messages count: the one that the address names, or that of the page that the frame was opened by. */
const host = originOf(query.get("parent") ?? document.referrer);

function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return "";
  }
}

// How high it is tells nothing that the page around could not see.
const tellHeight = (): void =>
  parent.postMessage(
    { type: "completion-playground:height", height: Math.ceil(element.getBoundingClientRect().height) },
    "*",
  );
new ResizeObserver(tellHeight).observe(element);

addEventListener("message", ({ source, origin, data }: MessageEvent<unknown>) => {
  if (source !== parent || origin !== host || host === "" || typeof data !== "object" || data === null) return;
  const { type, theme, request } = data as Record<string, unknown>;
  if (type === "completion-playground:theme" && (theme === "auto" || theme === "light" || theme === "dark"))
    element.setAttribute("theme", theme);
  if (type === "completion-playground:request") {
    if (typeof request === "string") element.setAttribute("value", request);
    else if (typeof request === "object" && request !== null && !Array.isArray(request))
      element.setAttribute("value", JSON.stringify(request, null, 2));
  }
});
