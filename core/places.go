package core

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// places resolves the byte offsets of a report: sorted, once each, in one sweep over the text.
type places struct {
	offsets   []int
	positions []Position
}

func newPlaces(t *jsontape.Tape, offsets []int) places {
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	p := places{offsets: offsets, positions: make([]Position, len(offsets))}
	l := utf.NewLocator(t.Src)
	l.LongStrings, l.ASCII = t.LongStrings(jsontape.LongString), t.ASCII
	for i, o := range offsets {
		p.positions[i] = Position(l.Position(o))
	}
	return p
}

func (p places) at(offset int) Position {
	i, _ := slices.BinarySearch(p.offsets, offset)
	return p.positions[i]
}

func (p places) span(start, end int) Span { return Span{Start: p.at(start), End: p.at(end)} }

// placesOf resolves everything that findings and changes point at.
func placesOf(w *check.Work) places {
	var offsets []int
	for i := range w.Findings.All {
		f := &w.Findings.All[i]
		offsets = append(offsets, f.Start, f.End)
		if f.Fix != nil {
			for _, e := range f.Fix.Edits {
				offsets = append(offsets, e.Start, e.End)
			}
		}
	}
	for i := range w.Changes {
		offsets = append(offsets, w.Changes[i].Start, w.Changes[i].End)
	}
	return newPlaces(&w.Tape, offsets)
}

func (p places) issue(w *check.Work, f *finding.Finding) Issue {
	i := Issue{Code: Code(f.Code), Severity: Severity(f.Severity), Rule: f.Rule, Message: f.Message, Span: p.span(f.Start, f.End)}
	if f.Node > 0 {
		i.Path = w.Path(uint32(f.Node))
		i.Field = w.FieldOf(uint32(f.Node))
	}
	if f.Fix != nil {
		edits := make([]TextEdit, len(f.Fix.Edits))
		for k, e := range f.Fix.Edits {
			start, end := p.at(e.Start), p.at(e.End)
			edits[k] = TextEdit{Start: start.Byte, End: end.Byte, Start16: start.UTF16, End16: end.UTF16, Text: e.Text}
		}
		i.Fix = &Fix{Title: f.Fix.Title, Edits: edits, Removes: f.Fix.Removes}
	}
	return i
}

func (p places) change(w *check.Work, c *check.Change) Change {
	out := Change{Kind: ChangeKind(c.Kind), Message: c.Message, Span: p.span(c.Start, c.End), Field: w.Name(c.Field)}
	if c.Node > 0 {
		out.Path = w.Path(uint32(c.Node))
	}
	return out
}
