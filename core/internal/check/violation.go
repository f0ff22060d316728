package check

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// fault returns the keyword that a value which p does not accept violates, or "" where only v5 can tell.
func (x *explainer) fault(p *plan.Plan, i uint32) string {
	nd := &x.Nodes[i]
	switch {
	case !p.Decides || len(p.Forms) > 0:
		return ""
	case p.Kinds&plan.KindsOf(&x.Tape, i) == 0:
		return "type"
	case nd.Kind == jsontape.Number:
		d := jsontape.ReadDecimal([]byte(x.Number(i)))
		switch {
		case p.Kinds&plan.IsNumber == 0 && !d.Whole():
			return "type"
		case p.Most.Set && d.Compare(p.Most.At) >= 0 && p.Most.Open:
			return "exclusiveMaximum"
		case p.Most.Set && d.Compare(p.Most.At) > 0:
			return "maximum"
		case p.Least.Open:
			return "exclusiveMinimum"
		}
		return "minimum"
	case nd.Kind == jsontape.String && p.MinLength > 0 && x.Text(i) == "":
		return "minLength"
	}
	return ""
}

// codeOf returns the code of a keyword.
func codeOf(keyword string) finding.Code {
	switch keyword {
	case "type":
		return finding.WrongType
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		return finding.OutOfRange
	case "minLength":
		return finding.TooShort
	case "maxLength":
		return finding.TooLong
	case "minItems":
		return finding.TooFewItems
	case "maxItems":
		return finding.TooManyItems
	case "required", "dependentRequired":
		return finding.MissingField
	}
	return finding.Schema
}

// violation turns a violation into a finding in a person's words. p is the schema of the value at i, nil where only the one
// that is violated is known.
func (x *explainer) violation(id int32, p *plan.Plan, i uint32, e plan.Violation) {
	nd := &x.Nodes[i]
	f := finding.Finding{Code: codeOf(e.Keyword), Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End), Rule: e.Rule}
	if i == 0 {
		f.End = f.Start + 1 // an issue of the whole is no reason to mark all of it
	}
	got := "got " + x.describe(i)
	switch {
	case e.Keyword == "additionalProperties" && x.notAllowed(id, i, e):
		return
	case e.OfName:
		f.Code, f.Start, f.End = finding.Schema, int(nd.KeyStart), int(nd.KeyEnd)
		got = "got the key " + finding.Quote(x.Key(i))
	case e.Keyword == "false" && nd.KeyEnd > 0:
		f.Start, f.End = int(nd.KeyStart), int(nd.KeyEnd)
		got = "got " + finding.Quote(x.Key(i))
		if strings.HasSuffix(e.Rule, "edProperties") || strings.HasSuffix(e.Rule, "/additionalProperties") {
			f.Code = finding.UnknownField
		}
	}
	fixable := p != nil && !p.Unsure || x.checker.own // a fix is tried where the schema may say more
	if e.Schema != nil && (p == nil || p.Unsure) {
		p = plan.NewPlan(e.Schema)
	}
	f.Message = got + clauses(p, e)
	switch {
	case len(e.Or) == 0 && f.Code == finding.MissingField:
		f.Message = e.Message
	case f.Code == finding.TooShort && nd.Kind == jsontape.String && x.Text(i) == "":
		f.Message = "got an empty text"
	case f.Code == finding.WrongType:
		if nd.Kind == jsontape.Number && wantsInteger(p, e) {
			f.Code = finding.NotInteger
		}
		if fixable {
			f.Fix = x.coercion(id, p, i)
		}
		if p != nil && nd.Kind == jsontape.String && nd.Flags&jsontape.Loose != 0 && x.bareWord(&f, p, i) {
			return
		}
		if id >= 0 && id == x.checker.logprobs && (nd.Kind == jsontape.True || nd.Kind == jsontape.False) {
			x.logprobsFlag(&f, i)
		}
	case id >= 0 && f.Code == finding.OutOfRange:
		if i == x.States[id].At && x.saysDefault(&x.checker.Fields[id], i) {
			f.Fix = x.removalOf(i, ", which means the same")
		} else if fixable {
			f.Fix = x.bounding(id, p, i, e)
		}
	}
	if x.soften(&f, id, i) {
		x.out.Add(f)
	}
}

