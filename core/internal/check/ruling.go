package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// rule is a check between fields, or of a value that surprises. Its severity is what most servers do; a profile says
// otherwise where its server does.
type rule struct {
	name     finding.Code
	severity finding.Severity // 0: only where a profile asks for it
	source   string           // where the rule was read
	// fields are those that check asks about, in the order of ruling.ids. One by itself must be in the text for the rule to
	// apply, one with a minus must not, and one with a question mark may be.
	fields string
	check  func(*ruling) // reports through fire
}

// activeRule is a rule under one schema and profile.
type activeRule struct {
	rule
	severity finding.Severity
	ids      []int32 // its fields; -1 for one that may be and that the schema lacks
	look     uint64  // the bits of the fields that must be there or must not
	needs    uint64  // the bits of those that must be
}

// KnownRules finds rules that a profile changes and that do not exist.
func KnownRules(p *schema.Profile) error {
	sets := []map[string]string{p.Rules}
	for _, v := range p.Versions {
		sets = append(sets, v.Rules)
	}
	for _, set := range sets {
		for name := range set {
			if !slices.ContainsFunc(rules, func(r rule) bool { return string(r.name) == name }) {
				return fmt.Errorf("profile %q: there is no rule %q", p.Name, name)
			}
		}
	}
	return nil
}

// addRules resolves the rules that the profile leaves on and whose fields the schema has.
func (v *Checker) addRules() {
	for _, r := range rules {
		active := activeRule{rule: r, severity: r.severity}
		if s, ok := v.Profile.Rules[string(r.name)]; ok {
			active.severity, _ = finding.ParseSeverity(s) // "off" is 0
		}
		applies := active.severity != 0
		for _, name := range strings.Fields(r.fields) {
			id := v.Index(strings.TrimLeft(name, "-?"))
			active.ids = append(active.ids, id)
			if name[0] == '?' {
				continue
			}
			if id < 0 {
				applies = false
				break
			}
			bit := v.Bit(id)
			if active.look |= bit; name[0] != '-' {
				active.needs |= bit
			}
		}
		if applies {
			v.rules = append(v.rules, active)
		}
	}
}

// ruling is the step that looks at values which are fine by themselves: the profile's word on fields, its narrower limits,
// and the rules.
type ruling struct {
	*Fields
	out  *finding.List
	rule *activeRule // the one that is being applied
	ids  []int32     // its fields
}

func (r *ruling) run() {
	for _, id := range r.checker.noted {
		f := &r.checker.Fields[id]
		if r.Node(id) != 0 && r.out.Wants(noteSeverity(f.Note)) &&
			(f.Note.Use != "ignored" || !r.saysDefault(f, r.States[id].At)) && // what is ignored may say the default
			(f.Note.With == "" || r.Node(r.checker.Index(f.Note.With)) != 0) &&
			(f.Note.Without == "" || r.Node(r.checker.Index(f.Note.Without)) == 0) {
			r.fieldNote(id, f)
		}
	}
	for k := range r.checker.soft {
		if l := &r.checker.soft[k]; (l.bit == 0 || l.bit&r.present != 0) && r.out.Wants(l.severity) && r.Node(l.field) != 0 && !r.isTrue(l.unless) {
			r.softLimit(l)
		}
	}
	for k := range r.checker.rules {
		if a := &r.checker.rules[k]; r.present&a.look == a.needs && r.out.Wants(a.severity) {
			r.rule, r.ids = a, a.ids
			a.check(r)
		}
	}
}

// fire reports the rule at the value of a field.
func (r *ruling) fire(id int32, message string, fix *finding.Fix) {
	r.fireAt(r.Node(id), message, fix)
}

// fireAt reports the rule at the value at i.
func (r *ruling) fireAt(i uint32, message string, fix *finding.Fix) {
	nd := &r.Nodes[i]
	r.fireIn(i, int(nd.Start), int(nd.End), message, fix)
}

func (r *ruling) fireIn(i uint32, start, end int, message string, fix *finding.Fix) {
	r.out.Add(finding.Finding{Code: r.rule.name, Severity: r.rule.severity, Node: int32(i), Start: start, End: end,
		Rule: string(r.rule.name), Message: message, Fix: fix})
}

