package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// explainer is the step from the fields to what is wrong with their values and names.
type explainer struct {
	*Fields
	out *finding.List
}

// run turns everything that was not surely valid into findings. Containers are taken apart by the plan, down to the
// smallest values that are wrong or in doubt. Of most it knows itself what is wrong; the others go to jsonschema v5, which
// decides and whose errors become messages. v5 alone on the whole would walk every branch of a union: one wrong token
// among 10,000 gave megabytes of causes.
func (x *explainer) run() {
	for _, c := range x.Unknown {
		x.explainExtra(c)
	}
	if !x.checker.Scoped {
		for _, id := range x.undecided {
			if x.out.Decided() {
				return
			}
			x.explainField(id)
		}
	}
	x.missing()
	if (x.checker.Tied || x.checker.Scoped) && !x.out.Decided() {
		x.askV5Whole()
	}
}

func (x *explainer) explainField(id int32) {
	f := &x.checker.Fields[id]
	i := x.States[id].At
	if x.States[id].form == formWrapped || x.Nodes[i].Kind == jsontape.String && f.Wraps {
		p := f.Plan
		if len(p.Forms) > 0 {
			p = p.ListForm(plan.IsString)
		}
		before := len(x.out.All)
		if p.Items != nil {
			x.explainValue(id, p.Items, i)
		}
		x.askV5Untold(before, id, f.Plan, i, []any{x.Text(i)})
		return
	}
	if id == x.checker.prompt && x.tokenPrompt(f, i) {
		return
	}
	x.explainValue(id, f.Plan, i)
}

// explainValue reports what is wrong with the value at i, once for each mistake.
func (x *explainer) explainValue(id int32, p *plan.Plan, i uint32) {
	if x.out.Closed() || p.Accept(&x.Tape, i) {
		return
	}
	nd := &x.Nodes[i]
	before := len(x.out.All)
	switch {
	case p.Unsure || len(p.Forms) > 0 && !p.Exact:
		if !x.unfinished(i) {
			x.askV5(id, p, i, plan.Canonical(&x.Tape, p, i))
		}
		return
	case nd.Kind == jsontape.Array && p.Kinds&plan.IsArray != 0:
		if len(p.Forms) > 0 {
			x.explainValue(id, p.Meant(&x.Tape, i), i)
		}
		x.explainList(id, p, i)
		x.askV5Untold(before, id, p, i, nil)
		return
	case nd.Kind == jsontape.Object && p.Kinds&plan.IsObject != 0:
		x.explainObject(id, p.ObjectForm(&x.Tape, i), i)
		x.askV5Untold(before, id, p, i, nil)
		return
	}
	if keyword := x.fault(p, i); keyword != "" {
		x.violation(id, p, i, plan.Violation{Keyword: keyword, Rule: plan.RulePointer(p.Schema, keyword)})
		return
	}
	x.askV5(id, p, i, x.Value(i))
}

func (x *explainer) explainList(id int32, p *plan.Plan, i uint32) {
	nd := &x.Nodes[i]
	count := func(code finding.Code, keyword, want string) {
		f := finding.Finding{Code: code, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
			Rule: plan.RulePointer(p.Schema, keyword), Message: "got " + x.describe(i) + ", want " + want}
		if x.soften(&f, id, i) {
			x.out.Add(f)
		}
	}
	if int(nd.N) < p.MinItems && !x.leftOpen(i) {
		count(finding.TooFewItems, "minItems", fmt.Sprintf("at least %d", p.MinItems))
	}
	if p.MaxItems >= 0 && int(nd.N) > p.MaxItems {
		count(finding.TooManyItems, "maxItems", fmt.Sprintf("at most %d", p.MaxItems))
	}
	if p.Items == nil {
		return
	}
	for c := i + 1; c < nd.Next; c = x.Nodes[c].Next {
		x.explainValue(id, p.Items, c)
	}
}

// unfinished reports whether the value at i may not be all that was meant: something may only not have been read, or not
// have been typed.
func (x *explainer) unfinished(i uint32) bool {
	nd := &x.Nodes[i]
	switch nd.Kind {
	case jsontape.Array, jsontape.Object:
		return x.Syntax
	}
	return x.Syntax && nd.Flags&jsontape.Loose != 0 && int(nd.End) == len(x.Src)
}

// leftOpen reports whether list i has no closing bracket, so that not all of it may have been typed.
func (x *explainer) leftOpen(i uint32) bool { return x.Syntax && x.Src[x.Nodes[i].End-1] != ']' }

