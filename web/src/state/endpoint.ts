import type { Addresses, BaseFault } from "../model/address.ts";
import { demoEndpoint, type EndpointChoice } from "./choices.ts";

/** Where requests go and by whose rules. The key itself is in the vault alone; this only knows whether there is one. */
export interface EndpointSlice {
  readonly chosen: EndpointChoice;
  /** What its base stands for; undefined until the core has said it. */
  readonly address: Addresses | BaseFault | undefined;
  /** All that can be chosen. */
  readonly choices: readonly EndpointChoice[];
  /** What the endpoint says it serves; empty until it was asked. */
  readonly models: readonly string[];
  readonly hasKey: boolean;
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
  hasKey: false,
  keyBox: 0,
  keyForTab: false,
  keyWarning: "",
};
