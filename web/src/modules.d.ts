// What the bundler (build/bundle.go) resolves itself.

/** A Worker's script, bundled on its own; the default export is its file name relative to the importing file. */
declare module "worker:*" {
  const file: string;
  export default file;
}

/** The compiled core, as it is after its start; the default export is its file name relative to the importing file. */
declare module "wasm:core" {
  const file: string;
  export default file;
}

/** The compiled core before its start, for where the other form does not run. */
declare module "wasm:plain" {
  const file: string;
  export default file;
}

/** The JavaScript half of the Go runtime, from the toolchain that compiled the core. */
declare module "go:wasm_exec" {
  /** What the runtime takes for globalThis. Its class `Go` is in there. */
  export const goScope: Readonly<Record<string, unknown>>;
}

/** A style sheet as text, minified. */
declare module "*.css" {
  const text: string;
  export default text;
}
