package edit

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/utf"
)

// insert puts a child behind another one, or into an empty container where after is noNode.
func (e *editor) insert(to resolved, after uint32, write func(*style, layout) string) error {
	e.change.grown, e.change.after = to.node, after
	if after == jsontape.NoNode {
		return e.insertFirst(to, write)
	}
	y := e.styleAt(after)
	g := gapBehind(e.t, to.node, after)
	if g.other >= 0 {
		return e.unreadable(g.other)
	}
	from := g.afterComma()
	tail, lines := lineTail(e.src, from, g.limit)
	at := layout{plan: e.below(to, to.rest[0])}
	// A comment at the end of the line belongs to what stands before it, so the new child goes to a line of its own.
	commented := lines && tail > from
	if !g.last && !lines || !e.startsLine(after) && !commented {
		text := write(&y, at)
		if text = e.comma(to.node, y) + text; g.comma >= 0 {
			text = text[1:] + ","
		}
		e.edits = []finding.Edit{{Start: from, End: from, Text: text}}
		return nil
	}
	at.broken = true
	at.indent = lineIndent(e.src, head(e.t, after))
	at.column = len(at.indent)
	text := y.newline + at.indent + write(&y, at)
	switch {
	case g.comma >= 0:
		e.edits = []finding.Edit{{Start: tail, End: tail, Text: text + ","}}
	case tail == from:
		e.edits = []finding.Edit{{Start: from, End: from, Text: "," + text}}
	default:
		e.edits = []finding.Edit{{Start: from, End: from, Text: ","}, {Start: tail, End: tail, Text: text}}
	}
	return nil
}

// insertFirst puts a child into an empty container, behind the comments that it may hold.
func (e *editor) insertFirst(to resolved, write func(*style, layout) string) error {
	open, shut := opening(e.t, to.node), closing(e.t, to.node)
	behind, broken := open, false // the last comment
	for i := open; i < shut; {
		piece, after := loose.TriviaAt(e.src, i, shut)
		switch piece {
		case loose.TriviaLine, loose.TriviaBlock:
			behind = after
		case loose.TriviaBreak:
			broken = true
		case loose.TriviaSpace:
		default:
			return e.unreadable(i)
		}
		i = after
	}
	closed := shut < int(e.t.Nodes[to.node].End)
	isObject := e.t.Nodes[to.node].Kind == jsontape.Object
	broken = broken || isObject && (to.node == 0 || e.startsLine(to.node))
	y := e.styleAt(jsontape.NoNode)
	at := layout{plan: e.below(to, to.rest[0]), broken: broken}
	if !broken {
		text := write(&y, at)
		if behind > open {
			e.edits = []finding.Edit{{Start: behind, End: behind, Text: " " + text}}
			return nil
		}
		if !closed {
			shut = open
		}
		e.edits = []finding.Edit{{Start: open, End: shut, Text: text}}
		return nil
	}
	base := e.indent(to.node)
	at.indent = base + y.unit
	at.column = len(at.indent)
	text := y.newline + at.indent + write(&y, at)
	if y.ends {
		text += ","
	}
	end := behind
	if closed && (behind == open || !slices.ContainsFunc(e.src[behind:shut], utf.IsBreak)) {
		end = shut
		text += y.newline + base
	}
	e.edits = []finding.Edit{{Start: behind, End: end, Text: text}}
	return nil
}

// comma returns the comma between children on one line as the container has it.
func (e *editor) comma(container uint32, y style) string {
	first := container + 1
	second := e.t.Nodes[first].Next
	if second >= e.t.Nodes[container].Next {
		return y.comma
	}
	between := string(e.src[e.t.Nodes[first].End:max(int(e.t.Nodes[first].End), head(e.t, second))])
	if between == "," || between == ", " {
		return between
	}
	return y.comma
}
