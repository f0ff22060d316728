package paste

import (
	"bytes"
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// programs are programs, and texts that hold a request in some encoding; they go from the most to the least particular.
var programs = []language{
	{"markdown", "a block of code in Markdown", looksFenced, readFenced},
	{"events", "a server-sent event", looksLikeEvents, readEvents},
	{"encoded", "an encoded text", looksEncoded, readEncoded},
	{"form", "a form's data", looksLikeForm, readFormText},
	{"jsonl", "JSON Lines", looksLikeLines, readLines},
	{"json", "a request of another endpoint", looksLikeJSON, readShape},
	{"lua", "a program in Lua", looksLua, readLua},
	{"program", "a program", looksLikeProgram, readProgram},
	{"yaml", "YAML", looksLikeYAML, readYAML},
	{"log", "text around JSON", looksLikeLog, readLog},
}

// scriptMarks stand in programs in JavaScript.
var scriptMarks = []string{"const ", "\nlet ", "\nvar ", "=>", "function", "fetch(", "JSON.", "axios", "});"}

// looksLikeCalls reports whether a text may call or assign something; JSON is not among them.
func looksLikeCalls(src []byte) bool {
	t := bytes.TrimSpace(src)
	return !startsJSON(t) && (bytes.ContainsAny(t, "(=") || containsAny(t, literalMarks))
}

// literalMarks stand in literals of Go and Rust that name their type.
var literalMarks = []string{"CompletionRequest{", "CompletionRequest {", "CompletionNewParams{", "map[string]"}

// looksLikeProgram reports whether a text may be a program, or hold literals of one.
func looksLikeProgram(src []byte) bool { return looksLikeCalls(src) || looksLikeLiterals(src) }

// walk is a program that was read as one of a language, each text but once.
type walk struct {
	program *program
	read    Draft // what was found on the way
	made    Draft // what came of it for a request
	request *value
	written bool
	ok      bool
}

//go:noinline
func walked(t *tongue, src []byte) *walk {
	w := &walk{}
	w.program = newProgram(t, src, &w.read)
	w.program.statements(false)
	w.read.Notes = slices.Clip(w.read.Notes)
	w.read.Headers = slices.Clip(w.read.Headers)
	return w
}

// whole takes over a program whose request can be read, and makes sense in this language.
func (w *walk) whole(d *Draft) bool {
	return w.finish(d) && !w.program.awkward && d.Body != nil
}

// part takes over a program whatever can be read of it, be it an object that nothing sends.
func (w *walk) part(d *Draft) bool {
	if p := w.program; (p.request == nil && p.maker == nil || p.request.named()) && p.used && p.made != nil {
		p.request, p.rules = p.made, sentAsIs
	}
	return w.finish(d)
}

// finish writes the request, once for each that is found.
func (w *walk) finish(d *Draft) bool {
	p := w.program
	if !w.written || w.request != p.request {
		w.made = w.read
		w.made.Kind, w.made.Name = p.kind, p.name
		p.d = &w.made
		w.written, w.request = true, p.request
		w.ok = p.finish()
	}
	*d = w.made
	return w.ok
}

// typedTongues are read where a text has what only their programs have.
var typedTongues = []struct {
	tongue *tongue
	looks  func(src []byte) bool
}{
	{&golang, func(src []byte) bool { return containsAny(src, goMarks) }},
	{&kotlin, func(src []byte) bool { return containsAny(src, []string{"mapOf(", "MapOf("}) }},
	{&swift, func(src []byte) bool { return containsAny(src, swiftMarks) }},
	{&java, func(src []byte) bool { return containsAny(src, javaMarks) }},
	{&csharp, looksSharp},
	{&dart, func(src []byte) bool { return containsAny(src, dartMarks) }},
	{&rust, func(src []byte) bool { return containsAny(src, rustMarks) }},
}

// otherMarks stand in programs of the other languages. A prompt in them may have what is looked for in those of types.
var otherMarks = []string{"JSON.stringify", "fetch('", "fetch(\"", "fetch(`", "axios.", "json.dumps", "requests.post(", "import requests", "import openai",
	"from openai", "from 'openai'"}

// readProgram reads a program in the language that makes most sense of it. First come the readings that are whole, then
// requests that are JSON in a literal, then what is left.
func readProgram(src []byte, d *Draft) bool {
	calls := looksLikeCalls(src)
	var script, snake *walk
	var told *Draft
	typed := calls && !containsAny(src, otherMarks)
	for _, t := range typedTongues {
		if !typed || !t.looks(src) || !walked(t.tongue, src).part(d) {
			continue
		}
		if d.Body != nil {
			return true
		}
		without := *d
		told = &without
	}
	if calls {
		if script = walked(&javascript, src); script.whole(d) {
			return true
		}
		if snake = walked(&python, src); snake.whole(d) {
			return true
		}
	}
	for n, t := range []*tongue{&php, &ruby} {
		if looksLikeScript(src, &hosts[n]) && walked(t, src).whole(d) {
			return true
		}
	}
	*d = Draft{}
	if looksLikeLiterals(src) && readLiterals(src, d) {
		return true
	}
	switch {
	case told != nil:
		*d = *told
	case !calls:
		return false
	case !containsAny(src, scriptMarks) && snake.part(d):
	case !script.part(d) && !snake.part(d):
		return false
	}
	return true
}

func looksLikeJSON(src []byte) bool {
	t := bytes.TrimSpace(src)
	return len(t) > 0 && t[0] == '{'
}

// readShape reads strict JSON that is a request of another endpoint, or holds a request in one of its members.
func readShape(src []byte, d *Draft) bool {
	t, ok := scanned(src)
	if !ok {
		return false
	}
	if s := d.shape(&t, 0, span{}); s != nil {
		d.Kind, d.Name = s.kind, s.name
	} else if _, own := t.Member(0, "prompt"); own || d.Body != nil || !d.held(&t, 0) {
		return false
	}
	return true
}

// holders are members of which one holds a request: in records of calls, and of those that programs make to others.
var holders = []string{"body", "request", "payload", "data", "json", "input", "params", "args", "requestBody", "request_body", "json_data"}

// held takes over a request that is a member of an object, or a JSON text there. The object
// begins at base.
func (d *Draft) held(t *jsontape.Tape, base int) bool {
	for _, name := range holders {
		i, ok := t.Member(0, name)
		if !ok || i == 0 {
			continue
		}
		n := t.Nodes[i]
		start, end := int(n.Start), int(n.End)
		if d.strict(t.Src, start, end) || n.Kind == jsontape.String && d.decoded(t.Src[start:end], start, end) {
			d.Name = "an object that holds a request"
			for i := range d.Notes {
				d.Notes[i].Start += base
				d.Notes[i].End += base
			}
			d.Notes = append(d.Notes, Note{Left, base, base + start, "what else the object holds"})
			return true
		}
	}
	return false
}
