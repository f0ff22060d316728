import { stringValue } from "../model/json-value.ts";
import type { EndpointSlice } from "./endpoint.ts";
import type { TextSlice } from "./text.ts";

/** What a request still needs, though its text is in order. */
export interface Lack {
  /** A sentence without full stop. */
  readonly words: string;
  /** What mends it: a box to fill, and the value where one is known. */
  readonly box: "base" | "key" | "model";
  readonly value?: string;
}

/** The models that only the built-in model has are all named so. */
const demoNames = /^demo-/;

/** What is surely missing for this endpoint to answer; undefined for nothing that is known. */
export function lackOf(
  { chosen, address, hasKey, headers, models }: EndpointSlice,
  { result }: TextSlice,
): Lack | undefined {
  if (chosen.builtIn) return undefined;
  if (chosen.base === "") return { words: "No server is named", box: "base" };
  if (chosen.keyNeeded === "yes" && !hasKey && !headers.some(({ hasValue }) => hasValue))
    return { words: `${chosen.title} wants an API key`, box: "key" };
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
