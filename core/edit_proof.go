package core

import (
	"bytes"
	"slices"
)

// aim is what an edit is to do to the tree of values.
type aim struct {
	replaced uint32   // this value becomes another one; noNode: none does
	grown    uint32   // this container gets one more child; noNode: none does
	after    uint32   // the child it stands behind; noNode: it is the first
	gone     []uint32 // these children are no more
	spaces   bool     // white space changes everywhere
}

// within reports whether the change is inside of node i.
func (a *aim) within(t *tape, i uint32) bool {
	inside := func(x uint32) bool { return x >= i && x < t.nodes[i].next } // never for noNode
	return inside(a.replaced) || inside(a.grown) || slices.ContainsFunc(a.gone, inside)
}

// prove makes the edits on a copy and reads it again. In a text that is no strict JSON a guess of the reader can depend
// on what stands around, so this is how nothing but the aim is known to have changed. A strict text needs no proof.
func (e *editor) prove(val *tape) error {
	text, err := Apply(e.src, textEdits(e.src, e.edits))
	if err != nil {
		return e.unreadable(e.edits[0].start)
	}
	after := &editor{v: e.v, steps: e.steps}
	if after.read(text) != nil || len(after.t.nodes) == 0 {
		return e.unreadable(e.edits[0].start)
	}
	if val != nil && !after.holds(val) || len(e.t.nodes) > 0 && !e.same(after, 0, 0) {
		return e.unreadable(e.edits[0].start)
	}
	return nil
}

// holds reports whether the path leads to the value.
func (e *editor) holds(val *tape) bool {
	s := e.walk()
	switch nd := &e.t.nodes[s.node]; {
	case len(s.rest) == 0:
		return e.equal(s.node, val, 0)
	case len(s.rest) > 1:
		return false
	case s.rest[0] == "-" && nd.kind == kindArray && nd.n > 0: // it was the place behind the last element
		return e.equal(e.t.lastChild(s.node), val, 0)
	case s.rest[0] == "0" && nd.kind == kindString: // a lone text stands for a list of one
		return e.equal(s.node, val, 0)
	}
	return false
}

// equal reports whether the value at i says the same as a strict one, token for token; keys may be in camelCase.
func (e *editor) equal(i uint32, val *tape, j uint32) bool {
	a, b := &e.t.nodes[i], &val.nodes[j]
	if a.kind != b.kind || a.n != b.n {
		return false
	}
	if a.kind < kindArray {
		return bytes.Equal(e.t.raw(i), val.raw(j))
	}
	c, d := i+1, j+1
	for ; c < a.next; c, d = e.t.nodes[c].next, val.nodes[d].next {
		if name := val.key(d); !e.t.keyIs(c, name) && !e.t.keyIs(c, camelCase(name)) && a.kind == kindObject {
			return false
		}
		if !e.equal(c, val, d) {
			return false
		}
	}
	return true
}

// same reports whether value i of the text is value j of the edited one, apart from the aim.
func (e *editor) same(after *editor, i, j uint32) bool {
	if i == e.aim.replaced {
		return true // holds looks at it
	}
	a, b := &e.t.nodes[i], &after.t.nodes[j]
	if a.kind != b.kind {
		return false
	}
	if a.kind < kindArray || a.kind == kindBad || !e.aim.spaces && !e.aim.within(&e.t, i) {
		return bytes.Equal(e.t.raw(i), after.t.raw(j))
	}
	d := j + 1
	skip := func(at uint32) { // the new child
		if e.aim.grown == i && e.aim.after == at && d < b.next {
			d = after.t.nodes[d].next
		}
	}
	skip(noNode)
	gone := e.aim.gone
	for c := i + 1; c < a.next; c = e.t.nodes[c].next {
		if len(gone) > 0 && gone[0] <= c {
			if gone[0] == c {
				gone = gone[1:]
				continue
			}
			for len(gone) > 0 && gone[0] < c {
				gone = gone[1:]
			}
		}
		if d >= b.next || a.kind == kindObject && !bytes.Equal(e.keyBytes(c), after.keyBytes(d)) || !e.same(after, c, d) {
			return false
		}
		d = after.t.nodes[d].next
		skip(c)
	}
	return d == b.next
}
