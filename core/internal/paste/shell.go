package paste

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// shell reads words as POSIX (Shell Command Language, 2.2 and 2.3) and bash do. Variables that the same text gives a
// value are that value; all else that only a shell knows is a hole.
type shell struct {
	src    []byte
	i      int
	d      *Draft
	vars   map[string]word
	here   []*hereDocument // those announced on this line
	prompt bool            // the text is copied from a terminal
	spare  word            // the value of a variable that is named as a key
	fish   bool            // the quotes are those of fish
	hard   bool            // a no-break space was told of
	inside int             // how many $(…) it is in
	room   int             // for the values of variables, so that a text cannot grow without bound
}

// hereDocument is one that was announced and not read yet.
type hereDocument struct {
	mark    string
	literal bool // no expansions
	tabs    bool // leading tabs go
	into    *word
}

func newShell(src []byte, start int, d *Draft) *shell {
	return &shell{src: src, i: start, d: d, vars: map[string]word{}, room: 4*len(src) + 1<<10}
}

// at reports whether a text stands at i.
//
//go:noinline
func (s *shell) at(text string) bool { return utf.HasPrefix(s.src[min(s.i, len(s.src)):], text) }

// joined returns the length of a backslash and the line break behind it at i, 0 if there is none.
func (s *shell) joined(i int) int {
	if i+1 < len(s.src) && s.src[i] == '\\' {
		if n := utf.BreakLen(s.src[i+1:]); n > 0 {
			if n++; s.prompt && utf.HasPrefix(s.src[i+n:], "> ") {
				n += 2
			}
			return n
		}
	}
	return 0
}

// blank moves over what separates words, comments included.
func (s *shell) blank() {
	for s.i < len(s.src) {
		switch c := s.src[s.i]; {
		case c == ' ' || c == '\t' || c == '\r':
			s.i++
		case s.joined(s.i) > 0:
			s.i += s.joined(s.i)
		case c == '#':
			s.i += utf.LineLen(s.src[s.i:])
		case !s.hardBlank():
			return
		}
	}
}

// word reads the word at i.
func (s *shell) word() word {
	w := word{start: s.i}
	for s.i < len(s.src) {
		c := s.src[s.i]
		switch c {
		case ' ', '\t', '\n', '\r', ';', '&', '|', '(', ')', '<', '>':
			w.end = s.i
			return w
		case '\\':
			if n := s.joined(s.i); n > 0 {
				s.i += n
				continue
			}
			if s.i++; s.i < len(s.src) {
				s.copy(&w)
				if rest := s.src[s.i : s.i+utf.LineLen(s.src[s.i:])]; s.i == w.start+2 && len(bytes.TrimLeft(rest, " \t")) == 0 && w.text[0] == ' ' {
					s.d.note(Unreadable, w.start, s.i+len(rest), "white space behind the backslash ends the command here")
				}
			}
		case '\'':
			s.single(&w)
		case '"':
			s.double(&w)
		case '$', '`':
			s.dollar(&w, false)
		case nbsp[0]:
			if w.end = s.i; s.hardBlank() {
				return w
			}
			s.copy(&w)
		default:
			s.copy(&w)
		}
	}
	w.end = s.i
	return w
}

// nbsp is a no-break space, which web pages put into commands.
const nbsp = "\u00a0"

// hardBlank moves over no-break spaces outside of quotes, and reports whether there were any. To a shell they are letters,
// which nobody meant: so they are told of, once, and separate words.
func (s *shell) hardBlank() bool {
	start := s.i
	for s.at(nbsp) {
		s.i += len(nbsp)
	}
	if s.i > start && !s.hard {
		s.hard = true
		s.d.note(Unreadable, start, s.i, "a no-break space separates no words; want a plain one")
	}
	return s.i > start
}

//go:noinline
func (s *shell) copy(w *word) {
	w.text = append(w.text, s.src[s.i])
	s.i++
}

// single reads '…'.
func (s *shell) single(w *word) {
	start := s.i
	n := bytes.IndexByte(s.src[start+1:], '\'')
	if s.fish {
		s.fishText(w)
		return
	}
	if n < 0 {
		s.openEnded(w, start, "the text in single quotes")
		return
	}
	w.text = append(w.text, s.unprompted(s.src[start+1:start+1+n])...)
	s.i += n + 2
	// A shell goes on and drops the quote, and perhaps others behind it: no request that anybody meant.
	if end := s.i - 1; n > 0 && s.i < len(s.src) && isLetter(s.src[end-1]) && isLetter(s.src[s.i]) && (w.text[0] == '{' || w.text[0] == '[') {
		w.broken = true
		s.d.note(Unreadable, end, end+1, "this apostrophe ends the quotes; a shell wants '\\'' in its place")
	}
}

