package edit

import (
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// unset plans the edits of Unset.
func (e *editor) unset() error {
	if len(e.steps) == 0 {
		return ErrPath.because("the text as a whole cannot be removed")
	}
	if len(e.t.Nodes) == 0 {
		return nil
	}
	// The way leads to the parent; the last step may mean several members.
	path := e.steps
	last := path[len(path)-1]
	e.steps = path[:len(path)-1]
	to := e.resolve()
	e.steps = path
	if len(to.rest) > 0 {
		return nil
	}
	switch nd := &e.t.Nodes[to.node]; nd.Kind {
	case jsontape.Object:
		return e.remove(to.node, e.members(to, last))
	case jsontape.Array:
		if c, ok := e.t.Element(to.node, last); ok {
			return e.remove(to.node, []uint32{c})
		}
	case jsontape.String: // a lone text stands for a list of one
		if to.node != 0 && last == "0" && to.plan != nil && to.plan.Kinds&plan.IsArray != 0 {
			e.edits = []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: "[]"}}
			e.change.replaced = to.node
		}
	}
	return nil
}

// remove takes children, in document order, out of a container.
func (e *editor) remove(p uint32, gone []uint32) error {
	if len(gone) == 0 {
		return nil
	}
	edits, unread := cutChildren(e.t, p, gone)
	if unread >= 0 {
		return e.unreadable(unread)
	}
	e.edits, e.change.gone = edits, gone
	return nil
}
