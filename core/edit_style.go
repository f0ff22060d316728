package core

import (
	"bytes"
	"unicode/utf8"
)

// style is how a text is written around one place.
type style struct {
	newline string
	unit    string // one step of indentation
	colon   string // with the space around it
	comma   string // with the space behind it, on one line
	quote   byte   // around keys: '"' or '\''; 0 where they go without
	camel   bool   // fields are spelt topP
	ends    bool   // the last of several lines has a comma too
}

// layout is where a value is written.
type layout struct {
	plan   *plan  // the schema of the value, for the spelling of its keys
	broken bool   // objects take a line for each member, and lists that are long one for each element
	indent string // of the line the value starts on
	column int    // characters before the value on that line
}

// lineWidth is what a list may reach to stay on one line.
const lineWidth = 80

// append writes the value at t's node i.
func (y *style) append(dst []byte, t *tape, i uint32, at layout) []byte {
	nd := &t.nodes[i]
	if nd.kind < kindArray || nd.n == 0 {
		return append(dst, t.raw(i)...)
	}
	broken := at.broken && (nd.kind == kindObject || t.room(i, lineWidth-at.column) < 0)
	inner := layout{broken: at.broken, indent: at.indent}
	if broken {
		inner.indent += y.unit
	}
	dst = append(dst, "[{"[nd.kind-kindArray])
	for c := i + 1; c < nd.next; c = t.nodes[c].next {
		switch {
		case broken && c > i+1:
			dst = append(append(append(dst, ','), y.newline...), inner.indent...)
		case broken:
			dst = append(append(dst, y.newline...), inner.indent...)
		case c > i+1:
			dst = append(dst, y.comma...)
		}
		inner.plan = nil
		inner.column = len(inner.indent)
		if nd.kind == kindObject {
			key, sub := y.key(t, c, at.plan)
			inner.plan = sub
			inner.column += utf8.RuneCount(key) + len(y.colon)
			dst = append(append(dst, key...), y.colon...)
		} else if at.plan != nil {
			inner.plan = at.plan.items
		}
		dst = y.append(dst, t, c, inner)
	}
	if broken {
		if y.ends {
			dst = append(dst, ',')
		}
		dst = append(append(dst, y.newline...), at.indent...)
	}
	return append(dst, "]}"[nd.kind-kindArray])
}

// key returns the key of a strict member as the style writes it, and the schema of the member.
func (y *style) key(t *tape, c uint32, object *plan) ([]byte, *plan) {
	name := t.key(c)
	if object == nil {
		return y.quoted(name), nil
	}
	if sub := object.property(name); sub != nil {
		return y.quoted(y.spelt(name)), sub
	}
	return y.quoted(name), object.additional
}

// spelt returns the name of a field in the spelling of the text.
func (y *style) spelt(field string) string {
	if y.camel {
		return camelCase(field)
	}
	return field
}

// quoted returns a key with its quotes.
func (y *style) quoted(name string) []byte {
	b := appendQuoted(nil, name)
	switch {
	case y.quote == '"' || bytes.IndexByte(b, '\\') >= 0:
	case y.quote == 0 && isIdentifier(name):
		return []byte(name)
	case y.quote == '\'' && bytes.IndexByte(b, '\'') < 0:
		b[0], b[len(b)-1] = '\'', '\''
	}
	return b
}

// isIdentifier reports whether a key goes without quotes in JavaScript. The names outside ASCII that also would are not
// worth a table.
func isIdentifier(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c|0x20-'a' >= 26 && c != '_' && c != '$' && (i == 0 || c-'0' >= 10) {
			return false
		}
	}
	return name != ""
}

// room returns what is left of a width after the value at node i on one line, negative where it does not fit or does not
// belong on one line: members of objects, comments, and elements without their commas. It stops at the first that
// does not fit, so asking is cheap however long the list.
func (t *tape) room(i uint32, width int) int {
	nd := &t.nodes[i]
	switch {
	case nd.kind == kindObject && nd.n > 0:
		return -1
	case nd.kind < kindArray || nd.kind == kindBad:
		if int(nd.end-nd.start) > utf8.UTFMax*(width+1) {
			return -1
		}
		return width - utf8.RuneCount(t.raw(i))
	}
	width -= 2
	from := int(nd.start) + 1
	for c := i + 1; c < nd.next && width >= 0; c = t.nodes[c].next {
		if c > i+1 {
			width -= 2
		}
		if !plainGap(t.src, from, int(t.nodes[c].start), c > i+1) {
			return -1
		}
		width = t.room(c, width)
		from = int(t.nodes[c].end)
	}
	if width >= 0 && !plainGap(t.src, from, t.closing(i), false) {
		return -1
	}
	return width
}

// plainGap reports whether there is nothing but white space in src[i:end], and one comma where that is asked for.
func plainGap(src []byte, i, end int, comma bool) bool {
	for {
		var piece trivia
		switch piece, i = triviaAt(src, i, end); piece {
		case triviaEnd:
			return !comma
		case triviaComma:
			if !comma {
				return false
			}
			comma = false
		case triviaSpace, triviaBreak:
		default:
			return false
		}
	}
}

// head returns where a child starts: its key, or its value in a list.
func (t *tape) head(c uint32) int {
	if nd := &t.nodes[c]; nd.keyEnd != 0 {
		return int(nd.keyStart)
	} else {
		return int(nd.start)
	}
}

