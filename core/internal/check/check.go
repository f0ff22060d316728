package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
)

// Work is one check under way. Its buffers are reused.
type Work struct {
	limits      *jsontape.Limits
	V           *Checker
	T           jsontape.Tape
	Dialect     loose.Dialect
	cut         uint32            // a number that may not have been typed to its end, as the text is over; 0 where there is none
	syntax      bool              // the text has a syntax error: what is missing may only not have been read
	States      []FieldState      // per field
	Top         int               // given says nothing about the fields from here on
	present     uint64            // the bits of the fields that are in the text and sent, see field.bit
	undecided   []int32           // fields whose value is not surely valid
	Unknown     []uint32          // members that are no field, in document order
	Found       []finding.Finding // in no order
	Changes     []Change
	seen        jsontape.KeySet
	minSeverity finding.Severity // what is milder is not looked for
	rule        *activeRule      // the one that is being applied
	Failed      bool             // an error was found
}

// FieldState is what a text says about one field.
type FieldState struct {
	At    uint32           // the tape index of the value that counts; 0 where there is none
	form  form             // how the value gets into the body
	meant bool             // a member under a wrong name is taken for it
	camel bool             // the name is in the SDK's spelling
	fine  bool             // the schema has nothing against the value
	n     jsontape.Numeral // the value, if it is a number that could be read in passing
}

// Start forgets the text before and runs the pipeline.
func (w *Work) Start(src []byte, least finding.Severity, limits *jsontape.Limits) {
	w.reset()
	w.minSeverity, w.limits = least, limits
	w.run(src)
}

func (w *Work) reset() {
	if w.States == nil {
		w.States = make([]FieldState, len(w.V.Fields))
	}
	clear(w.States[:w.Top])
	w.Top = 0
	if len(w.Found) > 0 || len(w.Changes) > 0 {
		clear(w.Found) // drops references to messages
		clear(w.Changes)
	}
	w.undecided, w.Unknown, w.Found, w.Changes = w.undecided[:0], w.Unknown[:0], w.Found[:0], w.Changes[:0]
	w.present, w.Dialect, w.cut, w.syntax, w.Failed = 0, 0, 0, false, false
}

