package paste

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// powerShell reads the literals of PowerShell (about_Quoting_Rules, about_Hash_Tables, about_Arrays). A variable that the
// same text gives a value is that value; all else that only a program knows is a hole.
type powerShell struct {
	src   []byte
	i     int
	d     *Draft
	vars  map[string][]binding
	added map[string][]member // to the tables of variables
	room  int                 // source that may be read again for variables, so that the work stays linear
	depth int
	calls int // statements and arguments so far
}

// binding is where the value of a variable stands.
type binding struct{ start, end int }

// member is one that was added to a table by a statement of its own.
type member struct {
	key   string
	value int // where it stands
}

func newPowerShell(src []byte, d *Draft) *powerShell {
	return &powerShell{src: src, d: d, vars: map[string][]binding{}, added: map[string][]member{}, room: 4*len(src) + 1<<10}
}

//go:noinline
func (p *powerShell) at(text string) bool { return utf.HasPrefix(p.src[min(p.i, len(p.src)):], text) }

func (p *powerShell) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

// blank moves over blanks, comments and lines that a backtick joins.
func (p *powerShell) blank() {
	for p.i < len(p.src) {
		switch c := p.src[p.i]; {
		case c == ' ' || c == '\t' || c == '\r':
			p.i++
		case c == '`' && p.i+1 < len(p.src) && utf.BreakLen(p.src[p.i+1:]) > 0:
			p.i += 1 + utf.BreakLen(p.src[p.i+1:])
		case p.at("<#"):
			if n := bytes.Index(p.src[p.i:], []byte("#>")); n >= 0 {
				p.i += n + 2
			} else {
				p.i = len(p.src)
			}
		case c == '#':
			p.i += utf.LineLen(p.src[p.i:])
		default:
			return
		}
	}
}

// lines moves over blanks and what separates statements.
func (p *powerShell) lines() {
	for p.blank(); p.i < len(p.src) && (p.src[p.i] == '\n' || p.src[p.i] == ';'); p.blank() {
		p.i++
	}
}

// name returns the variable at i, "" if none stands there, and where it ends.
func (p *powerShell) name(i int) (name string, end int) {
	if i+1 >= len(p.src) || p.src[i] != '$' {
		return "", i
	}
	if p.src[i+1] == '{' {
		if n := bytes.IndexAny(p.src[i:min(len(p.src), i+200)], "}\n"); n > 2 && p.src[i+n] == '}' {
			return strings.ToLower(string(p.src[i+2 : i+n])), i + n + 1
		}
		return "", i
	}
	n := nameLen(p.src[i+1:])
	if rest := p.src[i+1+n:]; n > 0 && len(rest) > 1 && rest[0] == ':' && nameLen(rest[1:]) > 0 { // $env:NAME
		n += 1 + nameLen(rest[1:])
	}
	return strings.ToLower(string(p.src[i+1 : i+1+n])), i + 1 + n
}

// lookup returns what a variable was given last before a place.
func (p *powerShell) lookup(name string, at int) (binding, bool) {
	list := p.vars[name]
	for k := len(list) - 1; k >= 0 && k >= len(list)-8; k-- {
		if list[k].end <= at {
			return list[k], true
		}
	}
	return binding{}, false
}

// visit reads the value of a variable that is used here, and comes back. It reports false where there is none to read.
func (p *powerShell) visit(name string, at int, read func(b binding)) bool {
	b, ok := p.lookup(name, at)
	if !ok || p.depth >= mostNested || b.end-b.start >= p.room {
		return false
	}
	p.room -= b.end - b.start + 1
	back := p.i
	p.depth++
	p.i = b.start
	read(b)
	p.depth--
	p.i = back
	return true
}

// isString reports whether a string starts at i.
func (p *powerShell) isString() bool {
	c := p.peek()
	return c == '"' || c == '\'' || p.hereString()
}

// hereString reports whether a here-string starts at i.
func (p *powerShell) hereString() bool {
	if !p.at(`@"`) && !p.at("@'") {
		return false
	}
	rest := p.src[p.i+2:]
	line := rest[:utf.LineLen(rest)]
	return len(bytes.TrimSpace(line)) == 0 && len(line) < len(rest)
}

// text appends the string at i.
func (p *powerShell) text(w *word) {
	start := p.i
	if p.hereString() {
		quote := p.src[p.i+1]
		begin := lineEnd(p.src, p.i)
		p.i = begin
		end := bytes.Index(p.src[max(begin-1, 0):], []byte{'\n', quote, '@'})
		if end < 0 {
			p.openEnded(w, start, "the here-string")
			return
		}
		end += begin - 1
		after := end + 3
		if end > begin && p.src[end-1] == '\r' {
			end--
		}
		if quote == '\'' {
			w.text = append(w.text, p.src[begin:max(end, begin)]...)
		} else {
			all := p.src
			p.src = all[:max(end, begin)]
			for p.i < len(p.src) {
				p.expand(w, false)
			}
			p.src = all
		}
		p.i = after
		return
	}
	quote := p.src[p.i]
	for p.i++; p.i < len(p.src); {
		if p.src[p.i] == quote {
			if p.i++; p.peek() != quote {
				return
			}
		}
		if quote == '"' && p.src[p.i] != '"' {
			p.expand(w, true)
			continue
		}
		w.text = append(w.text, p.src[p.i])
		p.i++
	}
	p.openEnded(w, start, "the text in quotes")
}

