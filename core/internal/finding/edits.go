package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Apply returns src with the edits made. It fails when they are not sorted, overlap or reach beyond the text.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	size, done := len(src), 0
	for _, e := range edits {
		if e.Start < done || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("edit of bytes %d to %d: got a text of %d bytes, edited up to byte %d", e.Start, e.End, len(src), done)
		}
		size += len(e.Text) - (e.End - e.Start)
		done = e.End
	}
	out := make([]byte, 0, size)
	done = 0
	for _, e := range edits {
		out = append(append(out, src[done:e.Start]...), e.Text...)
		done = e.End
	}
	return append(out, src[done:]...), nil
}

// Tidy sorts edits and makes one of those that touch, so that no two of a fix stand at one place.
func Tidy(edits []Edit) []Edit {
	slices.SortStableFunc(edits, ByPlace)
	n := 0
	for _, e := range edits[1:] {
		if last := &edits[n]; e.Start == last.End {
			last.End = e.End
			last.Text += e.Text
			continue
		}
		n++
		edits[n] = e
	}
	return edits[:n+1]
}

func ByPlace(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}

// Few returns edits, sorted, that do the same and are not more than most: what stands between them becomes part of one.
func Few(src []byte, edits []Edit, most int) []Edit {
	if len(edits) <= most {
		return edits
	}
	start, end := edits[0].Start, edits[len(edits)-1].End
	size := end - start
	for _, e := range edits {
		size += len(e.Text) - (e.End - e.Start)
	}
	var b strings.Builder
	b.Grow(size)
	at := start
	for _, e := range edits {
		b.Write(src[at:e.Start])
		b.WriteString(e.Text)
		at = e.End
	}
	return []Edit{{Start: start, End: end, Text: b.String()}}
}

// Rewrite gathers the edits of one fix in the order of the text. Beyond MostOfRewrite they become one while they are added,
// so that a fix never takes much more memory than the text it is about.
type Rewrite struct {
	src   []byte
	edits []Edit
	whole bool            // all have become one edit
	text  strings.Builder // of that edit, up to the end of the last
}

// MostOfRewrite is how many edits a Rewrite keeps apart.
const MostOfRewrite = 1_000

// NewRewrite returns a Rewrite of src without edits. The room for a text made of very many is reckoned by what is left of
// src; so it should end where the edits do.
func NewRewrite(src []byte) *Rewrite { return &Rewrite{src: src} }

// Add adds an edit that does not start before the end of the last one.
func (w *Rewrite) Add(e Edit) {
	if !w.whole && len(w.edits) < MostOfRewrite {
		w.edits = append(w.edits, e)
		return
	}
	if !w.whole {
		all := Few(w.src, w.edits, 1)[0]
		size, span, rest := len(all.Text), max(1, all.End-all.Start), len(w.src)-all.End
		more := min(size*rest/span, 6*rest) // if it goes on like that
		w.text.Grow(size + more + more/8)
		w.text.WriteString(all.Text)
		all.Text = ""
		w.edits, w.whole = []Edit{all}, true
	}
	all := &w.edits[0]
	w.text.Write(w.src[all.End:e.Start])
	w.text.WriteString(e.Text)
	all.End = e.End
}

// Edits returns what was added.
func (w *Rewrite) Edits() []Edit {
	if w.whole {
		w.edits[0].Text = w.text.String()
	}
	return w.edits
}
