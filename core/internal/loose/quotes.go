package loose

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Classes of typographic quotes.
const (
	smartDouble = '"'
	smartSingle = '\''
)

func smartClass(ch rune) byte {
	switch ch {
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return smartDouble
	case '‘', '’', '‚', '‛', '′', '‹', '›', '＇':
		return smartSingle
	}
	return 0
}

// smartEnd finds in src[from:to] a typographic quote that ends a string which a plain one began, or returns -1.
func (r *reader) smartEnd(from, to int) (at, size int) {
	for n := from; n < to; n += size {
		var ch rune
		ch, size = utf8.DecodeRune(r.src[n:to])
		if smartClass(ch) == smartDouble {
			if c := jsontape.SkipSpace(r.src, n+size); c < to && strings.IndexByte(",:}]", r.src[c]) >= 0 {
				return n, size
			}
		}
	}
	return -1, 0
}

// smartKey reports whether src[from:to] cannot be a key, since no colon follows, and holds the end of one.
func (r *reader) smartKey(from, to int, key bool) bool {
	if i := jsontape.SkipSpace(r.src, to+1); !key || r.t.ASCII || i < len(r.src) && r.src[i] == ':' {
		return false
	}
	n, _ := r.smartEnd(from, to)
	return n >= 0
}

// opensNext reports whether the quote at j opens a key or an element.
func (r *reader) opensNext(j int) bool {
	end := r.quotedEnd(j)
	if end >= len(r.src) || r.src[end-1] != r.src[j] {
		return false
	}
	for end < len(r.src) && (r.src[end] == ' ' || r.src[end] == '\t') {
		end++
	}
	if end >= len(r.src) {
		return false
	}
	if r.isObject() {
		return r.src[end] == ':'
	}
	return strings.IndexByte(",]\n\r", r.src[end]) >= 0
}

