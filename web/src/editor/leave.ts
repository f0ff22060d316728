import { EditorSelection, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/**
 * Lets the focus go. Where a line wraps, CodeMirror puts the caret on its side of the break a frame later, even when the
 * focus has moved on meanwhile, and with the caret the focus comes back. A caret without a side is left alone.
 */
export const letFocusGo: Extension = EditorView.domEventHandlers({
  blur(_, view) {
    // Not within an update that may be under way.
    queueMicrotask(() => {
      const { main } = view.state.selection;
      if (!view.hasFocus && main.empty && main.assoc !== 0)
        view.dispatch({ selection: EditorSelection.cursor(main.head) });
    });
  },
});
