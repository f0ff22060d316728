// Prints custom-elements.json; the argument is web/docs/embed.md.

import { readFileSync } from "node:fs";
import { manifest } from "./manifest.ts";

const [, , embed = ""] = process.argv;
process.stdout.write(`${JSON.stringify(manifest(readFileSync(embed, "utf8")), null, 2)}\n`);
