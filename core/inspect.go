package core

// Present is one field as it stands in a text.
type Present struct {
	Field string // wire name, also where the text says it in camelCase
	Span  Span   // the value
	// JSON is the value as strict JSON, digits of numbers kept; nil when it is longer than 64 KiB or cannot be read.
	JSON []byte
}

// Inspection is what an editor shows after every keystroke: a Report without request and body, which are only made when
// somebody asks, with the fields that stand in the text.
type Inspection struct {
	Issues  []Issue
	Changes []Change
	Fields  []Present // in schema order
	// Dialect is how the text is written: "json", "jsonc" (comments, trailing commas) or "javascript".
	Dialect string
}

// maxPresentJSON keeps large prompts out of what crosses to a page at every keystroke.
const maxPresentJSON = 64 << 10

// Inspect is Check for an editor.
func (v *Validator) Inspect(src []byte) Inspection {
	w := v.begin(src, Hint)
	defer v.end(w)
	var r Report
	w.issues(&r)
	in := Inspection{Issues: r.Issues, Changes: r.Changes, Dialect: w.dialect.String()}
	offsets := make([]int, 0, 2*len(w.given))
	size := 0
	for _, g := range w.given {
		i := g.at
		if i == 0 {
			continue
		}
		nd := &w.t.nodes[i]
		offsets = append(offsets, int(nd.start), int(nd.end))
		if w.presentable(i) {
			size += int(nd.end - nd.start)
		}
	}
	p := newPlaces(w.t.src, offsets)
	in.Fields = make([]Present, 0, len(offsets)/2)
	text := make([]byte, 0, size) // for all values together
	for id, g := range w.given {
		i := g.at
		if i == 0 {
			continue
		}
		nd := &w.t.nodes[i]
		f := Present{Field: w.v.fields[id].name, Span: p.span(int(nd.start), int(nd.end))}
		if w.presentable(i) {
			from := len(text)
			text = w.t.appendJSON(text, i)
			f.JSON = text[from:len(text):len(text)]
		}
		in.Fields = append(in.Fields, f)
	}
	return in
}

// presentable reports whether the value at i is short and readable.
func (w *work) presentable(i uint32) bool {
	nd := &w.t.nodes[i]
	return nd.end-nd.start <= maxPresentJSON && nd.kind != kindBad
}