func (x *explainer) explainObject(id int32, p *plan.Plan, i uint32) {
	nd := &x.Nodes[i]
	for c := i + 1; c < nd.Next && !x.out.Closed(); c = x.Nodes[c].Next {
		key := p.WireName(x.Key(c))
		child := &x.Nodes[c]
		if child.Flags&jsontape.Shadowed != 0 {
			continue // servers never see it
		}
		if !p.AcceptsName([]byte(key)) {
			if err := plan.Validate(p.Names.Schema, key); err != nil {
				x.badName(id, c, x.checker.Violations(err, false))
				continue
			}
		}
		sub := p.Additional
		if known := p.Property(key); known != nil {
			sub = known
		} else if p.Closed {
			x.unknownNested(p, i, c)
			continue
		}
		if sub != nil {
			x.explainValue(id, sub, c)
		}
	}
	for _, name := range p.Schema.Required {
		if _, ok := x.memberSent(i, p, name); !ok && !x.Syntax {
			x.out.Add(finding.Finding{Code: finding.MissingField, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.Start) + 1,
				Rule: plan.RulePointer(p.Schema, "required"), Message: name + " is missing"})
		}
	}
}

// hasMember reports whether object i has a member of that name, in either spelling.
func (x *explainer) hasMember(i uint32, name string) bool {
	_, wire := x.Member(i, name)
	_, camel := x.Member(i, plan.CamelCase(name))
	return wire || camel
}

// badName reports the name of a member that the schema of the names in its object does not take.
func (x *explainer) badName(id int32, c uint32, told []plan.Violation) {
	nd := &x.Nodes[c]
	for _, v := range told {
		v.OfName = true
		if id >= 0 && id == x.checker.logitBias {
			x.out.Add(finding.Finding{Code: finding.BadTokenID, Severity: finding.Error, Node: int32(c), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
				Rule: v.Rule, Message: "got the key " + finding.Quote(x.Key(c)) + ", want the number of a token, such as \"50256\""})
			return
		}
		x.violation(id, nil, c, v)
	}
}

// unknownNested reports a member that a closed object within a field does not have.
func (x *explainer) unknownNested(p *plan.Plan, parent, c uint32) {
	if x.out.Full() && (x.out.Failed || x.checker.unknownWithin < finding.Error) {
		return
	}
	nd := &x.Nodes[c]
	key := x.Key(c)
	names := make([]string, len(p.Properties))
	for i := range p.Properties {
		names[i] = p.Properties[i].Name
	}
	f := finding.Finding{Code: finding.UnknownField, Severity: x.checker.unknownWithin, Node: int32(c), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: plan.RulePointer(p.Schema, "additionalProperties"), Message: "got " + finding.Quote(key) + ", want one of " + strings.Join(names, ", ")}
	if len(names) == 0 {
		f.Message = "got " + finding.Quote(key) + ", want an empty object"
	}
	if near := plan.Nearest(key, plan.Candidates(names...)); len(near) == 1 && !x.hasMember(parent, near[0]) && p.Property(near[0]).Accept(&x.Tape, c) {
		f.Message = "nothing is called " + finding.Quote(key) + " here"
		f.Fix = x.renaming(c, near[0])
	}
	x.out.Add(f)
}

// missing reports required fields that are not there. After a syntax error they may just not have been read.
func (x *explainer) missing() {
	if x.Syntax {
		return
	}
	root := &x.Nodes[0]
	for _, n := range x.checker.needed {
		f := &x.checker.Fields[n.field]
		if s := &x.States[n.field]; s.At != 0 || s.meant || slices.ContainsFunc(n.instead, func(id int32) bool { return x.Node(id) != 0 }) {
			continue
		}
		x.out.Add(finding.Finding{Code: finding.MissingField, Severity: finding.Error, Node: 0, Start: int(root.Start), End: int(root.Start) + 1,
			Rule: plan.RulePointer(x.checker.Schema, "required"), Message: f.Name + " is missing" + want("; ", f.Plan)})
	}
	for _, name := range x.checker.Others.Required {
		if !slices.ContainsFunc(x.Unknown, func(c uint32) bool { return x.KeyIs(c, name) }) {
			x.out.Add(finding.Finding{Code: finding.MissingField, Severity: finding.Error, Node: 0, Start: int(root.Start), End: int(root.Start) + 1,
				Rule: plan.RulePointer(x.checker.Schema, "required"), Message: name + " is missing"})
		}
	}
}

// want says behind a separator what p takes, where that can be said.
func want(separator string, p *plan.Plan) string {
	if words := p.Want(); words != "" {
		return separator + "want " + words
	}
	return ""
}

// tokenPrompt reports a prompt of token ids where only texts are taken, as one mistake.
func (x *explainer) tokenPrompt(f *plan.Field, i uint32) bool {
	nd := &x.Nodes[i]
	if nd.Kind != jsontape.Array || nd.N == 0 || f.Plan.Items == nil || f.Plan.Items.Kinds != plan.IsString {
		return false
	}
	for c := i + 1; c < nd.Next; c++ {
		if k := x.Nodes[c].Kind; k != jsontape.Number && k != jsontape.Array && c != x.cut {
			return false
		}
	}
	x.out.Add(finding.Finding{Code: finding.TokenPrompt, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
		Rule: plan.RulePointer(f.Plan.Schema, "items"), Message: "got token ids, want texts; token ids are taken by " + schema.TokenPromptProfiles()})
	return true
}
