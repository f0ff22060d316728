import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState, type Extension, type Text } from "@codemirror/state";

// The search for a bracket's partner reads lines whole, at every key: one of a megabyte would be felt.
const longestLine = 20_000;

const matching = new Compartment();

/** Marks the bracket that belongs to the one at the cursor, where lines have a length that people write. */
export function matchedBrackets(doc: Text): Extension {
  return [
    matching.of(wanted(doc)),
    EditorState.transactionExtender.of((transaction) => {
      if (!transaction.docChanged) return null;
      const now = wanted(transaction.newDoc);
      return now === matching.get(transaction.startState) ? null : { effects: matching.reconfigure(now) };
    }),
  ];
}

const on = bracketMatching();
const off: Extension = [];

function wanted(doc: Text): Extension {
  // A text that is no longer than its longest line may be is not read.
  if (doc.length <= longestLine) return on;
  const lines = doc.iterLines();
  for (const line of lines) if (line.length > longestLine) return off;
  return on;
}
