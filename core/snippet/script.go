package snippet

import "strings"

// scriptSecret is an expression for a secret.
func scriptSecret(prefix, variable string) string {
	if prefix == "" {
		return "process.env." + variable + ` ?? ""`
	}
	return "`" + prefix + "${process.env." + variable + "}`"
}

func (w *writer) scriptHeaders(indent string) {
	for _, s := range w.secrets {
		w.line(indent, scriptName(s.Name), ": ", scriptSecret(s.Prefix, s.Variable), ",")
	}
	for _, h := range w.plainHeaders() {
		w.line(indent, scriptName(h[0]), ": ", quote(h[1]), ",")
	}
}

func scriptName(name string) string {
	if identifier(name) {
		return name
	}
	return quote(name)
}

// readsFiles puts the import of what reads files before all, where files are read.
func (w *writer) readsFiles() {
	if len(w.files) == 0 {
		return
	}
	text := w.b.String()
	w.b.Reset()
	w.text("import { readFile } from \"node:fs/promises\";\n" + text)
}

func (w *writer) typescript() {
	defer w.readsFiles()
	body := "JSON.stringify(body)"
	if w.rounds(scriptRounds) {
		body = "body"
		w.line("const body = ", w.textLiteral(scriptDialect), ";")
	} else {
		w.b.WriteString("const body = ")
		w.value(scriptDialect, 0, 0, lineWidth)
		w.line(";")
	}
	w.line("const response = await fetch(", quote(w.r.URL), ", {")
	w.line(`  method: "POST",`)
	w.line("  headers: {")
	w.scriptHeaders("    ")
	w.line("  },")
	if body == "body" {
		w.line("  body,")
	} else {
		w.line("  body: ", body, ",")
	}
	w.line("});")
	w.line("if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);")
	if w.r.Stream {
		w.text(`
let rest = "";
for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + piece).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    if (!line.startsWith("data:") || line.slice(5).trim() === "[DONE]") continue;
    for (const choice of JSON.parse(line.slice(5)).choices ?? []) process.stdout.write(choice.text);
  }
}
console.log();
`)
		return
	}
	w.text(`
const completion = await response.json();
for (const choice of completion.choices) console.log(choice.text);
`)
}

func (w *writer) typescriptOpenAI() {
	defer w.readsFiles()
	w.line(`import OpenAI from "openai";`)
	w.line()
	w.line("const client = new OpenAI({")
	w.line("  baseURL: ", quote(w.base), ",")
	if variable := w.key(); variable != "" {
		w.line("  apiKey: process.env.", variable, ",")
	} else {
		w.line(`  apiKey: "none",`)
	}
	w.scriptPairs("defaultHeaders", w.ownPairs(func(variable string) string { return scriptSecret("", variable) }))
	w.scriptPairs("defaultQuery", w.queryPairs())
	w.line("});")
	if w.rounds(scriptRounds) {
		// The package sends a text as it stands.
		w.line("const body = ", w.textLiteral(scriptDialect), ";")
		if w.r.Stream {
			w.line(`const answer = await client.post<AsyncIterable<OpenAI.Completion>>("/completions", {`)
		} else {
			w.line(`const answer = await client.post<OpenAI.Completion>("/completions", {`)
		}
		w.line("  body,")
		w.line(`  headers: { "Content-Type": "application/json" },`)
		if w.r.Stream {
			w.line("  stream: true,")
		}
		w.line("});")
	} else {
		w.line("const answer = await client.completions.create({")
		known, others := w.fields()
		w.members(scriptDialect, known, "  ", ": ", 1)
		if len(others) > 0 {
			w.line("  // No fields of OpenAI's own.")
			w.line("  ...({")
			w.members(scriptDialect, others, "    ", ": ", 2)
			w.line("  } as object),")
		}
		w.line("});")
	}
	if w.r.Stream {
		w.text(`
for await (const chunk of answer) {
  for (const choice of chunk.choices) process.stdout.write(choice.text);
}
console.log();
`)
		return
	}
	w.line("for (const choice of answer.choices) console.log(choice.text);")
}

// typescriptAtoma writes the origin's package, whose names are in camelCase. It passes on the fields of the request type
// alone.
func (w *writer) typescriptAtoma() {
	defer w.readsFiles()
	w.line(`import { AtomaSDK } from "atoma-sdk";`)
	w.line()
	w.line("const atoma = new AtomaSDK({")
	w.line("  serverURL: ", quote(strings.TrimSuffix(w.base, "/v1")), ",")
	if variable := w.key(); variable != "" {
		w.line("  bearerAuth: ", scriptSecret("", variable), ",")
	}
	w.line("});")
	known, others := w.fields()
	create := "create"
	if w.r.Stream {
		create = "createStream"
	}
	w.line("const answer = await atoma.completions.", create, "({")
	sdk := scriptDialect
	sdk.camel = true
	w.members(sdk, known, "  ", ": ", 1)
	w.line("});")
	for _, c := range others {
		w.notes = append(w.notes, "The package has no field "+w.t.Key(c)+".")
	}
	if len(w.own())+len(w.query) > 0 {
		w.notes = append(w.notes, "The package takes no headers and no query of one's own.")
	}
	if w.rounds(scriptRounds) {
		w.notes = append(w.notes, "JavaScript rounds an integer of the request, and the package takes numbers alone.")
	}
	if w.r.Stream {
		w.line("for await (const chunk of answer) console.log(chunk);")
		return
	}
	w.line("console.log(answer);")
}

// scriptPairs writes a member that is a small object of written values.
func (w *writer) scriptPairs(name string, pairs [][2]string) {
	if len(pairs) == 0 {
		return
	}
	var list []string
	for _, pair := range pairs {
		list = append(list, scriptName(pair[0])+": "+pair[1])
	}
	w.line("  ", name, ": { ", strings.Join(list, ", "), " },")
}
