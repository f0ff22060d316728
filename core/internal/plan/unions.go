package plan

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// ListForm returns the branch of a union that is a list of k, or p without one.
func (p *Plan) ListForm(k kinds) *Plan {
	for _, f := range p.Forms {
		if f.Items != nil && f.Items.Kinds&k != 0 {
			return f
		}
	}
	return p
}

// AcceptsAlone reports whether a list of nothing but the value at i is surely valid.
func (p *Plan) AcceptsAlone(t *jsontape.Tape, i uint32) bool {
	return !p.Unsure && p.only == jsontape.Bad && p.Kinds&IsArray != 0 && p.MinItems <= 1 && p.MaxItems != 0 &&
		(p.Items == nil || p.Items.Accept(t, i)) &&
		(len(p.Forms) == 0 || slices.ContainsFunc(p.Forms, func(f *Plan) bool { return f.AcceptsAlone(t, i) }))
}

// ObjectForm returns the branch of a union that is an object alone, or p without one, or where the fault of object i is not
// with the branches, since one takes it.
func (p *Plan) ObjectForm(t *jsontape.Tape, i uint32) *Plan {
	if slices.ContainsFunc(p.Forms, func(f *Plan) bool { return f.Accept(t, i) }) {
		return p
	}
	for _, f := range p.Forms {
		if f.Kinds == IsObject {
			return f
		}
	}
	return p
}

// Meant returns the branch of a union that takes most items of list i, or else those that look like its first: the form
// that was meant.
func (p *Plan) Meant(t *jsontape.Tape, i uint32) *Plan {
	if t.Nodes[i].N == 0 {
		return p.Forms[0]
	}
	best, most := (*Plan)(nil), 0
	for _, f := range p.Forms {
		if f.Kinds&IsArray == 0 {
			continue
		}
		if f.Items == nil {
			return f
		}
		taken := 0
		for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
			if f.Items.Accept(t, c) {
				taken++
			}
		}
		if taken > most {
			best, most = f, taken
		}
	}
	if best != nil {
		return best
	}
	for _, f := range p.Forms {
		if f.Items != nil && f.Items.Kinds&KindsOf(t, i+1) != 0 {
			return f
		}
	}
	return p.Forms[0]
}

func KindsOf(t *jsontape.Tape, i uint32) kinds {
	switch t.Nodes[i].Kind {
	case jsontape.Null:
		return isNull
	case jsontape.True, jsontape.False:
		return IsBool
	case jsontape.Number:
		return IsInteger | IsNumber
	case jsontape.String:
		return IsString
	case jsontape.Array:
		return IsArray
	case jsontape.Object:
		return IsObject
	}
	return anyKind
}

// Culprit returns the member or item of i that p does not accept, or i itself.
func (p *Plan) Culprit(t *jsontape.Tape, i uint32) uint32 {
	if t.Nodes[i].Kind == jsontape.Array && p.Items != nil {
		for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
			if !p.Items.Accept(t, c) {
				return c
			}
		}
	}
	if t.Nodes[i].Kind == jsontape.Object {
		for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
			if sub := p.Property(p.WireName(t.Key(c))); sub != nil && !sub.Accept(t, c) {
				return c
			}
		}
	}
	return i
}
