package core

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/completion-playground/playground/schema"
)

// foreignName is a name that people bring from another endpoint or from a client library.
type foreignName struct {
	Name   string `json:"name"`
	From   string `json:"from"`  // "chat", "responses", "sdk" or "native"
	Means  string `json:"means"` // the wire field that does the same here, or ""
	Note   string `json:"note"`  // one clause for people
	Secret bool   `json:"secret"`
}

var foreignNames = sync.OnceValue(func() map[string]foreignName {
	var doc struct {
		Names []foreignName `json:"names"`
	}
	if err := json.Unmarshal(schema.Foreign, &doc); err != nil {
		panic(err) // embedded; a test reads it
	}
	m := make(map[string]foreignName, len(doc.Names))
	for _, n := range doc.Names {
		m[n.Name] = n
	}
	return m
})

// serversWith maps a field outside the schema to the titles of the profiles that know it.
var serversWith = sync.OnceValue(func() map[string][]string {
	base := propertiesIn(schema.Request)
	m := map[string][]string{}
	for _, p := range builtinProfiles() {
		for name := range propertiesIn(p.Schema) {
			if _, ok := base[name]; !ok {
				m[name] = append(m[name], p.Title)
			}
		}
	}
	return m
})

func propertiesIn(text []byte) map[string]json.RawMessage {
	var doc struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &doc); err != nil {
			panic(err) // embedded; a test compiles it
		}
	}
	return doc.Properties
}

// tokenPromptProfiles lists the servers that take token ids as prompt.
var tokenPromptProfiles = sync.OnceValue(func() string {
	var titles []string
	for _, p := range builtinProfiles() {
		if bytes.Contains(propertiesIn(p.Schema)["prompt"], []byte(`"anyOf"`)) {
			titles = append(titles, p.Title)
		}
	}
	return strings.Join(titles, ", ")
})

// explainExtra says what is known of a member that is no field: where it belongs, what was meant.
func (w *work) explainExtra(c uint32) {
	nd := &w.t.nodes[c]
	if nd.flags&flagShadowed != 0 || nd.kind == kindBad || w.full() && w.failed {
		return // a finding tells of it already, or none could
	}
	key := w.t.key(c)
	f := finding{code: CodeUnknownField, severity: w.v.unknown, node: int32(c), start: int(nd.keyStart), end: int(nd.keyEnd),
		rule: "#/additionalProperties"}
	foreign, known := foreignNames()[key]
	if !known {
		foreign, known = foreignNames()[snakeCase(key)]
	}
	if w.full() && w.v.unknown < Error && !foreign.Secret {
		return // only an error could still be told, and a secret in the body is the one that an extra member can be
	}
	switch {
	case known && foreign.From == "sdk":
		w.sdkOption(&f, c, foreign)
	case known:
		w.foreignField(&f, c, foreign)
	case w.v.unknown == 0:
		return
	default:
		w.unknownField(&f, c, key)
	}
	if f.severity != 0 {
		w.add(f)
	}
}

// sdkOption reports an option of a client library. Its value is never repeated: it may be a key.
func (w *work) sdkOption(f *finding, c uint32, n foreignName) {
	f.code = CodeSDKOption
	f.message = w.t.key(c) + " is an option of a client library, no field of the request"
	if n.Secret {
		f.severity = Error
		f.message = w.t.key(c) + " holds a secret, which does not belong in a request body"
	}
	f.fix = w.removal(c, "remove "+w.t.key(c))
}

func (w *work) foreignField(f *finding, c uint32, n foreignName) {
	f.code = CodeForeignField
	f.message = w.t.key(c) + " belongs to " + map[string]string{
		"chat": "the chat endpoint", "responses": "the responses endpoint", "native": "another server's own endpoint",
	}[n.From]
	if n.Note != "" {
		f.message += "; " + n.Note
	}
	if n.Name == "messages" && w.absent("prompt") {
		f.fix = w.promptFromMessages(c)
		w.takeFor(f, "prompt")
		return
	}
	if n.Means != "" && w.absent(n.Means) && w.fits(n.Means, c) {
		f.fix = w.renaming(c, n.Means)
		w.takeFor(f, n.Means)
	}
}

