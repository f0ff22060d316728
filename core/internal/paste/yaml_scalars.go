package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/utf"
)

// started reads a value that begins at i in line l and goes on in lines with more than an indent.
func (y *yaml) started(i int, l row, indent int) *value {
	c := y.src[i]
	switch c {
	case '|', '>':
		return y.literal(i, l, indent)
	case '&', '!', '%', '@', '`':
		v := &value{start: i, end: l.end}
		y.unreadable(i, l.end, "tags of YAML, and what begins like this, cannot be read")
		return v
	case '"', '\'', '[', '{', '*':
		y.i = i
		var v *value
		if c == '*' {
			v = y.alias(i)
		} else if c == '"' || c == '\'' {
			if v = y.quotedScalar(len(y.src)); v == nil {
				y.stop(i, i+1, "this text is not closed")
				return &value{start: i, end: i}
			}
		} else {
			v = y.bracket(c)
		}
		for y.n < len(y.lines) && y.lines[y.n].start < y.i {
			y.n++
		}
		if y.stopped {
			return v
		}
		end := y.i + utf.LineLen(y.src[y.i:])
		rest := utf.SkipBlank(y.src, y.i, end)
		if rest < end && y.src[rest] == '#' {
			y.comment(rest, end)
		} else if rest < end {
			y.stop(rest, end, "text stands behind the value")
		}
		return v
	}
	return y.plain(i, l, indent)
}

// plain reads a scalar without quotes, whose lines are folded.
func (y *yaml) plain(i int, l row, indent int) *value {
	v := &value{form: aText, start: i}
	var b []byte
	for {
		end := l.end
		if n := bytes.Index(y.src[i:end], []byte(" #")); n >= 0 {
			y.comment(i+n+1, end)
			end = i + n
		}
		b = append(b, bytes.TrimSpace(y.src[i:end])...)
		v.end = end
		if n := bytes.Index(y.src[i:end], []byte(": ")); n >= 0 || y.src[end-1] == ':' {
			y.unreadable(i, end, "a text with a colon and a space in it stands in quotes")
			v.form = opaque
		}
		commented := end < l.end
		if commented || y.n >= len(y.lines) || y.lines[y.n].indent <= indent {
			break
		}
		next := y.lines[y.n]
		if _, _, ok := y.mapKey(next); ok || y.src[next.start] == '#' {
			break
		}
		if blank := next.number - l.number - 1; blank > 0 {
			b = append(b, bytes.Repeat([]byte{'\n'}, blank)...)
		} else {
			b = append(b, ' ')
		}
		l, i = next, next.start
		y.n++
	}
	if v.form == opaque {
		return v
	}
	v.text = string(b)
	if t, ok := yamlToken(v.text); ok {
		v.form, v.text = aToken, t
	}
	return v
}

// yamlToken returns what a scalar without quotes is in the core schema of YAML 1.2, if it is no text.
func yamlToken(s string) (string, bool) {
	if t, ok := yamlWords[s]; ok {
		return t, true
	}
	sign, digits := "", s
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		sign, digits = strings.Trim(s[:1], "+"), s[1:]
	}
	if digits == "" || digits[0]-'0' >= 10 && digits[0] != '.' || digits == "." || strings.ContainsRune(digits, '_') {
		return "", false
	}
	p := program{tongue: &python, src: []byte(digits)}
	v := p.numeral()
	if p.i != len(digits) || v.form != aToken || strings.ContainsAny(digits, "jJnNlL") {
		return "", false
	}
	return sign + v.text, true
}

// literal reads a block scalar: | keeps its lines, > folds them.
func (y *yaml) literal(i int, l row, indent int) *value {
	v := &value{form: aText, start: i, end: l.end}
	folded, chomp, explicit := y.src[i] == '>', byte(0), 0
	for i++; i < l.end && y.src[i] != ' ' && y.src[i] != '\t'; i++ {
		switch c := y.src[i]; {
		case c == '-' || c == '+':
			chomp = c
		case c >= '1' && c <= '9':
			explicit = indent + int(c-'0')
		default:
			y.stop(i, l.end, "this is no head of a block of text")
			return v
		}
	}
	if i = utf.SkipBlank(y.src, i, l.end); i < l.end {
		if y.src[i] != '#' {
			y.stop(i, l.end, "this is no head of a block of text")
			return v
		}
		y.comment(i, l.end)
	}
	margin := explicit
	var b []byte
	previous := l.number
	more := false // the line before is indented further, and is not folded
	for first := true; y.n < len(y.lines); first = false {
		r := y.lines[y.n]
		if r.indent <= indent {
			break
		}
		if margin == 0 {
			margin = r.indent
		}
		if r.indent < margin {
			break
		}
		blank := r.number - previous - 1
		extra := r.indent > margin || y.src[r.start] == '\t'
		switch {
		case first:
			b = append(b, strings.Repeat("\n", blank)...)
		case !folded || extra || more:
			b = append(b, strings.Repeat("\n", blank+1)...)
		case blank > 0:
			b = append(b, strings.Repeat("\n", blank)...)
		default:
			b = append(b, ' ')
		}
		b = append(b, strings.Repeat(" ", r.indent-margin)...)
		b = append(b, y.src[r.start:r.end]...)
		previous, more, v.end = r.number, extra, r.end
		y.n++
	}
	switch {
	case chomp == '-' || len(b) == 0:
	case chomp == '+' && y.n < len(y.lines):
		b = append(b, strings.Repeat("\n", y.lines[y.n].number-previous)...)
	default:
		b = append(b, '\n')
	}
	v.text = string(b)
	return v
}

