import type { Addresses, BaseFault } from "../model/address.ts";
import type { Detected } from "../model/detected.ts";
import { demoEndpoint, type EndpointChoice } from "./choices.ts";
import type { ProbeState } from "./probe.ts";

/** A header of the person's own, as it stands in its boxes. */
export interface OwnHeader {
  readonly name: string;
  readonly hasValue: boolean;
  /** Why it cannot be sent, as a sentence without full stop; "" where it can, or is still empty. */
  readonly fault: string;
}

/** Where requests go and by whose rules. The key itself is in the vault alone; this only knows whether there is one. */
export interface EndpointSlice {
  readonly chosen: EndpointChoice;
  /** What its base stands for; undefined until the core has said it. */
  readonly address: Addresses | BaseFault | undefined;
  /** All that can be chosen. */
  readonly choices: readonly EndpointChoice[];
  /** What the endpoint says it serves; empty until it was asked. */
  readonly models: readonly string[];
  /** What it says of itself; undefined until it was asked. */
  readonly found: Detected | undefined;
  /** The suggestion that follows from it was put away. */
  readonly foundTold: boolean;
  /** The versions of such a server where its rules change, oldest first; undefined until they were asked for. */
  readonly versions: readonly string[] | undefined;
  /** What was found out by asking it; undefined until that was thought of. */
  readonly probe: ProbeState | undefined;
  readonly hasKey: boolean;
  /** The headers of the person's own, without their values, which are in the vault alone. */
  readonly headers: readonly OwnHeader[];
  /** Grows whenever the key box has to be empty: what stands in it belongs to a server that was left, or is forgotten. */
  readonly keyBox: number;
  readonly keyForTab: boolean;
  /** A warning that a key is set and the endpoint's host has changed; "" otherwise. */
  readonly keyWarning: string;
}

export const initialEndpoint: EndpointSlice = {
  chosen: demoEndpoint(),
  address: undefined,
  choices: [],
  models: [],
  found: undefined,
  foundTold: false,
  versions: undefined,
  probe: undefined,
  hasKey: false,
  headers: [],
  keyBox: 0,
  keyForTab: false,
  keyWarning: "",
};

/** Whether a box for the key is in the way: the key is optional, and the server answered without one. */
export function worksWithoutKey({ chosen, hasKey, found }: EndpointSlice): boolean {
  return chosen.keyNeeded === "optional" && !hasKey && (found?.models.length ?? 0) > 0 && !found?.refused;
}
