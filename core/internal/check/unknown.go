package check

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// explainExtra says what is known of a member that is no field: where it belongs, what was meant.
func (x *explainer) explainExtra(c uint32) {
	nd := &x.Nodes[c]
	if nd.Flags&jsontape.Shadowed != 0 || nd.Kind == jsontape.Bad || x.out.Closed() {
		return // a finding tells of it already, or none could
	}
	key := x.Key(c)
	plans, known := x.checker.Others.Of(key)
	if !x.checker.Scoped {
		for _, p := range plans {
			x.explainValue(-1, p, c)
		}
	}
	if known {
		return
	}
	f := finding.Finding{Code: finding.UnknownField, Severity: x.checker.unknown, Node: int32(c), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: "#/additionalProperties"}
	foreign, known := schema.ForeignNames()[key]
	if !known {
		foreign, known = schema.ForeignNames()[plan.SnakeCase(key)]
	}
	if (x.out.Full() && x.checker.unknown < finding.Error || len(plans) > 0) && !foreign.Secret {
		return // only an error could still be told, and a secret in the body is the one that an extra member can be
	}
	switch {
	case known && foreign.From == "sdk":
		x.sdkOption(&f, c, foreign)
	case known:
		x.foreignField(&f, c, foreign)
	case x.checker.unknown == 0:
		return
	default:
		x.unknownField(&f, c, key)
	}
	if f.Severity != 0 {
		x.out.Add(f)
	}
}

// sdkOption reports an option of a client library. Its value is never repeated: it may be a key.
func (x *explainer) sdkOption(f *finding.Finding, c uint32, n schema.ForeignName) {
	f.Code = finding.SDKOption
	f.Message = x.Key(c) + " is an option of a client library, no field of the request"
	if n.Secret {
		f.Severity = finding.Error
		f.Message = x.Key(c) + " holds a secret, which does not belong in a request body"
	}
	if n.Name == "extra_body" {
		f.Fix = x.lifting(c)
	} else {
		f.Fix = x.withoutValue(x.removalOf(c, ""), c)
	}
}

func (x *explainer) foreignField(f *finding.Finding, c uint32, n schema.ForeignName) {
	f.Code = finding.ForeignField
	f.Message = x.Key(c) + " belongs to " + map[string]string{
		"chat": "the chat endpoint", "responses": "the responses endpoint", "native": "another server's own endpoint",
	}[n.From]
	if n.Note != "" {
		f.Message += "; " + n.Note
	}
	if n.Name == "messages" && x.absent("prompt") {
		f.Fix = x.promptFromMessages(c)
		x.takeFor(f, "prompt")
		return
	}
	if n.Means != "" && x.absent(n.Means) && x.fits(n.Means, c) {
		f.Fix = x.renamingTo(c, n.Means)
		x.takeFor(f, n.Means)
	}
}

func (x *explainer) unknownField(f *finding.Finding, c uint32, key string) {
	f.Message = "nothing is called " + finding.Quote(key) + " here"
	servers, known := schema.ServersWith()[key]
	if !known {
		servers, known = schema.ServersWith()[plan.SnakeCase(key)]
	}
	if known {
		f.Message = key + " is a field of " + strings.Join(servers, ", ")
		if title := x.checker.Profile.Title; title != "" {
			if kind, any := strings.CutPrefix(title, "Any "); any {
				title = "every " + kind
			}
			f.Message += ", not of " + title
		}
		return
	}
	names := plan.Nearest(key, x.checker.spelt)
	switch {
	case len(names) == 0:
		if x.checker.unknown == finding.Warning {
			f.Message += "; the server ignores it"
		}
	case len(names) > 1:
		f.Message += "; it resembles " + strings.Join(names, ", ")
	case !x.absent(names[0]):
		f.Message += "; " + names[0] + ", which it resembles, is there already"
	default:
		if f.Fix = x.renamingTo(c, names[0]); f.Fix == nil {
			f.Message += "; it resembles " + names[0]
		}
		x.takeFor(f, names[0])
	}
}

// takeFor notes which field a wrong name stands for, so that the field is not reported missing on top. A required one
// makes the wrong name the error.
func (x *explainer) takeFor(f *finding.Finding, name string) {
	s := x.checker.Table.Find([]byte(name))
	x.States[s.Field].meant = true
	x.Top = max(x.Top, int(s.Field)+1)
	if x.checker.Fields[s.Field].Required {
		f.Severity = finding.Error
		f.Message += "; " + name + " is required"
	}
}

// absent reports whether a wire field stands in the text neither under its own name nor under a wrong one.
func (x *explainer) absent(name string) bool {
	s := x.checker.Table.Find([]byte(name))
	return s != nil && x.States[s.Field].At == 0 && !x.States[s.Field].meant
}

// fits reports whether the value at c would do for a wire field, if need be in another type.
func (x *explainer) fits(name string, c uint32) bool {
	s := x.checker.Table.Find([]byte(name))
	if s == nil {
		return false
	}
	f := &x.checker.Fields[s.Field]
	if f.Plan.Accept(&x.Tape, c) || f.Wraps && x.Nodes[c].Kind == jsontape.String {
		return true
	}
	_, ok := x.coerced(f.Plan, c)
	return ok
}

// promptFromMessages turns a chat of one user message into the prompt it stands for.
func (x *explainer) promptFromMessages(c uint32) *finding.Fix {
	nd := &x.Nodes[c]
	if x.fixless || nd.Kind != jsontape.Array || nd.N != 1 || nd.Flags&jsontape.Repeated != 0 || x.Nodes[c+1].Kind != jsontape.Object {
		return nil
	}
	role, ok := x.Member(c+1, "role")
	content, ok2 := x.Member(c+1, "content")
	if !ok || !ok2 || x.Text(role) != "user" || x.Nodes[content].Kind != jsontape.String {
		return nil
	}
	text := append(x.AppendJSON([]byte{'['}, content), ']')
	if !x.helps(attempt{at: c, name: "prompt", value: text}) {
		return nil
	}
	var others []string
	for m := c + 2; m < nd.Next; m = x.Nodes[m].Next {
		if m != content {
			others = append(others, string(x.Src[x.Nodes[m].KeyStart:x.Nodes[m].End]))
		}
	}
	gone := strings.Join(others, ", ")
	return &finding.Fix{Title: "make the message the prompt; " + finding.Removing(gone), Removes: finding.Removed(gone), Edits: []finding.Edit{
		{Start: int(nd.KeyStart), End: int(nd.KeyEnd), Text: x.keyLike(c, "prompt")}, {Start: int(nd.Start), End: int(nd.End), Text: string(text)},
	}}
}
