package check

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
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

// violation turns a violation into a finding in a person's words.
func (x *explainer) violation(id int32, p *plan.Plan, i uint32, e plan.Violation) {
	nd := &x.Nodes[i]
	f := finding.Finding{Severity: finding.Error, Node: int32(i), Start: int(nd.Start), End: int(nd.End), Rule: e.Rule}
	got := "got " + x.describe(i)
	s := p.Schema
	switch e.Keyword {
	case "type":
		f.Code, f.Message = finding.WrongType, got+", want "+p.Want()
		if nd.Kind == jsontape.Number && p.Kinds&plan.IsInteger != 0 {
			f.Code = finding.NotInteger
		}
		f.Fix = x.coercion(id, p, i)
		if nd.Kind == jsontape.String && nd.Flags&jsontape.Loose != 0 && x.bareWord(&f, p, i) {
			return
		}
		if id >= 0 && id == x.checker.logprobs && (nd.Kind == jsontape.True || nd.Kind == jsontape.False) {
			x.logprobsFlag(&f, i)
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
		if nd.Kind == jsontape.String && x.Text(i) == "" {
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
	if id >= 0 && f.Code == finding.OutOfRange && i == x.States[id].At {
		if x.saysDefault(&x.checker.Fields[id], i) {
			f.Fix = x.removalOf(i, ", which means the same")
		}
	}
	if id >= 0 && f.Code == finding.OutOfRange {
		if note := x.checker.Fields[id].Note; note.Range != "" {
			f.Severity, _ = finding.ParseSeverity(note.Range)
			f.Message += "; " + note.Why
		}
	}
	x.out.Add(f)
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