// got describes the value of a field.
func (r *ruling) got(id int32) string { return "got " + r.describe(r.States[id].At) }

// remove takes a field out of the text.
func (r *ruling) remove(id int32, then string) *finding.Fix {
	return r.removalOf(r.States[id].At, then)
}

// setTo replaces the value of a field, where that leaves nothing wrong with the field that the rule is about.
func (r *ruling) setTo(id, about int32, value string) *finding.Fix {
	i := r.States[id].At
	if r.fixless || !r.helps(attempt{at: i, name: r.Name(id), value: []byte(value), mends: mistake{r.rule.name, r.Name(about)}}) {
		return nil
	}
	return r.replacing(i, value)
}

// adding gives a field that is not in the text a value, where that leaves nothing wrong with the field that the rule is
// about.
func (r *ruling) adding(id, about int32, value string) *finding.Fix {
	name := r.Name(id)
	if r.fixless || !r.helps(attempt{name: name, value: []byte(value), mends: mistake{r.rule.name, r.Name(about)}}) {
		return nil
	}
	edits := edit.AddField(r.checker.Request, *r.Limits, &r.Tape, name, value)
	if edits == nil {
		return nil
	}
	return &finding.Fix{Title: "add " + name + ": " + value, Edits: edits}
}

// noteSeverity is what a note's use means for the request.
func noteSeverity(n schema.FieldNote) finding.Severity {
	if s, ok := finding.ParseSeverity(n.Severity); ok {
		return s
	}
	switch n.Use {
	case "refused":
		return finding.Error
	case "ignored":
		return finding.Warning
	}
	return finding.Hint
}

func (r *ruling) fieldNote(id int32, f *plan.Field) {
	i := r.States[id].At
	nd := &r.Nodes[i]
	n := finding.Finding{Code: finding.FieldNote, Severity: noteSeverity(f.Note), Node: int32(i), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: "profile/" + r.checker.Profile.Name + "/" + f.Name, Message: f.Note.Why}
	switch f.Note.Use {
	case "refused":
		n.Code = finding.RefusedField
	case "ignored":
		n.Code = finding.IgnoredField
	}
	switch {
	case f.Note.As != "":
		n.Fix = r.movedTo(i, f.Note.As)
	case n.Code != finding.FieldNote && !f.Required && n.Severity > finding.Hint:
		n.Fix = r.removalOf(i, "")
	}
	r.out.Add(n)
}

func (r *ruling) softLimit(l *softLimit) {
	s := &r.States[l.field]
	i := s.At
	if r.accepts(l.plan, s) {
		return
	}
	var value any = r.Value(i)
	if p := r.checker.Fields[l.field].Plan; s.form != formWrapped && !s.fine && r.refuses(p, i) {
		return // the schema's own verdict is enough
	}
	if s.form == formWrapped {
		value = []any{value}
	}
	if plan.Valid(l.plan.Schema, value) {
		return
	}
	var fix *finding.Fix
	if l.severity > finding.Hint && r.saysDefault(&r.checker.Fields[l.field], i) {
		fix = r.removalOf(i, ", which means the same")
	}
	i = l.plan.Culprit(&r.Tape, i)
	nd := &r.Nodes[i]
	r.out.Add(finding.Finding{Code: finding.SoftLimit, Severity: l.severity, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
		Rule:    "profile/" + r.checker.Profile.Name + "/limits/" + r.Name(l.field),
		Message: "got " + r.describe(i) + "; " + l.why, Fix: fix})
}

// refuses reports whether the schema of a field that its plan did not accept refuses it.
func (r *ruling) refuses(p *plan.Plan, i uint32) bool {
	kind := r.Nodes[i].Kind
	if p.Decides && kind < jsontape.Array || p.Exact && kind == jsontape.Array {
		return true
	}
	return !plan.Valid(p.Schema, plan.Canonical(&r.Tape, p, i))
}

// texts returns where to look for the texts of a list, or for a lone one: in the siblings from c to end.
func (r *ruling) texts(i uint32) (c, end uint32) {
	nd := &r.Nodes[i]
	if nd.Kind == jsontape.Array {
		return i + 1, nd.Next
	}
	return i, i + 1
}
