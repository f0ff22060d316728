package paste

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// psValue is what an expression gives: a text, or a table or list as JSON.
type psValue struct {
	word
	table     bool
	converted bool // by ConvertTo-Json
}

// value reads an expression and what it is piped into.
func (p *powerShell) value() psValue {
	start := p.i
	v := p.operand()
	for p.blank(); p.peek() == '+' && !v.table; p.blank() {
		p.i++
		p.lines()
		v.word.add(p.operand().word)
	}
	if p.i < len(p.src) && strings.IndexByte("|;)}\n,", p.src[p.i]) < 0 && !v.broken { // an operator, a method
		p.expressionEnd()
		v = psValue{word: word{start: start, end: p.i}}
		p.hole(&v.word, start)
		p.blank()
	}
	for ; p.peek() == '|'; p.blank() {
		p.i++
		p.lines()
		if strings.EqualFold(p.bare(), "ConvertTo-Json") {
			v.converted = true
		}
		for p.blank(); p.i < len(p.src) && strings.IndexByte("|;)}\n", p.src[p.i]) < 0; p.blank() {
			p.skip()
		}
	}
	return v
}

// bare reads a word without quotes.
func (p *powerShell) bare() string {
	start := p.i
	for p.i < len(p.src) && strings.IndexByte(" \t\r\n;|(){},=\"'`$", p.src[p.i]) < 0 {
		p.i++
	}
	return string(p.src[start:p.i])
}

func (p *powerShell) operand() (v psValue) {
	v.start = p.i
	defer func() { v.end = p.i }()
	if p.depth++; p.depth > mostNested {
		p.i, v.broken = len(p.src), true
	}
	defer func() { p.depth-- }()
	p.casts()
	switch c := p.peek(); {
	case p.isString():
		p.text(&v.word)
	case p.at("@{"):
		var w writer
		v.broken = !p.tableJSON(&w, nil)
		v.text, v.table = w.out, true
	case p.at("@("):
		var w writer
		v.broken = !p.listJSON(&w)
		v.text, v.table = w.out, true
	case c == '(':
		p.i++
		p.lines()
		v = p.value()
		p.close(')')
	case c == '$':
		p.used(&v)
	default:
		start := p.i
		word := p.bare()
		switch {
		case strings.EqualFold(word, "ConvertTo-Json"):
			for p.blank(); p.peek() == '-'; p.blank() {
				if p.i++; strings.EqualFold(p.bare(), "Depth") {
					p.blank()
					p.bare()
				}
			}
			v = p.operand()
			v.converted = true
		case word != "" && isNumber(word):
			v.text = []byte(word)
		default:
			p.expressionEnd()
			p.hole(&v.word, start)
		}
	}
	return v
}

// used reads the use of a variable.
func (p *powerShell) used(v *psValue) {
	start := p.i
	name, end := p.name(p.i)
	if p.i = max(end, p.i+1); name == "" || p.peek() == '.' || p.peek() == '[' {
		p.expressionEnd()
		p.hole(&v.word, start)
		return
	}
	if name == "true" || name == "false" || name == "null" {
		v.text, v.table = []byte(name), true
		return
	}
	if !p.visit(name, start, func(b binding) {
		if len(p.added[name]) == 0 {
			*v = p.value()
			return
		}
		var w writer
		p.i = start
		v.broken = !p.json(&w)
		v.text, v.table = w.out, true
	}) {
		p.hole(&v.word, start)
	}
}

// casts moves over types before a value, and over the call that makes bytes of a text.
func (p *powerShell) casts() {
	for p.peek() == '[' {
		back := p.i
		p.skip()
		if p.at("::") {
			n := bytes.IndexByte(p.src[p.i:min(len(p.src), p.i+40)], '(')
			if n < 0 || !bytes.HasSuffix(p.src[p.i:p.i+n], []byte("GetBytes")) {
				p.i = back
				return
			}
			p.i += n
		}
		p.blank()
	}
}

// close moves behind a closing bracket, whatever stands before it.
func (p *powerShell) close(bracket byte) bool {
	for p.lines(); p.i < len(p.src); p.lines() {
		if p.src[p.i] == bracket {
			p.i++
			return true
		}
		p.skip()
	}
	return false
}

// expressionEnd moves to the end of an expression that is not understood.
func (p *powerShell) expressionEnd() {
	start := p.i
	for p.i < len(p.src) && strings.IndexByte(",;)}\n|", p.src[p.i]) < 0 {
		p.skip()
	}
	for p.i > start && (p.src[p.i-1] == ' ' || p.src[p.i-1] == '\r') {
		p.i--
	}
}

// json writes the value at i, commas between values make a list of them. It reports false for what has no end.
func (p *powerShell) json(w *writer) bool {
	if p.depth >= mostNested {
		p.i = len(p.src)
		return false
	}
	if p.peek() == ',' { // a list of one
		p.i++
		p.blank()
		w.open('[')
		ok := p.element(w)
		w.close(']')
		return ok
	}
	back := p.i
	p.element(nil)
	p.blank()
	list := p.peek() == ','
	p.i = back
	if !list {
		return p.element(w)
	}
	w.open('[')
	for p.element(w) {
		if p.blank(); p.peek() != ',' {
			w.close(']')
			return true
		}
		p.i++
		p.lines()
	}
	return false
}

