import type { Addresses, BaseFault } from "../core/protocol.ts";

/** Why requests cannot go to a base, as a sentence; "" where they can, or where the core has not said yet. */
export function faultOf(address: Addresses | BaseFault | undefined): string {
  return address !== undefined && "fault" in address ? sentence(address.fault) : "";
}

/** The addresses, where there are any. */
export function reached(address: Addresses | BaseFault | undefined): Addresses | undefined {
  return address !== undefined && "origin" in address ? address : undefined;
}

/** The core's words as a sentence of its own. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
