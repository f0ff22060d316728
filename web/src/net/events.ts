import { isRecord, member, parse } from "./json.ts";

/** One event of an answer as it came. */
export interface RunEvent {
  /** 0 for the first of the run. */
  readonly number: number;
  /** Milliseconds since the start of the run. */
  readonly atMs: number;
  readonly kind: "chunk" | "error" | "done" | "other";
  /** The `event:` name; "" for the usual unnamed ones. */
  readonly name: string;
  /** The data as sent, without the key, cut after 64 Ki UTF-16 units. Anything can stand in it: for textContent only. */
  readonly data: string;
  readonly cut: boolean;
}

/** The newest events, bounded in number and size. */
export interface EventLog {
  /** All that came, kept or not. */
  readonly total: number;
  /** How many of the oldest were let go. */
  readonly dropped: number;
  /** The kept ones, oldest first. The same array until another event comes. */
  recent(): readonly RunEvent[];
}

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
