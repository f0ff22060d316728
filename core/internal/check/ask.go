package check

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
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

// askV5 asks v5 about the value that stands at i, and reports what it says.
func (x *explainer) askV5(id int32, p *plan.Plan, i uint32, value any) {
	err := plan.Validate(p.Schema, value)
	if err == nil {
		return
	}
	for _, v := range x.checker.Violations(err, false) {
		at, of := x.below(i, p, plan.Steps(v.Instance))
		if at != i {
			of = nil // what else holds for it is not known
		}
		x.violation(id, of, at, v)
	}
}

// mostWhole is how many values a text that is wrong already may hold for v5 to be asked about it as a whole, too: v5
// makes hundreds of bytes for each value that it refuses.
const mostWhole = 20_000

// askV5Whole asks v5 about the request as it would be sent: the schema ties fields together. What the fields' own
// schemas say has been told.
func (x *explainer) askV5Whole() {
	if x.Syntax || x.out.Closed() || x.out.Failed && len(x.Nodes) > mostWhole {
		return // what is missing may only not have been read
	}
	err := plan.Validate(x.checker.Whole, x.instance())
	if err == nil {
		return
	}
	told := slices.Clone(x.out.All)
	for _, v := range x.checker.Violations(err, true) {
		at, id := x.place(plan.Steps(v.Instance))
		if x.isTold(told, v.Path, at) || x.Nodes[at].Kind == jsontape.Bad && at != 0 {
			continue
		}
		x.violation(id, nil, at, v)
	}
}

// isTold reports whether a violation at the end of a path through the schema is one of those that are looked for field
// by field. Some are no errors by the word of a profile.
func (x *explainer) isTold(told []finding.Finding, path []string, at uint32) bool {
	for s := x.checker.Whole; s != x.checker.Schema && len(path) > 0; s = s.Ref {
		path = path[1:]
	}
	if len(path) == 0 {
		return false
	}
	switch path[0] {
	case "required":
		return true
	case "additionalProperties":
		if len(path) == 1 && at == 0 {
			return true // explainExtra knows each name
		}
	case "properties", "patternProperties":
	default:
		return false
	}
	member, ok := x.Member(0, "") // v5 leaves an empty name out of its pointers
	if at != 0 {
		member = x.ChildOver(0, at)
	} else if !ok {
		return false
	}
	return slices.ContainsFunc(told, func(f finding.Finding) bool {
		return f.Node >= int32(member) && f.Node < int32(x.Nodes[member].Next)
	})
}

// place returns where the value stands that the steps lead to from the request as it would be sent, and its field.
func (x *explainer) place(steps []string) (at uint32, id int32) {
	if len(steps) == 0 {
		return 0, -1
	}
	if s := x.checker.Table.Find([]byte(steps[0])); s != nil && !s.Camel && x.States[s.Field].At != 0 {
		at, _ = x.below(x.States[s.Field].At, x.checker.Fields[s.Field].Plan, steps[1:])
		return at, s.Field
	}
	at, _ = x.below(0, nil, steps)
	return at, -1
}

// below follows steps through the value at i as it would be sent, as far as they lead. p is its schema, and what is
// returned that of the value there; nil where it is not known.
func (x *explainer) below(i uint32, p *plan.Plan, steps []string) (uint32, *plan.Plan) {
	for _, step := range steps {
		var next uint32
		var of *plan.Plan
		switch x.Nodes[i].Kind {
		case jsontape.Object:
			c, ok := x.memberSent(i, p, step)
			if !ok {
				return i, nil
			}
			if next = c; p != nil {
				of = p.Property(step)
			}
		case jsontape.Array:
			c, ok := x.Element(i, step)
			if !ok {
				return i, nil
			}
			if next = c; p != nil {
				of = p.Items
			}
		default:
			if next = i; p != nil { // a lone text that is sent as a list
				of = p.Items
			}
		}
		i, p = next, of
	}
	return i, p
}

// memberSent returns the member of object i that is sent under a name.
func (x *explainer) memberSent(i uint32, p *plan.Plan, name string) (found uint32, ok bool) {
	if found, ok = x.Member(i, name); ok || p == nil || !p.Camel {
		return found, ok
	}
	for c := i + 1; c < x.Nodes[i].Next; c = x.Nodes[c].Next {
		if p.WireName(x.Key(c)) == name {
			found, ok = c, true
		}
	}
	return found, ok
}

// instance builds the request as it would be sent, as v5 takes it. What the server's profile writes in another form than
// the schema has it in is in the schema's form.
func (x *explainer) instance() map[string]any {
	m := make(map[string]any, len(x.checker.Fields))
	for id := range x.checker.Fields {
		i := x.Node(int32(id))
		if i == 0 {
			continue
		}
		f := &x.checker.Fields[id]
		if f.Wraps && x.Nodes[i].Kind == jsontape.String {
			m[f.Name] = []any{x.Value(i)}
		} else {
			m[f.Name] = plan.Canonical(&x.Tape, f.Plan, i)
		}
	}
	for _, c := range x.Unknown {
		m[x.Key(c)] = x.Value(c)
	}
	return m
}