// soften gives a finding the severity that the profile has for such values, and says what the server makes of them. It
// reports whether there is anything to say.
func (x *explainer) soften(f *finding.Finding, id int32, i uint32) bool {
	if id < 0 {
		return true
	}
	kind := ""
	switch f.Code {
	case finding.OutOfRange:
		kind = "range"
	case finding.NotInteger:
		kind = "fraction"
	case finding.TooShort, finding.TooFewItems:
		kind = "empty"
	case finding.WrongType:
		kind = "type"
		if k := x.Nodes[i].Kind; (k == jsontape.True || k == jsontape.False) && x.checker.Fields[id].Plan.Kinds&(plan.IsInteger|plan.IsNumber) != 0 {
			kind = "boolean"
		} else if i == x.States[id].At && k != jsontape.Array && x.checker.Fields[id].Plan.Kinds&plan.IsString == 0 {
			if _, ok := x.coerced(x.checker.Fields[id].Plan, i); ok {
				kind = "written"
			}
		}
	}
	own := x.checker.Fields[id].Note.Mild
	m, ok := own[kind]
	switch {
	case i != x.States[id].At:
		if !ok || kind != "range" {
			m, ok = own["within"]
		}
	case !ok && (kind == "fraction" || kind == "boolean" || kind == "written"):
		if m, ok = x.checker.Profile.Mild[kind]; !ok {
			m, ok = own["type"]
		}
	}
	if !ok {
		m, ok = own["any"]
	}
	if !ok {
		return true
	}
	severity, said := finding.ParseSeverity(m.Severity)
	f.Severity = severity
	f.Message += "; " + m.Why
	return said
}

// notAllowed reports each member of object i that a closed schema, which knows the others, does not have.
func (x *explainer) notAllowed(id int32, i uint32, e plan.Violation) (found bool) {
	nd := &x.Nodes[i]
	if e.Schema == nil || nd.Kind != jsontape.Object {
		return false
	}
	for c := i + 1; c < nd.Next; c = x.Nodes[c].Next {
		name := x.Key(c)
		if field := x.checker.FieldOf(&x.Tape, c); i == 0 && field >= 0 {
			if name = x.Name(field); x.Node(field) == 0 {
				continue
			}
		} else if id >= 0 && x.States[id].At == i {
			name = x.checker.Fields[id].Plan.WireName(name)
		}
		if !x.Counts(c) || e.Schema.Properties[name] != nil || matchesAny(e.Schema, name) {
			continue
		}
		found = true
		member := &x.Nodes[c]
		x.out.Add(finding.Finding{Code: finding.UnknownField, Severity: finding.Error, Node: int32(c), Start: int(member.KeyStart), End: int(member.KeyEnd),
			Rule: e.Rule, Message: "got " + finding.Quote(name) + "; additionalProperties " + finding.Quote(name) + " not allowed"})
	}
	return found
}

func matchesAny(s *jsonschema.Schema, name string) bool {
	for pattern := range s.PatternProperties {
		if pattern.MatchString(name) {
			return true
		}
	}
	return false
}

// mostClauses is how many alternatives a message names.
const mostClauses = 6

// clauses says what is wanted instead of what was got, by one violation or by several of which one need not be.
func clauses(p *plan.Plan, e plan.Violation) string {
	var wants, reasons []string
	add := func(list *[]string, s string) {
		switch {
		case slices.Contains(*list, s):
		case len(*list) < mostClauses:
			*list = append(*list, s)
		case len(*list) == mostClauses:
			*list = append(*list, "…")
		}
	}
	for k := range len(e.Or) + 1 {
		c := ""
		if k == 0 {
			c = clause(p, e)
		} else {
			c = clause(nil, e.Or[k-1])
		}
		if words, ok := strings.CutPrefix(c, ", want "); ok {
			add(&wants, words)
		} else {
			add(&reasons, c[2:])
		}
	}
	text := ""
	if wants != nil {
		text = ", want " + strings.Join(wants, " or ")
	}
	if reasons != nil {
		text += "; " + strings.Join(reasons, ", or ")
		if wants != nil {
			text = strings.Replace(text, "; ", "; or else: ", 1)
		}
	}
	return text
}