// opening returns where the content of a container starts.
func (t *tape) opening(i uint32) int {
	nd := &t.nodes[i]
	if int(nd.start) < len(t.src) && (t.src[nd.start] == '{' || t.src[nd.start] == '[') {
		return int(nd.start) + 1
	}
	return int(nd.start) // the bracket is missing
}

// closing returns where the content of a container ends: at its closing bracket, or where it ends without one.
func (t *tape) closing(i uint32) int {
	nd := &t.nodes[i]
	inner := t.opening(i)
	if nd.n > 0 {
		inner = int(t.nodes[t.lastChild(i)].end)
	}
	if last := int(nd.end) - 1; last >= inner && (t.src[last] == '}' || t.src[last] == ']') {
		return last
	}
	return int(nd.end)
}

func (t *tape) lastChild(i uint32) uint32 {
	last := noNode
	for c := i + 1; c < t.nodes[i].next; c = t.nodes[c].next {
		last = c
	}
	return last
}

// lineIndent returns the spaces and tabs at the start of the line that holds the offset.
func (e *editor) lineIndent(at int) string {
	line := at
	for line > 0 && !isBreak(e.src[line-1]) {
		line--
	}
	text := line
	for text < len(e.src) && (e.src[text] == ' ' || e.src[text] == '\t') {
		text++
	}
	return string(e.src[line:text])
}

// indent returns the white space in front of the line on which node i starts; where it does not start its line, that of
// the nearest value around it that does.
func (e *editor) indent(i uint32) string {
	if i == 0 {
		return e.lineIndent(int(e.t.nodes[0].start)) // the statement around a literal may be indented
	}
	if start, first := blankStart(e.src, e.t.head(i)); first {
		return string(e.src[start:e.t.head(i)])
	}
	return e.indent(e.t.parent(i))
}

// startsLine reports whether there is nothing but white space before a child on its line.
func (e *editor) startsLine(c uint32) bool {
	_, first := blankStart(e.src, e.t.head(c))
	return first && c != 0
}

// styleAt reads the style off the members next to a place: the given one first, then the members of the root.
func (e *editor) styleAt(near uint32) style {
	y := style{newline: newlineOf(e.src), unit: "  ", colon: ": ", comma: ", ", quote: '"'}
	if len(e.t.nodes) == 0 || e.t.nodes[0].kind != kindObject {
		return y
	}
	if e.t.nodes[0].n > 0 {
		first, last := uint32(1), e.t.lastChild(0)
		if e.startsLine(first) {
			base, own := e.indent(0), e.indent(first)
			if len(own) > len(base) && own[:len(base)] == base {
				y.unit = own[len(base):]
			}
		}
		if near == noNode || near == 0 || e.t.nodes[near].keyEnd == 0 {
			near = first
		}
		_, comma := e.gap(int(e.t.nodes[last].end), e.t.closing(0))
		y.ends = comma >= 0 && e.startsLine(last)
		e.readKey(&y, near)
	}
	balance := 0
	for c := uint32(1); c < e.t.nodes[0].next; c = e.t.nodes[c].next {
		if known := e.v.table.find(e.keyBytes(c)); known != nil && e.v.fields[known.field].camel != e.v.fields[known.field].name {
			if balance--; known.camel {
				balance += 2
			}
		}
	}
	y.camel = balance > 0
	return y
}

// readKey takes the quotes and the colon from a member.
func (e *editor) readKey(y *style, c uint32) {
	nd := &e.t.nodes[c]
	switch quote := e.src[nd.keyStart]; {
	case quote == '"' || quote == '\'':
		y.quote = quote
	case isIdentifier(string(e.src[nd.keyStart:nd.keyEnd])):
		y.quote = 0
	}
	between := e.src[nd.keyEnd:max(nd.keyEnd, nd.start)]
	if len(bytes.Trim(between, " \t")) == 1 && bytes.IndexByte(between, ':') >= 0 && len(between) < 4 {
		y.colon = string(between)
		if between[len(between)-1] == ':' {
			y.comma = ","
		}
	}
}

// gap looks through what stands between two children. It returns where the first thing that is neither white space,
// comment nor comma starts, and where the comma stands, -1 each where there is none.
func (e *editor) gap(i, end int) (other, comma int) {
	comma = -1
	for {
		piece, after := triviaAt(e.src, i, end)
		switch piece {
		case triviaEnd:
			return -1, comma
		case triviaComma:
			if comma >= 0 {
				return i, comma
			}
			comma = i
		case triviaColon, triviaOther:
			return i, comma
		}
		i = after
	}
}

// lineTail returns where a line's last comment behind i ends, i itself if there is none, and whether nothing but white
// space follows it on the line. Comments that go on to the next line count as something that follows.
func (e *editor) lineTail(i, end int) (tail int, last bool) {
	for at := i; ; {
		piece, after := triviaAt(e.src, at, end)
		switch piece {
		case triviaSpace:
		case triviaBreak:
			return i, true
		case triviaEnd:
			return i, end == len(e.src)
		case triviaLine:
			i = after
		case triviaBlock:
			if bytes.ContainsAny(e.src[at:after], "\n\r") {
				return i, false
			}
			i = after
		default:
			return i, false
		}
		at = after
	}
}