func (w *work) unknownField(f *finding, c uint32, key string) {
	f.message = "nothing is called " + quote(key) + " here"
	servers, known := serversWith()[key]
	if !known {
		servers, known = serversWith()[snakeCase(key)]
	}
	if known {
		f.message = key + " is a field of " + strings.Join(servers, ", ")
		if title := w.v.profile.Title; title != "" {
			f.message += ", not of " + title
		}
		return
	}
	name := nearest(key, w.v.spelt)
	switch {
	case name == "":
		if w.v.unknown == Warning {
			f.message += "; the server ignores it"
		}
	case !w.absent(name):
		f.message += "; " + name + ", which it resembles, is there already"
	default:
		f.fix = w.renaming(c, name)
		w.takeFor(f, name)
	}
}

// takeFor notes which field a wrong name stands for, so that the field is not reported missing on top. A required one
// makes the wrong name the error.
func (w *work) takeFor(f *finding, name string) {
	s := w.v.table.find([]byte(name))
	w.given[s.field].meant = true
	w.top = max(w.top, int(s.field)+1)
	if w.v.fields[s.field].required {
		f.severity = Error
		f.message += "; " + name + " is required"
	}
}

// absent reports whether a wire field stands in the text neither under its own name nor under a wrong one.
func (w *work) absent(name string) bool {
	s := w.v.table.find([]byte(name))
	return s != nil && w.given[s.field].at == 0 && !w.given[s.field].meant
}

// fits reports whether the value at c would do for a wire field.
func (w *work) fits(name string, c uint32) bool {
	s := w.v.table.find([]byte(name))
	if s == nil {
		return false
	}
	f := &w.v.fields[s.field]
	return f.plan.accept(&w.t, c) || f.wraps && w.t.nodes[c].kind == kindString
}

// promptFromMessages turns a chat of one user message into the prompt it stands for.
func (w *work) promptFromMessages(c uint32) *remedy {
	nd := &w.t.nodes[c]
	if nd.kind != kindArray || nd.n != 1 || nd.flags&flagRepeated != 0 || w.t.nodes[c+1].kind != kindObject {
		return nil
	}
	role, ok := w.t.member(c+1, "role")
	content, ok2 := w.t.member(c+1, "content")
	if !ok || !ok2 || w.t.text(role) != "user" || w.t.nodes[content].kind != kindString {
		return nil
	}
	text := string(w.t.appendJSON([]byte{'['}, content)) + "]"
	return &remedy{title: "make the message the prompt", edits: []byteEdit{
		{int(nd.keyStart), int(nd.keyEnd), w.keyLike(c, "prompt")}, {int(nd.start), int(nd.end), text},
	}}
}

// renaming writes another name in the place and the style of c's key, unless an earlier one of the same name would come
// to count then.
func (w *work) renaming(c uint32, name string) *remedy {
	nd := &w.t.nodes[c]
	if nd.flags&flagRepeated != 0 {
		return nil
	}
	return &remedy{title: "rename to " + name,
		edits: []byteEdit{{int(nd.keyStart), int(nd.keyEnd), w.keyLike(c, name)}}}
}

// keyLike spells a wire name as c's key is spelt: quoted or not, camelCase where the text's other names are.
func (w *work) keyLike(c uint32, name string) string {
	if w.camel() {
		name = camelCase(name)
	}
	nd := &w.t.nodes[c]
	switch quoteMark := w.t.src[nd.keyStart]; {
	case quoteMark == '\'':
		return "'" + name + "'"
	case nd.flags&flagKeyLoose != 0 && quoteMark != '"' && w.dialect == dialectJavaScript:
		return name
	}
	return `"` + name + `"`
}

// camel reports whether the text spells its fields as the SDK does.
func (w *work) camel() bool {
	return slices.ContainsFunc(w.changes, func(c change) bool { return c.kind == "renamed" && c.node > 0 })
}

// snakeCase turns maxCompletionTokens into max_completion_tokens.
func snakeCase(name string) string {
	var b strings.Builder
	for i := 0; i < len(name) && i < 64; i++ {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// removal takes the member c out of its object, unless an earlier one of the same name would come to count then: that
// one has to go first.
func (w *work) removal(c uint32, title string) *remedy {
	if w.t.nodes[c].flags&flagRepeated != 0 {
		return nil
	}
	return w.t.cutMember(w.t.parent(c), c, title)
}
