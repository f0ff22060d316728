import { EditorView } from "@codemirror/view";

/**
 * Replaces a selection by what is typed over it without leaving the work to the browser: Chromium merges the lines with
 * inline styles, which the page's Content-Security-Policy reports as a violation each time.
 */
export const overtype = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data } = event;
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.isComposing || data === null || empty) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
