package core

import (
	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Present is one field as it stands in a text.
type Present struct {
	Field string // wire name, also where the text says it in camelCase
	Span  Span   // the value
	// JSON is the value as strict JSON, digits of numbers kept; nil when the value as written is longer than 64 KiB or cannot
	// be read.
	JSON []byte
}

// Inspection is what an editor shows after every keystroke: a Report without the typed request, which is only made when
// somebody asks.
type Inspection struct {
	Issues  []Issue  `json:"issues"`
	Changes []Change `json:"changes"`
	Dialect Dialect  `json:"dialect"`
}

// maxPresentJSON keeps large prompts out of what crosses to a page at every keystroke.
const maxPresentJSON = 64 << 10

// Inspector looks at one text after another, as an editor does. It keeps what it read, for Fields and for the memory's
// sake, and is not safe for concurrent use. The zero Inspector is one of the zero Validator.
type Inspector struct {
	session *session
	limits  *jsontape.Limits
}

// NewInspector returns an Inspector under v's schema, profile and limits.
func (v *Validator) NewInspector() *Inspector {
	v = v.ready()
	return &Inspector{v.sessions.New().(*session), &v.check.Limits}
}

// Inspect is Check for an editor. The Inspector refers to src until the next call.
func (n *Inspector) Inspect(src []byte) Inspection {
	if n.session == nil {
		*n = *Default().NewInspector()
	}
	w := n.session.work
	w.Check(src, finding.Hint, n.limits)
	r := n.session.report()
	return Inspection{Issues: r.Issues, Changes: r.Changes, Dialect: Dialect(w.Dialect.String())}
}

// Fields returns the fields that stand in the text of the last Inspect, which must not have been changed since, in
// schema order.
func (n *Inspector) Fields() []Present {
	if n.session == nil {
		return nil
	}
	w := n.session.work
	offsets := make([]int, 0, 2*w.Top)
	size := 0
	for _, g := range w.States[:w.Top] {
		if g.At == 0 {
			continue
		}
		nd := &w.Nodes[g.At]
		offsets = append(offsets, int(nd.Start), int(nd.End))
		if presentable(w, g.At) {
			size += int(nd.End - nd.Start)
		}
	}
	fields := make([]Present, 0, len(offsets)/2)
	p := newPlaces(&w.Tape, offsets)
	text := make([]byte, 0, size) // for all values together
	for id, g := range w.States[:w.Top] {
		if g.At == 0 {
			continue
		}
		nd := &w.Nodes[g.At]
		f := Present{Field: w.Name(int32(id)), Span: p.span(int(nd.Start), int(nd.End))}
		if presentable(w, g.At) {
			from := len(text)
			text = w.AppendJSON(text, g.At)
			f.JSON = text[from:len(text):len(text)]
		}
		fields = append(fields, f)
	}
	return fields
}

// presentable reports whether the value at i is short and readable.
func presentable(w *check.Work, i uint32) bool {
	nd := &w.Nodes[i]
	return nd.End-nd.Start <= maxPresentJSON && nd.Kind != jsontape.Bad
}
