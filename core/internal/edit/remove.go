package edit

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// unset plans the edits of Unset.
func (e *editor) unset() error {
	if len(e.steps) == 0 {
		return errors.New("the text as a whole cannot be removed")
	}
	if len(e.t.Nodes) == 0 {
		return nil
	}
	// The way leads to the parent; the last step may mean several members.
	path := e.steps
	last := path[len(path)-1]
	e.steps = path[:len(path)-1]
	s := e.walk()
	e.steps = path
	if len(s.rest) > 0 {
		return nil
	}
	switch nd := &e.t.Nodes[s.node]; nd.Kind {
	case jsontape.Object:
		return e.remove(s.node, e.members(s, last))
	case jsontape.Array:
		if c, ok := e.t.Element(s.node, last); ok {
			return e.remove(s.node, []uint32{c})
		}
	case jsontape.String: // a lone text stands for a list of one
		if s.node != 0 && last == "0" && s.plan != nil && s.plan.Kinds&plan.IsArray != 0 {
			e.edits = []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: "[]"}}
			e.intent.replaced = s.node
		}
	}
	return nil
}

// remove takes children, in document order, out of a container.
//
// Each goes with the comma behind it. The last child often has none; if it goes, the comma behind the last child that
// stays goes as well.
func (e *editor) remove(p uint32, gone []uint32) error {
	if len(gone) == 0 {
		return nil
	}
	e.intent.gone = gone
	open, shut := opening(&e.t, p), closing(&e.t, p)
	var (
		blank     = true // nothing but white space and commas stands between the children
		from      = open // where the gap before a child starts
		keptComma = -1   // behind the last child that stays
		kept      = 0
		ownComma  bool
	)
	for c := p + 1; c < e.t.Nodes[p].Next; c = e.t.Nodes[c].Next {
		end, next := int(e.t.Nodes[c].End), shut
		if n := e.t.Nodes[c].Next; n < e.t.Nodes[p].Next {
			next = head(&e.t, n)
		}
		other, comma := e.gap(end, next)
		if other >= 0 {
			return e.unreadable(other)
		}
		if from > head(&e.t, c) || end > next {
			return e.unreadable(from)
		}
		blank = blank && e.isBlank(from, head(&e.t, c)) && e.isBlank(end, next)
		if ownComma = comma >= 0; slices.Contains(gone, c) {
			stop := end
			if ownComma {
				stop = comma + 1
			}
			e.edits = append(e.edits, e.cut(from, head(&e.t, c), stop, next, next == shut))
		} else {
			kept++
			keptComma = comma
		}
		from = end
	}
	switch {
	case kept == 0 && blank:
		e.edits = []finding.Edit{{Start: open, End: shut, Text: ""}}
		if shut == int(e.t.Nodes[p].End) { // no closing bracket: what follows the text stays where it is
			e.edits[0].End = e.edits[0].Start + len(bytes.TrimRight(e.src[open:shut], " \t\r\n"))
		}
		return nil
	case !ownComma && keptComma >= 0 && slices.Contains(gone, e.t.LastChild(p)):
		e.edits = append(e.edits, finding.Edit{Start: keptComma, End: keptComma + 1, Text: ""})
	}
	e.edits = joinCuts(e.edits)
	return nil
}

// isBlank reports whether there is nothing but white space and commas in src[i:end].
func (e *editor) isBlank(i, end int) bool {
	for {
		var piece loose.Trivia
		switch piece, i = loose.TriviaAt(e.src, i, end); piece {
		case loose.TriviaEnd:
			return true
		case loose.TriviaSpace, loose.TriviaBreak, loose.TriviaComma:
		default:
			return false
		}
	}
}

// cut returns the edit that removes a child and the white space that it needs no more. The child with its comma is
// src[head:stop]; the child before it ends at before, the next one, or the closing bracket, stands at next.
func (e *editor) cut(before, head, stop, next int, last bool) finding.Edit {
	tail, lineEnds := e.lineTail(stop, next)
	start, lineStarts := utf.BlankStart(e.src, head)
	if lineEnds {
		if lineStarts { // whole lines
			after := utf.SkipBlank(e.src, tail, len(e.src))
			if n := utf.BreakLen(e.src[after:]); n > 0 {
				return finding.Edit{Start: start, End: after + n, Text: ""}
			}
			return finding.Edit{Start: start, End: tail, Text: ""}
		}
		return finding.Edit{Start: max(start, before), End: tail, Text: ""}
	}
	if !last {
		return finding.Edit{Start: head, End: utf.SkipBlank(e.src, stop, next), Text: ""}
	}
	// What precedes the white space before the last child must not be a comment to the end of its line.
	place := before
	for i := before; i < head; {
		piece, after := loose.TriviaAt(e.src, i, head)
		switch piece {
		case loose.TriviaLine:
			place = head
		case loose.TriviaBlock, loose.TriviaComma:
			place = after
		}
		i = after
	}
	return finding.Edit{Start: place, End: stop, Text: ""}
}

// joinCuts sorts edits that only remove and makes one of those that touch.
func joinCuts(cuts []finding.Edit) []finding.Edit {
	slices.SortFunc(cuts, func(a, b finding.Edit) int { return cmp.Compare(a.Start, b.Start) })
	joined := cuts[:0]
	for _, c := range cuts {
		if n := len(joined); n > 0 && c.Start <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, c.End)
			continue
		}
		joined = append(joined, c)
	}
	return joined
}
