package edit

import (
	"bytes"
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// change is what an edit is to do to the tree of values.
type change struct {
	replaced uint32   // this value becomes another one; noNode: none does
	grown    uint32   // this container gets one more child; noNode: none does
	after    uint32   // the child it stands behind; noNode: it is the first
	gone     []uint32 // these children are no more
	spaces   bool     // white space changes everywhere
}

var noChange = change{replaced: jsontape.NoNode, grown: jsontape.NoNode}

// within reports whether the change is inside of node i.
func (a *change) within(t *jsontape.Tape, i uint32) bool {
	inside := func(x uint32) bool { return x >= i && x < t.Nodes[i].Next } // never for noNode
	return inside(a.replaced) || inside(a.grown) || slices.ContainsFunc(a.gone, inside)
}

// prove makes the edits on a copy and reads it again. In a text that is no strict JSON a guess of the reader can depend
// on what stands around, so this is how nothing but what was asked for is known to have changed. A strict text needs no proof.
func (e *editor) prove(val *jsontape.Tape) error {
	text, err := finding.Apply(e.src, e.edits)
	if err != nil {
		return e.unreadable(e.edits[0].Start)
	}
	after := &editor{request: e.request, limits: e.limits, t: new(jsontape.Tape), steps: e.steps}
	if after.read(text) != nil || len(after.t.Nodes) == 0 {
		return e.unreadable(e.edits[0].Start)
	}
	if val != nil && !after.holds(val) || len(e.t.Nodes) > 0 && !e.same(after, 0, 0) {
		return e.unreadable(e.edits[0].Start)
	}
	return nil
}

// holds reports whether the path leads to the value.
func (e *editor) holds(val *jsontape.Tape) bool {
	to := e.resolve()
	switch nd := &e.t.Nodes[to.node]; {
	case len(to.rest) == 0:
		return e.equal(to.node, val, 0)
	case len(to.rest) > 1:
		return false
	case to.rest[0] == "-" && nd.Kind == jsontape.Array && nd.N > 0: // it was the place behind the last element
		return e.equal(e.t.LastChild(to.node), val, 0)
	case to.rest[0] == "0" && nd.Kind == jsontape.String: // a lone text stands for a list of one
		return e.equal(to.node, val, 0)
	}
	return false
}

// equal reports whether the value at i says the same as a strict one, token for token; keys may be in camelCase.
func (e *editor) equal(i uint32, val *jsontape.Tape, j uint32) bool {
	a, b := &e.t.Nodes[i], &val.Nodes[j]
	if a.Kind != b.Kind || a.N != b.N {
		return false
	}
	if a.Kind < jsontape.Array {
		return bytes.Equal(e.t.Raw(i), val.Raw(j))
	}
	c, d := i+1, j+1
	for ; c < a.Next; c, d = e.t.Nodes[c].Next, val.Nodes[d].Next {
		if name := val.Key(d); !e.t.KeyIs(c, name) && !e.t.KeyIs(c, plan.CamelCase(name)) && a.Kind == jsontape.Object {
			return false
		}
		if !e.equal(c, val, d) {
			return false
		}
	}
	return true
}

// same reports whether value i of the text is value j of the edited one, apart from the change.
func (e *editor) same(after *editor, i, j uint32) bool {
	if i == e.change.replaced {
		return true // holds looks at it
	}
	a, b := &e.t.Nodes[i], &after.t.Nodes[j]
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind < jsontape.Array || a.Kind == jsontape.Bad || !e.change.spaces && !e.change.within(e.t, i) {
		return bytes.Equal(e.t.Raw(i), after.t.Raw(j))
	}
	d := j + 1
	skip := func(at uint32) { // the new child
		if e.change.grown == i && e.change.after == at && d < b.Next {
			d = after.t.Nodes[d].Next
		}
	}
	skip(jsontape.NoNode)
	gone := e.change.gone
	for c := i + 1; c < a.Next; c = e.t.Nodes[c].Next {
		if len(gone) > 0 && gone[0] <= c {
			if gone[0] == c {
				gone = gone[1:]
				continue
			}
			for len(gone) > 0 && gone[0] < c {
				gone = gone[1:]
			}
		}
		if d >= b.Next || a.Kind == jsontape.Object && !bytes.Equal(e.t.KeyBytes(c), after.t.KeyBytes(d)) || !e.same(after, c, d) {
			return false
		}
		d = after.t.Nodes[d].Next
		skip(c)
	}
	return d == b.Next
}
