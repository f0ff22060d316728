package paste

import (
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// python is read by the lexical rules of Python 3.
var python = tongue{
	kind: "python", name: "a program in Python",
	hash: true, indents: true, arguments: true,
	words:  map[string]string{"True": "true", "False": "false", "None": "null"},
	prefix: nameSet("await return yield not lambda raise assert in is from import global nonlocal"),
	infix:  nameSet("if else and or not in is for async"),
	texts:  (*program).pythonTexts,
	number: (*program).numeral,
	called: (*program).pythonCall,
	set:    (*program).setting,
}

//go:noinline
func nameSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// pythonTexts reads one text made of literals beside each other, nil if there is none.
func (p *program) pythonTexts() *value {
	v := &value{form: aText, start: p.i}
	var b []byte
	for found := false; ; found = true {
		at, remarks := p.i, len(p.remarks)
		if found {
			p.space()
		}
		n := p.prefixed()
		if n < 0 {
			if !found {
				return nil
			}
			if !p.stopped {
				p.i = at
				p.remarks = p.remarks[:min(remarks, len(p.remarks))]
			}
			v.text = string(b)
			return v
		}
		var ok bool
		if b, ok = p.pythonText(b, v, n); !ok {
			v.form, v.end = opaque, p.i
			return v
		}
		v.end = p.i
	}
}

// prefixed returns how many letters stand before the quote at i, -1 if none follows.
func (p *program) prefixed() int {
	n := 0
	for n < 2 && p.i+n < len(p.src) && strings.IndexByte("rbuft", p.src[p.i+n]|0x20) >= 0 {
		n++
	}
	if i := p.i + n; i < len(p.src) && (p.src[i] == '"' || p.src[i] == '\'') && !p.dangling(i) {
		return n
	}
	return -1
}

// dangling reports whether the quote at i is known to begin no text.
//
//go:noinline
func (p *program) dangling(i int) bool {
	quote := string(p.src[i : i+1])
	if long := strings.Repeat(quote, 3); utf.HasPrefix(p.src[i:], long) {
		quote = long
	}
	return i < p.unpaired[quote]
}

// pythonText reads one literal with n letters before its quote.
func (p *program) pythonText(b []byte, v *value, n int) ([]byte, bool) {
	start := p.i
	prefix := strings.ToLower(string(p.src[p.i : p.i+n]))
	raw, bytes, format := strings.Contains(prefix, "r"), strings.Contains(prefix, "b"), strings.ContainsAny(prefix, "ft")
	p.i += n
	quote := p.src[p.i : p.i+1]
	if long := p.src[p.i:min(p.i+3, len(p.src))]; string(long) == strings.Repeat(string(quote), 3) {
		quote = long
	}
	p.i += len(quote)
	for p.i < len(p.src) {
		c := p.src[p.i]
		switch {
		case c == quote[0] && p.ahead(string(quote)):
			p.i += len(quote)
			return b, true
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				return b, p.unclosed(start, n, string(quote))
			}
			b = append(b, '\n')
			p.i += utf.BreakLen(p.src[p.i:])
			if p.console && p.ahead("... ") {
				p.i += len("... ")
			}
		case c == '\\' && p.i+1 < len(p.src):
			b = p.pythonEscape(b, raw, bytes)
		case format && (c == '{' || c == '}'):
			if p.i+1 < len(p.src) && p.src[p.i+1] == c {
				b = append(b, c)
				p.i += 2
			} else if c == '}' {
				b = append(b, c)
				p.i++
			} else {
				b = p.hole(b, v, 1)
			}
		default:
			b = append(b, c)
			p.i++
		}
	}
	return b, p.unclosed(start, n, string(quote))
}

// unclosed says that a text has no end. Outside of brackets it may be an apostrophe in a sentence.
func (p *program) unclosed(start, n int, end string) bool {
	if p.depth == 0 {
		p.unpaired[end] = p.i
		p.i = start + n + 1
	} else {
		p.stop(start, start+n+1, "this text is not closed")
	}
	return false
}

func (p *program) pythonEscape(b []byte, raw, bytes bool) []byte {
	start := p.i
	c := p.src[p.i+1]
	if raw {
		b = append(b, '\\')
		if n := utf.BreakLen(p.src[p.i+1:]); n > 0 {
			p.i += 1 + n
			return append(b, '\n')
		}
		p.i += 2
		return append(b, c)
	}
	if n := utf.BreakLen(p.src[p.i+1:]); n > 0 {
		p.i += 1 + n
		return b
	}
	if c == 'a' {
		p.i += 2
		return append(b, '\a')
	}
	if !bytes || c != 'u' && c != 'U' && c != 'N' {
		before := len(b)
		if b, ok := p.escape(b); ok {
			if bytes && len(b) > before && b[before] >= utf8.RuneSelf { // a byte, not a rune
				r, _ := utf8.DecodeRune(b[before:])
				b = append(b[:before], byte(r))
			}
			return b
		}
		if c == 'x' || c == 'u' || c == 'U' || c == 'N' {
			end := start + 2
			if n := strings.IndexByte(string(p.src[end:min(end+100, len(p.src))]), '}'); c == 'N' && n > 0 {
				end += n + 1
			}
			p.unreadable(start, end, "this escape stands in the text as it was typed")
		}
	}
	p.i += 2
	return append(b, '\\', c)
}

func (p *program) unreadable(start, end int, message string) {
	if len(p.d.Notes) < mostSaid {
		p.d.Notes = append(p.d.Notes, Note{Unreadable, start, end, message})
	}
}

// hole reads the expression in a text whose opening bracket ends width bytes after i. It stands in the text as typed,
// unless it is a variable whose value is clear.
func (p *program) hole(b []byte, v *value, width int) []byte {
	start := p.i
	p.i += width
	stack := []byte{'{'}
	for p.i < len(p.src) && len(stack) > 0 {
		c := p.src[p.i]
		top := stack[len(stack)-1]
		p.i++
		switch {
		case top == '`' && c == '\\':
			p.i++
		case top == '`' && c == '$' && p.peek() == '{':
			p.i++
			stack = append(stack, '{')
		case c == '`' && !p.indents && top == '`', top == '{' && c == '}':
			stack = stack[:len(stack)-1]
		case top == '`':
		case c == '{' || c == '`' && !p.indents:
			stack = append(stack, c)
		case c == '"' || c == '\'':
			for p.i < len(p.src) && p.src[p.i] != c && p.src[p.i] != '\n' {
				if p.src[p.i] == '\\' {
					p.i++
				}
				p.i++
			}
			p.i++
		}
	}
	if p.i > len(p.src) || len(stack) > 0 {
		p.stop(start, start+width, "this expression is not closed")
		return b
	}
	typed := p.src[start:p.i]
	name := strings.TrimSpace(string(typed[width : len(typed)-1]))
	if p.word(start+width) == len(name) || len(name) < 256 && plainName(name) {
		if found := p.lookup(&value{text: name}); found.form == aText || found.form == aToken && found.text[0]-'0' < 10 && p.integer(found.text) {
			if p.spend(len(found.text)) {
				v.holes = append(v.holes, found.holes...)
				return append(b, found.text...)
			}
		}
	}
	v.holes = append(v.holes, span{start, p.i})
	return append(b, typed...)
}

func (p *program) integer(s string) bool { return strings.Trim(s, "0123456789") == "" }

func plainName(s string) bool {
	p := program{src: []byte(s)}
	return s != "" && p.word(0) == len(s)
}
