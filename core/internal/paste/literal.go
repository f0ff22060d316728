package paste

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// quoting is how a language writes texts.
type quoting struct {
	alike    bool   // '…' is a text as "…" is
	single   bool   // '…' is a text, in which only \\ and \' are escapes
	lines    bool   // "…" may go on over lines
	ticks    bool   // `…` is a text without escapes
	verbatim bool   // @"…" and $"…" as in C#
	hashed   bool   // r#"…"# as in Rust
	triple   bool   // """…""" is a text
	block    bool   // and loses the white space that its lines begin with
	escapes  bool   // with escapes
	inside   string // what begins an expression in "…"
	join     byte   // the operator between texts, 0 for none
	here     string // what begins a text of whole lines
}

// source reads a literal of a language at i, nil if there is none.
func (p *program) source(q *quoting) *value {
	start := p.i
	v := &value{form: aText, start: start}
	var b []byte
	ok := true
	rest := p.src[p.i:]
	c := p.peek()
	switch {
	case q.here != "" && utf.HasPrefix(rest, q.here):
		if b, ok = p.hereText(q); b == nil && !ok {
			return nil
		}
	case q.triple && (utf.HasPrefix(rest, `"""`) || utf.HasPrefix(rest, `$"""`)):
		if c == '$' {
			p.i++
		}
		n := len(rest) - len(bytes.TrimLeft(rest[p.i-start:], `"`)) - (p.i - start)
		if b, ok = p.between(strings.Repeat(`"`, n), q.escapes); ok && q.block {
			b = p.block(string(p.src[start+n:p.i-n]), q)
		}
		p.marks(v, q, start)
	case q.ticks && c == '`':
		b, ok = p.between("`", false)
		b = bytes.ReplaceAll(b, []byte("\r"), nil)
	case q.hashed && (c == 'r' || c == 'b'):
		n := 1
		for n < len(rest) && n < 8 && (rest[n] == 'r' || rest[n] == '#') {
			n++
		}
		if n == len(rest) || rest[n] != '"' {
			return nil
		}
		p.i += n
		b, ok = p.between(`"`+strings.Repeat("#", bytes.Count(rest[:n], []byte("#"))), false)
	case q.verbatim && (c == '@' || c == '$') && len(bytes.TrimLeft(rest, "@$")) > 0 && bytes.TrimLeft(rest, "@$")[0] == '"':
		n := len(rest) - len(bytes.TrimLeft(rest, "@$"))
		p.i += n
		head := string(rest[:n])
		b, ok = p.filled(v, q, strings.Contains(head, "@"), strings.Contains(head, "$"))
	case c == '"':
		b, ok = p.filled(v, q, false, false)
	case c == '\'' && q.alike && p.i >= p.unpaired[`'`]:
		b, ok = p.quoted(v, false)
	case c == '\'' && q.single:
		b, ok = p.singleQuoted()
	default:
		return nil
	}
	if !ok {
		if p.depth == 0 {
			p.i = start + 1
		}
		v.form = opaque
	}
	v.text, v.end = string(b), p.i
	return v
}

// between reads a text that ends as it begins, but for a hash, which stands behind the quote of Rust alone.
func (p *program) between(end string, escapes bool) (b []byte, ok bool) {
	start := p.i
	if p.i < p.unpaired[end] {
		return nil, false
	}
	p.i += len(strings.TrimRight(end, "#"))
	for p.i < len(p.src) {
		if p.ahead(end) {
			p.i += len(end)
			return b, true
		}
		if c := p.src[p.i]; c == '\\' && escapes && p.i+1 < len(p.src) {
			b = p.scriptEscape(b)
			continue
		}
		b = append(b, p.src[p.i])
		p.i++
	}
	return b, p.unclosed(start, 0, end)
}

