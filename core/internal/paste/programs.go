package paste

import (
	"bytes"

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
	{"javascript", "a program in JavaScript", looksLikeCalls, readProgram(&javascript, true)},
	{"python", "a program in Python", looksLikeCalls, readProgram(&python, true)},
	{hosts[0].kind, hosts[0].name, looksLikeScript(0), readProgram(&php, true)},
	{hosts[1].kind, hosts[1].name, looksLikeScript(1), readProgram(&ruby, true)},
	{"literal", "a text in a program", looksLikeLiterals, readLiterals},
	{"python", "a program in Python", func(src []byte) bool { return looksLikeCalls(src) && !containsAny(src, scriptMarks) }, readProgram(&python, false)},
	{"javascript", "a program in JavaScript", looksLikeCalls, readProgram(&javascript, false)},
	{"python", "a program in Python", looksLikeCalls, readProgram(&python, false)},
	{"yaml", "YAML", looksLikeYAML, readYAML},
	{"log", "text around JSON", looksLikeLog, readLog},
}

// scriptMarks stand in programs in JavaScript.
var scriptMarks = []string{"const ", "let ", "var ", "=>", "function", "fetch(", "JSON.", "axios", "});"}

// looksLikeCalls reports whether a text may call or assign something; JSON is not among them.
func looksLikeCalls(src []byte) bool {
	t := bytes.TrimSpace(src)
	return !startsJSON(t) && bytes.ContainsAny(t, "(=")
}

// readProgram reads a program in a language; with whole, only one whose request can be read.
//
//go:noinline
func readProgram(t *tongue, whole bool) func(src []byte, d *Draft) bool {
	return func(src []byte, d *Draft) bool {
		p := newProgram(t, src, d)
		p.statements(false)
		if !whole && (p.request == nil && p.maker == nil || p.request.named()) && p.used && p.made != nil {
			p.request, p.rules = p.made, sentAsIs
		}
		if !p.finish() || whole && (p.awkward || d.Body == nil) {
			return false
		}
		d.sealKey()
		return true
	}
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
	d.sealKey()
	return true
}

// holders are members of which one holds a request: in records of calls, and of those that programs make to others.
var holders = []string{"body", "request", "payload", "data", "json", "input", "params", "args", "requestBody", "request_body"}

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
