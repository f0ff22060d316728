package finding

import (
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// List gathers the findings of one check. Beyond its limit it keeps one more, to know that there are more, and the first
// error in any case.
type List struct {
	All    []Finding // in no order until Settle
	Failed bool      // one of them is an error

	most  int
	least Severity
}

// Reset makes the list empty. most is the limit; what is milder than least need not be looked for.
func (l *List) Reset(most int, least Severity) {
	clear(l.All) // drops references to messages
	*l = List{All: l.All[:0], most: most, least: least}
}

// Add adds a finding, unless the list is full of others.
func (l *List) Add(f Finding) {
	if l.Full() && (l.Failed || f.Severity != Error) {
		return
	}
	l.All = append(l.All, f)
	l.Failed = l.Failed || f.Severity == Error
}

// Full reports whether further findings would not be shown, so that nobody need work them out.
func (l *List) Full() bool { return len(l.All) > l.most }

// Closed reports whether not even an error would be added.
func (l *List) Closed() bool { return l.Failed && l.Full() }

// Wants reports whether findings of a severity are looked for.
func (l *List) Wants(s Severity) bool { return s >= l.least }

// Decided reports whether only the verdict is wanted, and it stands.
func (l *List) Decided() bool { return l.Failed && l.least == Error }

// Settle drops what need not be said about the values of t, brings the rest into order and cuts it at the limit.
func (l *List) Settle(t *jsontape.Tape) {
	l.dropEchoes(t)
	slices.SortStableFunc(l.All, compare)
	l.All = slices.CompactFunc(l.All, func(a, b Finding) bool {
		return a.Code == b.Code && a.Start == b.Start && a.End == b.End && a.Message == b.Message
	})
	if len(l.All) > l.most {
		slices.SortStableFunc(l.All, func(a, b Finding) int { return int(b.Severity) - int(a.Severity) })
		first := l.All[l.most-1] // the worst are kept
		l.All = append(l.All[:l.most-1], Finding{Code: TooManyIssues, Severity: first.Severity, Node: -1,
			Start: first.Start, End: first.Start, Rule: "limits/issues", Message: "there are more issues than are shown"})
		slices.SortStableFunc(l.All, compare)
	}
}

// dropEchoes drops what a profile has to say about a value that is wrong anyway, and what is wrong with the value of a
// field that the server refuses whatever its value.
func (l *List) dropEchoes(t *jsontape.Tape) {
	if !l.Failed {
		return
	}
	wrong := map[int32]bool{}
	var refused []int32
	for i := range l.All {
		f := &l.All[i]
		if f.Severity == Error && f.Node > 0 {
			wrong[f.Node] = true
		}
		if f.Code == RefusedField && f.Severity == Error {
			refused = append(refused, f.Node)
		}
	}
	l.All = slices.DeleteFunc(l.All, func(f Finding) bool {
		switch f.Code {
		case SoftLimit, FieldNote, IgnoredField:
			return f.Severity != Error && wrong[f.Node]
		case RefusedField, DuplicateKey, BothSpellings:
			return false
		}
		return f.Rule != "syntax" && slices.ContainsFunc(refused, func(i int32) bool {
			return f.Node >= i && f.Node < int32(t.Nodes[i].Next)
		})
	})
}

// compare orders by position, then errors first, then code; nothing that a person sees depends on map order.
func compare(a, b Finding) int {
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