// innerQuotes looks on the line of the quote at j for a later one that ends the string for certain. The quotes before it
// lack a backslash. One sweep a line: what was found missing is remembered.
func (r *reader) innerQuotes(j int, delim byte, key bool) (closing int, quotes []finding.Edit) {
	if j < r.noClose {
		return 0, nil
	}
	inner := finding.NewRewrite(r.src[:j+utf.LineLen(r.src[j:])])
	inner.Add(finding.Edit{Start: j, End: j, Text: `\`})
	for n := j + 1; ; n++ {
		if n >= len(r.src) || r.src[n] == '\n' || r.src[n] == '\r' {
			r.noClose = n
			return 0, nil
		}
		if r.src[n] == '\\' {
			n++
			continue
		}
		if r.src[n] != delim {
			continue
		}
		i := n + 1
		for i < len(r.src) && (r.src[i] == ' ' || r.src[i] == '\t') {
			i++
		}
		if want := ",]}\n\r"; i >= len(r.src) || key && r.src[i] == ':' || !key && strings.IndexByte(want, r.src[i]) >= 0 {
			return n, inner.Edits()
		}
		inner.Add(finding.Edit{Start: n, End: n, Text: `\`})
	}
}

// endsAtLine decides whether a string that meets the line break at j lost its closing quote; otherwise it goes on in the
// next line. A key or bracket that follows, and an even number of quotes in the rest of the text, speak for the former.
func (r *reader) endsAtLine(j int, delim byte) bool {
	k := j + 1
	if r.src[j] == '\r' && k < len(r.src) && r.src[k] == '\n' {
		k++
	}
	for k < len(r.src) && (r.src[k] == ' ' || r.src[k] == '\t') {
		k++
	}
	if k < len(r.src) && (r.src[k] == '"' || delim == '\'') && r.keyAhead(k) {
		return true
	}
	if delim == '\'' { // apostrophes make counting useless
		return bytes.IndexByte(r.src[k:k+utf.LineLen(r.src[k:])], delim) < 0
	}
	return r.quotesAfter(j)%2 == 0
}

// quotesAfter counts the double quotes without a backslash from j on. Calls come with ascending j.
func (r *reader) quotesAfter(j int) int {
	if r.parity < 0 || j < r.parityAt {
		r.parity, r.parityAt = countQuotes(r.src[j:]), j
	}
	r.parity -= countQuotes(r.src[r.parityAt:j])
	r.parityAt = j
	return r.parity
}

func countQuotes(s []byte) (n int) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			n++
		}
	}
	return n
}

// lineContent returns the end of a string's content that runs up to stop because its quote is missing: commas and
// brackets that close what is open are not part of it.
func (r *reader) lineContent(start, stop int, key, more bool) int {
	end := max(start, r.trimEnd(stop))
	if key {
		if w := r.wordEnd(start); w > start && w < end && r.src[w] == ':' {
			return w
		}
	}
	e := end
	if r.parens > 0 { // the end of the wrapping call
		for e > start && strings.IndexByte("); \t\r\n", r.src[e-1]) >= 0 {
			e--
		}
		if e = max(start, r.trimEnd(e)); e > start && strings.IndexByte("}]", r.src[e-1]) < 0 {
			e = end
		}
	}
	if more && e > start && r.src[e-1] == ',' {
		e = max(start, r.trimEnd(e-1))
		end = e
	}
	// Closing brackets, from the innermost container outwards.
	first := e
	for first > start && strings.IndexByte("]} \t\r\n", r.src[first-1]) >= 0 {
		first--
	}
	at := r.parent
	for i := first; i < e; i++ {
		if c := r.src[i]; c != ']' && c != '}' {
			continue
		} else if at == jsontape.NoNode || c != r.closing(at) {
			return end
		}
		at = r.t.Nodes[at].Next
	}
	if first < e && (more || at == jsontape.NoNode) {
		return max(start, r.trimEnd(first))
	}
	return end
}

// smartClose returns where the typographic quote starts and ends that closes the one at i, -1 where none does on its line.
// Others of its kind in the text are a pair each, as long as the text then ends where one may end.
func (r *reader) smartClose(i int) (start, end int) {
	const farthest = 1 << 11
	opening, size := utf8.DecodeRune(r.src[i:])
	class := smartClass(opening)
	open := 0
	start = -1
	for n, before := i+size, opening; n < len(r.src) && r.src[n] != '\n' && r.src[n] != '\r' && (start < 0 || n < start+farthest); {
		ch, w := utf8.DecodeRune(r.src[n:])
		if ch == '\\' {
			n, before = n+2, ch
			continue
		}
		if smartClass(ch) == class || ch == rune(class) {
			next, _ := utf8.DecodeRune(r.src[min(n+w, len(r.src)):])
			switch {
			case isWordRune(next):
				if ch == opening && !isWordRune(before) {
					open++
				}
			case open > 0:
				if open--; start < 0 {
					start, end = n, n+w
				}
			case start < 0 || r.endsSmart(n+w):
				return n, n + w
			}
		}
		n, before = n+w, ch
	}
	return start, end
}

// endsSmart reports whether a name or a value may end before i.
func (r *reader) endsSmart(i int) bool {
	i = jsontape.SkipSpace(r.src, i)
	return i >= len(r.src) || strings.IndexByte(",:}]", r.src[i]) >= 0
}

// smartString reads a string that begins with a typographic quote.
func (r *reader) smartString(i int, key bool) literal {
	opening, size := utf8.DecodeRune(r.src[i:])
	s := literal{start: i, delim: '"'}
	end, n := r.smartClose(i)
	if end >= 0 {
		s.end, s.next = n, n
	} else {
		n = i + utf.LineLen(r.src[i:])
	}
	var inner []finding.Edit
	for k := i + size; k < max(end, 0) || end < 0 && k < n; k++ {
		if r.src[k] == '\\' {
			k++
		} else if r.src[k] == '"' {
			inner = append(inner, finding.Edit{Start: k, End: k, Text: `\`})
		}
	}
	edits := one(i, i+size, `"`)
	if end < 0 {
		end = r.lineContent(i+size, min(n, len(r.src)), key, n < len(r.src))
		end = max(end, i+size)
		s.end, s.next = end, end
		inner = slices.DeleteFunc(inner, func(e finding.Edit) bool { return e.Start >= end })
		edits = append(edits, inner...)
		if s.missing = r.atEnd(end); s.missing {
			s.atEnd, s.next = true, len(r.src)
		} else {
			edits = append(edits, finding.Edit{Start: end, End: end, Text: `"`})
		}
	} else {
		edits = append(append(edits, inner...), finding.Edit{Start: end, End: s.end, Text: `"`})
	}
	r.report(finding.SmartQuote, i, s.end, `write "`, edits, "got the typographic quote %c, want \"", opening)
	from := s.start
	s.start = i + size - 1 // decode expects the content right after a one-byte quote
	s = r.decode(s, i+size, end, nil)
	s.start, s.strict = from, false
	return s
}