// quotedScalar reads '…' or "…" at i, over lines before end, which are folded; nil for one that is not closed.
func (y *program) quotedScalar(end int) *value {
	v := &value{form: aText, start: y.i}
	quote := y.src[y.i]
	var b []byte
	for y.i++; y.i < end; {
		c := y.src[y.i]
		switch {
		case c == quote && quote == '\'' && y.i+1 < end && y.src[y.i+1] == '\'':
			b = append(b, c)
			y.i += 2
		case c == quote:
			y.i++
			v.text, v.end = string(b), y.i
			return v
		case c == '\n' || c == '\r':
			b = bytes.TrimRight(b, " \t")
			breaks := 0
			for y.i < end && (utf.BreakLen(y.src[y.i:]) > 0 || y.src[y.i] == ' ' || y.src[y.i] == '\t') {
				if n := utf.BreakLen(y.src[y.i:]); n > 0 {
					breaks++
					y.i += n
				} else {
					y.i++
				}
			}
			if breaks == 1 {
				b = append(b, ' ')
			} else {
				b = append(b, strings.Repeat("\n", breaks-1)...)
			}
		case c == '\\' && quote == '"' && y.i+1 < end:
			b = y.yamlEscape(b)
		default:
			b = append(b, c)
			y.i++
		}
	}
	return nil
}

func (y *program) yamlEscape(b []byte) []byte {
	start := y.i
	c := y.src[y.i+1]
	if n := utf.BreakLen(y.src[y.i+1:]); n > 0 {
		y.i += 1 + n
		y.i = utf.SkipBlank(y.src, y.i, len(y.src))
		return b
	}
	if c == '0' {
		y.i += 2
		return append(b, 0)
	}
	if s := map[byte]string{'a': "\a", 'e': "\x1b", ' ': " ", '/': "/", 'N': "\u0085", '_': "\u00A0", 'L': "\u2028", 'P': "\u2029", '\t': "\t"}[c]; s != "" {
		y.i += 2
		return append(b, s...)
	}
	if c < '1' || c > '9' {
		if out, ok := y.escape(b); ok {
			return out
		}
	}
	y.unreadable(start, start+2, "this escape stands in the text as it was typed")
	y.i += 2
	return append(b, '\\', c)
}

// yamlFlowText reads a text within brackets, with quotes or without.
func (p *program) yamlFlowText() *value {
	if c := p.peek(); c == '"' || c == '\'' {
		v := p.quotedScalar(len(p.src))
		if v == nil {
			p.stop(p.i-1, p.i, "this text is not closed")
			return &value{}
		}
		return v
	}
	start := p.i
	if c := p.peek(); c == '*' {
		return p.alias(start)
	} else if c != 0 && strings.IndexByte("&!|>%@`", c) >= 0 {
		p.stop(start, start+1, "anchors and tags within brackets cannot be read")
		return &value{start: start, end: start + 1}
	}
	end := start
	for end < len(p.src) && strings.IndexByte(",[]{}\n\r", p.src[end]) < 0 && !(p.src[end] == ':' && (end+1 == len(p.src) || strings.IndexByte(" \t\n,]}", p.src[end+1]) >= 0)) &&
		!(p.src[end] == '#' && end > start && p.src[end-1] == ' ') {
		end++
	}
	said := strings.TrimSpace(string(p.src[start:end]))
	if said == "" {
		return nil
	}
	p.i = start + len(said)
	v := &value{form: aText, text: said, start: start, end: p.i}
	if t, ok := yamlToken(said); ok {
		v.form, v.text = aToken, t
	}
	return v
}
