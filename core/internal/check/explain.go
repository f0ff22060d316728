package check

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// explain turns everything that was not surely valid into findings. Containers are taken apart by the plan, down to the
// smallest values that are wrong or in doubt. Of most it knows itself what is wrong; the others go to jsonschema v5, which
// decides and whose errors become messages. v5 alone on the whole would walk every branch of a union: one wrong token
// among 10,000 gave megabytes of causes.
func (w *Work) explain() {
	for _, c := range w.Unknown {
		w.explainExtra(c)
	}
	if w.V.Root.Unsure {
		w.askV5Whole()
	} else {
		for _, id := range w.undecided {
			if w.decided() {
				return
			}
			w.explainField(id)
		}
		w.missing()
	}
}

func (w *Work) explainField(id int32) {
	f := &w.V.Fields[id]
	i := w.States[id].At
	if w.States[id].form == formWrapped || w.T.Nodes[i].Kind == jsontape.String && f.Wraps {
		p := f.Plan
		if len(p.Forms) > 0 {
			p = p.ListForm(plan.IsString)
		}
		before := len(w.Found)
		if p.Items != nil {
			w.explainValue(id, p.Items, i)
		}
		w.askV5Untold(before, id, f.Plan, i, []any{w.T.Text(i)})
		return
	}
	if id == w.V.Id.Prompt && w.tokenPrompt(f, i) {
		return
	}
	w.explainValue(id, f.Plan, i)
}

// explainValue reports what is wrong with the value at i, once for each mistake.
func (w *Work) explainValue(id int32, p *plan.Plan, i uint32) {
	if w.full() && w.Failed || p.Accept(&w.T, i) {
		return
	}
	nd := &w.T.Nodes[i]
	before := len(w.Found)
	switch {
	case p.Unsure:
	case nd.Kind == jsontape.Array && p.Kinds&plan.IsArray != 0:
		if len(p.Forms) > 0 {
			w.explainValue(id, p.Meant(&w.T, i), i)
		}
		w.explainList(id, p, i)
		w.askV5Untold(before, id, p, i, nil)
		return
	case nd.Kind == jsontape.Object && p.Kinds&plan.IsObject != 0:
		w.explainObject(id, p, i)
		w.askV5Untold(before, id, p, i, nil)
		return
	}
	if keyword := w.fault(p, i); keyword != "" {
		w.violation(id, p, i, plan.Violation{Keyword: keyword, Rule: plan.RulePointer(p.Schema, keyword)})
		return
	}
	w.askV5(id, p, i, w.T.Value(i))
}

// askV5Untold asks v5 about a container in which nothing was found wrong since before: its schema may say more than the
// plan takes apart. A value that is not nil stands for it.
func (w *Work) askV5Untold(before int, id int32, p *plan.Plan, i uint32, value any) {
	if len(w.Found) > before || w.syntax || w.full() { // what an incomplete text lacks is no mistake
		return
	}
	if value == nil {
		value = plan.Canonical(&w.T, p, i)
	}
	w.askV5(id, p, i, value)
}

func (w *Work) explainList(id int32, p *plan.Plan, i uint32) {
	nd := &w.T.Nodes[i]
	count := func(code finding.Code, keyword, want string) {
		w.add(finding.Finding{Code: code, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
			Rule: plan.RulePointer(p.Schema, keyword), Message: "got " + w.describe(i) + ", want " + want})
	}
	if int(nd.N) < p.MinItems && !w.leftOpen(i) {
		count(finding.TooFewItems, "minItems", fmt.Sprintf("at least %d", p.MinItems))
	}
	if p.MaxItems >= 0 && int(nd.N) > p.MaxItems {
		count(finding.TooManyItems, "maxItems", fmt.Sprintf("at most %d", p.MaxItems))
	}
	if p.Items == nil {
		return
	}
	for c := i + 1; c < nd.Next; c = w.T.Nodes[c].Next {
		w.explainValue(id, p.Items, c)
	}
}

