package snippet

import "strings"

// body writes the request as a value of Python, or as its text where that would change it.
func (w *writer) pythonBody() (isText bool) {
	if w.rounds(pythonRounds) {
		w.line("body = ", w.textLiteral(pythonDialect))
		return true
	}
	w.b.WriteString("body = ")
	w.value(pythonDialect, 0, 0, lineWidth)
	w.line()
	return false
}

// textLiteral is the whole body as a text of the language.
func (w *writer) textLiteral(d dialect) string {
	if len(w.r.Body) > Longest {
		return strings.Replace(d.read, "%", quote(w.apart("body", ".json", string(w.r.Body))), 1)
	}
	return quote(string(w.r.Body))
}

func (w *writer) pythonHeaders(indent string) {
	for _, s := range w.secrets {
		w.line(indent, quote(s.Name), ": ", pythonSecret(s.Prefix, s.Variable), ",")
	}
	for _, h := range w.plainHeaders() {
		w.line(indent, quote(h[0]), ": ", quote(h[1]), ",")
	}
}

func pythonSecret(prefix, variable string) string {
	value := "os.environ[" + quote(variable) + "]"
	if prefix != "" {
		value = quote(prefix) + " + " + value
	}
	return value
}

// pythonImports writes the imports of the standard library, then the others.
func (w *writer) pythonImports(others string, modules ...string) {
	for _, module := range modules {
		if module != "os" || len(w.secrets) > 0 {
			w.line("import ", module)
		}
	}
	if others != "" {
		if w.b.Len() > 0 {
			w.line()
		}
		w.line(others)
	}
	w.line()
}

func (w *writer) python() {
	w.pythonImports("", "json", "os", "urllib.request")
	data := "json.dumps(body).encode()"
	if w.pythonBody() {
		data = "body.encode()"
	}
	w.line("request = urllib.request.Request(")
	w.line("    ", quote(w.r.URL), ",")
	w.line("    data=", data, ",")
	w.line("    headers={")
	w.pythonHeaders("        ")
	w.line("    },")
	w.line(`    method="POST",`)
	w.line(")")
	w.line("with urllib.request.urlopen(request) as response:")
	if w.r.Stream {
		w.text(`
    for line in response:
        if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":
            for choice in json.loads(line[5:]).get("choices", []):
                print(choice["text"], end="", flush=True)
print()
`)
		return
	}
	w.text(`
    for choice in json.load(response)["choices"]:
        print(choice["text"])
`)
}

func (w *writer) pythonHTTPX() {
	first := []string{"os"}
	if w.r.Stream {
		first = []string{"json", "os"}
	}
	w.pythonImports("import httpx", first...)
	data := "json=body"
	if w.pythonBody() {
		data = "content=body"
	}
	w.line("headers = {")
	w.pythonHeaders("    ")
	w.line("}")
	if w.r.Stream {
		w.line("with httpx.stream(")
		w.line(`    "POST", `, quote(w.r.URL), ", headers=headers, ", data, ", timeout=None")
		w.text(`
) as response:
    response.raise_for_status()
    for line in response.iter_lines():
        if line.startswith("data:") and line[5:].strip() != "[DONE]":
            for choice in json.loads(line[5:]).get("choices", []):
                print(choice["text"], end="", flush=True)
print()
`)
		return
	}
	w.line("response = httpx.post(", quote(w.r.URL), ", headers=headers, ", data, ", timeout=None)")
	w.text(`
response.raise_for_status()
for choice in response.json()["choices"]:
    print(choice["text"])
`)
}

// pythonOpenAI passes the fields that OpenAI's package names, and the others in extra_body.
func (w *writer) pythonOpenAI() {
	w.pythonImports("from openai import OpenAI", "os")
	w.line("client = OpenAI(")
	w.line("    base_url=", quote(w.base), ",")
	if variable := w.key(); variable != "" {
		w.line("    api_key=os.environ[", quote(variable), "],")
	} else {
		w.line(`    api_key="none",`)
	}
	w.pythonPairs("default_headers", w.ownPairs(func(variable string) string { return "os.environ[" + quote(variable) + "]" }))
	w.pythonPairs("default_query", w.queryPairs())
	w.line(")")
	result := "completion"
	if w.r.Stream {
		result = "stream"
	}
	w.line(result, " = client.completions.create(")
	known, others := w.fields()
	w.members(pythonDialect, known, "    ", "=", 1)
	if len(others) > 0 {
		w.line("    extra_body={")
		w.members(pythonDialect, others, "        ", ": ", 2)
		w.line("    },")
	}
	w.line(")")
	if w.rounds(pythonRounds) {
		w.notes = append(w.notes, "A number is beyond what Python's floats hold.")
	}
	if w.r.Stream {
		w.text(`
for chunk in stream:
    for choice in chunk.choices:
        print(choice.text, end="", flush=True)
print()
`)
		return
	}
	w.text(`
for choice in completion.choices:
    print(choice.text)
`)
}

// pythonPairs writes an argument that is a small dict of written values.
func (w *writer) pythonPairs(name string, pairs [][2]string) {
	if len(pairs) == 0 {
		return
	}
	var list []string
	for _, pair := range pairs {
		list = append(list, quote(pair[0])+": "+pair[1])
	}
	w.line("    ", name, "={", strings.Join(list, ", "), "},")
}

// ownPairs gives the names of own headers with an expression for each.
func (w *writer) ownPairs(read func(variable string) string) [][2]string {
	var pairs [][2]string
	for _, s := range w.own() {
		pairs = append(pairs, [2]string{s.Name, read(s.Variable)})
	}
	return pairs
}

// queryPairs gives the names of the address's query with each value as a literal.
func (w *writer) queryPairs() [][2]string {
	var pairs [][2]string
	for _, q := range w.query {
		pairs = append(pairs, [2]string{q[0], quote(q[1])})
	}
	return pairs
}
