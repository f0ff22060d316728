package paste

import "strings"

// folded returns the text that a function or a method of a text makes of texts that are all known: what it does is fixed by
// its language, and no program has to run for it. It returns nil for others.
func (p *program) folded(name string, c *value) *value {
	v := &value{form: aText, start: c.start, end: c.end}
	arg := c.at(0)
	if c.base != nil && c.base.form == aText {
		v.holes = c.base.holes
		switch v.text = c.base.text; {
		case name == "encode":
		case name == "format":
			v.holes = append(v.holes[:len(v.holes):len(v.holes)], span{c.start, c.end})
		case name == "join" && p.indents:
			return p.joinedBy(v, arg, v.text)
		case len(c.items) > 0:
			return nil
		case name == "strip" || name == "trim":
			v.text = strings.Trim(v.text, blanks)
		case name == "lstrip" || name == "trimStart":
			v.text = strings.TrimLeft(v.text, blanks)
		case name == "rstrip" || name == "trimEnd":
			v.text = strings.TrimRight(v.text, blanks)
		default:
			return nil
		}
		return v
	}
	if c.base != nil && c.base.form == aList && name == "join" && !p.indents {
		if between, ok := arg.plain(); ok {
			return p.joinedBy(v, c.base, between)
		}
		return nil
	}
	said, known := arg.plain()
	switch c.text {
	case "textwrap.dedent", "dedent":
		if known && len(c.items) == 1 {
			v.text = dedented(said)
			return v
		}
	case "URL":
		if known && len(c.items) == 1 {
			return arg
		}
	}
	return nil
}

// blanks are the white space that every language takes off the ends of a text.
const blanks = " \t\r\n\f\v"

func (p *program) joinedBy(v, items *value, between string) *value {
	if items == nil || items.form != aList {
		return nil
	}
	size := 0
	parts := make([]string, len(items.items))
	for n, it := range items.items {
		if it.all || it.value.form != aText {
			return nil
		}
		parts[n] = it.value.text
		size += len(between) + len(it.value.text)
		v.holes = append(v.holes[:len(v.holes):len(v.holes)], it.value.holes...)
	}
	if !p.spend(size) {
		return nil
	}
	v.text = strings.Join(parts, between)
	return v
}

// dedented takes the white space off that all lines begin with, as Python's textwrap.dedent does.
func dedented(s string) string {
	lines := strings.Split(s, "\n")
	margin, set := "", false
	for n, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		if rest == "" {
			lines[n] = ""
			continue
		}
		indent := line[:len(line)-len(rest)]
		if !set {
			margin, set = indent, true
		}
		for !strings.HasPrefix(indent, margin) {
			margin = margin[:len(margin)-1]
		}
	}
	for n, line := range lines {
		lines[n] = strings.TrimPrefix(line, margin)
	}
	return strings.Join(lines, "\n")
}

// stand returns the text in which an operand that only the program knows is named as the language's templates name one;
// nil for a value that is no such name.
func (p *program) stand(v *value, begin int) *value {
	if !p.indents && v.form == aToken && strings.Trim(v.text, "0123456789") == "" {
		return &value{form: aText, text: v.text, start: v.start, end: v.end}
	}
	name := v.text
	if v.form == aCall {
		name = callName(name)
	}
	if v.form != opaque && v.form != aCall || name == "" || name == "for" {
		return nil
	}
	mark := "${"
	if p.indents {
		mark = "{"
	}
	end := p.endOf(v, begin)
	return &value{form: aText, text: mark + name + "}", start: begin, end: end, holes: []span{{begin, end}}}
}