// leftOpen reports whether list i has no closing bracket, so that not all of it may have been typed.
func (w *Work) leftOpen(i uint32) bool { return w.syntax && w.T.Src[w.T.Nodes[i].End-1] != ']' }

func (w *Work) explainObject(id int32, p *plan.Plan, i uint32) {
	nd := &w.T.Nodes[i]
	for c := i + 1; c < nd.Next; c = w.T.Nodes[c].Next {
		key := p.WireName(w.T.Key(c))
		child := &w.T.Nodes[c]
		if child.Flags&jsontape.Shadowed != 0 {
			continue // servers never see it
		}
		if p.Names != nil && (p.Names.Unsure || !p.Names.AcceptText([]byte(key))) && !plan.Valid(p.Names.Schema, key) {
			code, want := finding.Schema, "a name that matches "+plan.PatternOf(p.Names.Schema)
			if id == w.V.Id.LogitBias {
				code, want = finding.BadTokenID, "the number of a token, such as \"50256\""
			}
			w.add(finding.Finding{Code: code, Severity: finding.Error, Node: int32(c), Start: int(child.KeyStart), End: int(child.KeyEnd),
				Rule: plan.RulePointer(p.Names.Schema, "pattern"), Message: "got the key " + finding.Quote(key) + ", want " + want})
			continue
		}
		sub := p.Additional
		if known := p.Property(key); known != nil {
			sub = known
		} else if p.Closed {
			w.unknownNested(p, i, c)
			continue
		}
		if sub != nil {
			w.explainValue(id, sub, c)
		}
	}
	for _, name := range p.Schema.Required {
		if !w.syntax && !w.hasMember(i, name) {
			w.add(finding.Finding{Code: finding.MissingField, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.Start) + 1,
				Rule: plan.RulePointer(p.Schema, "required"), Message: name + " is missing"})
		}
	}
}

// hasMember reports whether object i has a member of that name, in either spelling.
func (w *Work) hasMember(i uint32, name string) bool {
	_, wire := w.T.Member(i, name)
	_, camel := w.T.Member(i, plan.CamelCase(name))
	return wire || camel
}

// unknownNested reports a member that a closed object within a field does not have.
func (w *Work) unknownNested(p *plan.Plan, parent, c uint32) {
	if w.full() && (w.Failed || w.V.unknown < finding.Error) {
		return
	}
	nd := &w.T.Nodes[c]
	key := w.T.Key(c)
	names := make([]string, len(p.Properties))
	for i := range p.Properties {
		names[i] = p.Properties[i].Name
	}
	f := finding.Finding{Code: finding.UnknownField, Severity: max(w.V.unknown, finding.Hint), Node: int32(c), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: plan.RulePointer(p.Schema, "additionalProperties"), Message: "got " + finding.Quote(key) + ", want one of " + strings.Join(names, ", ")}
	if name := plan.Nearest(key, plan.Candidates(names...)); name != "" && !w.hasMember(parent, name) {
		f.Message = "nothing is called " + finding.Quote(key) + " here"
		f.Fix = w.renaming(c, name)
	}
	w.add(f)
}

// missing reports required fields that are not there. After a syntax error they may just not have been read.
func (w *Work) missing() {
	if w.syntax {
		return
	}
	root := &w.T.Nodes[0]
	for _, id := range w.V.needed {
		f := &w.V.Fields[id]
		if w.States[id].At != 0 || w.States[id].meant {
			continue
		}
		w.add(finding.Finding{Code: finding.MissingField, Severity: finding.Error, Node: 0, Start: int(root.Start), End: int(root.Start) + 1,
			Rule: plan.RulePointer(w.V.Schema, "required"), Message: f.Name + " is missing; want " + f.Plan.Want()})
	}
}

