// Prints what Svelte's compiler makes of a component.
import { readFile } from "node:fs/promises";
import { compile } from "svelte/compiler";

const [, , file] = process.argv;
console.log(compile(await readFile(file, "utf8"), { filename: file, dev: false }).js.code);
