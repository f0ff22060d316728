package loose

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// item reads a value.
func (w *walk) item(p *place, c byte, size int) outcome {
	if end := w.placeholderEnd(p.i); end > p.i || c == '(' {
		p.cost += costBare
		if c == '(' {
			end = w.expression(p.i)
		}
		p.read('w', w.src[p.i:end])
		p.valueEnds(end)
		return walking
	}
	switch {
	case c == ']' && p.want == wantItem:
		return w.close(p, c, size)
	case c == ',' && p.want == wantItem:
		return w.extraComma(p, size)
	case c == ':' && p.want == wantValue:
		p.cost += costWrong
		p.i += size
		return walking
	case c == '{' || c == '[':
		return w.open(p, c, size)
	case w.quoteStarts(p.i):
		return w.textItem(p, p.i)
	case !wordByte(c) && c < utf8.RuneSelf && c != '+':
		return failed
	}
	end := w.wordEnd(p.i)
	if end < len(w.src) && (w.src[end] == '"' || w.src[end] == '\'') && stringPrefix(string(w.src[p.i:end])) {
		p.cost += costOdd
		return w.textItem(p, end)
	}
	return w.wordItem(p, end)
}

// expected returns what may stand at the place of a value.
func (p *place) expected() Kinds {
	if p.want == wantItem && p.top != nil {
		return p.top.items
	}
	return p.takes
}

func (w *walk) open(p *place, c byte, size int) outcome {
	kind := Lists
	if c == '{' {
		kind = Objects
	}
	takes := p.expected()
	l := &level{up: p.top, object: c == '{', known: takes != 0 && p.top != nil && p.top.up == nil, depth: 1, start: *p, indent: p.indent}
	if p.top != nil {
		l.depth = p.top.depth + 1
	}
	if l.depth > w.lim.Depth {
		return refused
	}
	if kind == Lists {
		if l.items = takes.items(); p.want == wantItem && p.top != nil && p.top.items != 0 {
			l.items = Numbers // lists of lists are of tokens
		}
	}
	w.alike(p, kind)
	l.outer, p.inside = p.inside, inside{}
	p.cost += suits(takes, kind)
	p.read(c, nil)
	p.i += size
	p.top, p.comma, p.text = l, false, false
	p.want = wantItem
	if l.object {
		p.want = wantKey
	}
	return walking
}

func (w *walk) textItem(p *place, quote int) outcome {
	end := w.quoted(quote)
	if end < 0 {
		p.i = len(w.src)
		return within
	}
	if w.src[quote] == '`' && bytes.Contains(w.src[quote:end], []byte("${")) {
		return refused
	}
	w.take(p, quote, end)
	return walking
}

// value notes that a value without children was read.
func (w *walk) value(p *place, kind Kinds, mark byte, text []byte, end int) {
	w.alike(p, kind)
	if kind != Anything {
		p.cost += suits(p.expected(), kind)
	} else if p.want == wantItem && p.top.items != 0 { // null
		p.cost += costStrange
	}
	p.read(mark, text)
	p.valueEnds(end)
}

func (p *place) valueEnds(end int) {
	p.i, p.want, p.comma, p.text = end, wantComma, false, false
	if p.top == nil {
		p.want = wantNothing
	}
}

// wordItem reads a number, a word that names a value, or words without quotes.
func (w *walk) wordItem(p *place, end int) outcome {
	start := p.i
	c := w.src[start]
	if c == '+' {
		end = w.wordEnd(start + 1)
	}
	word := string(w.src[start:end])
	kind := Texts
	switch want := pythonLiterals[word]; {
	case word == "true" || word == "false":
		kind = Booleans
	case word == "null" || word == "undefined" || want == "null":
		kind = Anything
		p.cost += costOdd
	case want != "":
		kind = Booleans
		p.cost += costOdd
	case c-'0' < 10 || strings.IndexByte("+-.", c) >= 0 || notANumber(word):
		end = w.numberEnd(start)
		if kind = Numbers; !w.isNumber(w.src[start:end]) {
			p.cost += costWrong
		}
		if stop, _, ok := w.decimal(p, end); ok {
			end, p.cost = stop, p.cost+costWrong
		}
	}
	if kind == Texts || !w.endsValue(end) {
		if p.cost += costBare; end < len(w.src) && (w.src[end] == '(' || w.src[end] == '[') || w.isProgram(word, start, end) {
			end = max(end, w.expression(start))
		} else if end = max(end, w.unquotedEnd(start)); end == start {
			return failed
		}
		p.read('w', w.src[start:end])
		p.valueEnds(end)
		return walking
	}
	w.value(p, kind, 'v', w.src[start:end], end)
	return walking
}

// isNumber reports whether lit is a number of JSON or JavaScript.
func (w *walk) isNumber(lit []byte) bool {
	if len(lit) == 0 {
		return false
	}
	_, _, ok := w.canonicalNumber(string(lit))
	return ok || notANumber(string(lit))
}

// decimal recognises a decimal comma after the number that ends at end.
func (w *walk) decimal(p *place, end int) (int, string, bool) {
	if p.top == nil || !p.top.object {
		return 0, "", false
	}
	return w.commaDecimal(string(w.src[p.i:end]), end)
}

// alike lets the items of a list cost more where they are not of one kind.
func (w *walk) alike(p *place, kind Kinds) {
	switch {
	case p.want != wantItem || p.top == nil || kind == Anything:
	case p.inside.kind == 0:
		p.inside.kind = kind
	case p.inside.kind != kind:
		p.cost += costStrange
	}
}
