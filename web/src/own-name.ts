const names = new Set<string>();

/** A name that no other element has until the signal: those of the same name count on, in the order in which they came. */
export function ownName(wanted: string, signal: AbortSignal): string {
  let name = wanted;
  for (let n = 2; names.has(name); n++) name = `${wanted} ${n}`;
  names.add(name);
  signal.addEventListener("abort", () => names.delete(name));
  return name;
}
