// The pages that are compared, each below an address of its own.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import schema from "../../schema/completion-request.json" with { type: "json" };
import { firstText } from "../src/text/examples.ts";
import type { Resource } from "./paced.ts";
import { setting } from "./setting.ts";

/** One page. Its files are at `/NAME/…`, the page itself at `/NAME/`. */
export interface Site {
  readonly name: string;
  readonly title: string;
  /** What it is there for has come: a verdict, or a selector that is found then. Undefined: nothing but its paint. */
  readonly ready: "verdict" | { readonly selector: string } | undefined;
  file(path: string): Resource | undefined;
}

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

const dist = setting("BENCH_DIST");
const modules = setting("BENCH_MODULES");
const page = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Completions</title>${body}</html>`;
const snippet = `<link rel="stylesheet" href="playground.css">
<script type="module" src="playground.js"></script>
<completion-playground value='${firstText}'></completion-playground>`;

const api = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Completions", version: "1" },
  paths: {
    "/v1/completions": {
      post: {
        operationId: "createCompletion",
        summary: "Create a completion",
        requestBody: { required: true, content: { "application/json": { schema: withoutIds(schema) } } },
        responses: { 200: { description: "The completion" } },
      },
    },
  },
});

/** The schema as a part of another document. */
function withoutIds({ $schema: _, $id: __, ...rest }: Record<string, unknown>): object {
  return JSON.parse(
    JSON.stringify(rest).replaceAll(
      '"#/$defs/',
      '"#/paths/~1v1~1completions/post/requestBody/content/application~1json/schema/$defs/',
    ),
  );
}

const swagger = page(`<link rel="stylesheet" href="swagger-ui.css"><div id="ui"></div>
<script src="swagger-ui-bundle.js"></script><script src="start.js"></script>`);
const scalar = page(`<div id="ui"></div><script src="standalone.js"></script><script src="start.js"></script>`);

export const sites: readonly Site[] = [
  site("plain", "a plain page", undefined, "", { "": page("<p>Completions</p>") }),
  site("page", "**our page**", "verdict", dist, {}),
  site("embed", "**our element, in sight**", "verdict", dist, { "": page(`<h1>Completions</h1>${snippet}`) }),
  site("below", "**our element, far below**", undefined, dist, {
    "": page(`<h1>Completions</h1><p style="height: 4000px">The reference</p>${snippet}`),
  }),
  site("ajv", "a page that compiles the schema with Ajv", "verdict", setting("BENCH_AJV"), {
    "": page(`<script type="module" src="ajv-page.js"></script>`),
  }),
  site("swagger", "Swagger UI (its body box; no verdict)", { selector: "textarea" }, join(modules, "swagger-ui-dist"), {
    "": swagger,
    "start.js": `SwaggerUIBundle({ url: "api.json", dom_id: "#ui", docExpansion: "full", tryItOutEnabled: true });`,
    "api.json": api,
  }),
  site(
    "scalar",
    "Scalar (its operation; no verdict)",
    { selector: "[id*='completions'] h3" },
    join(modules, "@scalar", "api-reference", "dist", "browser"),
    { "": scalar, "start.js": `Scalar.createApiReference("#ui", { url: "api.json" });`, "api.json": api },
  ),
];

function site(
  name: string,
  title: string,
  ready: Site["ready"],
  folder: string,
  own: Readonly<Record<string, string>>,
): Site {
  const known = new Map<string, Resource | undefined>();
  const read = (path: string): Resource | undefined => {
    const type = types[(path === "" ? "index.html" : path).split(".").at(-1) ?? ""];
    const text = own[path];
    if (type === undefined || path.includes("..")) return undefined;
    const file = join(folder, path === "" ? "index.html" : path);
    if (text === undefined && (folder === "" || !existsSync(file))) return undefined;
    const packed = `${file}.br`;
    const body =
      text === undefined && existsSync(packed)
        ? readFileSync(packed)
        : brotliCompressSync(text === undefined ? readFileSync(file) : text);
    return { type, body, encoding: "br", lasting: text === undefined && path !== "" };
  };
  return {
    name,
    title,
    ready,
    file: (path) => {
      if (!known.has(path)) known.set(path, read(path));
      return known.get(path);
    },
  };
}
