package edit

import (
	"bytes"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
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
	plan   *plan.Plan // the schema of the value, for the spelling of its keys
	broken bool       // objects take a line for each member, and lists that are long one for each element
	indent string     // of the line the value starts on
	column int        // characters before the value on that line
}

// lineWidth is what a list may reach to stay on one line.
const lineWidth = 80

// append writes the value at t's node i.
func (y *style) append(dst []byte, t *jsontape.Tape, i uint32, at layout) []byte {
	nd := &t.Nodes[i]
	if nd.Kind < jsontape.Array || nd.N == 0 {
		return append(dst, t.Raw(i)...)
	}
	broken := at.broken && (nd.Kind == jsontape.Object || room(t, i, lineWidth-at.column) < 0)
	inner := layout{broken: at.broken, indent: at.indent}
	if broken {
		inner.indent += y.unit
	}
	dst = append(dst, "[{"[nd.Kind-jsontape.Array])
	for c := i + 1; c < nd.Next; c = t.Nodes[c].Next {
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
		if nd.Kind == jsontape.Object {
			key, sub := y.key(t, c, at.plan)
			inner.plan = sub
			inner.column += utf8.RuneCount(key) + len(y.colon)
			dst = append(append(dst, key...), y.colon...)
		} else if at.plan != nil {
			inner.plan = at.plan.Items
		}
		dst = y.append(dst, t, c, inner)
	}
	if broken {
		if y.ends {
			dst = append(dst, ',')
		}
		dst = append(append(dst, y.newline...), at.indent...)
	}
	return append(dst, "]}"[nd.Kind-jsontape.Array])
}

// key returns the key of a strict member as the style writes it, and the schema of the member.
func (y *style) key(t *jsontape.Tape, c uint32, object *plan.Plan) ([]byte, *plan.Plan) {
	name := t.Key(c)
	if object == nil {
		return y.quoted(name), nil
	}
	if sub := object.Property(name); sub != nil {
		return y.quoted(y.spelt(name)), sub
	}
	return y.quoted(name), object.Additional
}

// spelt returns the name of a field in the spelling of the text.
func (y *style) spelt(field string) string {
	if y.camel {
		return plan.CamelCase(field)
	}
	return field
}

