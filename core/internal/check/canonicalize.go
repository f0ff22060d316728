package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// form is how a field's value gets from the text into the body.
type form uint8

const (
	formAbsent    form = iota // not in the text
	formAsTyped               // as it stands
	formDropped               // left out: null, or an empty list
	formWrapped               // a lone item, sent as a list of one
	formUnwrapped             // a list of one, sent as the item
	formInteger               // a whole number with a fraction or exponent, sent as plain digits
	formRenamed               // an object with SDK spellings within, sent with wire names
	formOmitted               // left out: it says the default, and the server refuses the mere presence
)

// Change is a Change in bytes and indexes.
type Change struct {
	Kind       string
	Field      int32 // -1: none
	Node       int32
	Start, End int
	Message    string
}

// canonicalize finds the value of each field and how it gets into the body, and sets aside what is not surely right:
// values in doubt, members that are no field.
func (w *Work) canonicalize() {
	t, v := &w.T, w.V
	root := t.Nodes[0]
	for c := uint32(1); c < root.Next; c = t.Nodes[c].Next {
		if t.Nodes[c].Next > c+1 {
			w.duplicatesWithin(c)
		}
		sp := v.Table.Find(w.T.KeyBytes(c))
		if sp == nil {
			w.Unknown = append(w.Unknown, c)
			continue
		}
		if earlier := w.States[sp.Field].At; earlier != 0 {
			w.sameField(earlier, c, sp)
		}
		w.States[sp.Field].At, w.States[sp.Field].camel = c, sp.Camel
		w.Top = max(w.Top, int(sp.Field)+1)
		w.present |= v.Fields[sp.Field].Bit
	}
	w.duplicateExtras()
	for id := range w.States[:w.Top] {
		if g := &w.States[id]; g.At != 0 {
			w.canonicalizeField(int32(id), g)
		}
	}
}

func (w *Work) canonicalizeField(id int32, g *FieldState) {
	f := &w.V.Fields[id]
	i := g.At
	nd := &w.T.Nodes[i]
	g.form = formAsTyped
	if g.camel {
		w.respelt(f, id, i)
	}
	switch {
	case nd.Kind == jsontape.Bad:
		return
	case nd.Kind == jsontape.Null && !f.Nullable && !f.Required:
		w.drop(f, id, i, formDropped, "dropped-null", "null says the same as leaving it out")
		return
	case nd.Kind == jsontape.String && f.Wraps:
		w.wrap(f, id, i)
		return
	case nd.Kind == jsontape.Array && nd.N == 0 && f.List && !f.Required && f.Plan.MinItems <= 0:
		w.drop(f, id, i, formDropped, "omitted", "an empty list says the same as leaving it out")
		return
	case f.Note.Use == "refused" && w.saysDefault(f, i):
		w.drop(f, id, i, formOmitted, "omitted", "it says the default, and the server refuses the field itself")
		return
	}
	switch nd.Kind {
	case jsontape.Number:
		w.canonicalizeNumber(f, id, g)
		return
	case jsontape.Object:
		if f.Plan.Camel && plan.AnyCamel(&w.T, i, f.Plan) {
			g.form = formRenamed
			w.renameWithin(f, id, i)
		}
	case jsontape.Array:
		if f.List && w.V.Profile.PromptAs == "string" && id == w.V.Id.Prompt && nd.N == 1 && w.T.Nodes[i+1].Kind == jsontape.String {
			g.form = formUnwrapped
			w.changed("unwrapped", id, i, "a list of one is sent as a plain string, the only form this server takes")
		}
	}
	if g.fine = f.Plan.Accept(&w.T, i); !g.fine {
		w.undecided = append(w.undecided, id)
	}
}

