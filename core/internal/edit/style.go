package edit

import (
	"bytes"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// style is how a text is written around one place.
type style struct {
	spelling
	newline string
	unit    string // one step of indentation
	colon   string // with the space around it
	comma   string // with the space behind it, on one line
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
		return y.field(name), sub
	}
	return y.quoted(name), object.Additional
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
	from, commas := int(nd.Start)+1, 0
	for c := i + 1; c < nd.Next && width >= 0; c = t.Nodes[c].Next {
		if commasIn(t.Src, from, int(t.Nodes[c].Start)) != commas {
			return -1
		}
		width = room(t, c, width-2*commas)
		from, commas = int(t.Nodes[c].End), 1
	}
	if width >= 0 && commasIn(t.Src, from, closing(t, i)) != 0 {
		return -1
	}
	return width
}

// styleAt reads the style off the members next to a place: the given one first, then the members of the root.
func (e *editor) styleAt(near uint32) style {
	y := style{spelling: spelling{quote: '"'}, newline: utf.Newline(e.src), unit: "  ", colon: ": ", comma: ", "}
	if len(e.t.Nodes) == 0 || e.t.Nodes[0].Kind != jsontape.Object || e.t.Nodes[0].N == 0 {
		return y
	}
	first, last := uint32(1), e.t.LastChild(0)
	if e.startsLine(first) {
		base, own := e.indent(0), e.indent(first)
		if len(own) > len(base) && own[:len(base)] == base {
			y.unit = own[len(base):]
		}
	}
	y.ends = gapBehind(e.t, 0, last).comma >= 0 && e.startsLine(last)
	if near == jsontape.NoNode || near == 0 || e.t.Nodes[near].KeyEnd == 0 {
		near = first
	}
	y.spelling = spellingAt(e.request, e.t, near)
	nd := &e.t.Nodes[near]
	between := e.src[nd.KeyEnd:max(nd.KeyEnd, nd.Start)]
	if len(bytes.Trim(between, " \t")) == 1 && bytes.IndexByte(between, ':') >= 0 && len(between) < 4 {
		y.colon = string(between)
		if between[len(between)-1] == ':' {
			y.comma = ","
		}
	}
	return y
}

// indent returns the white space in front of the line on which node i starts; where it does not start its line, that of
// the nearest value around it that does.
func (e *editor) indent(i uint32) string {
	if i == 0 {
		return lineIndent(e.src, int(e.t.Nodes[0].Start)) // the statement around a literal may be indented
	}
	if start, first := utf.BlankStart(e.src, head(e.t, i)); first {
		return string(e.src[start:head(e.t, i)])
	}
	return e.indent(e.t.Parent(i))
}

// startsLine reports whether there is nothing but white space before a child on its line.
func (e *editor) startsLine(c uint32) bool {
	_, first := utf.BlankStart(e.src, head(e.t, c))
	return first && c != 0
}
