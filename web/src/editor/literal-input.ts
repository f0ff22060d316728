import { insertBracket } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";
import { longestRead } from "./complete.ts";
import { openAtEnd } from "./place.ts";

/**
 * Quotes and brackets close themselves only where they open something: inside strings and comments they are letters like
 * others, and a quote behind a backslash closes nothing. Stands before closeBrackets().
 */
export const literalInput = EditorView.inputHandler.of((view, from, to, text, insert) => {
  if ((text !== '"' && text !== "{" && text !== "[") || from !== to) return false;
  if (view.state.selection.ranges.length > 1) return false;
  const open = from > longestRead ? undefined : openAtEnd(view.state.sliceDoc(0, from));
  if (open?.kind === "code") return false;
  if (open?.kind === "string" && open.quote === text && !open.escaped) {
    // Over the quote that closed itself one types; any other is a letter.
    const over = insertBracket(view.state, text);
    if (over && over.newDoc.length === view.state.doc.length) return false;
  }
  view.dispatch(insert());
  return true;
});