// tokenPrompt reports a prompt of token ids where only texts are taken, as one mistake.
func (w *Work) tokenPrompt(f *plan.Field, i uint32) bool {
	nd := &w.T.Nodes[i]
	if nd.Kind != jsontape.Array || nd.N == 0 || len(f.Plan.Forms) > 0 {
		return false
	}
	for c := i + 1; c < nd.Next; c++ {
		if k := w.T.Nodes[c].Kind; k != jsontape.Number && k != jsontape.Array && c != w.cut {
			return false
		}
	}
	w.add(finding.Finding{Code: finding.TokenPrompt, Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
		Rule: plan.RulePointer(f.Plan.Schema, "items"), Message: "got token ids, want texts; token ids are taken by " + schema.TokenPromptProfiles()})
	return true
}

// askV5 asks v5 about the value that stands at i, and reports its most telling error.
func (w *Work) askV5(id int32, p *plan.Plan, i uint32, value any) {
	err := plan.Validate(p.Schema, value)
	if err == nil {
		return
	}
	leaves := plan.LeavesOf(err)
	first := leaves[0]
	at := i
	if first.InstanceLocation != "" {
		if c, ok := w.T.At(w.T.Pointer(i) + first.InstanceLocation); ok {
			at = c
		}
	}
	w.violation(id, p, at, plan.ViolationOf(first))
}

// fault returns the keyword that a value which p does not accept violates, or "" where only v5 can tell.
func (w *Work) fault(p *plan.Plan, i uint32) string {
	nd := &w.T.Nodes[i]
	switch {
	case !p.Decides || len(p.Forms) > 0:
		return ""
	case p.Kinds&plan.KindsOf(&w.T, i) == 0:
		return "type"
	case nd.Kind == jsontape.Number:
		d := jsontape.ReadDecimal([]byte(w.T.Number(i)))
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
	case nd.Kind == jsontape.String && p.MinLength > 0 && w.T.Text(i) == "":
		return "minLength"
	}
	return ""
}

// askV5Whole asks v5 about the canonical request as a whole: a foreign schema's root may tie fields together.
func (w *Work) askV5Whole() {
	err := plan.Validate(w.V.Schema, w.instance())
	if err == nil {
		return
	}
	for _, leaf := range plan.LeavesOf(err) {
		keyword := leaf.KeywordLocation[strings.LastIndexByte(leaf.KeywordLocation, '/')+1:]
		if keyword == "required" && w.syntax {
			continue // it may only not have been read
		}
		at, id := uint32(0), int32(-1)
		if steps := strings.SplitN(leaf.InstanceLocation, "/", 3); len(steps) > 1 {
			if s := w.V.Table.Find([]byte(jsontape.UnescapeStep(steps[1]))); s != nil {
				id, at = s.Field, w.States[s.Field].At
				rest := ""
				if len(steps) == 3 {
					rest = "/" + steps[2]
				}
				if c, ok := w.T.At(w.T.Pointer(at) + rest); ok {
					at = c
				}
			}
		}
		if keyword == "additionalProperties" && at == 0 || w.T.Nodes[at].Kind == jsontape.Bad {
			continue // explainExtra knows each name, and an issue tells already what could not be read
		}
		w.violation(id, plan.NewPlan(w.V.Schema), at, plan.ViolationOf(leaf))
	}
}

// instance builds the canonical request as v5 takes it.
func (w *Work) instance() map[string]any {
	m := make(map[string]any, len(w.V.Fields))
	for id := range w.V.Fields {
		i := w.States[id].At
		switch w.States[id].form {
		case formAbsent, formDropped:
		case formWrapped:
			m[w.V.Fields[id].Name] = []any{w.T.Value(i)}
		default:
			m[w.V.Fields[id].Name] = w.T.Value(i)
		}
	}
	for _, c := range w.Unknown {
		m[w.T.Key(c)] = w.T.Value(c)
	}
	return m
}

