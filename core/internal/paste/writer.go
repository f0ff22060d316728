package paste

import (
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// writer makes the text of a request out of the literals of another language: one member a line, two spaces a level,
// comments where they stood. What stands deeper than a request's own members do is written on one line: white space must
// not be most of a text.
type writer struct {
	out   []byte
	depth int
	flat  int      // the depth from which on all stands on one line, 0 for none
	first bool     // nothing stands in the innermost container yet
	keyed bool     // a key was written, and its value follows
	above []string // comments for lines of their own before what comes next
	aside string   // a comment for the end of the line
}

func (w *writer) open(bracket byte) {
	const mostLines = 4
	w.place()
	w.out = append(w.out, bracket)
	w.depth++
	w.first = true
	if w.depth > mostLines {
		w.onOneLine()
	}
}

// onOneLine writes what stands in the container that was opened last on one line.
func (w *writer) onOneLine() {
	if w.flat == 0 {
		w.flat = w.depth
	}
}

func (w *writer) close(bracket byte) {
	w.depth--
	if w.comments(w.depth+1) || !w.first && w.flat == 0 {
		w.line(w.depth)
	}
	if w.flat > w.depth {
		w.flat = 0
	}
	w.out = append(w.out, bracket)
	w.first = false
}

func (w *writer) key(name string) {
	w.place()
	w.quote(name)
	w.out = append(w.out, ": "...)
	w.keyed = true
}

func (w *writer) text(s string) {
	w.place()
	w.quote(s)
}

// token writes a number, true, false or null as it has to stand in JSON, or any value that is JSON already.
func (w *writer) token(s string) {
	w.place()
	w.out = append(w.out, s...)
}

// comment adds a comment, with its marks, on a line of its own or, with aside, behind what was written last.
func (w *writer) comment(text string, aside bool) {
	if aside && w.aside == "" && !w.first {
		w.aside = text
	} else {
		w.above = append(w.above, text)
	}
}

// place makes room for a key or for a value that has none.
func (w *writer) place() {
	switch {
	case w.keyed:
		w.keyed = false
		return
	case w.depth > 0:
		if !w.first {
			w.out = append(w.out, ',')
		}
		if said := w.comments(w.depth); said || w.flat == 0 {
			w.line(w.depth)
		} else if !w.first {
			w.out = append(w.out, ' ')
		}
	}
	w.first = false
}

func (w *writer) comments(depth int) bool {
	any := w.aside != "" || len(w.above) > 0
	if w.aside != "" {
		w.out = append(append(w.out, ' '), w.aside...)
	}
	for _, c := range w.above {
		w.line(depth)
		w.out = append(w.out, c...)
	}
	w.aside, w.above = "", w.above[:0]
	return any
}

//go:noinline
func (w *writer) line(depth int) {
	w.out = append(w.out, '\n')
	if w.flat > 0 {
		depth = min(depth, w.flat)
	}
	for range depth {
		w.out = append(w.out, "  "...)
	}
}

// quote writes a JSON string. Half of a surrogate pair, which programs can hold and UTF-8 cannot, comes as the three
// bytes that it would have there; JSON has an escape for it.
func (w *writer) quote(s string) {
	const hex = "0123456789abcdef"
	w.out = append(w.out, '"')
	for i := loneSurrogate(s); i >= 0; i = loneSurrogate(s) {
		w.piece(s[:i])
		w.out = append(w.out, '\\', 'u', 'd', hex[s[i+1]>>2&15], hex[s[i+1]&3<<2|s[i+2]>>4&3], hex[s[i+2]&15])
		s = s[i+3:]
	}
	w.piece(s)
	w.out = append(w.out, '"')
}

// piece appends a part of a string, without quotes.
func (w *writer) piece(s string) {
	n := len(w.out) - 1
	last := w.out[n]
	w.out = jsontape.AppendQuoted(w.out[:n], s)
	w.out[n] = last
	w.out = w.out[:len(w.out)-1]
}

func loneSurrogate(s string) int {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == 0xED && s[i+1] >= 0xA0 && s[i+1] < 0xC0 && s[i+2]&0xC0 == 0x80 {
			return i
		}
	}
	return -1
}

// appendRune appends a rune as UTF-8, with half of a surrogate pair as three bytes; a second half joins the first one
// before it.
func appendRune(b []byte, r rune) []byte {
	if r < 0xD800 || r > 0xDFFF {
		return utf8.AppendRune(b, r)
	}
	if n := len(b); r >= 0xDC00 && n >= 3 && b[n-3] == 0xED && b[n-2] >= 0xA0 && b[n-2] < 0xB0 {
		high := rune(b[n-2]&0x0F)<<6 | rune(b[n-1]&0x3F)
		return utf8.AppendRune(b[:n-3], 0x10000+high<<10+(r-0xDC00))
	}
	return append(b, 0xED, 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
}
