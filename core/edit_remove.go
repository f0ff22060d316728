package core

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
)

// unset plans the edits of Unset.
func (e *editor) unset() error {
	if len(e.steps) == 0 {
		return errors.New("the text as a whole cannot be removed")
	}
	if len(e.t.nodes) == 0 {
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
	switch nd := &e.t.nodes[s.node]; nd.kind {
	case kindObject:
		return e.remove(s.node, e.members(s, last))
	case kindArray:
		if c, ok := e.t.element(s.node, last); ok {
			return e.remove(s.node, []uint32{c})
		}
	case kindString: // a lone text stands for a list of one
		if s.node != 0 && last == "0" && s.plan != nil && s.plan.kinds&isArray != 0 {
			e.edits = []byteEdit{{int(nd.start), int(nd.end), "[]"}}
			e.aim.replaced = s.node
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
	e.aim.gone = gone
	open, shut := e.t.opening(p), e.t.closing(p)
	var (
		blank     = true // nothing but white space and commas stands between the children
		from      = open // where the gap before a child starts
		keptComma = -1   // behind the last child that stays
		kept      = 0
		ownComma  bool
	)
	for c := p + 1; c < e.t.nodes[p].next; c = e.t.nodes[c].next {
		end, next := int(e.t.nodes[c].end), shut
		if n := e.t.nodes[c].next; n < e.t.nodes[p].next {
			next = e.t.head(n)
		}
		other, comma := e.gap(end, next)
		if other >= 0 {
			return e.unreadable(other)
		}
		if from > e.t.head(c) || end > next {
			return e.unreadable(from)
		}
		blank = blank && e.isBlank(from, e.t.head(c)) && e.isBlank(end, next)
		if ownComma = comma >= 0; slices.Contains(gone, c) {
			stop := end
			if ownComma {
				stop = comma + 1
			}
			e.edits = append(e.edits, e.cut(from, e.t.head(c), stop, next, next == shut))
		} else {
			kept++
			keptComma = comma
		}
		from = end
	}
	switch {
	case kept == 0 && blank:
		e.edits = []byteEdit{{open, shut, ""}}
		if shut == int(e.t.nodes[p].end) { // no closing bracket: what follows the text stays where it is
			e.edits[0].end = e.edits[0].start + len(bytes.TrimRight(e.src[open:shut], " \t\r\n"))
		}
		return nil
	case !ownComma && keptComma >= 0 && slices.Contains(gone, e.t.lastChild(p)):
		e.edits = append(e.edits, byteEdit{keptComma, keptComma + 1, ""})
	}
	e.edits = joinCuts(e.edits)
	return nil
}

// isBlank reports whether there is nothing but white space and commas in src[i:end].
func (e *editor) isBlank(i, end int) bool {
	for {
		var piece trivia
		switch piece, i = triviaAt(e.src, i, end); piece {
		case triviaEnd:
			return true
		case triviaSpace, triviaBreak, triviaComma:
		default:
			return false
		}
	}
}

// cut returns the edit that removes a child and the white space that it needs no more. The child with its comma is
// src[head:stop]; the child before it ends at before, the next one, or the closing bracket, stands at next.
func (e *editor) cut(before, head, stop, next int, last bool) byteEdit {
	tail, lineEnds := e.lineTail(stop, next)
	start, lineStarts := blankStart(e.src, head)
	if lineEnds {
		if lineStarts { // whole lines
			after := skipBlank(e.src, tail, len(e.src))
			if n := breakLen(e.src[after:]); n > 0 {
				return byteEdit{start, after + n, ""}
			}
			return byteEdit{start, tail, ""}
		}
		return byteEdit{max(start, before), tail, ""}
	}
	if !last {
		return byteEdit{head, skipBlank(e.src, stop, next), ""}
	}
	// What precedes the white space before the last child must not be a comment to the end of its line.
	place := before
	for i := before; i < head; {
		piece, after := triviaAt(e.src, i, head)
		switch piece {
		case triviaLine:
			place = head
		case triviaBlock, triviaComma:
			place = after
		}
		i = after
	}
	return byteEdit{place, stop, ""}
}

// joinCuts sorts edits that only remove and makes one of those that touch.
func joinCuts(cuts []byteEdit) []byteEdit {
	slices.SortFunc(cuts, func(a, b byteEdit) int { return cmp.Compare(a.start, b.start) })
	joined := cuts[:0]
	for _, c := range cuts {
		if n := len(joined); n > 0 && c.start <= joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, c.end)
			continue
		}
		joined = append(joined, c)
	}
	return joined
}
