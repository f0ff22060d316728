import {
  acceptCompletion,
  autocompletion,
  type Completion,
  CompletionContext,
  type CompletionResult,
  closeCompletion,
  completionStatus,
  insertCompletionText,
  moveCompletionSelection,
  startCompletion,
} from "@codemirror/autocomplete";
import { type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { type Command, type EditorView, keymap } from "@codemirror/view";
import type { CheckResult } from "../model/verdict.ts";
import { documentation } from "./field-docs.ts";
import { type Offer, offersAt, wantsModels } from "./offers.ts";
import { type Place, placeAtEnd } from "./place.ts";

/** What completion knows besides the schema. */
export interface CompletionSources {
  result(): CheckResult | undefined;
  /** Resolves with the verdict on the text as it is now; undefined where that is there. */
  checked(): Promise<unknown> | undefined;
  /** The endpoint's models, as far as they are known. */
  models(): readonly string[];
  /** Asks the server for them where that has not been done. */
  loadModels(): Promise<unknown>;
}

/** Beyond this many UTF-16 units before the cursor, a keystroke would be felt. */
export const longestRead = 200_000;

// A word this far before the cursor is no half-typed name.
const longestWord = 200;

/** How long a list waits for the verdict, in milliseconds. */
const verdictPatience = 500;

/** What was done last: a list that was asked for may be taken with Enter, one that came with the typing may not. */
type Intent = "none" | "typing" | "asked";

const setIntent = StateEffect.define<Intent>();

const intent = StateField.define<Intent>({
  create: () => "none",
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setIntent)) return effect.value;
    if (transaction.docChanged)
      return transaction.isUserEvent("input.type") || transaction.isUserEvent("delete.backward") ? "typing" : "none";
    return transaction.selection ? "none" : value;
  },
});

/** Completes names of fields, and values that can be listed, with the schema's own descriptions. */
export function completion(sources: CompletionSources): Extension {
  const take = (view: EditorView): boolean => {
    if (completionStatus(view.state) === "active" && acceptCompletion(view)) return true;
    // The list may still be on its way; what it will begin with is known.
    const asked = view.state.field(intent) === "asked";
    const result = resultAt(new CompletionContext(view.state, view.state.selection.main.head, asked), sources);
    const first = result?.options[0];
    if (!result || !first) return false;
    const end = result.to ?? view.state.selection.main.head;
    view.dispatch(insertCompletionText(view.state, String(first.apply), result.from, end));
    closeCompletion(view);
    return true;
  };
  const ask: Command = (view) => {
    view.dispatch({ effects: setIntent.of("asked") });
    return startCompletion(view);
  };
  const choose = (forward: boolean, by?: "page"): Command => {
    const move = moveCompletionSelection(forward, by);
    return (view) => {
      if (!move(view)) return false;
      view.dispatch({ effects: setIntent.of("asked") });
      return true;
    };
  };
  return [
    intent,
    autocompletion({
      override: [(context) => complete(context, sources)],
      icons: false,
      defaultKeymap: false,
      interactionDelay: 0,
      // The style sheet puts the documentation below the list, where there is room for it at every width.
      positionInfo: () => ({}),
    }),
    Prec.highest(
      keymap.of([
        { key: "Ctrl-Space", run: ask },
        { mac: "Alt-`", run: ask },
        { mac: "Alt-i", run: ask },
        {
          key: "Escape",
          run: (view) => {
            if (view.state.field(intent) !== "none") view.dispatch({ effects: setIntent.of("none") });
            return closeCompletion(view);
          },
        },
        { key: "ArrowDown", run: choose(true) },
        { key: "ArrowUp", run: choose(false) },
        { key: "PageDown", run: choose(true, "page") },
        { key: "PageUp", run: choose(false, "page") },
        { key: "Enter", run: (view) => view.state.field(intent) === "asked" && take(view) },
        // Where there is nothing to complete, Tab is left to the browser: a keyboard must be able to leave the text.
        { key: "Tab", run: (view) => view.state.field(intent) !== "none" && take(view) },
      ]),
    ),
  ];
}

function complete(
  context: CompletionContext,
  sources: CompletionSources,
): CompletionResult | null | Promise<CompletionResult | null> {
  // The form changes the text too, with nobody at the cursor.
  if (context.view && !context.view.hasFocus) return null;
  const place = placeIn(context);
  if (place && wantsModels(place) && sources.models().length === 0)
    return sources.loadModels().then(() => resultAt(context, sources));
  // What is there already is left out. A slow machine knows of that a moment after the letter.
  const checked = place && sources.checked();
  if (!checked) return resultAt(context, sources);
  const enough = new Promise((resolve) => setTimeout(resolve, verdictPatience));
  return Promise.race([checked, enough]).then(() => resultAt(context, sources));
}

function placeIn({ state, pos, explicit }: CompletionContext): Place | undefined {
  if (pos > longestRead) return undefined;
  const line = state.doc.lineAt(pos);
  const before = state.sliceDoc(Math.max(line.from, pos - longestWord), pos);
  if (!explicit && !/["'\p{L}\p{N}_$.-]$/u.test(before)) return undefined;
  const place = placeAtEnd(state.sliceDoc(0, pos));
  if (!place || pos - place.from > longestWord || (place.from === pos && !explicit)) return undefined;
  return place;
}

function resultAt(context: CompletionContext, sources: CompletionSources): CompletionResult | null {
  const { state, pos, explicit } = context;
  const place = placeIn(context);
  if (!place) return null;
  const result = sources.result();
  const after = state.sliceDoc(pos, pos + longestWord);
  const rest = place.quote
    ? new RegExp(`^[^"'\\s,:{}[\\]]*${place.quote}`).exec(after)?.[0]
    : /^[\p{L}\p{N}_$]+/u.exec(after)?.[0];
  const to = pos + (rest?.length ?? 0);
  const offers = offersAt(place, {
    typed: state.sliceDoc(place.from + place.quote.length, pos),
    asked: explicit,
    closed: place.quote !== "" && rest !== undefined,
    colon: /^\s*:/.test(after.slice(to - pos)),
    bare: result?.dialect === "javascript" && place.quote === "",
    present: new Set(result?.members.map((member) => member.field)),
    models: sources.models(),
  });
  if (offers.length === 0) return null;
  return {
    from: place.from,
    to,
    filter: false,
    options: offers.map(completionOf),
    getMatch: (chosen) => offers.find((offer) => offer.shown === chosen.displayLabel)?.match ?? [],
    update: (_result, _from, _to, next) => resultAt(next, sources),
  };
}

function completionOf({ shown, insert, detail, field }: Offer): Completion {
  return {
    label: insert,
    displayLabel: shown,
    apply: insert,
    type: field ? "property" : "constant",
    ...(detail !== "" && { detail }),
    ...(field && { info: () => documentation(field) }),
  };
}
