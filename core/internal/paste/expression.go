package paste

import (
	"strings"
	"unicode/utf8"
)

// expression reads operands with operators between them.
func (p *program) expression() *value {
	p.space()
	begin := p.i // of the last operand
	v := p.operand()
	start := begin
	var joined []byte // what adjacent and added texts make
	ternary := 0
	for !p.stopped {
		before := p.i
		p.space()
		op := p.operator(&ternary)
		if op == "" {
			break
		}
		if op == "as" {
			p.typeName()
			continue
		}
		if op == "=>" {
			p.forget(begin, before)
			if p.space(); p.peek() == '{' {
				p.body()
				v = &value{start: start, end: p.i}
				continue
			}
		}
		if op == "%" && p.indents && v.form == aText { // values for marks such as %s
			at := p.i - 1
			p.operand()
			if joined == nil {
				joined = append(joined, v.text...)
			}
			v = &value{form: aText, start: start, end: p.i, holes: append(v.holes[:len(v.holes):len(v.holes)], span{at, p.i})}
			continue
		}
		previous := begin
		p.space()
		begin = p.i
		w := p.operand()
		if op == "|" || op == "?" || op == "or" {
			p.fallsBack(v, w)
		}
		if op == "+" && (v.form == aText) != (w.form == aText) {
			if v.form == aText {
				if s := p.stand(w, begin); s != nil {
					w = s
				}
			} else if s := p.stand(v, previous); s != nil && joined == nil {
				v = s
			}
		}
		if op == "+" && v.form == aText && w.form == aText {
			if joined == nil {
				joined = append(joined, v.text...)
				v = &value{form: aText, start: start, end: v.end, holes: append([]span(nil), v.holes...)}
			}
			joined = append(joined, w.text...)
			v.holes = append(v.holes, w.holes...)
			v.end = p.endOf(w, begin)
			continue
		}
		if op == "to" {
			v = &value{form: aCall, text: "entry", items: []item{{value: v}, {value: w}}, start: start, end: p.endOf(w, begin)}
			continue
		}
		name := ""
		if op == "for" || v.form == opaque && v.text == "for" {
			name = "for" // one expression stands for many elements
		}
		v, joined = &value{start: start, end: max(p.endOf(w, begin), before), text: name}, nil
	}
	if joined != nil {
		if !p.spend(len(joined)) {
			return &value{start: v.start, end: v.end}
		}
		v.text = string(joined)
	}
	return v
}

// operator reads what stands between two operands, "" for nothing.
func (p *program) operator(ternary *int) string {
	c := p.peek()
	switch c {
	case '?':
		if !p.indents && !p.ahead("??") {
			*ternary++
		}
	case ':':
		if *ternary == 0 {
			return ""
		}
		*ternary--
	case '=':
		if p.ahead("=>") {
			if p.rockets {
				return ""
			}
			p.i += 2
			return "=>"
		}
		if p.indents && !p.ahead("==") {
			return ""
		}
	case '.':
		if !p.dots {
			return ""
		}
		p.i++
		return "+"
	case '+':
		if p.i++; p.peek() == '+' || p.peek() == '=' {
			return "++"
		}
		return "+"
	case '&', '|':
		if p.i+1 < len(p.src) && p.src[p.i+1] == c {
			p.i++
		}
	case '-', '*', '/', '%', '^', '<', '>', '!', '~', '@':
	default:
		n := p.word(p.i)
		w := string(p.src[p.i : p.i+n])
		if n == 0 || n > 10 || !p.infix[w] {
			return ""
		}
		p.i += n
		if w == "satisfies" {
			return "as"
		}
		return w
	}
	p.i++
	if c == '?' && p.peek() == '?' {
		p.i++
	}
	return string(rune(c))
}

// typeName skips the type in `value as T`.
func (p *program) typeName() {
	depth := 0
	for p.i < len(p.src) {
		switch c := p.src[p.i]; c {
		case '<', '[', '(', '{':
			depth++
		case '>', ']', ')', '}':
			if depth == 0 {
				return
			}
			depth--
		case ',', ';', '=', '\n', '\r':
			if depth == 0 {
				return
			}
		}
		p.i++
	}
}

