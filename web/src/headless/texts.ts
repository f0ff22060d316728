// What can be done with the text of a request. Every function takes JSON, JSON with comments or a JavaScript literal, as
// the editor of the page does, and is done when it returns.

import type { Engine } from "../core/engine.ts";
import { maxTextUnits } from "../core/limits.ts";
import type { Snippet } from "../core/protocol.ts";
import type { EditOp } from "../model/core.ts";
import type { Imported } from "../model/imported.ts";
import { applyChanges } from "../model/text-change.ts";
import type { TextEdit, Verdict } from "../model/verdict.ts";
import { core } from "./open.ts";

/** A value that can stand in JSON; a bigint is an integer with all its digits, and stands alone. */
export type Value =
  | string
  | number
  | boolean
  | null
  | bigint
  | readonly unknown[]
  | { readonly [name: string]: unknown };

export interface Options {
  /**
   * Whose rules count: the name of a server, with @ and a version where one is known ("vllm", "vllm@0.11.2"), or a profile
   * as an object or JSON text. The common rules when absent.
   */
  readonly profile?: string | object;
}

/** A text after edits, and the edits that led there, in the order of their places. */
export interface Edited {
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/** Every mistake with its place and, where there is one, its fix; and what would be sent otherwise than it is written. */
export function check(text: string, options?: Options): Verdict {
  return about(text, options).check();
}

/** Makes all fixes that take no word away. */
export function fix(text: string, options?: Options): Edited {
  return edited(text, { op: "fix-all" }, options);
}

/**
 * Makes `value` the one at `path`, an RFC 6901 pointer in wire names such as "/stop/0", and leaves the rest of the text as
 * it is. Throws where there is no place for it.
 */
export function set(text: string, path: string, value: Value, options?: Options): Edited {
  const json: string | undefined = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  if (json === undefined) throw new TypeError("There is no JSON for this value; unset() takes a field away.");
  return edited(text, { op: "set", path, value: json }, options);
}

/** Takes away what stands at `path`. */
export function unset(text: string, path: string, options?: Options): Edited {
  return edited(text, { op: "unset", path }, options);
}

/** Lays the text out anew, without touching anything but white space. Throws where a mistake is in the way. */
export function format(text: string, options?: Options): Edited {
  return edited(text, { op: "format" }, options);
}

/**
 * The body to send: strict JSON in wire names, whose numbers keep their digits. Throws while the text has errors; with
 * `force` it gives what there is.
 */
export function body(text: string, options?: Options & { readonly force?: boolean }): string {
  return about(text, options).body(options?.force === true);
}

/** How a request is written as code, and whom the code asks. */
export interface SnippetOptions extends Options {
  /** A name of schema/languages.json, such as "curl" or "python-openai". */
  readonly language: string;
  /** The base URL of the server, with or without "/v1". */
  readonly base: string;
  /** False where the server takes no key. Otherwise code reads one from the environment, as API_KEY. */
  readonly key?: boolean;
  /** Names of further headers, whose values code reads from the environment too. */
  readonly headers?: readonly string[];
}

/** The request as code that sends it. Throws while the text has errors, and where there is no such language or server. */
export function snippet(
  text: string,
  { language, base, key = true, headers = [], ...options }: SnippetOptions,
): Snippet {
  return about(text, options).snippet({ language, base, hasKey: key, headers, force: false });
}

/**
 * Reads a request out of a command, a program, a recorded exchange and the like; null where the text is none. A key in it
 * is handed back apart, and the request may have mistakes.
 */
export function importRequest(text: string): Imported | null {
  return text.length > maxTextUnits ? null : core("").import(text);
}

/** The text after edits that came from one call for it, such as those of an issue's fix. */
export function apply(text: string, edits: readonly TextEdit[]): string {
  return applyChanges(
    text,
    edits.map(({ start16, end16, text: insert }) => ({ from: start16, to: end16, insert })),
  );
}

function edited(text: string, op: EditOp, options: Options | undefined): Edited {
  const edits = about(text, options).edit(op);
  return { text: apply(text, edits), edits };
}

/** The core, with this text in it. */
function about(text: string, { profile = "" }: Options = {}): Engine {
  const engine = core(typeof profile === "string" ? profile : JSON.stringify(profile));
  engine.setText(text);
  return engine;
}
