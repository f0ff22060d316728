package edit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// set plans the edits of Set.
func (e *editor) set(val *jsontape.Tape) error {
	if len(e.t.Nodes) == 0 {
		return e.create(val)
	}
	to := e.resolve()
	nd := &e.t.Nodes[to.node]
	if len(to.rest) == 0 {
		e.replace(to, val)
		return nil
	}
	step := to.rest[0]
	switch nd.Kind {
	case jsontape.Object:
		inner, err := e.wrap(to.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addMember(to, step, inner)
	case jsontape.Array:
		if step != "-" && step != strconv.Itoa(int(nd.N)) {
			return e.noPlace(to, "is a list of "+strconv.Itoa(int(nd.N)))
		}
		inner, err := e.wrap(to.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addElement(to, inner)
	case jsontape.Null: // the same as absent
		inner, err := e.wrap(to, val)
		if err != nil {
			return err
		}
		e.replace(to, inner)
		return nil
	case jsontape.String: // a lone text stands for a list of one
		if to.node == 0 || len(to.rest) > 1 {
			break
		}
		switch step {
		case "0":
			if val.Nodes[0].Kind != jsontape.String {
				list := jsontape.Tape{}
				if !list.Scan(slices.Concat([]byte{'['}, val.Src, []byte{']'}), e.limits) {
					return ErrTooLarge.because("%s lies too deep", e.name(e.steps))
				}
				val = &list // the value alone would not stand for a list
			}
			e.replace(to, val)
			return nil
		case "1", "-":
			y := e.styleAt(to.node)
			tail := y.append([]byte(y.comma), val, 0, layout{})
			e.edits = append(e.edits,
				finding.Edit{Start: int(nd.Start), End: int(nd.Start), Text: "["}, finding.Edit{Start: int(nd.End), End: int(nd.End), Text: string(tail) + "]"})
			e.change.replaced = to.node
			return nil
		}
	case jsontape.Bad:
		return e.unreadable(int(nd.Start))
	}
	return e.noPlace(to, "is "+kindWords[nd.Kind])
}

var kindWords = [...]string{
	jsontape.Null: "null", jsontape.False: "false", jsontape.True: "true", jsontape.Number: "a number", jsontape.String: "a text",
	jsontape.Array: "a list", jsontape.Object: "an object", jsontape.Bad: "unreadable",
}

// AddField returns the edits that add a field which the text does not have, as Set would. The text, which t holds, must be
// without mistakes; val is strict JSON. It returns nil where the text has no place for the field.
func AddField(r *plan.Request, lim jsontape.Limits, t *jsontape.Tape, name, val string) []finding.Edit {
	var tape jsontape.Tape
	if !tape.Scan([]byte(val), lim) {
		return nil
	}
	e := &editor{request: r, limits: lim, src: t.Src, t: t, steps: []string{name}, change: noChange}
	if e.set(&tape) != nil {
		return nil
	}
	return e.edits
}

// replace puts another value in place of the one the path leads to.
func (e *editor) replace(to resolved, val *jsontape.Tape) {
	nd := &e.t.Nodes[to.node]
	missing := nd.Start == nd.End && nd.KeyEnd != 0
	near := to.node
	if missing {
		near = jsontape.NoNode
	}
	y := e.styleAt(near)
	at := layout{plan: to.plan, broken: e.startsLine(to.node)}
	if to.node == 0 {
		at.broken = nd.N == 0 || slices.ContainsFunc(e.t.Raw(0), utf.IsBreak)
	}
	if val.Nodes[0].Kind >= jsontape.Array {
		at.indent = e.indent(to.node)
		at.column = len(at.indent) + int(nd.KeyEnd-nd.KeyStart) + len(y.colon)
	}
	text := string(y.append(nil, val, 0, at))
	if missing && e.src[nd.Start-1] == ':' {
		text = y.colon[strings.IndexByte(y.colon, ':')+1:] + text
	}
	if text != string(e.t.Raw(to.node)) {
		e.edits = append(e.edits, finding.Edit{Start: int(nd.Start), End: int(nd.End), Text: text})
	}
	e.change.replaced = to.node
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
	whole, err := e.wrap(resolved{node: jsontape.NoNode, plan: e.request.Root, rest: e.steps}, val)
	if err != nil {
		return err
	}
	y := e.styleAt(jsontape.NoNode)
	text := string(y.append(nil, whole, 0, layout{plan: e.request.Root, broken: true}))
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
	e.change.replaced = 0
	return nil
}

// addMember inserts a member into the object that the path leads to.
func (e *editor) addMember(to resolved, name string, val *jsontape.Tape) error {
	after := jsontape.NoNode
	if n := e.t.Nodes[to.node].N; n > 0 {
		after = e.t.LastChild(to.node)
		if id := e.field(to, name); id >= 0 {
			after = e.predecessor(id, after)
		}
	}
	known := e.field(to, name) >= 0 || to.plan != nil && to.plan.Property(name) != nil
	return e.insert(to, after, func(y *style, at layout) string {
		key := y.quoted(name)
		if known {
			key = y.field(name)
		}
		key = append(key, y.colon...)
		at.column += len(key)
		return string(y.append(key, val, 0, at))
	})
}

// predecessor returns the member of the root behind which a field belongs: the last of those that come before it in
// the schema's order, or last where there is none.
func (e *editor) predecessor(id int32, last uint32) uint32 {
	found, best := last, int32(-1)
	for c := uint32(1); c < e.t.Nodes[0].Next; c = e.t.Nodes[c].Next {
		if f := e.request.FieldOf(e.t, c); f >= best && f < id && f >= 0 {
			found, best = c, f
		}
	}
	return found
}

// addElement appends an element to the list that the path leads to.
func (e *editor) addElement(to resolved, val *jsontape.Tape) error {
	after := jsontape.NoNode
	if e.t.Nodes[to.node].N > 0 {
		after = e.t.LastChild(to.node)
	}
	return e.insert(to, after, func(y *style, at layout) string {
		return string(y.append(nil, val, 0, at))
	})
}