// element writes one value. Without a writer it only moves over it.
func (p *powerShell) element(w *writer) bool {
	p.casts()
	start := p.i
	if w == nil {
		p.skip()
		p.expressionEnd()
		return true
	}
	before := *w
	ok, known := true, true
	switch c := p.peek(); {
	case p.at("@{"):
		ok = p.tableJSON(w, nil)
	case p.at("@("):
		ok = p.listJSON(w)
	case c == '(':
		p.i++
		p.lines()
		ok = p.nested(w) && p.close(')')
	case c == '$':
		known = p.variableJSON(w)
	case p.isString():
		v := p.value()
		ok = !v.broken
		w.text(string(v.text))
		p.d.unknown(p.src, v.word, "the body")
	default:
		word := p.bare()
		if known = isNumber(word); known {
			w.token(numberToken(word))
		}
	}
	if p.blank(); ok && (!known || p.i < len(p.src) && strings.IndexByte(",;)}\n|", p.src[p.i]) < 0) {
		*w = before
		p.i = min(max(p.i, start+1), len(p.src))
		p.expressionEnd()
		v := word{start: start, end: p.i}
		p.hole(&v, start)
		w.text(string(v.text))
		p.d.unknown(p.src, v, "the body")
	}
	for p.peek() == '|' && ok { // what follows makes the same JSON of it
		p.i++
		p.expressionEnd()
	}
	return ok
}

func (p *powerShell) nested(w *writer) bool {
	p.depth++
	defer func() { p.depth-- }()
	return p.json(w)
}

// variableJSON writes the value of the variable at i, and reports whether that is known.
func (p *powerShell) variableJSON(w *writer) bool {
	start := p.i
	name, end := p.name(p.i)
	if p.i = max(end, p.i+1); name == "" || p.peek() == '.' || p.peek() == '[' {
		return false
	}
	if name == "true" || name == "false" || name == "null" {
		w.token(name)
		return true
	}
	size := len(w.out)
	return p.visit(name, start, func(b binding) {
		if p.casts(); p.at("@{") {
			p.tableJSON(w, p.added[name])
		} else {
			p.json(w)
		}
		p.room -= len(w.out) - size
	}) && p.room > 0
}

// tableJSON writes a table.
func (p *powerShell) tableJSON(w *writer, added []member) bool {
	w.open('{')
	ok := p.table(func(key string) bool {
		w.key(key)
		return p.nested(w)
	})
	for _, m := range added {
		w.key(m.key)
		back := p.i
		p.i = m.value
		p.nested(w)
		p.i = back
	}
	w.close('}')
	return ok
}

// table hands out the members of the table at i, whose values are to be read.
func (p *powerShell) table(read func(key string) bool) bool {
	start := p.i
	p.i += 2
	for {
		p.lines()
		switch {
		case p.peek() == '}':
			p.i++
			return true
		case p.i >= len(p.src):
			p.d.openEnded(start, start+2, "the table")
			return false
		}
		var key word
		at := p.i
		if p.isString() {
			p.text(&key)
		} else {
			key.text = []byte(p.bare())
		}
		p.blank()
		if p.peek() != '=' || len(key.text) == 0 {
			p.d.note(Unreadable, at, min(at+1, len(p.src)), "no member of a table starts here")
			p.i = len(p.src)
			return false
		}
		p.i++
		p.lines()
		if !read(string(key.text)) {
			return false
		}
		p.blank()
	}
}

func (p *powerShell) listJSON(w *writer) bool {
	start := p.i
	p.i += 2
	w.open('[')
	p.depth++
	defer func() { p.depth-- }()
	for p.lines(); p.peek() != ')'; p.lines() {
		if p.i >= len(p.src) || p.depth > mostNested {
			p.d.openEnded(start, start+2, "the list")
			p.i = len(p.src)
			return false
		}
		before := p.i
		if !p.element(w) {
			return false
		}
		if p.blank(); p.peek() == ',' {
			p.i++
		}
		if p.i == before {
			p.i++
		}
	}
	p.i++
	w.close(']')
	return true
}

// isNumber reports whether a word is a number that JSON has too, apart from how it is written.
func isNumber(word string) bool {
	if _, err := strconv.ParseInt(word, 0, 64); err == nil {
		return word[0] != '0' || len(word) < 2 || word[1]|0x20 == 'x'
	}
	digits := strings.TrimLeft(word, "+-")
	return strings.ContainsAny(digits, "0123456789") && strings.Trim(digits, "0123456789.eE+-") == "" && numberToken(word) != ""
}

// numberToken returns a number as JSON writes it, its digits kept; "" for what is none.
func numberToken(word string) string {
	token := strings.TrimPrefix(word, "+")
	if n, err := strconv.ParseInt(token, 0, 64); err == nil && strings.ContainsAny(token, "xX") {
		return strconv.FormatInt(n, 10)
	}
	sign := ""
	if rest, ok := strings.CutPrefix(token, "-"); ok {
		sign, token = "-", rest
	}
	if strings.HasPrefix(token, ".") {
		token = "0" + token
	}
	token = sign + strings.Replace(token, ".e", ".0e", 1)
	if strings.HasSuffix(token, ".") {
		token += "0"
	}
	limits := jsontape.Limits{}.WithDefaults()
	if jsontape.ScanNumber([]byte(token), 0, &limits) != len(token) {
		return ""
	}
	return token
}
