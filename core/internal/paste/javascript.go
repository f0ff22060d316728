package paste

import (
	"bytes"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// javascript is read by the lexical rules of ECMAScript, with TypeScript's types read over.
var javascript = tongue{
	kind: "javascript", name: "a program in JavaScript",
	words:  map[string]string{"true": "true", "false": "false", "null": "null", "undefined": ""},
	prefix: nameSet("await return yield new typeof void async throw const let var delete export default in of"),
	infix:  nameSet("in instanceof as satisfies"),
	texts:  (*program).scriptText,
	number: (*program).numeral,
	called: (*program).scriptCall,
	set:    (*program).setting,
}

// scriptText reads '…', "…" or `…`, nil if there is none.
func (p *program) scriptText() *value {
	c := p.peek()
	if c != '"' && c != '\'' && c != '`' || p.i < p.unpaired[string(c)] {
		return nil
	}
	v := &value{form: aText, start: p.i}
	b, ok := p.quoted(v, false)
	if !ok {
		v.form = opaque
	}
	v.text, v.end = string(b), p.i
	return v
}

// quoted reads a text with its quotes; raw is that of String.raw.
func (p *program) quoted(v *value, raw bool) ([]byte, bool) {
	start := p.i
	quote := p.src[p.i]
	p.i++
	var b []byte
	for p.i < len(p.src) {
		c := p.src[p.i]
		switch {
		case c == quote:
			p.i++
			return b, true
		case c == '\n' || c == '\r':
			if quote != '`' {
				return b, p.unclosed(start, 0, string(quote))
			}
			b = append(b, '\n')
			p.i += utf.BreakLen(p.src[p.i:])
		case c == '\\' && p.i+1 < len(p.src):
			if raw {
				b = append(b, c, p.src[p.i+1])
				p.i += 2
				continue
			}
			b = p.scriptEscape(b)
		case c == '$' && quote == '`' && p.ahead("${"):
			b = p.hole(b, v, 2)
		default:
			b = append(b, c)
			p.i++
		}
	}
	return b, p.unclosed(start, 0, string(quote))
}

func (p *program) scriptEscape(b []byte) []byte {
	start := p.i
	if n := utf.BreakLen(p.src[p.i+1:]); n > 0 {
		p.i += 1 + n
		return b
	}
	for _, mark := range []string{"\u2028", "\u2029"} {
		if utf.HasPrefix(p.src[p.i+1:], mark) {
			p.i += 1 + len(mark)
			return b
		}
	}
	c := p.src[p.i+1]
	if c == 'u' && p.i+2 < len(p.src) && p.src[p.i+2] == '{' {
		end := p.i + 3
		r := rune(0)
		for end < len(p.src) && r <= utf8.MaxRune && jsontape.HexDigit(p.src[end]) >= 0 {
			r = r<<4 | jsontape.HexDigit(p.src[end])
			end++
		}
		if end > p.i+3 && end < len(p.src) && p.src[end] == '}' && r <= utf8.MaxRune {
			p.i = end + 1
			return appendRune(b, r)
		}
	} else if c != 'U' {
		if b, ok := p.escape(b); ok {
			return b
		}
	}
	if c == 'x' || c == 'u' {
		p.unreadable(start, start+2, "this escape stands in the text as it was typed")
		p.i += 2
		return append(b, '\\', c)
	}
	_, n := utf8.DecodeRune(p.src[p.i+1:])
	b = append(b, p.src[p.i+1:p.i+1+n]...)
	p.i += 1 + n
	return b
}

// tagged reads a template behind the name of a function, of which only String.raw is known.
func (p *program) tagged(v *value) *value {
	t := &value{form: aText, start: v.start}
	b, ok := p.quoted(t, v.text == "String.raw")
	if t.text, t.end = string(b), p.i; !ok || v.text != "String.raw" {
		return &value{form: aCall, text: v.text, start: v.start, end: p.i}
	}
	return t
}

// regex skips a regular expression. It reports false for a slash that is none.
func (p *program) regex() bool {
	if p.i < p.slashes {
		return false
	}
	class := false
	for i := p.i + 1; i < len(p.src) && p.src[i] != '\n'; i++ {
		switch c := p.src[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			p.i = i + 1
			p.i += p.word(p.i)
			return true
		}
	}
	p.slashes = p.i + utf.LineLen(p.src[p.i:])
	return false
}

// typeArguments skips <T> between the name of a function and its arguments.
func (p *program) typeArguments() bool {
	const most = 256
	depth := 0
	for i, c := range p.src[p.i:min(p.i+most, len(p.src))] {
		switch {
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				if rest := p.src[p.i+i+1:]; len(rest) > 0 && (rest[0] == '(' || rest[0] == '`') {
					p.i += i + 1
					return true
				}
				return false
			}
		case c|0x20 >= 'a' && c|0x20 <= 'z', c-'0' < 10, bytes.IndexByte([]byte(" _$.,[]{}|&:;?'\"\n"), c) >= 0:
		default:
			return false
		}
	}
	return false
}
