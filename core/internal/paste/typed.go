package paste

import (
	"bytes"
	"slices"
	"strings"
)

// declaration moves over the type of `Type<Of> name =`, if one is declared at i.
func (p *program) declaration() {
	i := p.typeEnd(p.i)
	if i < 0 || i >= len(p.src) || p.src[i] != ' ' {
		return
	}
	for i < len(p.src) && p.src[i] == ' ' {
		i++
	}
	n := p.word(i)
	if word := string(p.src[i : i+n]); word != "" && !p.infix[word] && !p.prefix[word] {
		if rest := bytes.TrimLeft(p.src[i+n:], " "); len(rest) > 1 && rest[0] == '=' && rest[1] != '=' && rest[1] != '>' {
			p.i = i
			p.declared = true
		}
	}
}

// typeEnd returns the end of a type such as Map<String, List<int[]>>, -1 for none.
func (p *program) typeEnd(i int) int {
	n := p.word(i)
	if n == 0 {
		return -1
	}
	for i += n; i+1 < len(p.src) && p.src[i] == '.' && p.word(i+1) > 0; i += n {
		n = 1 + p.word(i+1)
	}
	const longest = 256
	if i < len(p.src) && p.src[i] == '<' {
		depth := 0
		for end := min(len(p.src), i+longest); i < end; i++ {
			switch c := p.src[i]; {
			case c == '<':
				depth++
			case c == '>':
				depth--
			case c != ' ' && strings.IndexByte(",.?[]", c) < 0 && p.word(i) == 0 && c-'0' >= 10:
				return -1
			}
			if depth == 0 {
				i++
				break
			}
		}
		if depth > 0 {
			return -1
		}
	}
	if i < len(p.src) && p.src[i] == '?' {
		i++
	}
	for i+1 < len(p.src) && p.src[i] == '[' && p.src[i+1] == ']' {
		i += 2
	}
	return i
}

// built returns the object that a chain of calls makes whose last one is build(), nil for what is no request:
// Request.builder().model("m").prompt("x").build().
func (p *program) built(c *value) *value {
	v := &value{form: anObject, start: c.start, end: c.end}
	for b := c.base; b != nil && b.form == aCall && len(v.items) < mostOptions; b = b.base {
		if arg := b.at(0); arg != nil && len(b.items) == 1 {
			v.items = append(v.items, item{key: snake(last(b.text)), keyed: true, start: arg.start, value: arg})
		}
	}
	if slices.Reverse(v.items); v.get("prompt") == nil {
		return nil
	}
	if p.made == nil {
		p.made, p.used = v, true
	}
	return v
}

// unnamed makes an object opaque whose type, with the names that its members have in JSON, stands elsewhere.
func (p *program) unnamed(v *value, typed string) {
	for n := range v.items {
		if strings.EqualFold(v.items[n].key, "prompt") && !p.strange {
			p.strange = true
			p.say(NotLiteral, v, "the names that the members of "+typed+" have in JSON stand elsewhere")
		}
	}
	v.form, v.text = opaque, typed
}

// cast reads `(Type) value` at i, nil if there is none.
func (p *program) cast() *value {
	if p.peek() != '(' {
		return nil
	}
	end := p.typeEnd(p.i + 1)
	if end < 0 || end >= len(p.src) || p.src[end] != ')' {
		return nil
	}
	i := end + 1
	for i < len(p.src) && p.src[i] == ' ' {
		i++
	}
	if i == len(p.src) || p.word(i) == 0 && strings.IndexByte("\"$@0123456789", p.src[i]) < 0 || p.infix[string(p.src[i:i+p.word(i)])] {
		return nil
	}
	p.i = i
	return p.operand()
}

// results reads `, other := call(…)`, which gives a variable the first result of a call.
func (p *program) results(t *target) bool {
	back := p.i
	for p.peek() == ',' {
		p.i++
		p.space()
		n := p.word(p.i)
		if n == 0 {
			break
		}
		delete(p.names, string(p.src[p.i:p.i+n]))
		p.i += n
		p.space()
	}
	if !p.typed || !p.ahead(":=") && (p.peek() != '=' || p.ahead("==")) {
		p.stoppedAt(back)
		return false
	}
	if p.i++; p.peek() == '=' {
		p.i++
	}
	v := p.expression()
	p.declared = true
	if p.space(); p.peek() == ',' { // several values
		v = &value{start: v.start, end: v.end}
	}
	p.assign(*t, v)
	return true
}

// block returns a text in three quotes without what the languages take off it: the first line break, and the white space
// that all lines begin with, that of the closing quotes included. Escapes stand for something only then.
func (p *program) block(s string, q *quoting) []byte {
	if first, rest, ok := strings.Cut(s, "\n"); ok && strings.Trim(first, " \t\r") == "" {
		s = rest
		lines := strings.Split(s, "\n")
		margin := -1
		for n, line := range lines {
			if body := strings.TrimLeft(line, " \t\r"); body != "" || n == len(lines)-1 {
				if indent := len(line) - len(body); margin < 0 || indent < margin {
					margin = indent
				}
			}
		}
		for n, line := range lines {
			lines[n] = strings.TrimRight(line[min(margin, len(line)):], " \t\r")
		}
		s = strings.Join(lines, "\n")
		if !q.escapes { // the languages without leave out the last line break
			s = strings.TrimSuffix(s, "\n")
		}
	}
	if !q.escapes {
		return []byte(s)
	}
	inner := newProgram(p.tongue, []byte(s), &Draft{})
	out := make([]byte, 0, len(s))
	for inner.i < len(s) {
		if c := s[inner.i]; c == '\\' && inner.i+1 < len(s) && q.inside == "(" && s[inner.i+1] == '(' {
			out = inner.swiftHole(out)
		} else if c == '\\' && inner.i+1 < len(s) {
			out = inner.scriptEscape(out)
		} else {
			out = append(out, c)
			inner.i++
		}
	}
	return out
}
