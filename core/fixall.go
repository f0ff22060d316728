package core

import (
	"cmp"
	"slices"
)

// maxFixRounds bounds FixAll: a fix may bring to light what it hid, but only so often.
const maxFixRounds = 8

// maxFixes bounds the work on texts with thousands of mistakes: how many issues a round looks at, and after how many fixes
// there is no further round. What is left is for the next call.
const maxFixes = 1_000

// FixAll returns the edits that apply all fixes of src. Where two fixes touch the same bytes the more severe one is
// taken first, and the other in a further look at the text, as is one that a fix made possible; so afterwards no issue
// with a fix is left, save where fixes contradict each other or there are thousands. It fails only for a text beyond
// Limits.Bytes.
func (v *Validator) FixAll(src []byte) ([]TextEdit, error) {
	if len(src) > v.limits.Bytes {
		return nil, errTooLarge(len(src), v.limits)
	}
	limits := v.limits
	limits.Issues = max(limits.Issues, maxFixes) // many of one kind take one round, though a report would not show them
	pieces := []piece{{end: len(src)}}
	fixes := 0
	for text, round := src, 0; round < maxFixRounds && fixes < maxFixes; round++ {
		w := v.beginWithin(text, Hint, &limits)
		w.settle()
		edits := compatibleFixes(w.found)
		v.end(w)
		fixes += len(edits)
		if len(edits) == 0 {
			break
		}
		pieces = editPieces(pieces, edits)
		text = assemble(src, pieces)
	}
	return editsOf(src, pieces), nil
}

// compatibleFixes chooses fixes that do not touch each other: errors first, small ones before those that rewrite much.
func compatibleFixes(found []finding) []byteEdit {
	order := make([]*finding, 0, len(found))
	for i := range found {
		if found[i].fix != nil {
			order = append(order, &found[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *finding) int {
		return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(len(a.fix.edits), len(b.fix.edits)))
	})
	var all []byteEdit
	for _, f := range order {
		if merged, ok := mergeEdits(all, f.fix.edits); ok {
			all = merged
		}
	}
	return all
}

// mergeEdits adds the edits of a fix to a sorted list, or returns false where one of them touches text that is edited
// already or inserts at the same place. An edit that is in the list already is made once.
func mergeEdits(all, fix []byteEdit) ([]byteEdit, bool) {
	var added []byteEdit
	for _, e := range fix {
		i, same := slices.BinarySearchFunc(all, e, byPlace)
		if same && all[i] == e {
			continue
		}
		if same || i > 0 && all[i-1].end > e.start || i < len(all) && all[i].start < e.end {
			return nil, false
		}
		added = append(added, e)
	}
	if len(added) > 8 { // cheaper than one by one
		all = append(all, added...)
		slices.SortFunc(all, byPlace)
		return all, true
	}
	for _, e := range added {
		i, _ := slices.BinarySearchFunc(all, e, byPlace)
		all = slices.Insert(all, i, e)
	}
	return all, true
}

// piece is a stretch of an edited text: a copy of src[start:end], or new text where end is negative.
type piece struct {
	start, end int
	text       string
}

func (p piece) len() int {
	if p.end < 0 {
		return len(p.text)
	}
	return p.end - p.start
}

// cut returns the part [from, to) of a piece.
func (p piece) cut(from, to int) piece {
	if p.end < 0 {
		return piece{end: -1, text: p.text[from:to]}
	}
	return piece{start: p.start + from, end: p.start + to}
}

// editPieces applies sorted edits to a text in pieces.
func editPieces(pieces []piece, edits []byteEdit) []piece {
	var out []piece
	at := 0 // offset in the text of the start of pieces[0]
	copyTo := func(end int) {
		for len(pieces) > 0 && at < end {
			p := pieces[0]
			n := min(p.len(), end-at)
			out = append(out, p.cut(0, n))
			at += n
			if pieces[0] = p.cut(n, p.len()); pieces[0].len() == 0 {
				pieces = pieces[1:]
			}
		}
	}
	for _, e := range edits {
		copyTo(e.start)
		kept := len(out)
		copyTo(e.end)
		out = out[:kept]
		if e.text != "" {
			out = append(out, piece{end: -1, text: e.text})
		}
	}
	return append(out, pieces...)
}

func assemble(src []byte, pieces []piece) []byte {
	var text []byte
	for _, p := range pieces {
		if p.end < 0 {
			text = append(text, p.text...)
		} else {
			text = append(text, src[p.start:p.end]...)
		}
	}
	return text
}

// editsOf returns the edits between src and a text made of its pieces, which keep their order.
func editsOf(src []byte, pieces []piece) []TextEdit {
	var edits []byteEdit
	at, text := 0, ""
	flush := func(next int) {
		if text != "" || next > at {
			edits = append(edits, byteEdit{at, next, text})
		}
		text = ""
	}
	for _, p := range pieces {
		if p.end < 0 {
			text += p.text
			continue
		}
		flush(p.start)
		at = p.end
	}
	flush(len(src))
	return textEdits(src, edits)
}
