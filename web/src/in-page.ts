// The script of index.html, which has the element all to itself: a link to the page can carry a request behind its "#",
// where no server sees it. It is taken out of the address, so that a reload brings back what was made of it since.

import type { CompletionPlayground } from "./element.ts";

const element = document.querySelector("completion-playground") as CompletionPlayground;

/** Names of servers and rules, and no address: that is not for a link to choose. */
const named = { endpoint: /^[a-z0-9]{1,32}$/, profile: /^[a-z0-9]{1,32}(@[\w.-]{1,32})?$/ };

function take(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const text = given.get("value");
  if (text === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  for (const [name, pattern] of Object.entries(named)) {
    const value = given.get(name);
    if (value !== null && pattern.test(value)) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
  element.value = text;
}

take();
addEventListener("hashchange", take);
