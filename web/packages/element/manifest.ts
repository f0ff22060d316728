// Writes custom-elements.json, which tells editors and catalogues of the element, out of what there is: the table of
// attributes that the element reads, its class, the types of its events, and the words of web/docs/embed.md.

import { type Attribute, flags, properties } from "../../src/attributes.ts";
import { CompletionPlayground } from "../../src/element.ts";
import type { EventDetails } from "../../src/element-types.ts";

/** The type of each event's detail, as the package exports it. */
const details: Readonly<Record<keyof EventDetails, string>> = {
  change: 'EventDetails["change"]',
  check: "CheckDetail",
  send: "SendDetail",
  chunk: "ChunkDetail",
  done: "DoneDetail",
  error: "ErrorDetail",
};

/** Attributes that are the browser's business: a name in a form. */
const plain = ["name"];

/** What the browser calls, and what every box of a form has. */
const ofTheBrowser = /^(constructor|checkValidity|reportValidity|\w+Callback)$/;

/** The manifest, out of the text of web/docs/embed.md. Throws where the table there names others than there are. */
export function manifest(embed: string): object {
  const attributes = rows(embed, "Attributes");
  const events = rows(embed, "Events");
  const methods = rows(embed, "Methods");
  same("attributes", attributes, [...Object.keys(properties), ...plain]);
  same("events", events, Object.keys(details));
  same("methods", methods, publicMethods());
  const path = "index.js";
  const name = "CompletionPlayground";
  const property = (attribute: string): string | undefined =>
    plain.includes(attribute) ? attribute : properties[attribute as Attribute];
  return {
    schemaVersion: "1.0.0",
    modules: [
      {
        kind: "javascript-module",
        path,
        declarations: [
          {
            kind: "class",
            name,
            tagName: "completion-playground",
            customElement: true,
            description: paragraph(embed),
            attributes: [...attributes].map(([attribute, description]) => ({
              name: attribute,
              fieldName: property(attribute),
              type: { text: isFlag(attribute) ? "boolean" : "string" },
              description,
            })),
            members: [
              ...[...attributes].map(([attribute, description]) => ({
                kind: "field",
                name: property(attribute),
                attribute,
                type: { text: typeOf(attribute) },
                description,
              })),
              ...[...methods].map(([method, description]) => ({ kind: "method", name: method, description })),
            ],
            events: [...events].map(([event, description]) => ({
              name: event,
              type: { text: `CustomEvent<${details[event as keyof EventDetails]}>` },
              description,
            })),
          },
        ],
        exports: [
          { kind: "custom-element-definition", name: "completion-playground", declaration: { name, module: path } },
        ],
      },
    ],
  };
}

function isFlag(attribute: string): boolean {
  return flags.some((flag) => flag === attribute);
}

function typeOf(attribute: string): string {
  if (isFlag(attribute)) return "boolean";
  return attribute === "value" || plain.includes(attribute) ? "string" : "string | undefined";
}

/** The methods of the class that are ours to describe. */
function publicMethods(): readonly string[] {
  const { prototype } = CompletionPlayground;
  return Object.getOwnPropertyNames(prototype).filter(
    (name) =>
      !ofTheBrowser.test(name) &&
      // What frameworks may set as an attribute of the same name is got with an accessor.
      (name === "send" || typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === "function"),
  );
}

/** The rows of the table below a heading: each name of its first column, with the words of the second. */
function rows(text: string, heading: string): Map<string, string> {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const found = new Map<string, string>();
  for (const [, names = "", words = ""] of section.matchAll(/^\| (`.*?) \| (.*?) \|/gm))
    for (const [, name = ""] of names.matchAll(/`([\w-]+)[^`]*`/g)) found.set(name, unlinked(words));
  return found;
}

/** The first words of the page. */
function paragraph(text: string): string {
  return unlinked(/^# .*\n\n([\s\S]*?)[.:]\s/.exec(text)?.[1] ?? "").replaceAll("\n", " ");
}

function unlinked(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

function same(what: string, told: ReadonlyMap<string, string>, there: readonly string[]): void {
  const only = (a: Iterable<string>, b: readonly string[]) => [...a].filter((name) => !b.includes(name));
  const wrong = [...only(told.keys(), there), ...only(there, [...told.keys()])];
  if (wrong.length > 0)
    throw new Error(`web/docs/embed.md and the element differ in their ${what}: ${wrong.join(", ")}`);
}
