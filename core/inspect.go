package core

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
	Issues  []Issue
	Changes []Change
	// Dialect is how the text is written: "json", "jsonc" (comments, trailing commas) or "javascript".
	Dialect string
}

// maxPresentJSON keeps large prompts out of what crosses to a page at every keystroke.
const maxPresentJSON = 64 << 10

// Inspector looks at one text after another, as an editor does. It keeps what it read, for Fields and for the memory's
// sake, and is not safe for concurrent use.
type Inspector struct{ work *work }

// NewInspector returns an Inspector under v's schema, profile and limits.
func (v *Validator) NewInspector() *Inspector { return &Inspector{v.works.New().(*work)} }

// Inspect is Check for an editor. The Inspector refers to src until the next call.
func (n *Inspector) Inspect(src []byte) Inspection {
	w := n.work
	w.start(src, Hint, &w.v.limits)
	var r Report
	w.issues(&r)
	return Inspection{Issues: r.Issues, Changes: r.Changes, Dialect: w.dialect.String()}
}

// Fields returns the fields that stand in the text of the last Inspect, which must not have been changed since, in
// schema order.
func (n *Inspector) Fields() []Present {
	w := n.work
	offsets := make([]int, 0, 2*w.top)
	size := 0
	for _, g := range w.given[:w.top] {
		if g.at == 0 {
			continue
		}
		nd := &w.t.nodes[g.at]
		offsets = append(offsets, int(nd.start), int(nd.end))
		if w.presentable(g.at) {
			size += int(nd.end - nd.start)
		}
	}
	fields := make([]Present, 0, len(offsets)/2)
	p := newPlaces(&w.t, offsets)
	text := make([]byte, 0, size) // for all values together
	for id, g := range w.given[:w.top] {
		if g.at == 0 {
			continue
		}
		nd := &w.t.nodes[g.at]
		f := Present{Field: w.v.fields[id].name, Span: p.span(int(nd.start), int(nd.end))}
		if w.presentable(g.at) {
			from := len(text)
			text = w.t.appendJSON(text, g.at)
			f.JSON = text[from:len(text):len(text)]
		}
		fields = append(fields, f)
	}
	return fields
}

// presentable reports whether the value at i is short and readable.
func (w *work) presentable(i uint32) bool {
	nd := &w.t.nodes[i]
	return nd.end-nd.start <= maxPresentJSON && nd.kind != kindBad
}