// quoted returns a key with its quotes.
func (y *style) quoted(name string) []byte {
	b := jsontape.AppendQuoted(nil, name)
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
func room(t *jsontape.Tape, i uint32, width int) int {
	nd := &t.Nodes[i]
	switch {
	case nd.Kind == jsontape.Object && nd.N > 0:
		return -1
	case nd.Kind < jsontape.Array || nd.Kind == jsontape.Bad:
		if int(nd.End-nd.Start) > utf8.UTFMax*(width+1) {
			return -1
		}
		return width - utf8.RuneCount(t.Raw(i))
	}
	width -= 2
	from := int(nd.Start) + 1
	for c := i + 1; c < nd.Next && width >= 0; c = t.Nodes[c].Next {
		if c > i+1 {
			width -= 2
		}
		if !plainGap(t.Src, from, int(t.Nodes[c].Start), c > i+1) {
			return -1
		}
		width = room(t, c, width)
		from = int(t.Nodes[c].End)
	}
	if width >= 0 && !plainGap(t.Src, from, closing(t, i), false) {
		return -1
	}
	return width
}

// plainGap reports whether there is nothing but white space in src[i:end], and one comma where that is asked for.
func plainGap(src []byte, i, end int, comma bool) bool {
	for {
		var piece loose.Trivia
		switch piece, i = loose.TriviaAt(src, i, end); piece {
		case loose.TriviaEnd:
			return !comma
		case loose.TriviaComma:
			if !comma {
				return false
			}
			comma = false
		case loose.TriviaSpace, loose.TriviaBreak:
		default:
			return false
		}
	}
}

// head returns where a child starts: its key, or its value in a list.
func head(t *jsontape.Tape, c uint32) int {
	if nd := &t.Nodes[c]; nd.KeyEnd != 0 {
		return int(nd.KeyStart)
	} else {
		return int(nd.Start)
	}
}

// opening returns where the content of a container starts.
func opening(t *jsontape.Tape, i uint32) int {
	nd := &t.Nodes[i]
	if int(nd.Start) < len(t.Src) && (t.Src[nd.Start] == '{' || t.Src[nd.Start] == '[') {
		return int(nd.Start) + 1
	}
	return int(nd.Start) // the bracket is missing
}

// closing returns where the content of a container ends: at its closing bracket, or where it ends without one.
func closing(t *jsontape.Tape, i uint32) int {
	nd := &t.Nodes[i]
	inner := opening(t, i)
	if nd.N > 0 {
		inner = int(t.Nodes[t.LastChild(i)].End)
	}
	if last := int(nd.End) - 1; last >= inner && (t.Src[last] == '}' || t.Src[last] == ']') {
		return last
	}
	return int(nd.End)
}

// lineIndent returns the spaces and tabs at the start of the line that holds the offset.
func (e *editor) lineIndent(at int) string {
	line := at
	for line > 0 && !utf.IsBreak(e.src[line-1]) {
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
		return e.lineIndent(int(e.t.Nodes[0].Start)) // the statement around a literal may be indented
	}
	if start, first := utf.BlankStart(e.src, head(&e.t, i)); first {
		return string(e.src[start:head(&e.t, i)])
	}
	return e.indent(e.t.Parent(i))
}

// startsLine reports whether there is nothing but white space before a child on its line.
func (e *editor) startsLine(c uint32) bool {
	_, first := utf.BlankStart(e.src, head(&e.t, c))
	return first && c != 0
}

// styleAt reads the style off the members next to a place: the given one first, then the members of the root.
func (e *editor) styleAt(near uint32) style {
	y := style{newline: utf.Newline(e.src), unit: "  ", colon: ": ", comma: ", ", quote: '"'}
	if len(e.t.Nodes) == 0 || e.t.Nodes[0].Kind != jsontape.Object {
		return y
	}
	if e.t.Nodes[0].N > 0 {
		first, last := uint32(1), e.t.LastChild(0)
		if e.startsLine(first) {
			base, own := e.indent(0), e.indent(first)
			if len(own) > len(base) && own[:len(base)] == base {
				y.unit = own[len(base):]
			}
		}
		if near == jsontape.NoNode || near == 0 || e.t.Nodes[near].KeyEnd == 0 {
			near = first
		}
		_, comma := e.gap(int(e.t.Nodes[last].End), closing(&e.t, 0))
		y.ends = comma >= 0 && e.startsLine(last)
		e.readKey(&y, near)
	}
	balance := 0
	for c := uint32(1); c < e.t.Nodes[0].Next; c = e.t.Nodes[c].Next {
		if known := e.r.Table.Find(e.keyBytes(c)); known != nil && e.r.Fields[known.Field].Camel != e.r.Fields[known.Field].Name {
			if balance--; known.Camel {
				balance += 2
			}
		}
	}
	y.camel = balance > 0
	return y
}

// readKey takes the quotes and the colon from a member.
func (e *editor) readKey(y *style, c uint32) {
	nd := &e.t.Nodes[c]
	switch quote := e.src[nd.KeyStart]; {
	case quote == '"' || quote == '\'':
		y.quote = quote
	case isIdentifier(string(e.src[nd.KeyStart:nd.KeyEnd])):
		y.quote = 0
	}
	between := e.src[nd.KeyEnd:max(nd.KeyEnd, nd.Start)]
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
		piece, after := loose.TriviaAt(e.src, i, end)
		switch piece {
		case loose.TriviaEnd:
			return -1, comma
		case loose.TriviaComma:
			if comma >= 0 {
				return i, comma
			}
			comma = i
		case loose.TriviaColon, loose.TriviaOther:
			return i, comma
		}
		i = after
	}
}

// lineTail returns where a line's last comment behind i ends, i itself if there is none, and whether nothing but white
// space follows it on the line. Comments that go on to the next line count as something that follows.
func (e *editor) lineTail(i, end int) (tail int, last bool) {
	for at := i; ; {
		piece, after := loose.TriviaAt(e.src, at, end)
		switch piece {
		case loose.TriviaSpace:
		case loose.TriviaBreak:
			return i, true
		case loose.TriviaEnd:
			return i, end == len(e.src)
		case loose.TriviaLine:
			i = after
		case loose.TriviaBlock:
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
