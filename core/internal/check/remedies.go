package check

import (
	"bytes"
	"math/big"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// renaming writes another name in the place and the style of c's key, unless an earlier one of the same name would come
// to count then.
func (fs *Fields) renaming(c uint32, name string) *finding.Fix {
	nd := &fs.Nodes[c]
	if fs.fixless || nd.Flags&jsontape.Repeated != 0 {
		return nil
	}
	return &finding.Fix{Title: "rename to " + name,
		Edits: []finding.Edit{{Start: int(nd.KeyStart), End: int(nd.KeyEnd), Text: fs.keyLike(c, name)}}}
}

// renamingTo gives member c of the request the name of a field, and its value the type that the field has, where that
// leaves the request no worse than it is.
func (fs *Fields) renamingTo(c uint32, name string) *finding.Fix {
	fix := fs.renaming(c, name)
	if fix == nil || fs.helps(attempt{at: c, name: name}) {
		return fix
	}
	p := fs.checker.Fields[fs.checker.Table.Find([]byte(name)).Field].Plan
	value, ok := fs.coerced(p, c)
	if !ok || !fs.helps(attempt{at: c, name: name, value: value}) {
		return nil
	}
	other := fs.replacing(c, string(value))
	return &finding.Fix{Title: fix.Title + " and " + other.Title, Edits: append(fix.Edits, other.Edits...), Removes: other.Removes}
}

// keyLike spells a wire name as c's key is spelt: quoted or not, camelCase where the text's other names are.
func (fs *Fields) keyLike(c uint32, name string) string {
	return edit.KeyLike(fs.checker.Request, &fs.Tape, c, name)
}

// removal takes the member c out of its object, unless an earlier one of the same name would come to count then: that
// one has to go first. then goes on with the title.
func (fs *Fields) removal(c uint32, then string) *finding.Fix {
	if fs.fixless || fs.Nodes[c].Flags&jsontape.Repeated != 0 {
		return nil
	}
	return fs.cutting(fs.Parent(c), c, then)
}

// removalOf is removal of a member of the request, where that leaves the request no worse than it is.
func (fs *Fields) removalOf(c uint32, then string) *finding.Fix {
	if fs.fixless || !fs.helps(attempt{at: c}) {
		return nil
	}
	return fs.removal(c, then)
}

// cutting takes member c out of its object and says what goes.
func (fs *Fields) cutting(parent, c uint32, then string) *finding.Fix {
	if fs.fixless {
		return nil
	}
	edits := edit.CutMember(&fs.Tape, parent, c)
	if edits == nil {
		return nil
	}
	var gone []string
	for _, e := range edits {
		if words := bytes.Trim(fs.Src[e.Start:e.End], ", \t\r\n"); len(words) > 0 {
			gone = append(gone, string(words))
		}
	}
	fix := &finding.Fix{Edits: edits, Removes: finding.Removed(strings.Join(gone, " "))}
	if _, short := finding.CutTo(fix.Removes, finding.MostQuoted); short {
		fix.Title = "remove " + fix.Removes + then
	} else {
		name := "it"
		if fs.Nodes[c].KeyEnd != 0 {
			name = finding.QuoteRaw([]byte(fs.Key(c)))
		}
		fix.Title = "remove " + name + then + "; " + finding.Removing(strings.Join(gone, " "))
	}
	return fix
}

// movedTo makes member c of the request a member of another field, "/field/member", which must not be there.
func (fs *Fields) movedTo(c uint32, pointer string) *finding.Fix {
	name, member, _ := strings.Cut(pointer[1:], "/")
	s := fs.checker.Table.Find([]byte(name))
	if fs.fixless || s == nil || fs.States[s.Field].At != 0 || fs.States[s.Field].meant {
		return nil
	}
	head := append(jsontape.AppendQuoted([]byte{'{'}, member), ": "...)
	value := append(fs.AppendJSON(slices.Clone(head), c), '}')
	if fs.fixless || !fs.helps(attempt{at: c, name: name, value: value}) {
		return nil
	}
	fix := fs.renaming(c, name)
	if fix == nil {
		return nil
	}
	fs.States[s.Field].meant = true // for one such fix at a time
	fs.Top = max(fs.Top, int(s.Field)+1)
	nd := &fs.Nodes[c]
	fix.Title = "write it as " + name + " with " + member
	fix.Edits = append(fix.Edits, finding.Edit{Start: int(nd.Start), End: int(nd.Start), Text: string(head)}, finding.Edit{Start: int(nd.End), End: int(nd.End), Text: "}"})
	return fix
}

// lifting puts the members of object c in its place, where nothing but they stands in it and none is there already or
// wrong by itself.
func (fs *Fields) lifting(c uint32) *finding.Fix {
	nd := &fs.Nodes[c]
	if fs.fixless || nd.Kind != jsontape.Object || nd.N == 0 || nd.Flags&jsontape.Repeated != 0 {
		return nil
	}
	first, last := c+1, fs.LastChild(c)
	from, to := int(fs.Nodes[first].KeyStart), int(fs.Nodes[last].End)
	if len(bytes.TrimSpace(fs.Src[nd.Start+1:from])) > 0 || len(bytes.Trim(fs.Src[to:nd.End], ",} \t\r\n")) > 0 {
		return nil
	}
	for m := first; m < nd.Next; m = fs.Nodes[m].Next {
		name := fs.Key(m)
		if _, there := fs.Member(0, name); there || !fs.helps(attempt{at: c, name: name, value: fs.AppendJSON(nil, m)}) {
			return nil
		}
	}
	return &finding.Fix{Title: "take its members out of " + finding.QuoteRaw([]byte(fs.Key(c))),
		Edits: []finding.Edit{{Start: int(nd.KeyStart), End: from}, {Start: to, End: int(nd.End)}}}
}

// withoutValue makes a removal that does not repeat the member's value, which may be a secret.
func (fs *Fields) withoutValue(fix *finding.Fix, c uint32) *finding.Fix {
	if fix != nil {
		key := finding.QuoteRaw([]byte(fs.Key(c)))
		fix.Title, fix.Removes = "remove "+key, key+" and its value"
	}
	return fix
}

// dropInventedNulls drops fixes that give a key without a value a null, unless it is that of a field for which null means
// the same as leaving it out: elsewhere it would only be another mistake.
func (w *Work) dropInventedNulls() {
	if !w.Syntax {
		return
	}
	for k := range w.Findings.All {
		f := &w.Findings.All[k]
		if f.Fix == nil || f.Code != finding.MissingValue && f.Code != finding.UnclosedString && f.Code != finding.UnclosedBracket || !slices.ContainsFunc(f.Fix.Edits, func(e finding.Edit) bool {
			return strings.HasPrefix(strings.Trim(e.Text, `"': `), "null")
		}) {
			continue
		}
		object := uint32(max(0, f.Node)) // a key with a colon has a node of its own
		if int(w.Nodes[object].KeyStart) == f.Start && w.Nodes[object].KeyEnd != 0 {
			object = w.Parent(object)
		}
		key := bytes.Trim(w.Src[f.Start:max(f.Start, f.End)], "\"': \t\r\n")
		if s := w.checker.Table.Find(key); object != 0 || s == nil || w.checker.Fields[s.Field].Required {
			f.Fix = nil
		}
	}
}

// replacing writes another value in the place of the one at i. It keeps what was there if that says the same in another
// type or another wrapping.
func (fs *Fields) replacing(i uint32, value string) *finding.Fix {
	nd := &fs.Nodes[i]
	fix := &finding.Fix{Title: "use " + finding.QuoteRaw([]byte(value)), Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: value}}}
	if old := fs.Raw(i); nd.Kind != jsontape.Null && !sameWords(old, value) {
		fix.Title += " instead of " + finding.QuoteRaw(old)
		fix.Removes = finding.Removed(string(old))
	}
	return fix
}

