package loose

import (
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// restating moves what was read in a mended text back to the text as it is typed.
type restating struct {
	edits []finding.Edit // that made the mended text, sorted
	at    []int          // where each of them begins in the mended text
}

// mended applies edits to src.
func mended(src []byte, edits []finding.Edit) ([]byte, *restating) {
	m := &restating{edits: edits, at: make([]int, len(edits))}
	size := len(src)
	for _, e := range edits {
		size += len(e.Text) - (e.End - e.Start)
	}
	text := make([]byte, 0, size)
	from := 0
	for n, e := range edits {
		text = append(text, src[from:e.Start]...)
		m.at[n] = len(text)
		text = append(text, e.Text...)
		from = e.End
	}
	return append(text, src[from:]...), m
}

// back returns the place in the source of place i of the mended text: inside of an edit its beginning or its end.
func (m *restating) back(i int, end bool) int {
	n, same := slices.BinarySearch(m.at, i)
	if same && !(end && n > 0 && m.at[n] == i) {
		for n+1 < len(m.at) && m.at[n+1] == i { // what is only cut away
			n++
		}
		if !end && m.edits[n].Text == "" {
			return m.edits[n].End
		}
		for n > 0 && m.at[n-1] == i {
			n--
		}
		return m.edits[n].Start
	}
	if n == 0 {
		return i
	}
	e := m.edits[n-1]
	if i < m.at[n-1]+len(e.Text) {
		if end {
			return e.End
		}
		return e.Start
	}
	return e.End + i - (m.at[n-1] + len(e.Text))
}

// touches reports whether an edit reaches into [from, to] of the mended text.
func (m *restating) touches(from, to int) bool {
	_, many := m.touched(from, to)
	return many > 0
}

// touched returns the first edit that reaches into [from, to] of the mended text, and how many do.
func (m *restating) touched(from, to int) (first, many int) {
	n, _ := slices.BinarySearch(m.at, from)
	first = n
	for first > 0 && m.at[first-1]+len(m.edits[first-1].Text) >= from {
		first--
	}
	for n < len(m.at) && m.at[n] <= to {
		n++
	}
	return first, n - first
}

// tape moves the values of t, read from the mended text, to src.
func (m *restating) tape(t *jsontape.Tape, src []byte) {
	texts, keys := t.Loose, t.LooseKeys
	t.Loose, t.LooseKeys = nil, nil
	text := t.Src
	for n := range t.Nodes {
		v := &t.Nodes[n]
		at := uint32(n)
		if scalar := v.Kind < jsontape.Array; v.Flags&jsontape.Loose != 0 {
			t.Loose = append(t.Loose, jsontape.Meaning{Node: at, Text: texts.Of(at)})
		} else if scalar && (v.Kind == jsontape.String || v.Kind == jsontape.Number) && m.touches(int(v.Start), int(v.End)) {
			meaning := string(text[v.Start:v.End])
			if v.Kind == jsontape.String {
				meaning = jsontape.Unescape(text[v.Start+1 : v.End-1])
			}
			t.Loose = append(t.Loose, jsontape.Meaning{Node: at, Text: meaning})
			v.Flags = v.Flags&^(jsontape.Escaped|jsontape.Surrogate) | jsontape.Loose
		}
		if v.KeyEnd > 0 {
			if v.Flags&jsontape.KeyLoose != 0 {
				t.LooseKeys = append(t.LooseKeys, jsontape.Meaning{Node: at, Text: keys.Of(at)})
			} else if m.touches(int(v.KeyStart), int(v.KeyEnd)) {
				t.LooseKeys = append(t.LooseKeys, jsontape.Meaning{Node: at, Text: jsontape.Unescape(text[v.KeyStart+1 : v.KeyEnd-1])})
				v.Flags = v.Flags&^jsontape.KeyEscaped | jsontape.KeyLoose
			}
			v.KeyStart, v.KeyEnd = uint32(m.back(int(v.KeyStart), false)), uint32(m.back(int(v.KeyEnd), true))
			v.KeyStart = min(v.KeyStart, v.KeyEnd)
		}
		v.Start, v.End = uint32(m.back(int(v.Start), false)), uint32(m.back(int(v.End), true))
		v.Start = min(v.Start, v.End)
	}
	t.Src = src
}

// findings moves what was found in the mended text to the source. A fix that meets what was mended has to wait until that
// is done. It returns what was mended, by its number, where the structure is wrong all the same: to mend that first would
// lead nowhere, or to and fro.
func (m *restating) findings(found []finding.Finding) (vain []int) {
	for n := range found {
		f := &found[n]
		f.Start, f.End = m.back(f.Start, false), m.back(f.End, true)
		f.Start = min(f.Start, f.End)
		if f.Fix == nil {
			continue
		}
		fix := *f.Fix
		fix.Edits = slices.Clone(fix.Edits)
		for k := range fix.Edits {
			e := &fix.Edits[k]
			if at, many := m.touched(e.Start, e.End); many > 0 {
				for ; structural[f.Code] && many > 0; many-- {
					vain = append(vain, at+many-1)
				}
				f.Fix = nil
				break
			}
			e.Start, e.End = m.back(e.Start, false), m.back(e.End, true)
		}
		if f.Fix != nil {
			f.Fix = &fix
		}
	}
	return vain
}

// structural are findings that say where values begin and end.
var structural = map[finding.Code]bool{finding.UnclosedString: true, finding.UnclosedBracket: true, finding.MismatchedBracket: true,
	finding.MissingComma: true, finding.MissingColon: true, finding.ExtraComma: true, finding.UnexpectedText: true}

// removed returns the words of src that an edit takes away, in order, and "" if all of them stand in its text.
func removed(src []byte, edits []finding.Edit) string {
	var words []string
	for _, e := range edits {
		left := e.Text
		for _, word := range strings.FieldsFunc(string(src[e.Start:e.End]), func(ch rune) bool { return !isWordRune(ch) }) {
			if k := strings.Index(left, word); k >= 0 {
				left = left[k+len(word):]
			} else {
				words = append(words, word)
			}
		}
	}
	return strings.Join(words, " ")
}

// forth returns the place in the mended text of place i of the source.
func (m *restating) forth(i int) int {
	shift := 0
	for _, e := range m.edits {
		if e.End > i {
			break
		}
		shift += len(e.Text) - (e.End - e.Start)
	}
	return i + shift
}

// ordered reports whether the values of a tape stand in order, each within the one around it.
func ordered(t *jsontape.Tape) bool {
	for i := range t.Nodes {
		v := &t.Nodes[i]
		if v.Start > v.End || int(v.End) > len(t.Src) {
			return false
		}
		place := v.Start
		for c := uint32(i) + 1; c < v.Next; c = t.Nodes[c].Next {
			child := &t.Nodes[c]
			if v.Kind == jsontape.Object {
				if child.KeyStart < place || child.KeyEnd < child.KeyStart || child.KeyEnd == 0 {
					return false
				}
				place = child.KeyEnd
			}
			if child.Start < place || child.End > v.End {
				return false
			}
			place = child.End
		}
	}
	return true
}