// filled reads "…"; in doubled ones a quote is written twice, and braces of C#'s hold expressions.
func (p *program) filled(v *value, q *quoting, doubled, braces bool) (b []byte, ok bool) {
	start := p.i
	if p.i < p.unpaired[`"`] {
		return nil, false
	}
	for p.i++; p.i < len(p.src); {
		c := p.src[p.i]
		switch {
		case c == '"' && doubled && p.ahead(`""`):
			b = append(b, c)
			p.i += 2
		case c == '"':
			p.i++
			return b, true
		case (c == '\n' || c == '\r') && !q.lines && !doubled:
			return b, p.unclosed(start, 0, `"`)
		case c == '\\' && !doubled && p.i+1 < len(p.src):
			switch d := p.src[p.i+1]; {
			case q.inside == "(" && d == '(':
				at := p.i
				b = p.swiftHole(b)
				v.holes = append(v.holes, span{at, p.i})
			case q.hashed && utf.BreakLen(p.src[p.i+1:]) > 0:
				for p.i++; p.i < len(p.src) && utf.SpaceLen(p.src, p.i) == 1; {
					p.i++
				}
			case d == 'a' && (q.ticks || q.verbatim || q.inside == "#"): // Go, C# and Ruby
				b = append(b, '\a')
				p.i += 2
			case d == 'U' && (q.ticks || q.verbatim): // Go and C#
				if b, ok = p.escape(b); !ok {
					b = p.scriptEscape(b)
				}
			case q.single && q.inside == "$" && strings.IndexByte(`nrtvef\$"01234567xu`, d) < 0:
				b = append(b, c, d) // PHP keeps the backslash
				p.i += 2
			default:
				b = p.scriptEscape(b)
			}
		case braces && (p.ahead("{{") || p.ahead("}}")):
			b = append(b, c)
			p.i += 2
		case braces && c == '{':
			b = p.hole(b, v, 1)
		case q.inside == "#" && p.ahead("#{"), q.inside == "$" && (p.ahead("${") || p.ahead("{$")), q.inside == "\\" && p.ahead("${"):
			b = p.hole(b, v, 2)
		case (q.inside == "$" || q.inside == "\\") && c == '$' && p.word(p.i+1) > 0 && p.src[p.i+1] != '$':
			n := 1 + p.word(p.i+1)
			name := string(p.src[p.i : p.i+n])
			if q.inside != "$" {
				name = name[1:]
			}
			if found := p.lookup(&value{text: name}); found.form == aText && p.spend(len(found.text)) {
				b = append(b, found.text...)
				v.holes = append(v.holes, found.holes...)
			} else {
				v.holes = append(v.holes, span{p.i, p.i + n})
				b = append(b, p.src[p.i:p.i+n]...)
			}
			p.i += n
		default:
			b = append(b, c)
			p.i++
		}
	}
	return b, p.unclosed(start, 0, `"`)
}

// marks tells of the expressions in a text with three quotes that begins at start. They stand in it as they are typed.
func (p *program) marks(v *value, q *quoting, start int) {
	mark := map[string]string{"\\": "$", "(": "\\("}[q.inside]
	for i := start; mark != "" && i < p.i && len(v.holes) < mostSaid; i++ {
		n := bytes.Index(p.src[i:p.i], []byte(mark))
		if n < 0 {
			return
		}
		i += n
		end := i + len(mark) + p.word(i+len(mark))
		if c := p.src[min(i+1, len(p.src)-1)]; mark == "$" && c == '{' || mark != "$" {
			stop := map[bool]byte{true: '}', false: ')'}[mark == "$"]
			end = i + 1 + max(bytes.IndexByte(p.src[i:p.i], stop), 0)
		}
		if end > i+len(mark) {
			v.holes = append(v.holes, span{i, end})
		}
	}
}

// spend reports whether a text may take n bytes more that stand in the source only once.
//
//go:noinline
func (p *program) spend(n int) bool {
	p.spent += n
	return p.spent <= 8*len(p.src)+mostSpent
}