// operand reads a literal, a name or a bracket, with all that is asked of it.
func (p *program) operand() *value {
	blurred := false // the operand is a part of an expression
	for !p.stopped {
		p.space()
		start := p.i
		c := p.peek()
		var v *value
		if p.composite != nil {
			v = p.composite(p)
		}
		switch {
		case v != nil:
		case p.i >= len(p.src):
			return &value{start: start, end: start}
		case strings.IndexByte(",)]}:;\n\r", c) >= 0 && (c != ':' || !p.rockets || p.word(p.i+1) == 0):
			return &value{start: start, end: start}
		case c == '(' || c == '[' || c == '{':
			v = p.group(c)
		case c >= '0' && c <= '9' || c == '.' && p.i+1 < len(p.src) && p.src[p.i+1]-'0' < 10:
			v = p.number(p)
		case (c == '-' || c == '+') && !p.ahead("--") && !p.ahead("++"):
			p.i++
			p.space()
			if n := p.peek(); n >= '0' && n <= '9' || n == '.' {
				if v = p.number(p); v.form == aToken && c == '-' {
					v = &value{form: aToken, text: "-" + v.text, start: start, end: v.end}
				}
				break
			}
			blurred = true
			continue
		default:
			if v = p.texts(p); v != nil {
				break
			}
			n := p.word(p.i)
			if n == 0 {
				if !p.hash && !p.dots && c == '/' && p.regex() {
					v = &value{start: start, end: p.i}
					break
				}
				_, n = utf8.DecodeRune(p.src[p.i:])
				p.i += n
				blurred = true
				continue
			}
			w := string(p.src[p.i : p.i+n])
			p.i += n
			if p.prefix[w] {
				blurred = blurred || w != "await" && w != "try" && w != "new" && w != "async" && w != "return"
				if w == "lambda" {
					p.lambda()
				}
				if w == "const" || w == "let" || w == "var" {
					p.space()
					delete(p.names, string(p.src[p.i:p.i+p.word(p.i)]))
				}
				continue
			}
			if w == "function" && !p.indents {
				p.space()
				p.i += p.word(p.i)
				if p.space(); p.peek() == '(' {
					p.parameters()
					p.space()
				}
				if p.peek() == '{' {
					p.body()
				}
				v = &value{start: start, end: p.i}
				break
			}
			v = p.named(w, start)
		}
		v = p.more(v)
		if blurred {
			return &value{start: start, end: p.endOf(v, start)}
		}
		return v
	}
	return &value{start: len(p.src), end: len(p.src)}
}

// endOf returns where an operand ends that begins at a place; what it stands for may stand elsewhere.
//
//go:noinline
func (p *program) endOf(v *value, begin int) int {
	if v.start >= begin {
		return v.end
	}
	return max(begin, p.i)
}

// group reads brackets that stand for a value.
func (p *program) group(c byte) *value {
	v := p.bracket(c)
	switch {
	case c != '(':
	case v.text != "":
		return v.items[0].value
	case !p.indents:
		v.form = opaque
	}
	return v
}

// lambda skips the parameters of Python's lambda.
func (p *program) lambda() {
	for p.i < len(p.src) && strings.IndexByte(":\n)", p.src[p.i]) < 0 {
		p.i++
	}
	if p.peek() == ':' {
		p.i++
	}
}

// named returns what a name stands for that nothing follows.
func (p *program) named(w string, start int) *value {
	if t, ok := p.words[w]; ok {
		form := aToken
		if t == "" {
			form = aMissing
		}
		return &value{form: form, text: t, start: start, end: p.i}
	}
	return &value{text: w, start: start, end: p.i}
}

// more reads calls, members and elements that are asked of a value.
func (p *program) more(v *value) *value {
	named := v.form == opaque && v.text != ""
	bare := named // nothing followed the name
	for !p.stopped {
		at := p.i
		p.space()
		switch c := p.peek(); {
		case c == '.' && !p.dots && !p.ahead("..."), c == '?' && p.ahead("?."), p.dots && p.ahead("->"):
			if p.i++; c != '.' {
				p.i++
			}
			if c == '?' && (p.peek() == '(' || p.peek() == '[') {
				continue
			}
			p.space()
			n := p.word(p.i)
			name := string(p.src[p.i : p.i+n])
			p.i += n
			v = p.part(v, name, bare)
		case c == '(' && (v.form == opaque && v.text != "" || v.form == aCall) && p.depth < mostDepth:
			args := p.bracket('(')
			v = p.invoke(v, args)
		case c == '[' && (named || v.form != opaque) && p.depth < mostDepth:
			index := p.bracket('[')
			name, ok := index.at(0).plain()
			if !ok || name == "" {
				name = "[]"
			}
			v = p.part(v, name, bare)
		case c == '`' && !p.indents && at == p.i:
			v = p.tagged(v)
		case c == '<' && !p.indents && at == p.i && v.form == opaque && p.typeArguments():
			continue
		case c == '!' && !p.indents && !p.ahead("!="):
			p.i++
			continue
		default:
			if bare {
				return p.lookup(v)
			}
			return v
		}
		bare = false
	}
	if bare {
		return p.lookup(v)
	}
	return v
}
