// Ajv on a file of requests, one a line: what a program in Node would do. Started as "node lines.mjs FILE PROFILE"; prints
// how many lines are valid.

import validators from "bench:validators";
import { createReadStream } from "node:fs";

const [file = "", profile = ""] = process.argv.slice(2);
const validate = validators[profile];
if (!validate) throw new Error(`no validator for ${profile}`);

let valid = 0;
const check = (line: string): void => {
  if (line === "") return;
  try {
    if (validate(JSON.parse(line))) valid++;
  } catch {
    // no JSON
  }
};

let rest = "";
for await (const part of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 })) {
  const lines = (rest + part).split("\n");
  rest = lines.pop() ?? "";
  lines.forEach(check);
}
check(rest);
console.log(valid);
