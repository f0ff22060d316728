// What is fetched when somebody first asks for it, in one file: each of them is small, and every file more is a hash more in
// the script that all elements begin with.

export { CodeSession } from "./code.ts";
export { Comparisons } from "./compare.ts";
export { givenRules, loadRules, writtenRules } from "./own-rules.ts";
export { scorePrompts } from "./score.ts";
export { requestLink } from "./share.ts";