// run is the pipeline.
func (w *Work) run(src []byte) {
	if len(src) > w.limits.Bytes {
		w.T.Nodes = w.T.Nodes[:0]
		w.T.Src = nil
		w.add(finding.Finding{Code: finding.TooLarge, Severity: finding.Error, Node: -1, End: 0, Rule: "limits/bytes",
			Message: fmt.Sprintf("got %s, want at most %s", finding.ByteSize(len(src)), finding.ByteSize(w.limits.Bytes))})
		return
	}
	if !w.T.Scan(src, *w.limits) {
		w.read(src)
	}
	if len(w.T.Nodes) == 0 {
		return
	}
	if root := &w.T.Nodes[0]; root.Kind != jsontape.Object {
		if root.Kind != jsontape.Bad && !w.syntax {
			w.add(finding.Finding{Code: finding.NotAnObject, Severity: finding.Error, Node: 0, Start: int(root.Start), End: int(root.End), Rule: "#/type",
				Message: fmt.Sprintf("got %s, want an object with model and prompt", w.describe(0))})
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
func (w *Work) decided() bool { return w.Failed && w.minSeverity == finding.Error }

// read takes the text as whatever it may be.
func (w *Work) read(src []byte) {
	found, d := loose.Reread(&w.T, src, *w.limits)
	w.Dialect = d
	for _, f := range found {
		w.add(f)
		w.syntax = w.syntax || f.Severity == finding.Error
	}
	if last := len(w.T.Nodes) - 1; last > 0 && w.T.Nodes[last].Kind == jsontape.Number && int(w.T.Nodes[last].End) == len(src) {
		w.cut = uint32(last)
		w.T.Nodes[last].Kind = jsontape.Bad // that the text ends too early is an issue already
	}
	if d != loose.JSON && len(w.T.Nodes) > 0 && !w.syntax {
		root := w.T.Nodes[0]
		w.Changes = append(w.Changes, Change{Kind: "dialect", Field: -1, Node: 0,
			Start: int(root.Start), End: int(root.End), Message: "read as " + d.Describe() + ", sent as JSON"})
	}
}

// add keeps one finding beyond the limit, to know that there are more, and the first error in any case.
func (w *Work) add(f finding.Finding) {
	if w.full() && (w.Failed || f.Severity != finding.Error) {
		return
	}
	w.Found = append(w.Found, f)
	w.Failed = w.Failed || f.Severity == finding.Error
}

// full reports whether further findings would not be shown, so that nobody need work them out.
func (w *Work) full() bool { return len(w.Found) > w.limits.Issues }

// Settle drops what need not be said and brings the rest into order, within the limit.
func (w *Work) Settle() {
	w.dropEchoes()
	slices.SortStableFunc(w.Found, compareFindings)
	w.Found = slices.CompactFunc(w.Found, func(a, b finding.Finding) bool {
		return a.Code == b.Code && a.Start == b.Start && a.End == b.End && a.Message == b.Message
	})
	if most := w.limits.Issues; len(w.Found) > most {
		slices.SortStableFunc(w.Found, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
		first := w.Found[most-1] // the worst are kept
		w.Found = append(w.Found[:most-1], finding.Finding{Code: finding.TooManyIssues, Severity: first.Severity, Node: -1,
			Start: first.Start, End: first.Start, Rule: "limits/issues",
			Message: "there are more issues than are shown"})
		slices.SortStableFunc(w.Found, compareFindings)
	}
}

// dropEchoes drops what a profile has to say about a value that is wrong anyway, and what is wrong with the value of a
// field that the server refuses whatever its value.
func (w *Work) dropEchoes() {
	if !w.Failed {
		return
	}
	wrong := map[int32]bool{}
	var refused []int32
	for i := range w.Found {
		f := &w.Found[i]
		if f.Severity == finding.Error && f.Node > 0 {
			wrong[f.Node] = true
		}
		if f.Code == finding.RefusedField && f.Severity == finding.Error {
			refused = append(refused, f.Node)
		}
	}
	w.Found = slices.DeleteFunc(w.Found, func(f finding.Finding) bool {
		switch f.Code {
		case finding.SoftLimit, finding.FieldNote, finding.IgnoredField:
			return f.Severity != finding.Error && wrong[f.Node]
		case finding.RefusedField, finding.DuplicateKey, finding.BothSpellings:
			return false
		}
		return f.Rule != "syntax" && slices.ContainsFunc(refused, func(i int32) bool {
			return f.Node >= i && f.Node < int32(w.T.Nodes[i].Next)
		})
	})
}

// compareFindings orders by position, then errors first, then code; nothing that a person sees depends on map order.
func compareFindings(a, b finding.Finding) int {
	switch {
	case a.Start != b.Start:
		return a.Start - b.Start
	case a.Severity != b.Severity:
		return int(b.Severity) - int(a.Severity)
	case a.Code != b.Code:
		return strings.Compare(string(a.Code), string(b.Code))
	case a.End != b.End:
		return a.End - b.End
	default:
		return strings.Compare(a.Message, b.Message)
	}
}

// Large reports whether the buffers grew so much that keeping them would hold memory for one large text.
func (w *Work) Large() bool {
	const keep = 1 << 16
	return cap(w.T.Nodes) > keep || cap(w.Found) > keep
}

// FieldOf returns the wire name of the top-level field that node i belongs to, or "".
func (w *Work) FieldOf(i uint32) string {
	if w.T.Nodes[0].Kind != jsontape.Object {
		return ""
	}
	if id := w.V.Request.FieldOf(&w.T, w.T.ChildOver(0, i)); id >= 0 {
		return w.V.Fields[id].Name
	}
	return ""
}
