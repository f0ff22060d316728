package core

import (
	"slices"
	"strings"
)

// replace puts another value in place of the one the path leads to.
func (e *editor) replace(s spot, val *tape) {
	nd := &e.t.nodes[s.node]
	missing := nd.start == nd.end && nd.keyEnd != 0
	near := s.node
	if missing {
		near = noNode
	}
	y := e.styleAt(near)
	at := layout{plan: s.plan, broken: e.startsLine(s.node)}
	if s.node == 0 {
		at.broken = nd.n == 0 || slices.ContainsFunc(e.t.raw(0), isBreak)
	}
	if val.nodes[0].kind >= kindArray {
		at.indent = e.indent(s.node)
		at.column = len(at.indent) + int(nd.keyEnd-nd.keyStart) + len(y.colon)
	}
	text := string(y.append(nil, val, 0, at))
	if missing && e.src[nd.start-1] == ':' {
		text = y.colon[strings.IndexByte(y.colon, ':')+1:] + text
	}
	if text != string(e.t.raw(s.node)) {
		e.edits = append(e.edits, byteEdit{int(nd.start), int(nd.end), text})
	}
	e.aim.replaced = s.node
}

// create writes the object into a text that has none.
func (e *editor) create(val *tape) error {
	if len(e.steps) == 0 {
		return e.unreadable(0)
	}
	at, comments, open := 0, false, false // open: the last line has no break
	for at < len(e.src) {
		piece, after := triviaAt(e.src, at, len(e.src))
		switch piece {
		case triviaLine, triviaBlock:
			comments, open = true, true
		case triviaBreak:
			open = false
		case triviaSpace:
		default:
			return e.unreadable(at)
		}
		at = after
	}
	whole, err := e.wrap(spot{node: noNode, plan: e.v.root, rest: e.steps}, val)
	if err != nil {
		return err
	}
	y := e.styleAt(noNode)
	text := string(y.append(nil, whole, 0, layout{plan: e.v.root, broken: true}))
	switch {
	case !comments:
		if strings.ContainsAny(string(e.src), "\r\n") {
			text += y.newline
		}
		at = 0
	case open:
		text = y.newline + text
	default:
		text += y.newline
	}
	e.edits = []byteEdit{{at, len(e.src), text}}
	e.aim.replaced = 0
	return nil
}

// addMember inserts a member into the object at the spot.
func (e *editor) addMember(s spot, name string, val *tape) error {
	after := noNode
	if n := e.t.nodes[s.node].n; n > 0 {
		after = e.t.lastChild(s.node)
		if id := e.field(s, name); id >= 0 {
			after = e.predecessor(id, after)
		}
	}
	known := e.field(s, name) >= 0 || s.plan != nil && s.plan.property(name) != nil
	return e.insert(s, after, func(y *style, at layout) string {
		if known {
			name = y.spelt(name)
		}
		key := append(y.quoted(name), y.colon...)
		at.column += len(key)
		return string(y.append(key, val, 0, at))
	})
}

// predecessor returns the member of the root behind which a field belongs: the last of those that come before it in
// the schema's order, or last where there is none.
func (e *editor) predecessor(id int32, last uint32) uint32 {
	found, best := last, int32(-1)
	for c := uint32(1); c < e.t.nodes[0].next; c = e.t.nodes[c].next {
		if f := e.fieldOf(c); f >= best && f < id && f >= 0 {
			found, best = c, f
		}
	}
	return found
}

// addElement appends an element to the list at the spot.
func (e *editor) addElement(s spot, val *tape) error {
	after := noNode
	if e.t.nodes[s.node].n > 0 {
		after = e.t.lastChild(s.node)
	}
	return e.insert(s, after, func(y *style, at layout) string {
		return string(y.append(nil, val, 0, at))
	})
}

// insert puts a child behind another one, or into an empty container where after is noNode.
func (e *editor) insert(s spot, after uint32, write func(*style, layout) string) error {
	e.aim.grown, e.aim.after = s.node, after
	if after == noNode {
		return e.insertFirst(s, write)
	}
	y := e.styleAt(after)
	end := int(e.t.nodes[after].end)
	limit := e.t.closing(s.node)
	next := e.t.nodes[after].next < e.t.nodes[s.node].next
	if next {
		limit = e.t.head(e.t.nodes[after].next)
	}
	other, comma := e.gap(end, limit)
	if other >= 0 {
		return e.unreadable(other)
	}
	from := end
	if comma >= 0 {
		from = comma + 1
	}
	tail, lines := e.lineTail(from, limit)
	at := layout{plan: e.inner(s)}
	// A comment at the end of the line belongs to what stands before it, so the new child goes to a line of its own.
	commented := lines && tail > from
	if next && !lines || !e.startsLine(after) && !commented {
		text := write(&y, at)
		if text = e.comma(s.node, y) + text; comma >= 0 {
			text = text[1:] + ","
		}
		e.edits = []byteEdit{{from, from, text}}
		return nil
	}
	at.broken = true
	at.indent = e.lineIndent(e.t.head(after))
	at.column = len(at.indent)
	text := y.newline + at.indent + write(&y, at)
	switch {
	case comma >= 0:
		e.edits = []byteEdit{{tail, tail, text + ","}}
	case tail == end:
		e.edits = []byteEdit{{end, end, "," + text}}
	default:
		e.edits = []byteEdit{{end, end, ","}, {tail, tail, text}}
	}
	return nil
}

// inner returns the schema of the child that the path wants in the container at the spot.
func (e *editor) inner(s spot) *plan { return e.below(s, s.rest[0]) }

// comma returns the comma between children on one line as the container has it.
func (e *editor) comma(container uint32, y style) string {
	first := container + 1
	second := e.t.nodes[first].next
	if second >= e.t.nodes[container].next {
		return y.comma
	}
	between := string(e.src[e.t.nodes[first].end:max(int(e.t.nodes[first].end), e.t.head(second))])
	if between == "," || between == ", " {
		return between
	}
	return y.comma
}

// insertFirst puts a child into an empty container, behind the comments that it may hold.
func (e *editor) insertFirst(s spot, write func(*style, layout) string) error {
	open, shut := e.t.opening(s.node), e.t.closing(s.node)
	place, broken := open, false // behind the last comment
	for i := open; i < shut; {
		piece, after := triviaAt(e.src, i, shut)
		switch piece {
		case triviaLine, triviaBlock:
			place = after
		case triviaBreak:
			broken = true
		case triviaSpace:
		default:
			return e.unreadable(i)
		}
		i = after
	}
	closed := shut < int(e.t.nodes[s.node].end)
	isObject := e.t.nodes[s.node].kind == kindObject
	broken = broken || isObject && (s.node == 0 || e.startsLine(s.node))
	y := e.styleAt(noNode)
	at := layout{plan: e.inner(s), broken: broken}
	if !broken {
		text := write(&y, at)
		if place > open {
			e.edits = []byteEdit{{place, place, " " + text}}
			return nil
		}
		if !closed {
			shut = open
		}
		e.edits = []byteEdit{{open, shut, text}}
		return nil
	}
	base := e.indent(s.node)
	at.indent = base + y.unit
	at.column = len(at.indent)
	text := y.newline + at.indent + write(&y, at)
	if y.ends {
		text += ","
	}
	end := place
	if closed && (place == open || !slices.ContainsFunc(e.src[place:shut], isBreak)) {
		end = shut
		text += y.newline + base
	}
	e.edits = []byteEdit{{place, end, text}}
	return nil
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' }
