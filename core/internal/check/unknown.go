package check

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// explainExtra says what is known of a member that is no field: where it belongs, what was meant.
func (w *Work) explainExtra(c uint32) {
	nd := &w.T.Nodes[c]
	if nd.Flags&jsontape.Shadowed != 0 || nd.Kind == jsontape.Bad || w.full() && w.Failed {
		return // a finding tells of it already, or none could
	}
	key := w.T.Key(c)
	f := finding.Finding{Code: finding.UnknownField, Severity: w.V.unknown, Node: int32(c), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: "#/additionalProperties"}
	foreign, known := schema.ForeignNames()[key]
	if !known {
		foreign, known = schema.ForeignNames()[plan.SnakeCase(key)]
	}
	if w.full() && w.V.unknown < finding.Error && !foreign.Secret {
		return // only an error could still be told, and a secret in the body is the one that an extra member can be
	}
	switch {
	case known && foreign.From == "sdk":
		w.sdkOption(&f, c, foreign)
	case known:
		w.foreignField(&f, c, foreign)
	case w.V.unknown == 0:
		return
	default:
		w.unknownField(&f, c, key)
	}
	if f.Severity != 0 {
		w.add(f)
	}
}

// sdkOption reports an option of a client library. Its value is never repeated: it may be a key.
func (w *Work) sdkOption(f *finding.Finding, c uint32, n schema.ForeignName) {
	f.Code = finding.SDKOption
	f.Message = w.T.Key(c) + " is an option of a client library, no field of the request"
	if n.Secret {
		f.Severity = finding.Error
		f.Message = w.T.Key(c) + " holds a secret, which does not belong in a request body"
	}
	f.Fix = w.removal(c, "remove "+w.T.Key(c))
}

func (w *Work) foreignField(f *finding.Finding, c uint32, n schema.ForeignName) {
	f.Code = finding.ForeignField
	f.Message = w.T.Key(c) + " belongs to " + map[string]string{
		"chat": "the chat endpoint", "responses": "the responses endpoint", "native": "another server's own endpoint",
	}[n.From]
	if n.Note != "" {
		f.Message += "; " + n.Note
	}
	if n.Name == "messages" && w.absent("prompt") {
		f.Fix = w.promptFromMessages(c)
		w.takeFor(f, "prompt")
		return
	}
	if n.Means != "" && w.absent(n.Means) && w.fits(n.Means, c) {
		f.Fix = w.renaming(c, n.Means)
		w.takeFor(f, n.Means)
	}
}

func (w *Work) unknownField(f *finding.Finding, c uint32, key string) {
	f.Message = "nothing is called " + finding.Quote(key) + " here"
	servers, known := schema.ServersWith()[key]
	if !known {
		servers, known = schema.ServersWith()[plan.SnakeCase(key)]
	}
	if known {
		f.Message = key + " is a field of " + strings.Join(servers, ", ")
		if title := w.V.Profile.Title; title != "" {
			f.Message += ", not of " + title
		}
		return
	}
	name := plan.Nearest(key, w.V.spelt)
	switch {
	case name == "":
		if w.V.unknown == finding.Warning {
			f.Message += "; the server ignores it"
		}
	case !w.absent(name):
		f.Message += "; " + name + ", which it resembles, is there already"
	default:
		f.Fix = w.renaming(c, name)
		w.takeFor(f, name)
	}
}

// takeFor notes which field a wrong name stands for, so that the field is not reported missing on top. A required one
// makes the wrong name the error.
func (w *Work) takeFor(f *finding.Finding, name string) {
	s := w.V.Table.Find([]byte(name))
	w.States[s.Field].meant = true
	w.Top = max(w.Top, int(s.Field)+1)
	if w.V.Fields[s.Field].Required {
		f.Severity = finding.Error
		f.Message += "; " + name + " is required"
	}
}

// absent reports whether a wire field stands in the text neither under its own name nor under a wrong one.
func (w *Work) absent(name string) bool {
	s := w.V.Table.Find([]byte(name))
	return s != nil && w.States[s.Field].At == 0 && !w.States[s.Field].meant
}

// fits reports whether the value at c would do for a wire field.
func (w *Work) fits(name string, c uint32) bool {
	s := w.V.Table.Find([]byte(name))
	if s == nil {
		return false
	}
	f := &w.V.Fields[s.Field]
	return f.Plan.Accept(&w.T, c) || f.Wraps && w.T.Nodes[c].Kind == jsontape.String
}

// promptFromMessages turns a chat of one user message into the prompt it stands for.
func (w *Work) promptFromMessages(c uint32) *finding.Fix {
	nd := &w.T.Nodes[c]
	if nd.Kind != jsontape.Array || nd.N != 1 || nd.Flags&jsontape.Repeated != 0 || w.T.Nodes[c+1].Kind != jsontape.Object {
		return nil
	}
	role, ok := w.T.Member(c+1, "role")
	content, ok2 := w.T.Member(c+1, "content")
	if !ok || !ok2 || w.T.Text(role) != "user" || w.T.Nodes[content].Kind != jsontape.String {
		return nil
	}
	text := string(w.T.AppendJSON([]byte{'['}, content)) + "]"
	return &finding.Fix{Title: "make the message the prompt", Edits: []finding.Edit{
		{Start: int(nd.KeyStart), End: int(nd.KeyEnd), Text: w.keyLike(c, "prompt")}, {Start: int(nd.Start), End: int(nd.End), Text: text},
	}}
}

// renaming writes another name in the place and the style of c's key, unless an earlier one of the same name would come
// to count then.
func (w *Work) renaming(c uint32, name string) *finding.Fix {
	nd := &w.T.Nodes[c]
	if nd.Flags&jsontape.Repeated != 0 {
		return nil
	}
	return &finding.Fix{Title: "rename to " + name,
		Edits: []finding.Edit{{Start: int(nd.KeyStart), End: int(nd.KeyEnd), Text: w.keyLike(c, name)}}}
}

// keyLike spells a wire name as c's key is spelt: quoted or not, camelCase where the text's other names are.
func (w *Work) keyLike(c uint32, name string) string {
	return edit.KeyLike(w.V.Request, &w.T, c, name)
}

// removal takes the member c out of its object, unless an earlier one of the same name would come to count then: that
// one has to go first.
func (w *Work) removal(c uint32, title string) *finding.Fix {
	if w.T.Nodes[c].Flags&jsontape.Repeated != 0 {
		return nil
	}
	return edit.CutMember(&w.T, w.T.Parent(c), c, title)
}
