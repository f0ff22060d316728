package paste

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// listed stands for a brace that holds elements.
const listed = 'l'

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}', listed: '}'}

// bracket reads what stands in the brackets at i: arguments, elements or members.
func (p *program) bracket(open byte) *value {
	v := &value{start: p.i, form: aList}
	if p.depth >= mostDepth {
		p.stop(p.i, p.i+1, "brackets stand in each other more deeply than a request can use")
		return &value{start: v.start, end: v.start + 1}
	}
	p.i++
	p.depth++
	end := closers[open]
	odd := false // what stands there is no list of values
	comma := true
	for {
		p.space()
		if p.stopped {
			break
		}
		if p.i >= len(p.src) {
			p.stop(v.start, v.start+1, "this "+string(p.src[v.start:v.start+1])+" is not closed")
			break
		}
		c := p.peek()
		if c == end {
			p.i++
			break
		}
		before := p.i
		switch {
		case c == ')' || c == ']' || c == '}':
			p.stop(p.i, p.i+1, "this "+string(rune(c))+" closes what is not open")
			continue
		case c == ',', c == ';' && p.dashes:
			p.i++
			v.below = append(v.below, remark{}) // counts commas
			comma = true
		case (c == ':' || c == ';') && (!p.rockets || p.word(p.i+1) == 0):
			p.i++
			odd = true
		default:
			it := p.item(open)
			if p.i == before {
				_, n := utf8.DecodeRune(p.src[p.i:])
				p.i += n
				odd = true
				continue
			}
			p.awkward = p.awkward || !comma && open != '('
			comma = false
			odd = odd || it.value.form == opaque && it.value.text == "for"
			if it.keyed || it.of != nil || it.all && open == '{' {
				v.form = anObject
			}
			if it.end = it.value.end; it.value.start < it.start { // a variable's value stands elsewhere
				for it.end = p.i; it.end > it.start+1 && p.src[it.end-1] <= ' '; {
					it.end--
				}
			}
			v.items = append(v.items, it)
		}
	}
	commas := len(v.below)
	v.below = p.taken()
	v.end = p.i
	p.depth--
	switch {
	case open == '(':
		v.form = aList
		if len(v.items) == 1 && commas == 0 && !v.items[0].keyed && !v.items[0].all {
			v.text = "()" // nothing but a value in parentheses
		}
	case p.dashes && !odd && open == '{' && v.form != anObject && len(v.items) > 0: // a table without names
	case odd, open == '{' && v.form != anObject && len(v.items) > 0:
		v.form = opaque
	case open == '{':
		v.form = anObject
	}
	return v
}

// item reads one argument, element or member.
func (p *program) item(open byte) item {
	it := item{start: p.i, above: p.taken()}
	if p.ahead("..") || p.indents && p.peek() == '*' || p.peek() == '*' && p.ahead("**") {
		for p.peek() == '.' || p.peek() == '*' {
			p.i++
		}
		it.all = true
		it.value = p.expression()
		return it
	}
	if (open == '{' || open == '(' && p.arguments) && p.keyed(&it) {
		return it
	}
	if it.value != nil {
		return it // a member whose value is the variable of its name, or one with a function
	}
	it.value = p.expression()
	p.space()
	if p.peek() == ':' && (open == '{' || p.rockets) && !p.ahead("::") {
		p.i++
	} else if p.rockets && p.ahead("=>") {
		p.i += 2
	} else {
		return it
	}
	k := it.value
	switch {
	case k.form == aText && len(k.holes) == 0, k.form == aToken:
		it.key, it.keyed = k.text, true
	default:
		it.of = k
	}
	it.value = p.expression()
	return it
}

// keyed reads a member or argument whose key is no expression. Where it is none, nothing is read.
func (p *program) keyed(it *item) bool {
	at, remarks := p.i, len(p.remarks)
	n := p.word(p.i)
	if n == 0 {
		return !p.indents && p.oddKey(it)
	}
	p.i += n
	p.space()
	for w := string(p.src[at : at+n]); !p.indents && (w == "async" || w == "get" || w == "set") && p.word(p.i) > 0; w = string(p.src[at : at+n]) {
		at, n = p.i, p.word(p.i)
		p.i += n
		p.space()
	}
	it.key = string(p.src[at : at+n])
	c := p.peek()
	switch {
	case p.indents:
		if it.keyed = c == '=' && !p.ahead("=="); it.keyed {
			p.i++
		}
	case p.equals && c == '=' && !p.ahead("==") && !p.ahead("=>"):
		it.keyed = true
		p.i++
	case c == ':' && !p.ahead("::"):
		it.keyed = true
		p.i++
	case p.rockets:
	case c == ',' || c == '}':
		it.keyed = true
		it.value = p.lookup(&value{text: it.key, start: at, end: at + n})
		return true
	case c == '(' && p.depth < mostDepth: // a method
		it.value = &value{start: at}
		p.parameters()
		if p.space(); p.peek() == '{' {
			p.body()
		}
		it.value.end = p.i
		it.keyed = true
		return true
	}
	if !it.keyed {
		if !p.stopped {
			p.i = at
		}
		p.remarks = p.remarks[:min(remarks, len(p.remarks))]
		it.key = ""
		return false
	}
	it.value = p.expression()
	return true
}

// oddKey reads a key of JavaScript that is a number or stands in brackets.
func (p *program) oddKey(it *item) bool {
	switch c := p.peek(); {
	case c >= '0' && c <= '9' || c == '.':
		v := p.number(p)
		if p.space(); p.peek() != ':' {
			it.value = v
			return false
		}
		it.keyed, it.key = true, v.text
		if f, err := strconv.ParseFloat(v.text, 64); err == nil {
			it.key = numberKey(f)
		}
	case c == '[' && !p.rockets:
		v := p.bracket('[')
		it.of = v
		if name, ok := v.at(0).plain(); ok {
			it.of, it.keyed, it.key = nil, true, name
		}
		if p.space(); p.peek() != ':' && (p.peek() != '=' || !p.dashes) {
			it.value = &value{start: v.start, end: p.i}
			return false
		}
	default:
		return false
	}
	p.i++
	it.value = p.expression()
	return true
}

// numberKey is a number as JavaScript makes a name of it.
func numberKey(f float64) string {
	if f >= 1e21 || f > 0 && f < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		return strings.Replace(strings.Replace(s, "e-0", "e-", 1), "e+0", "e+", 1)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
