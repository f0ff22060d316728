package edit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
)

// mostEdits bounds the edits that one look at a text makes, and those that it hands out.
const mostEdits = 1 << 12

// CompatibleFixes chooses fixes that do not touch each other: errors first, small ones before those that rewrite much.
// Those that take words away are left out unless removals are wanted.
func CompatibleFixes(found []finding.Finding, removals bool) []finding.Edit {
	order := make([]*finding.Finding, 0, len(found))
	for i := range found {
		if fix := found[i].Fix; fix != nil && (removals || fix.Removes == "") {
			order = append(order, &found[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *finding.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(len(a.Fix.Edits), len(b.Fix.Edits)))
	})
	var all []finding.Edit
	for _, f := range order {
		if merged, ok := mergeEdits(all, f.Fix.Edits); ok {
			all = merged
		}
		if len(all) > mostEdits {
			break
		}
	}
	return all
}

// mergeEdits adds the edits of a fix to a sorted list, or returns false where one of them touches text that is edited
// already or inserts at the same place. An edit that is in the list already is made once.
func mergeEdits(all, fix []finding.Edit) ([]finding.Edit, bool) {
	var added []finding.Edit
	for _, e := range fix {
		i, same := slices.BinarySearchFunc(all, e, finding.ByPlace)
		if same && all[i] == e {
			continue
		}
		if same || i > 0 && all[i-1].End > e.Start || i < len(all) && all[i].Start < e.End {
			return nil, false
		}
		added = append(added, e)
	}
	// Both are sorted; the larger ones move up from the end.
	i, at := len(all), len(all)+len(added)
	all = slices.Grow(all, len(added))[:at]
	for k := len(added) - 1; k >= 0; {
		at--
		if i > 0 && finding.ByPlace(all[i-1], added[k]) > 0 {
			i--
			all[at] = all[i]
		} else {
			all[at] = added[k]
			k--
		}
	}
	return all, true
}

// Piece is a stretch of an edited text: a copy of src[start:end], or new text where end is negative.
type Piece struct {
	start, End int
	text       string
}

func (p Piece) len() int {
	if p.End < 0 {
		return len(p.text)
	}
	return p.End - p.start
}

// cut returns the part [from, to) of a piece.
func (p Piece) cut(from, to int) Piece {
	if p.End < 0 {
		return Piece{End: -1, text: p.text[from:to]}
	}
	return Piece{start: p.start + from, End: p.start + to}
}

// EditPieces applies sorted edits to a text in pieces, and leaves those pieces as they are.
func EditPieces(pieces []Piece, edits []finding.Edit) []Piece {
	pieces = slices.Clone(pieces)
	var out []Piece
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
			out = append(out, Piece{End: -1, text: e.Text})
		}
	}
	return append(out, pieces...)
}

// Assemble returns the text made of pieces of src, in the memory of room if that is large enough.
func Assemble(room, src []byte, pieces []Piece) []byte {
	size := 0
	for _, p := range pieces {
		size += p.len()
	}
	text := slices.Grow(room[:0], size)
	for _, p := range pieces {
		if p.End < 0 {
			text = append(text, p.text...)
		} else {
			text = append(text, src[p.start:p.End]...)
		}
	}
	return text
}

// joinedText returns the text of pieces that are all new.
func joinedText(pieces []Piece) string {
	if len(pieces) == 1 {
		return pieces[0].text
	}
	size := 0
	for _, p := range pieces {
		size += len(p.text)
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// EditsOf returns the edits between src and a text made of its pieces, which keep their order. Where they are many, they
// become one.
func EditsOf(src []byte, pieces []Piece) []finding.Edit {
	var edits []finding.Edit
	at := 0
	for from := 0; from <= len(pieces); {
		to, next := from, len(src)
		for to < len(pieces) && pieces[to].End < 0 {
			to++
		}
		if to < len(pieces) {
			next = pieces[to].start
		}
		if text := joinedText(pieces[from:to]); text != "" || next > at {
			edits = append(edits, finding.Edit{Start: at, End: next, Text: text})
		}
		if to < len(pieces) {
			at = pieces[to].End
		}
		from = to + 1
	}
	return finding.Few(src, edits, mostEdits)
}
