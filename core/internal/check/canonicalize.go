package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// editorsKey is the member by which editors that know JSON Schema find the schema of a document. It is no field, unless
// the schema says so.
const editorsKey = "$schema"

// canonicalizer is the step from a reading to the fields.
type canonicalizer struct {
	*Fields
	out  *finding.List
	seen jsontape.KeySet
	room []byte // of a key
}

// run finds the value of each field and how it gets into the body, and sets aside what is not surely right:
// values in doubt, members that are no field.
func (z *canonicalizer) run() {
	t, v := &z.Tape, z.checker
	root := t.Nodes[0]
	for c := uint32(1); c < root.Next; c = t.Nodes[c].Next {
		if t.Nodes[c].Next > c+1 {
			z.duplicatesWithin(c)
		}
		sp := v.Table.Find(z.KeyIn(&z.room, c))
		if sp == nil {
			if z.KeyIs(c, editorsKey) && !z.checker.Others.Has(editorsKey) {
				z.changed("omitted", -1, c, editorsKey+" is left out: it tells editors which schema to check against, not the server")
				continue
			}
			if len(z.Unknown) == cap(z.Unknown) {
				z.Unknown = jsontape.Grow(z.Unknown)
			}
			z.Unknown = append(z.Unknown, c)
			continue
		}
		if earlier := z.States[sp.Field].At; earlier != 0 {
			z.sameField(earlier, c, sp)
		}
		z.States[sp.Field].At, z.States[sp.Field].camel = c, sp.Camel
		z.Top = max(z.Top, int(sp.Field)+1)
		z.present |= v.Fields[sp.Field].Bit
	}
	z.duplicateExtras()
	for id := range z.States[:z.Top] {
		if g := &z.States[id]; g.At != 0 {
			z.canonicalizeField(int32(id), g)
		}
	}
}

func (z *canonicalizer) canonicalizeField(id int32, g *State) {
	f := &z.checker.Fields[id]
	i := g.At
	nd := &z.Nodes[i]
	g.form = formAsTyped
	if g.camel {
		z.respelt(f, id, i)
	}
	switch {
	case nd.Kind == jsontape.Bad:
		return
	case nd.Kind == jsontape.Null && !f.Nullable && !f.Required:
		z.drop(f, id, i, formDropped, "dropped-null", "null says the same as leaving it out")
		return
	case nd.Kind == jsontape.String && f.Wraps:
		z.wrap(f, id, i)
		return
	case nd.Kind == jsontape.Array && nd.N == 0 && f.List && !f.Required && f.Plan.MinItems <= 0 && !z.checker.Tied:
		z.drop(f, id, i, formDropped, "omitted", "an empty list says the same as leaving it out")
		return
	case (f.Note.Use == "refused" || f.Note.Omit) && z.saysDefault(f, i):
		z.drop(f, id, i, formOmitted, "omitted", "it says the default, and the server refuses the field itself")
		return
	}
	switch nd.Kind {
	case jsontape.Number:
		z.canonicalizeNumber(f, id, g)
		return
	case jsontape.Object:
		if f.Plan.Camel && plan.AnyCamel(&z.Tape, i, f.Plan) {
			g.form = formRenamed
			z.renameWithin(f, id, i)
		}
	case jsontape.Array:
		z.plainIntegers(f, id, g)
		if f.List && z.checker.Profile.PromptAs == "string" && id == z.checker.prompt && nd.N == 1 && z.Nodes[i+1].Kind == jsontape.String {
			g.form = formUnwrapped
			z.changed("unwrapped", id, i, "a list of one is sent as a plain string, the only form this server takes")
		}
	}
	if g.fine = f.Plan.Accept(&z.Tape, i); !g.fine {
		z.undecided = append(z.undecided, id)
	}
}

// canonicalizeNumber reads a number once for all who ask for it later.
func (z *canonicalizer) canonicalizeNumber(f *plan.Field, id int32, g *State) {
	raw := z.Raw(g.At)
	if z.Nodes[g.At].Flags&jsontape.Loose == 0 {
		g.n = jsontape.ReadNumeral(raw)
	}
	if f.Integer && (g.n.Kind != jsontape.Integer || raw[0] == '-') && !isPlainInteger(raw) {
		if n, ok := jsontape.IntegerToken(z.Number(g.At)); ok && len(n) <= z.Limits.Digits && n != string(raw) {
			g.form = formInteger
			z.changed("integer", id, g.At, finding.QuoteRaw(raw)+" is sent as "+finding.QuoteRaw([]byte(n)))
		}
	}
	if g.fine = z.accepts(f.Plan, g); !g.fine {
		z.undecided = append(z.undecided, id)
	}
}

// isPlainInteger reports whether a number token is digits alone, as integers are sent.
func isPlainInteger(token []byte) bool {
	for k, c := range token {
		if c-'0' > 9 && !(k == 0 && c == '-') {
			return false
		}
	}
	return len(token) == 1 || token[0] != '-' || token[1] != '0'
}

// respelt notes a name that is not written as on the wire. An escaped or unquoted key that means the same is no change.
func (z *canonicalizer) respelt(f *plan.Field, id int32, i uint32) {
	nd := &z.Nodes[i]
	z.Changes = append(z.Changes, Change{Kind: "renamed", Field: id, Node: int32(i),
		Start: int(nd.KeyStart), End: int(nd.KeyEnd), Message: z.Key(i) + " is sent as " + f.Name})
}

// renameWithin notes the members of an object field that are spelt as in the SDK.
func (z *canonicalizer) renameWithin(f *plan.Field, id int32, i uint32) {
	for c := i + 1; c < z.Nodes[i].Next; c = z.Nodes[c].Next {
		key := z.Key(c)
		name := f.Plan.WireName(key)
		if name == key || !z.Counts(c) {
			continue
		}
		nd := &z.Nodes[c]
		if other, both := z.Member(i, name); both {
			z.out.Add(finding.Finding{Code: finding.BothSpellings, Severity: finding.Error, Node: int32(c), Rule: "names/one-spelling",
				Start: int(nd.KeyStart), End: int(nd.KeyEnd),
				Message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", key, z.Key(other), name),
				Fix:     z.removal(c, ", keep "+name)})
			continue
		}
		z.Changes = append(z.Changes, Change{Kind: "renamed", Field: id, Node: int32(c),
			Start: int(nd.KeyStart), End: int(nd.KeyEnd), Message: key + " is sent as " + name})
	}
}

func (z *canonicalizer) wrap(f *plan.Field, id int32, i uint32) {
	z.States[id].form = formWrapped
	if z.checker.Profile.PromptAs == "string" && id == z.checker.prompt {
		z.States[id].form = formAsTyped
	} else {
		z.changed("wrapped", id, i, "a lone text is sent as a list of one")
	}
	if !f.Plan.AcceptsAlone(&z.Tape, i) {
		z.undecided = append(z.undecided, id)
	}
}

func (z *canonicalizer) drop(f *plan.Field, id int32, i uint32, how form, kind, why string) {
	z.States[id].form = how
	z.present &^= f.Bit // it is not sent
	z.changed(kind, id, i, f.Name+" is left out: "+why)
}
