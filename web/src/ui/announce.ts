import { countIssues, describeCounts } from "../model/counts.ts";
import type { Store } from "../state/store.ts";

// A person types on; only where the count of issues comes to rest is it worth saying.
const announceAfter = 1200;

/** How long a message stays at the text's foot, in milliseconds: time to read two lines. */
const noticeStays = 8000;

/** Takes messages from the text's foot once they could be read. */
export function clearNotices(store: Store, signal: AbortSignal): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const end = store.subscribe(({ editor: { notice } }, { editor: before }) => {
    if (notice === before.notice) return;
    clearTimeout(waiting);
    if (notice !== "") waiting = setTimeout(() => store.change({ editor: { notice: "" } }), noticeStays);
  });
  signal.addEventListener("abort", () => {
    end();
    clearTimeout(waiting);
  });
}

/** Says how many problems there are, to those who hear the page, whenever that has changed. */
export function announceCounts(store: Store, signal: AbortSignal): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const end = store.subscribe(({ text: { result } }, { text: before }) => {
    if (!result || result === before.result) return;
    const counts = describeCounts(countIssues(result));
    if (before.result && counts === describeCounts(countIssues(before.result))) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => store.change({ view: { announcement: counts } }), announceAfter);
  });
  signal.addEventListener("abort", () => {
    end();
    clearTimeout(waiting);
  });
}
