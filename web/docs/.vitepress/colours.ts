// The colours of code: those of the page's editor, by their names in tokens.css, so that one theme does for light and dark.

import type { ThemeOptions } from "vitepress";

const scopes: Readonly<Record<string, readonly string[]>> = {
  comment: ["comment", "punctuation.definition.comment"],
  string: ["string", "string.quoted", "constant.character.escape"],
  number: ["constant.numeric"],
  atom: ["constant.language", "keyword", "storage", "storage.type", "keyword.control"],
  name: [
    "support.type.property-name",
    "entity.name",
    "entity.name.tag",
    "entity.other.attribute-name",
    "support.function",
  ],
  punctuation: ["punctuation", "keyword.operator", "meta.brace"],
};

const settings = Object.entries(scopes).map(([name, scope]) => ({
  scope: [...scope],
  settings: { foreground: `var(--syntax-${name})` },
}));

export const colours: ThemeOptions = {
  name: "playground",
  type: "light",
  fg: "var(--text)",
  bg: "var(--sunken)",
  settings,
};
