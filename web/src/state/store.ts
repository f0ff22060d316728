import { type CoreSlice, initialCore } from "./core.ts";
import { type EditorSlice, initialEditor } from "./editor.ts";
import { type EndpointSlice, initialEndpoint } from "./endpoint.ts";
import { initialKeep, type KeepSlice } from "./keep.ts";
import { initialRuns, type RunsSlice } from "./runs.ts";
import { initialText, type TextSlice } from "./text.ts";
import { initialView, type ViewSlice } from "./view.ts";

/**
 * All that the page shows, except the text itself (the editor owns it) and the keys (the vault owns them, so that a
 * state that is printed or saved by mistake holds none). Members that change together share a slice, so that an area is
 * drawn anew for what it shows and for nothing else.
 */
export interface State {
  readonly endpoint: EndpointSlice;
  readonly core: CoreSlice;
  readonly text: TextSlice;
  readonly editor: EditorSlice;
  readonly runs: RunsSlice;
  readonly view: ViewSlice;
  readonly keep: KeepSlice;
}

export const initialState: State = {
  endpoint: initialEndpoint,
  core: initialCore,
  text: initialText,
  editor: initialEditor,
  runs: initialRuns,
  view: initialView,
  keep: initialKeep,
};

/** New values for some members of some slices. */
export type StateChange = { readonly [Name in keyof State]?: Partial<State[Name]> };

export type StateListener = (state: State, before: State) => void;

/** Holds the state; every change goes through `change`, and every listener sees every change. */
export class Store {
  #state: State;
  readonly #listeners = new Set<StateListener>();

  constructor(initial: State = initialState) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /**
   * Replaces the given members, all at once. A slice none of whose members really changed stays the same object; where
   * all stay, no listener runs. Listeners run before this returns.
   */
  change(change: StateChange): void {
    const before = this.#state;
    let after = before;
    for (const name of Object.keys(change) as (keyof State)[]) {
      const slice = merged(before[name], change[name]);
      if (slice !== before[name]) after = { ...after, [name]: slice };
    }
    if (after === before) return;
    this.#state = after;
    for (const listener of this.#listeners) listener(after, before);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The slice with the members replaced; the slice itself where they are what they were. */
function merged<Slice extends object>(slice: Slice, members: Partial<Slice> | undefined): Slice {
  if (members === undefined) return slice;
  const differs = (Object.keys(members) as (keyof Slice)[]).some((key) => members[key] !== slice[key]);
  return differs ? { ...slice, ...members } : slice;
}
