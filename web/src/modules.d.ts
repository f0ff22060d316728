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
declare module "wasm:rest" {
  const file: string;
  export default file;
}

declare module "wasm:plain" {
  const file: string;
  export default file;
}

/**
 * The hashes of the files that were built with this one, SHA-256 in base64: for each part that is loaded on demand, by its
 * source, the files that it takes, its own first; under "" those that are no modules. Empty where none are published.
 */
declare module "build:files" {
  const files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default files;
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
