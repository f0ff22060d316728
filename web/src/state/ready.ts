import { stringValue } from "../model/json-value.ts";
import type { EndpointSlice, OwnHeader } from "./endpoint.ts";
import type { TextSlice } from "./text.ts";

/** What a request still needs, though its text is in order. */
export interface Lack {
  /** A sentence without full stop. */
  readonly words: string;
  /** What mends it: a box to fill, and the value where one is known. */
  readonly box: "base" | "key" | "model";
  readonly value?: string;
}

/** Whether a server that wants a key is given none, neither as such nor in a header of the person's own. */
export function lacksKey({ chosen, hasKey, headers }: Pick<EndpointSlice, "chosen" | "hasKey" | "headers">): boolean {
  return chosen.keyNeeded === "yes" && !hasKey && !headers.some(({ hasValue }) => hasValue);
}

/** Why the first header that cannot be sent cannot, as a sentence; "" where all can. */
export function headerFault(headers: readonly OwnHeader[]): string {
  const fault = headers.find((header) => header.fault !== "")?.fault ?? "";
  return fault === "" ? "" : `${fault}.`;
}

/** The models that only the built-in model has are all named so. */
const demoNames = /^demo-/;

/** What is surely missing for this endpoint to answer; undefined for nothing that is known. */
export function lackOf(endpoint: EndpointSlice, { result }: TextSlice): Lack | undefined {
  const { chosen, address, models } = endpoint;
  if (chosen.builtIn) return undefined;
  if (chosen.base === "") return { words: "No server is named", box: "base" };
  if (lacksKey(endpoint)) return { words: `${chosen.title} wants an API key`, box: "key" };
  const model = stringValue(result?.members.find(({ field }) => field === "model")?.json);
  const here = address !== undefined && "origin" in address && address.origin === location.origin;
  if (model === undefined || !demoNames.test(model) || models.includes(model) || here || chosen.id === "gateway")
    return undefined;
  const value = chosen.model ?? (models.length === 1 ? models[0] : undefined);
  return {
    words: `${model} is a model of the built-in demo`,
    box: "model",
    ...(value === undefined ? {} : { value }),
  };
}
