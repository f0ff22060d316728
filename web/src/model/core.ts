// What is asked of the core, and what it says apart from verdicts. The shapes restate wasm/protocol.go.

/** What the form and the problem list ask of the core. `path` is an RFC 6901 pointer in wire names. */
export type EditOp =
  | { readonly op: "set"; readonly path: string; readonly value: string /* JSON text */ }
  | { readonly op: "unset"; readonly path: string }
  | { readonly op: "fix-all" }
  | { readonly op: "format" };

export type CoreState = "loading" | "ready" | "restarting" | "failed";

export interface DemoToken {
  readonly id: number;
  readonly text: string;
}
