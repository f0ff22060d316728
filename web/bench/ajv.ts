// Compiles the schemas of the inputs with Ajv, ahead of time: that is how a page uses it when speed matters.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import type { Input } from "./measure.ts";
import { setting } from "./setting.ts";

const folder = setting("BENCH_INPUTS");
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

const ajv = new Ajv2020({ strict: false, allErrors: true, code: { source: true, esm: true, lines: true } });
const profiles = new Set((read("index.json") as Input[]).map(({ profile }) => profile));
for (const profile of profiles) ajv.addSchema({ ...(read(`${profile}.schema.json`) as object), $id: profile });
const names = Object.fromEntries([...profiles].map((profile) => [profile, profile]));
const code = standalone(ajv, names);
writeFileSync(join(folder, "validators.mjs"), `${code}\nexport default { ${[...profiles].join(", ")} };\n`);
