// What editors.md says to write, given to the service by which VS Code and others read JSON.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { blocks, root } from "./consumer.ts";

interface Settings {
  readonly "json.schemas": readonly { readonly fileMatch: string[]; readonly url: string }[];
}

/** The part of the service that is used. */
interface Service {
  configure(settings: { readonly validate: boolean; readonly schemas: readonly unknown[] }): void;
  parseJSONDocument(text: unknown): unknown;
  doValidation(text: unknown, parsed: unknown): Promise<readonly { readonly message: string; readonly range: Range }[]>;
  doComplete(text: unknown, at: Position, parsed: unknown): Promise<{ readonly items: readonly { label: string }[] }>;
  doHover(text: unknown, at: Position, parsed: unknown): Promise<{ readonly contents: unknown } | null>;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

interface Range {
  readonly start: Position;
}

const [program] = blocks("web/docs/editors.md").filter(({ language }) => language === "sh");
const [settings, request] = blocks("web/docs/editors.md").filter(({ language }) => language === "json");

test("VS Code's service underlines, offers and explains by the schema, as the document says", async () => {
  assert.ok(program && settings && request);
  const [, args = "", file = ""] = /^completions (.*) > (\S+)\n$/.exec(program.text) ?? [];
  const { stdout } = await promisify(execFile)("go", ["run", "./core/cmd/completions", ...args.split(" ")], {
    cwd: root,
  });
  const [{ fileMatch, url } = { fileMatch: [], url: "" }] = (JSON.parse(settings.text) as Settings)["json.schemas"];
  assert.equal(url, `./${file}`, "the settings name the file that is written");

  const load = createRequire(join(root, "web", "test", "packages", "package.json"));
  const { getLanguageService, TextDocument } = load("vscode-json-languageservice") as {
    getLanguageService(o: unknown): Service;
    TextDocument: { create(uri: string, language: string, version: number, text: string): unknown };
  };
  const asked: string[] = [];
  const service = getLanguageService({
    workspaceContext: { resolveRelativePath: (path: string, from: string) => new URL(path, from).href },
    schemaRequestService: async (uri: string) => {
      asked.push(uri);
      return stdout;
    },
  });
  service.configure({ validate: true, schemas: [{ fileMatch, uri: `file:///project/${file}` }] });
  const open = (name: string, text: string) => {
    const document = TextDocument.create(`file:///project/${name}`, "json", 1, text);
    return { document, parsed: service.parseJSONDocument(document) };
  };

  const wrong = open("a.completion.json", '{"model": "m",\n "prompt": ["p"],\n "n": 0, "nn": 1}');
  const found = await service.doValidation(wrong.document, wrong.parsed);
  assert.deepEqual(
    found.map(({ range }) => range.start),
    [
      { line: 2, character: 6 },
      { line: 2, character: 9 },
    ],
    JSON.stringify(found),
  );
  const half = open("b.completion.json", '{"model": "m", }');
  const offered = await service.doComplete(half.document, { line: 0, character: 15 }, half.parsed);
  for (const name of ["prompt", "max_tokens", "top_k"])
    assert.ok(
      offered.items.some(({ label }) => label === name),
      `${name} is offered`,
    );
  const explained = await service.doHover(wrong.document, { line: 2, character: 2 }, wrong.parsed);
  assert.match(JSON.stringify(explained?.contents), /prompt/i);

  // The request that names its schema itself is right by it, and is not asked for by its name.
  const named = open("request.json", request.text);
  const complaints = await service.doValidation(named.document, named.parsed);
  assert.deepEqual(complaints, []);
  assert.deepEqual(asked, ["file:///project/.vscode/vllm.schema.json"]);
});
