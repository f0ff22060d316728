import facts from "../../../schema/headers.json";
import type { Header } from "../model/request.ts";

const reserved: readonly {
  readonly names: readonly string[];
  readonly prefixes?: readonly string[];
  readonly reason: string;
}[] = facts.reserved;

/**
 * Why each of these headers cannot be sent, as a sentence without full stop that repeats nothing of a value; "" where it
 * can, and where neither name nor value is typed yet. The core refuses the same by the same facts.
 */
export function headerFaults(headers: readonly Header[]): readonly string[] {
  return headers.map((header, at) => {
    if (header.name === "" && header.value === "") return "";
    const named = nameFault(header.name);
    if (named !== "") return named;
    const name = header.name.toLowerCase();
    if (headers.findIndex((other) => other.name.toLowerCase() === name) < at) return `${header.name} is there twice`;
    if (at >= facts.most) return `At most ${facts.most} headers go along`;
    return valueFault(header.value);
  });
}

function nameFault(name: string): string {
  if (name === "") return "The header has no name";
  if (name.length > facts.nameBytes || !/^[a-z0-9._-]+$/i.test(name))
    return `A name has 1 to ${facts.nameBytes} letters, digits, -, _ and .`;
  const small = name.toLowerCase();
  const found = reserved.find(
    ({ names, prefixes }) => names.includes(small) || prefixes?.some((prefix) => small.startsWith(prefix)),
  );
  return found ? `${name} is not to be set: ${found.reason}` : "";
}

function valueFault(value: string): string {
  if (value === "") return "The header has no value";
  if (value.length > facts.valueBytes) return `A value has at most ${facts.valueBytes} characters`;
  if (!/^[ -~]+$/.test(value)) return "The value has a character that a header cannot carry";
  return value.trim() === value ? "" : "The value has a space at an end";
}