// farthestBound is the largest bound that a person may be offered instead of what was typed. Those beyond it are bounds of
// the machine.
const farthestBound = 1_000_000

// bounding writes the bound that the number at i is beyond, for e, where that is a value of p and leaves the request no worse.
func (fs *Fields) bounding(id int32, p *plan.Plan, i uint32, e plan.Violation) *finding.Fix {
	s := e.Schema
	if s == nil {
		s = p.Schema
	}
	var bound *big.Rat
	switch {
	case fs.fixless || s == nil || fs.Nodes[i].Kind != jsontape.Number:
	case e.Keyword == "maximum":
		bound = s.Maximum
	case e.Keyword == "minimum":
		bound = s.Minimum
	}
	if bound == nil || bound.Num().BitLen() > 60 || new(big.Rat).Abs(bound).Cmp(big.NewRat(farthestBound, 1)) > 0 {
		return nil
	}
	if bound.Sign() == 0 && p.Kinds&plan.IsNumber == 0 && i == fs.States[id].At { // a count below zero stands for none
		return fs.removalOf(i, "")
	}
	value := []byte(strings.TrimRight(strings.TrimRight(bound.FloatString(12), "0"), "."))
	t := jsontape.Tape{Nodes: make([]jsontape.Node, 0, 1)}
	if !t.Scan(value, *fs.Limits) || !p.Accept(&t, 0) || i == fs.States[id].At && !fs.helps(attempt{at: i, name: fs.Name(id), value: value}) {
		return nil
	}
	return fs.replacing(i, string(value))
}

// sameWords reports whether two tokens are the same but for quotes, brackets, case and white space around them.
func sameWords(a []byte, b string) bool {
	const around = "\"'`[] \t\r\n"
	return strings.EqualFold(strings.Trim(string(a), around), strings.Trim(b, around))
}

// coerced returns the value that was meant where one was written as another type: "0.7", [0.7], 7 for a text, 1 for true.
func (fs *Fields) coerced(p *plan.Plan, i uint32) ([]byte, bool) {
	nd := &fs.Nodes[i]
	var value []byte
	switch nd.Kind {
	case jsontape.String:
		s := strings.TrimSpace(fs.Text(i))
		if len(s) > 64 {
			return nil, false
		}
		if value = []byte(s); strings.EqualFold(s, "true") || strings.EqualFold(s, "false") {
			value = []byte(strings.ToLower(s))
		}
	case jsontape.Number, jsontape.True, jsontape.False:
		switch number := fs.Number(i); {
		case p.Kinds&plan.IsString != 0:
			value = append(fs.AppendJSON([]byte{'"'}, i), '"')
		case nd.Kind == jsontape.Number && (number == "0" || number == "1") && p.Kinds&plan.IsBool != 0:
			value = []byte([...]string{"false", "true"}[number[0]-'0'])
		}
	case jsontape.Array:
		if nd.N == 1 && nd.Next == i+2 {
			value = fs.AppendJSON(nil, i+1)
		}
	}
	t := jsontape.Tape{Nodes: make([]jsontape.Node, 0, 8)}
	return value, value != nil && t.Scan(value, *fs.Limits) && p.Accept(&t, 0)
}
