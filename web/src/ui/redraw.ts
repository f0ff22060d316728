import type { DirectiveResult } from "lit/directive.js";
import { guard } from "lit/directives/guard.js";
import type { State } from "../state/store.ts";

/**
 * Draws a view anew only when one of its slices has changed, or one of `others`. A view that reads a slice which is not
 * named here does not compile.
 */
export function drawnFrom<Name extends keyof State>(
  state: State,
  names: readonly Name[],
  draw: (slices: Pick<State, Name>) => unknown,
  others: readonly unknown[] = [],
): DirectiveResult {
  return guard([...names.map((name) => state[name]), ...others], () => draw(state));
}