// canonicalizeNumber reads a number once for all who ask for it later.
func (w *Work) canonicalizeNumber(f *plan.Field, id int32, g *FieldState) {
	raw := w.T.Raw(g.At)
	if w.T.Nodes[g.At].Flags&jsontape.Loose == 0 {
		g.n = jsontape.ReadNumeral(raw)
	}
	if f.Integer && (g.n.Kind != jsontape.Integer || raw[0] == '-') && !isPlainInteger(raw) {
		if n, ok := jsontape.IntegerToken(w.T.Number(g.At)); ok && len(n) <= w.limits.Digits && n != string(raw) {
			g.form = formInteger
			w.changed("integer", id, g.At, finding.QuoteRaw(raw)+" is sent as "+finding.QuoteRaw([]byte(n)))
		}
	}
	if g.fine = w.accepts(f.Plan, g); !g.fine {
		w.undecided = append(w.undecided, id)
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

// accepts is p.accept of a field's value, which need not be read again if it is a number.
func (w *Work) accepts(p *plan.Plan, g *FieldState) bool {
	if p.Decides && g.n.Kind != jsontape.Unread {
		return p.AcceptNumeral(g.n, w.T.Raw(g.At))
	}
	return p.Accept(&w.T, g.At)
}

// saysDefault reports whether a field says what leaving it out means.
func (w *Work) saysDefault(f *plan.Field, i uint32) bool {
	if f.Def == "" {
		return false
	}
	if w.T.Nodes[i].Kind == jsontape.Number && f.Integer {
		n, whole := jsontape.IntegerToken(w.T.Number(i))
		return whole && n == f.Def
	}
	return string(w.T.Raw(i)) == f.Def
}

// respelt notes a name that is not written as on the wire. An escaped or unquoted key that means the same is no change.
func (w *Work) respelt(f *plan.Field, id int32, i uint32) {
	nd := &w.T.Nodes[i]
	w.Changes = append(w.Changes, Change{Kind: "renamed", Field: id, Node: int32(i),
		Start: int(nd.KeyStart), End: int(nd.KeyEnd), Message: w.T.Key(i) + " is sent as " + f.Name})
}

// renameWithin notes the members of an object field that are spelt as in the SDK.
func (w *Work) renameWithin(f *plan.Field, id int32, i uint32) {
	for c := i + 1; c < w.T.Nodes[i].Next; c = w.T.Nodes[c].Next {
		key := w.T.Key(c)
		name := f.Plan.WireName(key)
		if name == key || !w.Counts(c) {
			continue
		}
		nd := &w.T.Nodes[c]
		if other, both := w.T.Member(i, name); both {
			w.add(finding.Finding{Code: finding.BothSpellings, Severity: finding.Error, Node: int32(c), Rule: "names/one-spelling",
				Start: int(nd.KeyStart), End: int(nd.KeyEnd),
				Message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", key, w.T.Key(other), name),
				Fix:     w.removal(c, "remove "+key+", keep "+name)})
			continue
		}
		w.Changes = append(w.Changes, Change{Kind: "renamed", Field: id, Node: int32(c),
			Start: int(nd.KeyStart), End: int(nd.KeyEnd), Message: key + " is sent as " + name})
	}
}

func (w *Work) wrap(f *plan.Field, id int32, i uint32) {
	w.States[id].form = formWrapped
	if w.V.Profile.PromptAs == "string" && id == w.V.Id.Prompt {
		w.States[id].form = formAsTyped
	} else {
		w.changed("wrapped", id, i, "a lone text is sent as a list of one")
	}
	p := f.Plan
	if len(p.Forms) > 0 {
		p = p.ListForm(plan.IsString)
	}
	if p.Unsure || p.MinItems > 1 || p.MaxItems == 0 || p.Items != nil && !p.Items.Accept(&w.T, i) {
		w.undecided = append(w.undecided, id)
	}
}

func (w *Work) drop(f *plan.Field, id int32, i uint32, how form, kind, why string) {
	w.States[id].form = how
	w.present &^= f.Bit // it is not sent
	w.changed(kind, id, i, f.Name+" is left out: "+why)
}

func (w *Work) changed(kind string, id int32, i uint32, message string) {
	nd := &w.T.Nodes[i]
	w.Changes = append(w.Changes, Change{Kind: kind, Field: id, Node: int32(i),
		Start: int(nd.Start), End: int(nd.End), Message: message})
}

// sameField reports a field that was there already: the same key again, or its other spelling.
func (w *Work) sameField(earlier, later uint32, sp *plan.Spelling) {
	f := &w.V.Fields[sp.Field]
	w.T.Nodes[later].Flags |= jsontape.Repeated
	if w.T.Key(earlier) == w.T.Key(later) {
		w.duplicate(0, earlier)
		return
	}
	nd := &w.T.Nodes[earlier]
	w.add(finding.Finding{Code: finding.BothSpellings, Severity: finding.Error, Node: int32(earlier), Rule: "names/one-spelling",
		Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", w.T.Key(earlier), w.T.Key(later), f.Name),
		Fix:     w.removal(earlier, "remove "+w.T.Key(earlier)+", keep "+w.T.Key(later))})
}

func (w *Work) duplicate(parent, earlier uint32) {
	nd := &w.T.Nodes[earlier]
	nd.Flags |= jsontape.Shadowed
	w.add(finding.Finding{Code: finding.DuplicateKey, Severity: finding.Warning, Node: int32(earlier), Rule: "names/once",
		Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Message: finding.Quote(w.T.Key(earlier)) + " stands again further on, and the last one counts",
		Fix:     edit.CutMember(&w.T, parent, earlier, "remove this one, keep the last")})
}

// duplicateExtras reports members of the request that are no fields and stand there twice.
func (w *Work) duplicateExtras() {
	if len(w.Unknown) < 2 {
		return
	}
	w.seen.Reset(len(w.Unknown))
	for _, c := range w.Unknown {
		w.once(0, c)
	}
}

// duplicatesWithin reports keys that an object repeats, be it the value at i or one within.
func (w *Work) duplicatesWithin(i uint32) {
	nodes := w.T.Nodes
	for end := nodes[i].Next; i < end; i++ {
		nd := &nodes[i]
		if nd.Kind != jsontape.Object || nd.N < 2 || nd.N <= jsontape.Few && w.T.AllDiffer(i) {
			continue
		}
		w.seen.Reset(int(nd.N))
		for c := i + 1; c < nd.Next; c = nodes[c].Next {
			w.once(i, c)
		}
	}
}

func (w *Work) once(parent, c uint32) {
	if earlier, again := w.seen.Put(&w.T, c, w.T.KeyBytes(c)); again {
		w.T.Nodes[c].Flags |= jsontape.Repeated
		w.duplicate(parent, earlier)
	}
}