// clause is what follows "got …": what is wanted, or else the reason as v5 words it.
func clause(p *plan.Plan, e plan.Violation) string {
	s := e.Schema
	if s == nil && p != nil {
		s = p.Schema
	}
	if s == nil {
		return "; " + e.Message
	}
	switch e.Keyword {
	case "type":
		if words := want(", ", planOf(p, e)); words != "" {
			return words
		}
	case "minimum":
		return wantBound(", want at least ", s.Minimum, e)
	case "maximum":
		return wantBound(", want at most ", s.Maximum, e)
	case "exclusiveMinimum":
		return wantBound(", want more than ", s.ExclusiveMinimum, e)
	case "exclusiveMaximum":
		return wantBound(", want less than ", s.ExclusiveMaximum, e)
	case "enum":
		if len(s.Enum) == 1 {
			return ", want " + listOf(s.Enum)
		}
		return ", want one of " + listOf(s.Enum)
	case "const":
		return ", want " + listOf(s.Constant)
	case "not":
		reason := "; the schema excludes it: " + e.Message
		if len(s.Not.Required) > 0 {
			reason += " with " + strings.Join(s.Not.Required, ", ")
		}
		return reason
	}
	return "; " + e.Message
}

// planOf returns the plan of the schema whose keyword is violated.
func planOf(p *plan.Plan, e plan.Violation) *plan.Plan {
	if e.Schema == nil || p != nil && p.Schema == e.Schema {
		return p
	}
	return plan.NewPlan(e.Schema)
}

// wantsInteger reports whether a violation of a type is that of a whole number, or one of its alternatives is.
func wantsInteger(p *plan.Plan, e plan.Violation) bool {
	return e.Keyword == "type" && planOf(p, e).Kinds&plan.IsInteger != 0 ||
		slices.ContainsFunc(e.Or, func(other plan.Violation) bool { return other.Schema != nil && wantsInteger(nil, other) })
}

// bareWord makes one mistake of two where a word without quotes stands for a value that no text can be, such as ture: the
// words that could have been meant are true and false, and quotes do not help.
func (x *explainer) bareWord(f *finding.Finding, p *plan.Plan, i uint32) bool {
	k := slices.IndexFunc(x.out.All, func(g finding.Finding) bool {
		return g.Code == finding.UnquotedString && g.Node == int32(i)
	})
	if k < 0 {
		return false
	}
	f.Message = "got " + finding.QuoteRaw(x.Raw(i)) + ", want " + p.Want()
	if near := plan.Nearest(x.Text(i), words); len(near) == 1 && f.Fix == nil && !x.fixless && p.Kinds&plan.IsBool != 0 {
		f.Fix = x.replacing(i, near[0])
	}
	x.out.All[k] = *f
	return true
}

var words = plan.Candidates("true", "false")

// listOf writes the values of an enum, or that there are many.
func listOf(values []any) string {
	var words []string
	for _, v := range values {
		if len(words) == 10 {
			words = append(words, "…")
			break
		}
		text, _ := json.Marshal(v) // it came from JSON
		words = append(words, finding.QuoteRaw(text))
	}
	return strings.Join(words, ", ")
}

// wantBound words a bound; where the keyword stands beyond a reference, only v5's own words know it.
func wantBound(words string, bound *big.Rat, e plan.Violation) string {
	if bound == nil {
		return "; " + e.Message
	}
	return words + plan.RatString(bound)
}

// coercion offers the value that was meant where one was written as another type.
func (x *explainer) coercion(id int32, p *plan.Plan, i uint32) *finding.Fix {
	if x.fixless {
		return nil
	}
	value, ok := x.coerced(p, i)
	if !ok || !x.suits(id, i, value) {
		return nil
	}
	return x.replacing(i, string(value))
}

// suits reports whether another value at i leaves the request no worse. That of a whole field is tried, since rules may
// tie it to others.
func (x *explainer) suits(id int32, i uint32, value []byte) bool {
	return id < 0 || i != x.States[id].At || x.helps(attempt{at: i, name: x.Name(id), value: value})
}

// logprobsFlag explains the chat endpoint's boolean.
func (x *explainer) logprobsFlag(f *finding.Finding, i uint32) {
	f.Message += "; the chat endpoint takes a boolean here, this one a count"
	f.Fix = nil
	switch {
	case x.Nodes[i].Kind == jsontape.False:
		f.Fix = x.removalOf(i, ", which turns it off")
	case !x.fixless && x.suits(x.checker.logprobs, i, []byte{'1'}):
		f.Fix = x.replacing(i, "1")
	}
}