//go:noinline
func (p *powerShell) openEnded(w *word, start int, what string) {
	p.d.openEnded(start, start+1, what)
	p.i, w.broken = len(p.src), true
}

// expand reads one piece of a text in double quotes.
func (p *powerShell) expand(w *word, inQuotes bool) {
	start := p.i
	c := p.src[p.i]
	switch {
	case c == '`' && p.i+1 < len(p.src):
		p.i += 2
		p.backtick(w, p.src[p.i-1])
		return
	case p.at("$("):
		if p.char(w) {
			return
		}
		p.i++
		p.skip()
		p.hole(w, start)
		return
	case c == '$':
		name, end := p.name(p.i)
		if name == "" {
			break
		}
		p.i = end
		var value word
		if p.visit(name, start, func(binding) { value = p.value().word }) && value.text != nil && len(value.text) < p.room {
			p.room -= len(value.text)
			w.add(value)
		} else {
			p.hole(w, start)
		}
		return
	}
	w.text = append(w.text, c)
	p.i++
}

// backtick reads an escape, of which c is the letter.
func (p *powerShell) backtick(w *word, c byte) {
	if n := strings.IndexByte("0abefnrtv", c); n >= 0 {
		w.text = append(w.text, "\x00\a\b\x1b\f\n\r\t\v"[n])
		return
	}
	if c == 'u' && p.peek() == '{' {
		if n := bytes.IndexByte(p.src[p.i:min(len(p.src), p.i+9)], '}'); n > 1 {
			if r, err := strconv.ParseUint(string(p.src[p.i+1:p.i+n]), 16, 32); err == nil {
				w.text = utf8.AppendRune(w.text, rune(r))
				p.i += n + 1
				return
			}
		}
	}
	w.text = append(w.text, c)
}

// char reads $([char]1234), which browsers write for a character outside ASCII; two of them may be a pair.
func (p *powerShell) char(w *word) bool {
	unit := func() (rune, bool) {
		const start = "$([char]"
		if !p.at(start) {
			return 0, false
		}
		from := p.i + len(start)
		n := bytes.IndexByte(p.src[from:min(len(p.src), from+10)], ')')
		if n < 0 {
			return 0, false
		}
		u, err := strconv.ParseUint(string(p.src[from:from+n]), 0, 16)
		if err != nil {
			return 0, false
		}
		p.i = from + n + 1
		return rune(u), true
	}
	r, ok := unit()
	if ok && utf16.IsSurrogate(r) {
		back := p.i
		low, _ := unit()
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			r = pair
		} else {
			p.i = back
		}
	}
	if ok {
		w.text = utf8.AppendRune(w.text, r)
	}
	return ok
}

//go:noinline
func (p *powerShell) hole(w *word, start int) {
	w.holes = append(w.holes, hole{at: len(w.text), start: start, end: p.i})
	w.text = append(w.text, p.src[start:p.i]...)
}

// skip moves over what is bracketed at i, over a string, or over one character.
func (p *powerShell) skip() {
	level := 0
	for p.i < len(p.src) {
		switch c := p.src[p.i]; {
		case p.isString():
			p.skipString()
			if level == 0 {
				return
			}
			continue
		case c == '`':
			p.i++
		case c == '#' || p.at("<#"):
			if before := p.i; before == 0 || strings.IndexByte(" \t\n\r;{}()", p.src[before-1]) >= 0 {
				p.blank()
				if p.i > before {
					continue
				}
			}
		case c == '(' || c == '{' || c == '[':
			level++
		case c == ')' || c == '}' || c == ']':
			level--
		}
		if p.i++; level <= 0 {
			break
		}
	}
	p.i = min(p.i, len(p.src))
}

// skipString moves over the string at i.
func (p *powerShell) skipString() {
	if p.hereString() {
		begin := lineEnd(p.src, p.i)
		if n := bytes.Index(p.src[begin-1:], []byte{'\n', p.src[p.i+1], '@'}); n >= 0 {
			p.i = begin - 1 + n + 3
		} else {
			p.i = len(p.src)
		}
		return
	}
	quote := p.src[p.i]
	for p.i++; p.i < len(p.src); p.i++ {
		switch c := p.src[p.i]; {
		case c == '`' && quote == '"':
			p.i++
		case c == quote:
			if p.i++; p.peek() != quote {
				return
			}
		}
	}
	p.i = len(p.src)
}