func (p *program) singleQuoted() (b []byte, ok bool) {
	start := p.i
	if p.i < p.unpaired[`'`] {
		return nil, false
	}
	for p.i++; p.i < len(p.src); p.i++ {
		c := p.src[p.i]
		if c == '\'' {
			p.i++
			return b, true
		}
		if c == '\\' && p.i+1 < len(p.src) && (p.src[p.i+1] == '\\' || p.src[p.i+1] == '\'') {
			p.i++
			c = p.src[p.i]
		}
		b = append(b, c)
	}
	return b, p.unclosed(start, 0, `'`)
}

// hereText reads the lines up to one that holds a label alone.
func (p *program) hereText(q *quoting) (b []byte, ok bool) {
	i := p.i + len(q.here)
	for i < len(p.src) && strings.IndexByte("~- '\"", p.src[i]) >= 0 {
		i++
	}
	n := p.word(i)
	if n == 0 {
		return nil, false
	}
	label := string(p.src[i : i+n])
	if p.i < p.unpaired["<"] {
		return nil, false
	}
	i += utf.LineLen(p.src[i:])
	begin := i + utf.BreakLen(p.src[i:])
	for i = begin; i < len(p.src); {
		end := i + utf.LineLen(p.src[i:])
		if t := bytes.TrimLeft(p.src[i:end], " \t"); utf.HasPrefix(t, label) && (len(t) == n || strings.IndexByte(";,)", t[n]) >= 0) {
			b = append([]byte{}, p.src[begin:i]...)
			p.i = end - len(t) + n
			return b, true
		}
		i = end + max(utf.BreakLen(p.src[end:]), 1)
	}
	p.unpaired["<"] = len(p.src)
	return nil, false
}

// joined reads a literal and those that are added to it. A name that is added stands in the text between marks.
func (p *program) joined(q *quoting) *value {
	v := p.source(q)
	if v == nil || v.form != aText {
		return v
	}
	b := []byte(v.text)
	for {
		at := p.i
		p.space()
		if q.join != 0 && p.peek() == q.join {
			p.i++
			p.space()
		} else if q.join != 0 {
			p.i = at
			break
		}
		if w := p.source(q); w != nil && w.form == aText {
			if q.join == 0 && w.start == at && p.src[at] == '\'' && p.src[at-1] == '\'' { // as SQL writes an apostrophe
				b = append(b, '\'')
			}
			b = append(b, w.text...)
			v.holes = append(v.holes, w.holes...)
			v.end = w.end
			continue
		}
		start := p.i
		for n := p.word(p.i); n > 0; n = p.word(p.i) {
			if p.i += n; p.peek() == '.' {
				p.i++
			}
		}
		if p.i == start || q.join == 0 {
			p.i = at
			break
		}
		b = append(append(append(b, "${"...), p.src[start:p.i]...), '}')
		v.holes = append(v.holes, span{start, p.i})
		v.end = p.i
	}
	v.text = string(b)
	return v
}

// runeLiteral skips 'c', which quotes no text in most languages.
func (p *program) runeLiteral() {
	const longest = 12
	end := min(p.i+longest, len(p.src))
	p.i++
	if p.peek() == '\\' {
		if n := bytes.IndexByte(p.src[min(p.i+2, end):end], '\''); n >= 0 {
			p.i = min(p.i+2, end) + n + 1
		}
		return
	}
	if _, n := utf8.DecodeRune(p.src[p.i:]); p.i+n < len(p.src) && p.src[p.i+n] == '\'' {
		p.i += n + 1
	}
}

// textsOf reads the texts of a language in which '…' is a single character.
func textsOf(h *host) func(p *program) *value {
	return func(p *program) *value {
		if p.peek() == '\'' {
			start := p.i
			p.runeLiteral()
			return &value{start: start, end: max(p.i, start+1)}
		}
		return p.source(&h.quoting)
	}
}
