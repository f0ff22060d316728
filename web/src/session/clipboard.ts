import type { Store } from "../state/store.ts";

/** Copies a text and says at the text's foot and to those who hear the page what came of it; `what` begins the sentence. */
export async function copy(store: Store, text: string, what: string): Promise<void> {
  const said = await navigator.clipboard.writeText(text).then(
    () => `${what} is copied.`,
    () => "The browser did not let the page copy.",
  );
  store.change({ editor: { notice: said }, view: { announcement: said } });
}
