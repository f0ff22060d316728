import type { EventLog, RunEvent } from "../model/answer.ts";
import { isRecord, member, parse } from "./json.ts";

const eventsKept = 2_000;
const unitsKept = 8 << 20;
const unitsPerEvent = 64 << 10;

/** The log while it is written. */
export class EventRing implements EventLog {
  #events: RunEvent[] = [];
  #first = 0;
  #units = 0;
  #total = 0;
  #recent: readonly RunEvent[] | undefined;

  get total(): number {
    return this.#total;
  }

  get dropped(): number {
    return this.#total - (this.#events.length - this.#first);
  }

  recent(): readonly RunEvent[] {
    this.#recent ??= this.#events.slice(this.#first);
    return this.#recent;
  }

  add(kind: RunEvent["kind"], name: string, data: string, atMs: number): void {
    const cut = data.length > unitsPerEvent;
    const kept = cut ? detached(data.slice(0, unitsPerEvent)) : data;
    this.#events.push({ number: this.#total++, atMs, kind, name: name.slice(0, 100), data: kept, cut });
    this.#units += kept.length;
    while (this.#events.length - this.#first > eventsKept || this.#units > unitsKept) {
      this.#units -= this.#events[this.#first]?.data.length ?? 0;
      this.#first++;
    }
    // Moving the rest to the front only now and then keeps adding cheap.
    if (this.#first > eventsKept) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
    this.#recent = undefined;
  }
}

/** A slice keeps the string alive that it was cut from; a copy by way of UTF-8 lets megabytes go. */
function detached(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

const chunkFields = new Set(["id", "object", "created", "model", "choices", "usage", "system_fingerprint"]);
const choiceFields = new Set(["index", "text", "logprobs", "finish_reason"]);
const extrasShown = 100;
const extraUnits = 2_000;

/** The members of an event's JSON that are no part of a completion, e.g. `choices[0].stop_reason`, with their JSON text. */
export function extraFields(event: RunEvent): readonly { readonly path: string; readonly json: string }[] {
  const chunk = parse(event.data)?.value;
  const extras: { path: string; json: string }[] = [];
  const collect = (value: unknown, known: ReadonlySet<string>, path: string) => {
    if (!isRecord(value)) return;
    for (const name of Object.keys(value)) {
      if (known.has(name)) continue;
      if (extras.length === extrasShown) return;
      extras.push({ path: path + name, json: jsonOf(value[name]) });
    }
  };
  collect(chunk, chunkFields, "");
  const choices = member(chunk, "choices");
  if (Array.isArray(choices)) {
    for (const [i, choice] of choices.slice(0, extrasShown).entries()) collect(choice, choiceFields, `choices[${i}].`);
  }
  return extras;
}

function jsonOf(value: unknown): string {
  try {
    const json = JSON.stringify(value);
    return json.length > extraUnits ? `${json.slice(0, extraUnits)}…` : json;
  } catch {
    return "nested too deep to show";
  }
}
