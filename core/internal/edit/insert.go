package edit

import (
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// replace puts another value in place of the one the path leads to.
func (e *editor) replace(s place, val *jsontape.Tape) {
	nd := &e.t.Nodes[s.node]
	missing := nd.Start == nd.End && nd.KeyEnd != 0
	near := s.node
	if missing {
		near = jsontape.NoNode
	}
	y := e.styleAt(near)
	at := layout{plan: s.plan, broken: e.startsLine(s.node)}
	if s.node == 0 {
		at.broken = nd.N == 0 || slices.ContainsFunc(e.t.Raw(0), utf.IsBreak)
	}
	if val.Nodes[0].Kind >= jsontape.Array {
		at.indent = e.indent(s.node)
		at.column = len(at.indent) + int(nd.KeyEnd-nd.KeyStart) + len(y.colon)
	}
	text := string(y.append(nil, val, 0, at))
	if missing && e.src[nd.Start-1] == ':' {
		text = y.colon[strings.IndexByte(y.colon, ':')+1:] + text
	}
	if text != string(e.t.Raw(s.node)) {
		e.edits = append(e.edits, finding.Edit{Start: int(nd.Start), End: int(nd.End), Text: text})
	}
	e.intent.replaced = s.node
}

// create writes the object into a text that has none.
func (e *editor) create(val *jsontape.Tape) error {
	if len(e.steps) == 0 {
		return e.unreadable(0)
	}
	at, comments, open := 0, false, false // open: the last line has no break
	for at < len(e.src) {
		piece, after := loose.TriviaAt(e.src, at, len(e.src))
		switch piece {
		case loose.TriviaLine, loose.TriviaBlock:
			comments, open = true, true
		case loose.TriviaBreak:
			open = false
		case loose.TriviaSpace:
		default:
			return e.unreadable(at)
		}
		at = after
	}
	whole, err := e.wrap(place{node: jsontape.NoNode, plan: e.r.Root, rest: e.steps}, val)
	if err != nil {
		return err
	}
	y := e.styleAt(jsontape.NoNode)
	text := string(y.append(nil, whole, 0, layout{plan: e.r.Root, broken: true}))
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
	e.edits = []finding.Edit{{Start: at, End: len(e.src), Text: text}}
	e.intent.replaced = 0
	return nil
}

// addMember inserts a member into the object at the spot.
func (e *editor) addMember(s place, name string, val *jsontape.Tape) error {
	after := jsontape.NoNode
	if n := e.t.Nodes[s.node].N; n > 0 {
		after = e.t.LastChild(s.node)
		if id := e.field(s, name); id >= 0 {
			after = e.predecessor(id, after)
		}
	}
	known := e.field(s, name) >= 0 || s.plan != nil && s.plan.Property(name) != nil
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
	for c := uint32(1); c < e.t.Nodes[0].Next; c = e.t.Nodes[c].Next {
		if f := e.fieldOf(c); f >= best && f < id && f >= 0 {
			found, best = c, f
		}
	}
	return found
}

// addElement appends an element to the list at the spot.
func (e *editor) addElement(s place, val *jsontape.Tape) error {
	after := jsontape.NoNode
	if e.t.Nodes[s.node].N > 0 {
		after = e.t.LastChild(s.node)
	}
	return e.insert(s, after, func(y *style, at layout) string {
		return string(y.append(nil, val, 0, at))
	})
}

// insert puts a child behind another one, or into an empty container where after is noNode.
func (e *editor) insert(s place, after uint32, write func(*style, layout) string) error {
	e.intent.grown, e.intent.after = s.node, after
	if after == jsontape.NoNode {
		return e.insertFirst(s, write)
	}
	y := e.styleAt(after)
	end := int(e.t.Nodes[after].End)
	limit := closing(&e.t, s.node)
	next := e.t.Nodes[after].Next < e.t.Nodes[s.node].Next
	if next {
		limit = head(&e.t, e.t.Nodes[after].Next)
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
		e.edits = []finding.Edit{{Start: from, End: from, Text: text}}
		return nil
	}
	at.broken = true
	at.indent = e.lineIndent(head(&e.t, after))
	at.column = len(at.indent)
	text := y.newline + at.indent + write(&y, at)
	switch {
	case comma >= 0:
		e.edits = []finding.Edit{{Start: tail, End: tail, Text: text + ","}}
	case tail == end:
		e.edits = []finding.Edit{{Start: end, End: end, Text: "," + text}}
	default:
		e.edits = []finding.Edit{{Start: end, End: end, Text: ","}, {Start: tail, End: tail, Text: text}}
	}
	return nil
}

// inner returns the schema of the child that the path wants in the container at the spot.
func (e *editor) inner(s place) *plan.Plan { return e.below(s, s.rest[0]) }

// comma returns the comma between children on one line as the container has it.
func (e *editor) comma(container uint32, y style) string {
	first := container + 1
	second := e.t.Nodes[first].Next
	if second >= e.t.Nodes[container].Next {
		return y.comma
	}
	between := string(e.src[e.t.Nodes[first].End:max(int(e.t.Nodes[first].End), head(&e.t, second))])
	if between == "," || between == ", " {
		return between
	}
	return y.comma
}

// insertFirst puts a child into an empty container, behind the comments that it may hold.
func (e *editor) insertFirst(s place, write func(*style, layout) string) error {
	open, shut := opening(&e.t, s.node), closing(&e.t, s.node)
	place, broken := open, false // behind the last comment
	for i := open; i < shut; {
		piece, after := loose.TriviaAt(e.src, i, shut)
		switch piece {
		case loose.TriviaLine, loose.TriviaBlock:
			place = after
		case loose.TriviaBreak:
			broken = true
		case loose.TriviaSpace:
		default:
			return e.unreadable(i)
		}
		i = after
	}
	closed := shut < int(e.t.Nodes[s.node].End)
	isObject := e.t.Nodes[s.node].Kind == jsontape.Object
	broken = broken || isObject && (s.node == 0 || e.startsLine(s.node))
	y := e.styleAt(jsontape.NoNode)
	at := layout{plan: e.inner(s), broken: broken}
	if !broken {
		text := write(&y, at)
		if place > open {
			e.edits = []finding.Edit{{Start: place, End: place, Text: " " + text}}
			return nil
		}
		if !closed {
			shut = open
		}
		e.edits = []finding.Edit{{Start: open, End: shut, Text: text}}
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
	if closed && (place == open || !slices.ContainsFunc(e.src[place:shut], utf.IsBreak)) {
		end = shut
		text += y.newline + base
	}
	e.edits = []finding.Edit{{Start: place, End: end, Text: text}}
	return nil
}