// unprompted returns a text of several lines without what a terminal writes before each of them but the first.
func (s *shell) unprompted(text []byte) []byte {
	if n := bytes.Count(text, []byte("\n")); !s.prompt || n == 0 || n != bytes.Count(text, []byte("\n> ")) {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\n> "), []byte("\n"))
}

// fishText reads '…' as fish does, where a backslash stands before a quote or another one.
func (s *shell) fishText(w *word) {
	start := s.i
	for s.i++; s.i < len(s.src); {
		switch c := s.src[s.i]; {
		case c == '\'':
			s.i++
			return
		case c == '\\' && s.i+1 < len(s.src) && (s.src[s.i+1] == '\'' || s.src[s.i+1] == '\\'):
			s.i++
		}
		s.copy(w)
	}
	s.openEnded(w, start, "the text in single quotes")
}

func isLetter(c byte) bool { return c|0x20-'a' < 26 || c >= utf8.RuneSelf }

// openEnded ends a word with the text.
//
//go:noinline
func (s *shell) openEnded(w *word, start int, what string) {
	s.d.openEnded(start, start+1, what)
	s.i, w.broken = len(s.src), true
}

// double reads "…".
func (s *shell) double(w *word) {
	start := s.i
	for s.i++; s.i < len(s.src); {
		switch s.src[s.i] {
		case '"':
			s.i++
			return
		default:
			s.quoted(w, '"')
		}
	}
	s.openEnded(w, start, "the text in double quotes")
}

// quoted reads one piece of what stands in double quotes or in a here-document.
func (s *shell) quoted(w *word, quote byte) {
	switch s.src[s.i] {
	case '\\':
		if n := s.joined(s.i); n > 0 {
			s.i += n
			return
		}
		if s.i+1 < len(s.src) {
			switch c := s.src[s.i+1]; c {
			case '$', '`', '\\', quote:
				s.i++
			}
		}
		s.copy(w)
	case '$', '`':
		s.dollar(w, true)
	default:
		s.copy(w)
	}
}

// dollar reads an expansion, or a dollar sign that is none.
func (s *shell) dollar(w *word, quoted bool) {
	start := s.i
	next := byte(0)
	if s.i+1 < len(s.src) {
		next = s.src[s.i+1]
	}
	switch {
	case s.src[s.i] == '`':
		s.i = s.backquoted(s.i)
		s.hole(w, start)
	case !quoted && next == '\'':
		s.i += 2
		s.ansi(w, start)
	case !quoted && next == '"':
		s.i++
		s.double(w)
	case next == '{':
		end := s.i + 2 + nameLen(s.src[s.i+2:])
		if end < len(s.src) && s.src[end] == '}' {
			s.i = end + 1
			s.variable(w, start, string(s.src[start+2:end]))
			return
		}
		s.i = s.bracketed(s.i+2, '}', 0)
		s.hole(w, start)
	case next == '(':
		if s.hereInside(w) {
			return
		}
		s.i = s.bracketed(s.i+2, ')', 0)
		if text := s.output(start+2, s.i-1); text != nil {
			w.add(*text)
			return
		}
		s.hole(w, start)
	case nameLen(s.src[s.i+1:]) > 0:
		s.i += 1 + nameLen(s.src[s.i+1:])
		s.variable(w, start, string(s.src[start+1:s.i]))
	case next != 0 && strings.IndexByte("0123456789?!#@*$-", next) >= 0:
		s.i += 2
		s.hole(w, start)
	default:
		s.copy(w)
	}
}

// hole ends a hole that started at start.
//
//go:noinline
func (s *shell) hole(w *word, start int) {
	w.holes = append(w.holes, hole{at: len(w.text), start: start, end: s.i})
	w.text = append(w.text, s.src[start:s.i]...)
}

// variable reads the use of a variable that stands in the source from start to here.
func (s *shell) variable(w *word, start int, name string) {
	v, ok := s.vars[name]
	if !ok || len(v.text) > s.room {
		s.hole(w, start)
		return
	}
	s.room -= len(v.text)
	w.add(v)
}

// nameLen returns the length of the name of a variable that a text starts with.
//
//go:noinline
func nameLen(src []byte) int {
	n := 0
	for n < len(src) && (src[n] == '_' || src[n]|0x20-'a' < 26 || n > 0 && src[n]-'0' < 10) {
		n++
	}
	return n
}

// mostNested bounds how deep expansions stand in each other.
const mostNested = 100

// bracketed returns the end of what is open at i and closed by a bracket. Within it, quotes quote.
func (s *shell) bracketed(i int, closing byte, depth int) int {
	level := 1
	for i < len(s.src) && depth < mostNested {
		switch c := s.src[i]; {
		case c == '\\':
			i++
		case c == '\'':
			if n := bytes.IndexByte(s.src[i+1:], '\''); n >= 0 {
				i += n + 1
			} else {
				i = len(s.src)
			}
		case c == '"':
			i = s.doubleEnd(i+1, depth+1) - 1
		case c == '`':
			i = s.backquoted(i) - 1
		case c == '(' && closing == ')', c == '{' && closing == '}':
			level++
		case c == closing:
			if level--; level == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(s.src)
}

// doubleEnd returns the end of the double quotes that are open at i.
func (s *shell) doubleEnd(i, depth int) int {
	for i < len(s.src) {
		switch c := s.src[i]; {
		case c == '\\':
			i++
		case c == '"':
			return i + 1
		case c == '$' && i+1 < len(s.src) && s.src[i+1] == '(':
			i = s.bracketed(i+2, ')', depth) - 1
		case c == '$' && i+1 < len(s.src) && s.src[i+1] == '{':
			i = s.bracketed(i+2, '}', depth) - 1
		case c == '`':
			i = s.backquoted(i) - 1
		}
		i++
	}
	return len(s.src)
}

// backquoted returns the end of the `…` at i.
func (s *shell) backquoted(i int) int {
	for i++; i < len(s.src); i++ {
		switch s.src[i] {
		case '\\':
			i++
		case '`':
			return i + 1
		}
	}
	return len(s.src)
}

// ansi reads the rest of $'…' (bash, 3.1.2.4). A NUL ends the text, since no argument can hold one.
func (s *shell) ansi(w *word, start int) {
	stop := s.i
	for stop < len(s.src) && s.src[stop] != '\'' {
		if stop++; s.src[stop-1] == '\\' {
			stop++
		}
	}
	if stop >= len(s.src) {
		s.openEnded(w, start, "the text in $'")
		return
	}
	all := s.src
	s.src = all[:stop]
	for ended := false; s.i < stop; {
		text := s.escape()
		if ended = ended || text[0] == 0; !ended {
			w.text = append(w.text, text...)
		}
	}
	s.src, s.i = all, stop+1
}

// escape reads a byte or an escape of $'…'.
func (s *shell) escape() []byte {
	c := s.src[s.i]
	if s.i++; c != '\\' || s.i == len(s.src) {
		return []byte{c}
	}
	c = s.src[s.i]
	s.i++
	if n := strings.IndexByte(`abeEfnrtv\'"?`, c); n >= 0 {
		return []byte{"\a\b\x1b\x1b\f\n\r\t\v\\'\"?"[n]}
	}
	switch {
	case c == 'c' && s.i < len(s.src):
		if c = s.src[s.i]; c == '\\' && s.i+1 < len(s.src) && s.src[s.i+1] == '\\' {
			s.i++
		}
		if s.i++; c == '?' {
			return []byte{0x7f}
		}
		return []byte{upper(c) & 0x1f}
	case c-'0' < 8:
		n := c - '0'
		for k := 0; k < 2 && s.i < len(s.src) && s.src[s.i]-'0' < 8; k++ {
			n = n<<3 | (s.src[s.i] - '0')
			s.i++
		}
		return []byte{n}
	case c == 'x' && s.at("{"):
		s.i++
		r, _ := s.hex(len(s.src))
		if s.at("}") {
			s.i++
		}
		return []byte{byte(r)}
	case c == 'x' || c == 'u' || c == 'U':
		most := 2
		if c == 'u' {
			most = 4
		} else if c == 'U' {
			most = 8
		}
		if r, n := s.hex(most); n > 0 && c == 'x' {
			return []byte{byte(r)}
		} else if n > 0 {
			return s.rune(r)
		}
	}
	return []byte{'\\', c}
}

func upper(c byte) byte {
	if c-'a' < 26 {
		return c &^ 0x20
	}
	return c
}

// hex reads up to so many hexadecimal digits.
func (s *shell) hex(most int) (r rune, n int) {
	for n < most && s.i < len(s.src) {
		d := jsontape.HexDigit(s.src[s.i])
		if d < 0 {
			break
		}
		r = r<<4 | d
		n++
		s.i++
	}
	return r, n
}

// rune returns a character in UTF-8. Two halves of a pair are one character: browsers write them so when they copy a
// request as a command, though bash itself would make invalid text of them.
func (s *shell) rune(r rune) []byte {
	if r == 0 {
		return []byte{0}
	}
	if utf16.IsSurrogate(r) && s.at(`\u`) {
		back := s.i
		s.i += 2
		low, n := s.hex(4)
		if pair := utf16.DecodeRune(r, low); n == 4 && pair != utf8.RuneError {
			r = pair
		} else {
			s.i = back
		}
	}
	return utf8.AppendRune(nil, r)
}
