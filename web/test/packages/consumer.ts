// A project of somebody else, with the packages in it as npm installs them (build/packages_test.go makes it).

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { setting } from "../wasm/support.ts";

/** Its folder. */
export const folder: string = setting("PLAYGROUND_CONSUMER");

/** Where the demo model answers, without a slash at the end. */
export const server: string = setting("PLAYGROUND_URL");

export const root: string = setting("PLAYGROUND_ROOT");

/** Runs a program of Node in the project. Rejects, with what it printed, where it fails. */
export async function node(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return stdout;
}

/** The type checker of the project. */
export function typeCheck(...args: string[]): Promise<string> {
  return node(join(root, "web", "node_modules", "typescript", "bin", "tsc"), ...args);
}

/** The fenced blocks of a Markdown file, given from the root of the checkout, in order. */
export function blocks(file: string): readonly { readonly language: string; readonly text: string }[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", block = ""]) => ({
    language,
    text: block,
  }));
}
