package paste

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// lua is read for tables, by the lexical rules of Lua 5.4.
var lua = tongue{
	kind: "lua", name: "a program in Lua",
	dashes: true, equals: true,
	words:     map[string]string{"true": "true", "false": "false", "nil": ""},
	prefix:    nameSet("return not"),
	infix:     nameSet("and or"),
	texts:     (*program).luaText,
	number:    (*program).numeral,
	composite: (*program).luaText, // before brackets
	called: func(p *program, c *value) {
		if p.offer(c.at(0)); plausible(c.at(1)) {
			p.sends(c.at(0), c.at(1), nil, "POST")
		}
	},
	set: func(p *program, path string, v *value) {
		if (p.made == nil || p.made == v) && plausible(v) {
			p.made, p.used = v, true
		}
	},
}

// looksLua tells a table, or a program that declares something.
func looksLua(src []byte) bool {
	return startsTable(src) || bytes.HasPrefix(head(src), []byte("local ")) || bytes.Contains(src, []byte("\nlocal ")) || bytes.HasPrefix(head(src), []byte("--"))
}

// startsTable reports whether a text begins as {name = …, which is no literal of JavaScript.
func startsTable(src []byte) bool {
	i := jsontape.SkipSpace(src, 0)
	if i == len(src) || src[i] != '{' {
		return false
	}
	i = jsontape.SkipSpace(src, i+1)
	n := nameLen(src[i:])
	at := jsontape.SkipSpace(src, i+n)
	return n > 0 && at+1 < len(src) && src[at] == '=' && src[at+1] != '=' && src[at+1] != '>'
}

func readLua(src []byte, d *Draft) bool {
	if !startsTable(src) {
		w := walked(&lua, src)
		return w.part(d) && d.Body != nil && !w.program.awkward
	}
	p := newProgram(&lua, src, d)
	p.space()
	v := p.bracket('{')
	if p.space(); p.stopped || p.awkward || p.i < len(src) || !plausible(v) || !p.asTable(v) {
		return false
	}
	p.request, p.rules = v, sentAsIs
	d.Name = "a Lua table"
	return p.finish()
}

// asTable reports whether all names of a table stand before an equals sign.
func (p *program) asTable(v *value) bool {
	for _, it := range v.items {
		before := p.src[it.start:max(it.start, it.value.start)]
		if it.keyed && !bytes.HasSuffix(bytes.TrimRight(before, " \t\r\n"), []byte("=")) {
			return false
		}
	}
	return true
}

// luaText reads one in quotes, or in long brackets as in [[…]], nil if there is none.
func (p *program) luaText() *value {
	v := &value{form: aText, start: p.i}
	switch c := p.peek(); c {
	case '[':
		n := 1
		for p.i+n < len(p.src) && p.src[p.i+n] == '=' {
			n++
		}
		if p.i+n >= len(p.src) || p.src[p.i+n] != '[' {
			return nil
		}
		end := "]" + strings.Repeat("=", n-1) + "]"
		at := p.i + n + 1
		size := bytes.Index(p.src[at:], []byte(end))
		if size < 0 {
			p.stop(v.start, v.start+n+1, "this text is not closed")
			return v
		}
		text := p.src[at : at+size]
		v.text = string(text[utf.BreakLen(text):]) // the first line break is not part of it
		p.i = at + size + len(end)
	case '"', '\'':
		var b []byte
		for p.i++; p.peek() != c; {
			if p.i >= len(p.src) || p.peek() == '\n' {
				p.stop(v.start, v.start+1, "this text is not closed")
				break
			}
			if p.peek() == '\\' && p.i+1 < len(p.src) {
				b = p.luaEscape(b)
				continue
			}
			b = append(b, p.src[p.i])
			p.i++
		}
		v.text = string(b)
		p.i++
	default:
		return nil
	}
	v.end = min(p.i, len(p.src))
	return v
}

// luaEscape reads \n, \065, \x41, \u{41}, \z and others.
func (p *program) luaEscape(b []byte) []byte {
	c := p.src[p.i+1]
	p.i += 2
	digits := 0
	for digits < 3 && c-'0' < 10 && p.i-1+digits < len(p.src) && p.src[p.i-1+digits]-'0' < 10 {
		digits++
	}
	switch {
	case digits > 0:
		n, _ := strconv.Atoi(string(p.src[p.i-1 : p.i-1+digits]))
		p.i += digits - 1
		return append(b, byte(n))
	case c == 'z':
		for p.i < len(p.src) && utf.SpaceLen(p.src, p.i) == 1 {
			p.i++
		}
		return b
	case c == 'x':
		if r, ok := jsontape.HexRune(p.src, p.i, 2); ok {
			p.i += 2
			return append(b, byte(r))
		}
	case c == 'u' && p.peek() == '{':
		if n := bytes.IndexByte(p.src[p.i:min(p.i+10, len(p.src))], '}'); n > 1 {
			if r, err := strconv.ParseUint(string(p.src[p.i+1:p.i+n]), 16, 32); err == nil && r <= utf8.MaxRune {
				p.i += n + 1
				return utf8.AppendRune(b, rune(r))
			}
		}
	case c == '\r':
		p.i += max(utf.BreakLen(p.src[p.i-1:])-1, 0)
		return append(b, '\n')
	}
	if n := strings.IndexByte(`abfnrtv`, c); n >= 0 {
		return append(b, "\a\b\f\n\r\t\v"[n])
	}
	return append(b, c)
}
