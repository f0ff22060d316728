package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/utf"
)

// yaml reads what requests are written in of YAML 1.2: maps and lists in blocks or in brackets, scalars with and without
// quotes, block scalars and comments. Anchors, tags and the like are named as unreadable.
type yaml struct {
	*program
	lines []row
	n     int // the line to be read
}

// row is a line that is not blank.
type row struct {
	start, end int // without the indent and the line break
	indent     int
	number     int // of the line in the text
}

func looksLikeYAML(src []byte) bool {
	t := bytes.TrimSpace(src)
	if startsJSON(t) || strings.IndexByte("<`('", t[0]) >= 0 {
		return false
	}
	for _, name := range []string{"prompt", "inputs", "messages"} {
		if n := bytes.Index(t, []byte(name)); n >= 0 {
			rest := bytes.TrimLeft(t[n+len(name):], "\"'")
			if len(rest) > 0 && rest[0] == ':' {
				return true
			}
		}
	}
	return false
}

func readYAML(src []byte, d *Draft) bool {
	y := &yaml{program: newProgram(&yamlTongue, src, d)}
	number := 0
	for i := 0; i < len(src); number++ {
		end := i + utf.LineLen(src[i:])
		start := i
		for start < end && src[start] == ' ' {
			start++
		}
		if line := bytes.TrimSpace(src[start:end]); len(line) > 0 && string(line) != "---" && string(line) != "..." {
			y.lines = append(y.lines, row{start, end, start - i, number})
		} else if len(line) > 0 && len(y.lines) > 0 {
			d.Notes = append(d.Notes, Note{Left, start, len(src), "a second document"})
			break
		}
		i = end + max(utf.BreakLen(src[end:]), 1)
	}
	y.comments()
	if y.n >= len(y.lines) {
		return false
	}
	first := y.lines[y.n]
	if _, _, ok := y.mapKey(first); !ok {
		return false
	}
	v := y.block(first.indent, 0)
	if y.stopped { // members without their brackets look like YAML up to the first comma
		return false
	}
	if v.form != anObject || v.first("prompt", "inputs", "messages", "input") == nil {
		return false
	}
	if y.n < len(y.lines) {
		l := y.lines[y.n]
		y.unreadable(l.start, l.end, "this line belongs to no map and no list")
	}
	y.request, y.rules = v, sentAsIs
	v.below = append(v.below, y.taken()...)
	if !y.finish() {
		return false
	}
	return true
}

// yamlTongue reads what stands in brackets.
var yamlTongue = tongue{
	hash:   true,
	words:  yamlWords,
	texts:  (*program).yamlFlowText,
	number: (*program).yamlFlowText,
	called: func(*program, *value) {},
	set:    func(*program, string, *value) {},
}

var yamlWords = map[string]string{"true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false", "FALSE": "false",
	"null": "null", "Null": "null", "NULL": "null", "~": "null"}

// comments keeps the lines of comments before the line to be read.
func (y *yaml) comments() {
	for y.n < len(y.lines) && y.src[y.lines[y.n].start] == '#' {
		l := y.lines[y.n]
		y.remarks = append(y.remarks, remark{"//" + strings.TrimRight(string(y.src[l.start+1:l.end]), " \t"), false, l.start})
		y.n++
	}
}

// mapKey returns the key with which a line begins, and where its value does.
func (y *yaml) mapKey(l row) (key string, rest int, ok bool) {
	if c := y.src[l.start]; c == '"' || c == '\'' {
		y.i = l.start
		v := y.quotedScalar(l.end)
		if v == nil || v.form != aText {
			return "", 0, false
		}
		i := utf.SkipBlank(y.src, y.i, l.end)
		return v.text, i + 1, i < l.end && y.src[i] == ':'
	} else if strings.IndexByte("-?[{&*!|>%@`#", c) >= 0 && !(c == '-' && l.start+1 < l.end && y.src[l.start+1] > ' ') {
		return "", 0, false
	}
	line := y.src[l.start:l.end]
	for i, c := range line {
		if c == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t') {
			return string(bytes.TrimSpace(line[:i])), l.start + i + 1, i > 0
		}
		if c == '#' && i > 0 && line[i-1] == ' ' {
			break
		}
	}
	return "", 0, false
}

// block reads the map or the list whose lines have an indent.
func (y *yaml) block(indent, depth int) *value {
	first := y.lines[y.n]
	v := &value{form: anObject, start: first.start}
	if y.dash(first) {
		v.form = aList
	}
	if depth > mostDepth {
		y.stop(first.start, first.end, "values stand in each other more deeply than a request can use")
	}
	for !y.stopped {
		y.comments()
		if y.n >= len(y.lines) || y.lines[y.n].indent != indent {
			break
		}
		l := y.lines[y.n]
		it := item{start: l.start, above: y.taken()}
		rest := l.start + 1
		if v.form == anObject {
			key, at, ok := y.mapKey(l)
			if !ok {
				y.stop(l.start, l.end, "this line has no key")
				break
			}
			it.key, it.keyed, rest = key, true, at
		} else if !y.dash(l) {
			break
		} else if inner := utf.SkipBlank(y.src, rest, l.end); inner < l.end {
			// What stands behind the dash is a block of its own, if it begins one.
			sub := row{inner, l.end, l.indent + inner - l.start, l.number}
			if _, _, ok := y.mapKey(sub); ok || y.dash(sub) {
				y.lines[y.n] = sub
				it.value = y.block(sub.indent, depth+1)
				v.items = append(v.items, it)
				continue
			}
		}
		it.value = y.scalar(rest, l, depth)
		v.items = append(v.items, it)
	}
	v.end = y.readTo()
	return v
}

func (y *yaml) readTo() int { return y.lines[max(y.n-1, 0)].end }

// dash reports whether a line is an item of a list.
func (y *yaml) dash(l row) bool {
	return y.src[l.start] == '-' && (l.start+1 == l.end || y.src[l.start+1] == ' ' || y.src[l.start+1] == '\t')
}

// scalar reads the value that begins at i in line l, or in the lines below it.
func (y *yaml) scalar(i int, l row, depth int) *value {
	i = utf.SkipBlank(y.src, i, l.end)
	y.n++
	if i == l.end || y.src[i] == '#' {
		y.comment(i, l.end)
		y.comments()
		if y.n < len(y.lines) {
			next := y.lines[y.n]
			if next.indent > l.indent || next.indent == l.indent && y.dash(next) && !y.dash(l) {
				if _, _, ok := y.mapKey(next); ok || y.dash(next) {
					return y.block(next.indent, depth+1)
				}
				if next.indent > l.indent {
					y.n++
					return y.started(next.start, next, l.indent)
				}
			}
		}
		return &value{form: aToken, text: "null", start: i, end: i}
	}
	return y.started(i, l, l.indent)
}

func (y *yaml) comment(i, end int) {
	if i < end {
		y.remarks = append(y.remarks, remark{"//" + strings.TrimRight(string(y.src[i+1:end]), " \t"), true, i})
	}
}

// started reads a value that begins at i in line l and goes on in lines with more than an indent.
func (y *yaml) started(i int, l row, indent int) *value {
	c := y.src[i]
	switch c {
	case '|', '>':
		return y.literal(i, l, indent)
	case '&', '*', '!':
		v := &value{start: i, end: l.end, text: "an anchor or a tag"}
		y.unreadable(i, l.end, "anchors and tags of YAML cannot be read")
		return v
	case '"', '\'', '[', '{':
		y.i = i
		var v *value
		if c == '"' || c == '\'' {
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