// violation turns a violation into a finding in a person's words.
func (w *Work) violation(id int32, p *plan.Plan, i uint32, e plan.Violation) {
	nd := &w.T.Nodes[i]
	f := finding.Finding{Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End), Rule: e.Rule}
	got := "got " + w.describe(i)
	s := p.Schema
	switch e.Keyword {
	case "type":
		f.Code, f.Message = finding.WrongType, got+", want "+p.Want()
		if nd.Kind == jsontape.Number && p.Kinds&plan.IsInteger != 0 {
			f.Code = finding.NotInteger
		}
		f.Fix = w.coercion(p, i)
		if id >= 0 && id == w.V.Id.Logprobs && (nd.Kind == jsontape.True || nd.Kind == jsontape.False) {
			w.logprobsFlag(&f, i)
		}
	case "minimum":
		f.Code, f.Message = finding.OutOfRange, got+wantBound(", want at least ", s.Minimum, e)
	case "maximum":
		f.Code, f.Message = finding.OutOfRange, got+wantBound(", want at most ", s.Maximum, e)
	case "exclusiveMinimum":
		f.Code, f.Message = finding.OutOfRange, got+wantBound(", want more than ", s.ExclusiveMinimum, e)
	case "exclusiveMaximum":
		f.Code, f.Message = finding.OutOfRange, got+wantBound(", want less than ", s.ExclusiveMaximum, e)
	case "minLength":
		f.Code, f.Message = finding.TooShort, got+"; "+e.Message
		if nd.Kind == jsontape.String && w.T.Text(i) == "" {
			f.Message = "got an empty text"
		}
	case "maxLength":
		f.Code, f.Message = finding.TooLong, got+"; "+e.Message
	case "minItems":
		f.Code, f.Message = finding.TooFewItems, got+"; "+e.Message
	case "maxItems":
		f.Code, f.Message = finding.TooManyItems, got+"; "+e.Message
	case "required":
		f.Code, f.Message = finding.MissingField, e.Message
	case "enum":
		f.Code, f.Message = finding.Schema, got+", want one of "+listOf(s.Enum)
	default:
		f.Code, f.Message = finding.Schema, got+"; "+e.Message
	}
	if id >= 0 && f.Code == finding.OutOfRange {
		if note := w.V.Fields[id].Note; note.Range != "" {
			f.Severity, _ = finding.ParseSeverity(note.Range)
			f.Message += "; " + note.Why
		}
	}
	w.add(f)
}

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

// coercion offers the value that was meant where one was written as another type: "0.7", [0.7], 7 for a text.
func (w *Work) coercion(p *plan.Plan, i uint32) *finding.Fix {
	nd := &w.T.Nodes[i]
	replace := func(with string) *finding.Fix {
		t := jsontape.Tape{Nodes: make([]jsontape.Node, 0, 8)}
		if !t.Scan([]byte(with), *w.limits) || !p.Accept(&t, 0) {
			return nil
		}
		return &finding.Fix{Title: "use " + finding.QuoteRaw([]byte(with)), Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: with}}}
	}
	switch nd.Kind {
	case jsontape.String:
		s := strings.TrimSpace(w.T.Text(i))
		if len(s) > 64 {
			return nil
		}
		if b := strings.ToLower(s); b == "true" || b == "false" {
			return replace(b)
		}
		return replace(s)
	case jsontape.Number, jsontape.True, jsontape.False:
		if p.Kinds&plan.IsString != 0 {
			return replace(`"` + string(w.T.AppendJSON(nil, i)) + `"`)
		}
	case jsontape.Array:
		if nd.N == 1 && nd.Next == i+2 {
			return replace(string(w.T.AppendJSON(nil, i+1)))
		}
	}
	return nil
}

// logprobsFlag explains the chat endpoint's boolean.
func (w *Work) logprobsFlag(f *finding.Finding, i uint32) {
	f.Message += "; the chat endpoint takes a boolean here, this one a count"
	nd := &w.T.Nodes[i]
	if nd.Kind == jsontape.False {
		f.Fix = w.removal(i, "remove logprobs, which turns it off")
		return
	}
	f.Fix = &finding.Fix{Title: "use 1", Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: "1"}}}
}
