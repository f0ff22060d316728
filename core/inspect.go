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
	var offsets []int
	for _, i := range w.at {
		if i != 0 {
			offsets = append(offsets, int(w.t.nodes[i].start), int(w.t.nodes[i].end))
		}
	}
	p := newPlaces(w.t.src, offsets)
	for id, i := range w.at {
		if i == 0 {
			continue
		}
		nd := &w.t.nodes[i]
		f := Present{Field: v.fields[id].name, Span: p.span(int(nd.start), int(nd.end))}
		if nd.end-nd.start <= maxPresentJSON && nd.kind != kindBad {
			f.JSON = w.t.appendJSON(nil, i)
		}
		in.Fields = append(in.Fields, f)
	}
	return in
}
