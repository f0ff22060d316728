package edit

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// resolved is how far a path leads into the text.
type resolved struct {
	node uint32     // the last value on the path that stands in the text
	plan *plan.Plan // what the schema says about it; nil: nothing
	rest []string   // the steps that lead on from there to what is not in the text
}

// resolve follows the path.
func (e *editor) resolve() resolved {
	to := resolved{rest: e.steps, plan: e.request.Root}
	for len(to.rest) > 0 {
		var next uint32
		var ok bool
		switch e.t.Nodes[to.node].Kind {
		case jsontape.Object:
			if all := e.members(to, to.rest[0]); len(all) > 0 {
				next, ok = all[len(all)-1], true
			}
		case jsontape.Array:
			next, ok = e.t.Element(to.node, to.rest[0])
		}
		if !ok {
			break
		}
		to = resolved{node: next, plan: e.below(to, to.rest[0]), rest: to.rest[1:]}
	}
	return to
}

// members returns the children of an object that a step means: those of that name, in either spelling if the schema
// knows it.
func (e *editor) members(to resolved, name string) []uint32 {
	var all []uint32
	id := e.field(to, name)
	camel := name
	if to.node != 0 && to.plan != nil && to.plan.Property(name) != nil {
		camel = plan.CamelCase(name)
	}
	for c := to.node + 1; c < e.t.Nodes[to.node].Next; c = e.t.Nodes[c].Next {
		if id >= 0 && e.request.FieldOf(e.t, c) == id || id < 0 && (e.t.KeyIs(c, name) || e.t.KeyIs(c, camel)) {
			all = append(all, c)
		}
	}
	return all
}

// field returns the index of the field that a step from the root names, or -1.
func (e *editor) field(to resolved, name string) int32 {
	if to.node == 0 {
		if known := e.request.Table.Find([]byte(name)); known != nil {
			return known.Field
		}
	}
	return -1
}

// below returns the schema of what a step leads to.
func (e *editor) below(to resolved, step string) *plan.Plan {
	if id := e.field(to, step); id >= 0 {
		return e.request.Fields[id].Plan
	}
	switch {
	case to.plan == nil:
		return nil
	case e.t.Nodes[to.node].Kind == jsontape.Array:
		return to.plan.Items
	}
	if sub := to.plan.Property(step); sub != nil {
		return sub
	}
	return to.plan.Additional
}

// inside is where a step leads that does not stand in the text.
func (to resolved) inside(e *editor, step string) resolved {
	return resolved{node: jsontape.NoNode, plan: e.below(to, step), rest: to.rest[1:]}
}

// wrap returns a value within the lists and objects that the rest of a path needs.
func (e *editor) wrap(to resolved, val *jsontape.Tape) (*jsontape.Tape, error) {
	if len(to.rest) == 0 {
		return val, nil
	}
	var open, shut []byte
	p := to.plan
	for _, step := range to.rest {
		if step == "-" || p != nil && p.Kinds&(plan.IsArray|plan.IsObject) == plan.IsArray {
			if step != "-" && step != "0" {
				return nil, e.noPlace(to, "is an empty list")
			}
			open, shut = append(open, '['), append(shut, ']')
			if p != nil {
				p = p.Items
			}
			continue
		}
		open, shut = append(jsontape.AppendQuoted(append(open, '{'), step), ':'), append(shut, '}')
		if p != nil {
			if sub := p.Property(step); sub != nil {
				p = sub
			} else {
				p = p.Additional
			}
		}
	}
	slices.Reverse(shut)
	var t jsontape.Tape
	if !t.Scan(slices.Concat(open, val.Src, shut), e.limits) {
		return nil, ErrTooLarge.because("%s lies too deep", e.name(e.steps))
	}
	return &t, nil
}
