package core

import "slices"

// places resolves the byte offsets of a report: sorted, once each, in one sweep over the text.
type places struct {
	offsets   []int
	positions []Position
}

func newPlaces(t *tape, offsets []int) places {
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	p := places{offsets: offsets, positions: make([]Position, len(offsets))}
	l := newLocator(t.src)
	l.calm, l.ascii = t.calm(longString), t.ascii
	for i, o := range offsets {
		p.positions[i] = l.position(o)
	}
	return p
}

func (p places) at(offset int) Position {
	i, _ := slices.BinarySearch(p.offsets, offset)
	return p.positions[i]
}

func (p places) span(start, end int) Span { return Span{Start: p.at(start), End: p.at(end)} }

// places resolves everything that findings, changes and further offsets point at.
func (w *work) places(more ...int) places {
	offsets := more
	for i := range w.found {
		f := &w.found[i]
		offsets = append(offsets, f.start, f.end)
		if f.fix != nil {
			for _, e := range f.fix.edits {
				offsets = append(offsets, e.start, e.end)
			}
		}
	}
	for i := range w.changes {
		offsets = append(offsets, w.changes[i].start, w.changes[i].end)
	}
	return newPlaces(&w.t, offsets)
}

func (w *work) issue(f *finding, p places) Issue {
	i := Issue{Code: f.code, Severity: f.severity, Rule: f.rule, Message: f.message, Span: p.span(f.start, f.end)}
	if f.node > 0 {
		i.Path = w.t.path(uint32(f.node))
		i.Field = w.fieldOf(uint32(f.node))
	}
	if f.fix != nil {
		edits := make([]TextEdit, len(f.fix.edits))
		for k, e := range f.fix.edits {
			start, end := p.at(e.start), p.at(e.end)
			edits[k] = TextEdit{Start: start.Byte, End: end.Byte, Start16: start.UTF16, End16: end.UTF16, Text: e.text}
		}
		i.Fix = &Fix{Title: f.fix.title, Edits: edits}
	}
	return i
}

func (w *work) change(c *change, p places) Change {
	out := Change{Kind: c.kind, Message: c.message, Span: p.span(c.start, c.end)}
	if c.node > 0 {
		out.Path = w.t.path(uint32(c.node))
	}
	if c.field >= 0 {
		out.Field = w.v.fields[c.field].name
	}
	return out
}

// fieldOf returns the wire name of the top-level field that node i belongs to, or "".
func (w *work) fieldOf(i uint32) string {
	if w.t.nodes[0].kind != kindObject {
		return ""
	}
	top := w.t.childOver(0, i)
	if s := w.v.table.find(w.t.keyBytes(top)); s != nil {
		return w.v.fields[s.field].name
	}
	return ""
}
