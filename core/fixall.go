package core

import (
	"cmp"
	"slices"
)

// maxFixRounds bounds FixAll: a fix may bring to light what it hid, but only so often.
const maxFixRounds = 8

// FixAll returns the edits that apply all fixes of src. Where two fixes touch the same bytes the more severe one is
// taken first, and the other in a further look at the text, as is one that a fix made possible; so afterwards no issue
// with a fix is left, save where fixes contradict each other. It fails only for a text beyond Limits.Bytes.
func (v *Validator) FixAll(src []byte) ([]TextEdit, error) {
	if len(src) > v.limits.Bytes {
		return nil, errTooLarge(len(src), v.limits)
	}
	pieces := []piece{{end: len(src)}}
	for text, round := src, 0; round < maxFixRounds; round++ {
		edits := compatibleFixes(v.Check(text).Issues)
		if len(edits) == 0 {
			break
		}
		pieces = editPieces(pieces, edits)
		text = assemble(src, pieces)
	}
	return editsOf(src, pieces), nil
}

// compatibleFixes chooses fixes that do not touch each other: errors first, small ones before those that rewrite much.
func compatibleFixes(issues []Issue) []TextEdit {
	order := make([]*Issue, 0, len(issues))
	for i := range issues {
		if issues[i].Fix != nil {
			order = append(order, &issues[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *Issue) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(len(a.Fix.Edits), len(b.Fix.Edits)))
	})
	var all []TextEdit
	for _, issue := range order {
		if merged, ok := mergeEdits(all, issue.Fix.Edits); ok {
			all = merged
		}
	}
	return all
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
func editPieces(pieces []piece, edits []TextEdit) []piece {
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
		copyTo(e.Start)
		kept := len(out)
		copyTo(e.End)
		out = out[:kept]
		if e.Text != "" {
			out = append(out, piece{end: -1, text: e.Text})
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
