package check

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// askV5Untold asks v5 about a container in which nothing was found wrong since before: its schema may say more than the
// plan takes apart. A value that is not nil stands for it.
func (x *explainer) askV5Untold(before int, id int32, p *plan.Plan, i uint32, value any) {
	if len(x.out.All) > before || x.Syntax || x.out.Full() { // what an incomplete text lacks is no mistake
		return
	}
	if value == nil {
		value = plan.Canonical(&x.Tape, p, i)
	}
	x.askV5(id, p, i, value)
}

// askV5 asks v5 about the value that stands at i, and reports its most telling error.
func (x *explainer) askV5(id int32, p *plan.Plan, i uint32, value any) {
	err := plan.Validate(p.Schema, value)
	if err == nil {
		return
	}
	leaves := plan.LeavesOf(err)
	first := leaves[0]
	at := i
	if first.InstanceLocation != "" {
		if c, ok := x.At(x.Pointer(i) + first.InstanceLocation); ok {
			at = c
		}
	}
	x.violation(id, p, at, plan.ViolationOf(first))
}

// askV5Whole asks v5 about the canonical request as a whole: a foreign schema's root may tie fields together.
func (x *explainer) askV5Whole() {
	err := plan.Validate(x.checker.Schema, x.instance())
	if err == nil {
		return
	}
	for _, leaf := range plan.LeavesOf(err) {
		keyword := leaf.KeywordLocation[strings.LastIndexByte(leaf.KeywordLocation, '/')+1:]
		if keyword == "required" && x.Syntax {
			continue // it may only not have been read
		}
		at, id := uint32(0), int32(-1)
		if steps := strings.SplitN(leaf.InstanceLocation, "/", 3); len(steps) > 1 {
			if s := x.checker.Table.Find([]byte(jsontape.UnescapeStep(steps[1]))); s != nil {
				id, at = s.Field, x.States[s.Field].At
				rest := ""
				if len(steps) == 3 {
					rest = "/" + steps[2]
				}
				if c, ok := x.At(x.Pointer(at) + rest); ok {
					at = c
				}
			}
		}
		if keyword == "additionalProperties" && at == 0 || x.Nodes[at].Kind == jsontape.Bad {
			continue // explainExtra knows each name, and an issue tells already what could not be read
		}
		x.violation(id, plan.NewPlan(x.checker.Schema), at, plan.ViolationOf(leaf))
	}
}

// instance builds the canonical request as v5 takes it.
func (x *explainer) instance() map[string]any {
	m := make(map[string]any, len(x.checker.Fields))
	for id := range x.checker.Fields {
		i := x.States[id].At
		switch x.States[id].form {
		case formAbsent, formDropped:
		case formWrapped:
			m[x.checker.Fields[id].Name] = []any{x.Value(i)}
		default:
			m[x.checker.Fields[id].Name] = x.Value(i)
		}
	}
	for _, c := range x.Unknown {
		m[x.Key(c)] = x.Value(c)
	}
	return m
}
