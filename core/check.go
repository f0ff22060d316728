package core

import (
	"fmt"
	"slices"
	"strings"
)

// Check reads a completion request and says everything there is to say about it, under the default schema and profile.
// It takes any bytes: mistakes are issues of the report, never an error or a panic.
//
// The text may be JSON, JSON with comments and trailing commas, or a JavaScript or TypeScript object literal with the
// statement around it. The report holds no reference to src.
func Check(src []byte) Report { return Default().Check(src) }

// Check is the package's Check under v's schema, profile and limits.
//
//	text ─scan─▶ tape ─canonicalize─▶ fields ─accept?─▶ request
//	                                     └──── no ────▶ explain (jsonschema v5) ─▶ issues
//	                                     rules ──────────────────────────────────▶ issues
func (v *Validator) Check(src []byte) Report {
	w := v.begin(src, Hint)
	defer v.end(w)
	var r Report
	w.issues(&r)
	if !w.failed {
		r.Request = w.request()
	}
	return r
}

// Valid reports whether Check would find no error, without saying why. On valid strict JSON in wire
// form it allocates nothing.
func (v *Validator) Valid(src []byte) bool {
	w := v.begin(src, Error)
	defer v.end(w)
	return !w.failed
}

// Body returns the canonical wire JSON of a text under the default schema and profile: one line, snake_case, fields in
// schema order, values as they were typed. It is nil while Check finds an error.
func Body(src []byte) []byte { return Default().Body(src) }

// Body is the package's Body under v's schema, profile and limits.
func (v *Validator) Body(src []byte) []byte {
	w := v.begin(src, Error)
	defer v.end(w)
	if w.failed {
		return nil
	}
	return w.body()
}

// work is one check under way. Its buffers are reused.
type work struct {
	limits  *Limits
	v       *Validator
	filler  filler
	t       tape
	dialect dialect
	cut     uint32    // a number that may not have been typed to its end, as the text is over; 0 where there is none
	syntax  bool      // the text has a syntax error: what is missing may only not have been read
	given   []given   // per field
	top     int       // given says nothing about the fields from here on
	here    uint64    // the bits of the fields that are in the text and sent, see field.bit
	doubt   []int32   // fields whose value is not surely valid
	extras  []uint32  // members that are no field, in document order
	found   []finding // in no order
	changes []change
	seen    keySet
	least   Severity    // what is milder is not looked for
	rule    *activeRule // the one that is being applied
	failed  bool        // an error was found
}

// given is what a text says about one field.
type given struct {
	at    uint32  // the tape index of the value that counts; 0 where there is none
	form  form    // how the value gets into the body
	meant bool    // a member under a wrong name is taken for it
	camel bool    // the name is in the SDK's spelling
	fine  bool    // the schema has nothing against the value
	n     numeral // the value, if it is a number that could be read in passing
}

// begin runs the pipeline; what is milder than least need not be found.
func (v *Validator) begin(src []byte, least Severity) *work {
	return v.beginWithin(src, least, &v.limits)
}

func (v *Validator) beginWithin(src []byte, least Severity, limits *Limits) *work {
	w := v.works.Get().(*work)
	w.start(src, least, limits)
	return w
}

// end gives the buffers back, unless they grew so much that keeping them would hold memory for one large text.
func (v *Validator) end(w *work) {
	const keep = 1 << 16
	w.t.src = nil
	if cap(w.t.nodes) <= keep && cap(w.found) <= keep {
		v.works.Put(w)
	}
}

// start forgets the text before and runs the pipeline.
func (w *work) start(src []byte, least Severity, limits *Limits) {
	w.reset()
	w.least, w.limits = least, limits
	w.run(src)
}

func (w *work) reset() {
	if w.given == nil {
		w.given = make([]given, len(w.v.fields))
	}
	clear(w.given[:w.top])
	w.top = 0
	if len(w.found) > 0 || len(w.changes) > 0 {
		clear(w.found) // drops references to messages
		clear(w.changes)
	}
	w.doubt, w.extras, w.found, w.changes = w.doubt[:0], w.extras[:0], w.found[:0], w.changes[:0]
	w.here, w.dialect, w.cut, w.syntax, w.failed = 0, 0, 0, false, false
}

// run is the pipeline.
func (w *work) run(src []byte) {
	if len(src) > w.limits.Bytes {
		w.t.nodes = w.t.nodes[:0]
		w.t.src = nil
		w.add(finding{code: CodeTooLarge, severity: Error, node: -1, end: 0, rule: "limits/bytes",
			message: fmt.Sprintf("got %s, want at most %s", byteSize(len(src)), byteSize(w.limits.Bytes))})
		return
	}
	if !w.t.scan(src, *w.limits) {
		w.read(src)
	}
	if len(w.t.nodes) == 0 {
		return
	}
	if root := &w.t.nodes[0]; root.kind != kindObject {
		if root.kind != kindBad && !w.syntax {
			w.add(finding{code: CodeNotAnObject, severity: Error, node: 0, start: int(root.start), end: int(root.end), rule: "#/type",
				message: fmt.Sprintf("got %s, want an object with model and prompt", w.describe(0))})
		}
		return
	}
	w.surrogates()
	w.canonicalize()
	if !w.decided() {
		w.explain()
	}
	if !w.decided() {
		w.applyRules()
	}
}

