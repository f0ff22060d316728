// What a program that uses the core sees. Shapes that stay; web/docs/javascript.md describes them.

export type { Snippet } from "../core/protocol.ts";
export type { Imported, ImportNote } from "../model/imported.ts";
export type { Change, Fix, Issue, Position, Severity, Span, TextEdit, Verdict } from "../model/verdict.ts";
export type { CoreSource } from "./source.ts";
export * from "./stream.ts";
export {
  apply,
  body,
  check,
  type Edited,
  fix,
  format,
  importRequest,
  // No name of a variable can be "import", but that of a member of a namespace can.
  importRequest as import,
  type Options,
  type SnippetOptions,
  set,
  snippet,
  unset,
  type Value,
} from "./texts.ts";