// decided reports whether only the verdict is wanted, and it stands.
func (w *work) decided() bool { return w.failed && w.least == Error }

// read takes the text as whatever it may be.
func (w *work) read(src []byte) {
	found, d := w.t.reread(src, *w.limits)
	w.dialect = d
	for _, f := range found {
		w.add(f)
		w.syntax = w.syntax || f.severity == Error
	}
	if last := len(w.t.nodes) - 1; last > 0 && w.t.nodes[last].kind == kindNumber && int(w.t.nodes[last].end) == len(src) {
		w.cut = uint32(last)
		w.t.nodes[last].kind = kindBad // that the text ends too early is an issue already
	}
	if d != dialectJSON && len(w.t.nodes) > 0 && !w.syntax {
		root := w.t.nodes[0]
		w.changes = append(w.changes, change{kind: "dialect", field: -1, node: 0,
			start: int(root.start), end: int(root.end), message: "read as " + d.describe() + ", sent as JSON"})
	}
}

// add keeps one finding beyond the limit, to know that there are more, and the first error in any case.
func (w *work) add(f finding) {
	if w.full() && (w.failed || f.severity != Error) {
		return
	}
	w.found = append(w.found, f)
	w.failed = w.failed || f.severity == Error
}

// full reports whether further findings would not be shown, so that nobody need work them out.
func (w *work) full() bool { return len(w.found) > w.limits.Issues }

// issues moves findings and changes into the report, in order and with their places.
func (w *work) issues(r *Report) {
	if len(w.found) == 0 && len(w.changes) == 0 {
		return
	}
	w.settle()
	slices.SortStableFunc(w.changes, func(a, b change) int { return a.start - b.start })
	p := w.places()
	if len(w.found) > 0 {
		r.Issues = make([]Issue, len(w.found))
		for i := range w.found {
			r.Issues[i] = w.issue(&w.found[i], p)
		}
	}
	if len(w.changes) > 0 {
		r.Changes = make([]Change, len(w.changes))
		for i := range w.changes {
			r.Changes[i] = w.change(&w.changes[i], p)
		}
	}
}

// settle drops what need not be said and brings the rest into order, within the limit.
func (w *work) settle() {
	w.dropEchoes()
	slices.SortStableFunc(w.found, compareFindings)
	w.found = slices.CompactFunc(w.found, func(a, b finding) bool {
		return a.code == b.code && a.start == b.start && a.end == b.end && a.message == b.message
	})
	if most := w.limits.Issues; len(w.found) > most {
		slices.SortStableFunc(w.found, func(a, b finding) int { return int(b.severity) - int(a.severity) })
		first := w.found[most-1] // the worst are kept
		w.found = append(w.found[:most-1], finding{code: CodeTooManyIssues, severity: first.severity, node: -1,
			start: first.start, end: first.start, rule: "limits/issues",
			message: "there are more issues than are shown"})
		slices.SortStableFunc(w.found, compareFindings)
	}
}

// dropEchoes drops what a profile has to say about a value that is wrong anyway, and what is wrong with the value of a
// field that the server refuses whatever its value.
func (w *work) dropEchoes() {
	if !w.failed {
		return
	}
	wrong := map[int32]bool{}
	var refused []int32
	for i := range w.found {
		f := &w.found[i]
		if f.severity == Error && f.node > 0 {
			wrong[f.node] = true
		}
		if f.code == CodeRefusedField && f.severity == Error {
			refused = append(refused, f.node)
		}
	}
	w.found = slices.DeleteFunc(w.found, func(f finding) bool {
		switch f.code {
		case CodeSoftLimit, CodeFieldNote, CodeIgnoredField:
			return f.severity != Error && wrong[f.node]
		case CodeRefusedField, CodeDuplicateKey, CodeBothSpellings:
			return false
		}
		return f.rule != "syntax" && slices.ContainsFunc(refused, func(i int32) bool {
			return f.node >= i && f.node < int32(w.t.nodes[i].next)
		})
	})
}

// compareFindings orders by position, then errors first, then code; nothing that a person sees depends on map order.
func compareFindings(a, b finding) int {
	switch {
	case a.start != b.start:
		return a.start - b.start
	case a.severity != b.severity:
		return int(b.severity) - int(a.severity)
	case a.code != b.code:
		return strings.Compare(string(a.code), string(b.code))
	case a.end != b.end:
		return a.end - b.end
	default:
		return strings.Compare(a.message, b.message)
	}
}

// describe names a dialect for people.
func (d dialect) describe() string {
	if d == dialectJavaScript {
		return "a JavaScript object literal"
	}
	return "JSON with comments or trailing commas"
}
