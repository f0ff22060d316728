package plan

import (
	"slices"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Accept reports whether the value at i is surely valid. Where p decides, it is invalid otherwise.
func (p *Plan) Accept(t *jsontape.Tape, i uint32) bool {
	if p.Unsure {
		return false
	}
	nd := &t.Nodes[i]
	if p.only != jsontape.Bad && nd.Kind != p.only && nd.Kind != jsontape.Bad {
		return false
	}
	switch nd.Kind {
	case jsontape.Bad:
		return true // an issue says already why it cannot be read
	case jsontape.Null:
		if p.Kinds&isNull == 0 {
			return false
		}
	case jsontape.True, jsontape.False:
		if p.Kinds&IsBool == 0 {
			return false
		}
	case jsontape.Number:
		if p.Kinds&(IsInteger|IsNumber) == 0 || !p.acceptNumber(t, i) {
			return false
		}
	case jsontape.String:
		if p.Kinds&IsString == 0 || !p.acceptString(t, i) {
			return false
		}
	case jsontape.Array:
		if p.Kinds&IsArray == 0 || int(nd.N) < p.MinItems || p.MaxItems >= 0 && int(nd.N) > p.MaxItems {
			return false
		}
		if p.Items != nil {
			for c := i + 1; c < nd.Next; c = t.Nodes[c].Next {
				if !p.Items.acceptChild(t, c) {
					return false
				}
			}
		}
	case jsontape.Object:
		if p.Kinds&IsObject == 0 || !p.acceptObject(t, i) {
			return false
		}
	}
	if len(p.Forms) == 0 {
		return true
	}
	for _, form := range p.Forms {
		if form.Accept(t, i) {
			return true
		}
	}
	return false
}

// acceptChild is accept, sooner for numbers: of them there may be thousands.
func (p *Plan) acceptChild(t *jsontape.Tape, i uint32) bool {
	nd := &t.Nodes[i]
	if nd.Kind != jsontape.Number || nd.Flags&jsontape.Loose != 0 || !p.Decides || len(p.Forms) > 0 {
		return p.Accept(t, i)
	}
	raw := t.Src[nd.Start:nd.End]
	return p.acceptRange(jsontape.ReadNumeral(raw), raw)
}

func (p *Plan) acceptNumber(t *jsontape.Tape, i uint32) bool {
	raw := t.Raw(i)
	if t.Nodes[i].Flags&jsontape.Loose != 0 {
		raw = []byte(t.Loose.Of(i))
	}
	return p.acceptRange(jsontape.ReadNumeral(raw), raw)
}

func (p *Plan) acceptString(t *jsontape.Tape, i uint32) bool {
	if p.MinLength <= 0 && p.digits == nil {
		return true
	}
	nd := &t.Nodes[i]
	if nd.Flags&(jsontape.Escaped|jsontape.Loose) != 0 {
		return p.AcceptText([]byte(t.Text(i)))
	}
	return p.AcceptText(t.Src[nd.Start+1 : nd.End-1])
}

// AcceptText is exact: s is valid if and only if p, as far as it knows its schema, accepts it.
func (p *Plan) AcceptText(s []byte) bool {
	// Every code point takes at most four bytes.
	return (p.MinLength <= 0 || len(s) > 4*(p.MinLength-1) || utf8.RuneCount(s) >= p.MinLength) &&
		(p.digits == nil || p.digits.match(s))
}

// AcceptsName reports whether the name of a member is surely one that p, the schema of an object, allows.
func (p *Plan) AcceptsName(name []byte) bool { return p.Names == nil || p.Names.acceptName(name) }

// acceptName is Accept of the text that a name is.
func (p *Plan) acceptName(name []byte) bool {
	return p.Decides && p.Kinds&IsString != 0 && p.AcceptText(name) &&
		(len(p.Forms) == 0 || slices.ContainsFunc(p.Forms, func(f *Plan) bool { return f.acceptName(name) }))
}

func (p *Plan) acceptObject(t *jsontape.Tape, i uint32) bool {
	nd := &t.Nodes[i]
	var required uint64
	for c := i + 1; c < nd.Next; c = t.Nodes[c].Next {
		child := &t.Nodes[c]
		if child.Flags&jsontape.Shadowed != 0 {
			continue // servers never see it
		}
		key := t.KeyBytes(c)
		if !p.AcceptsName(key) {
			return false
		}
		sub := p.Additional
		if s := p.spelt(key); s != nil {
			if s.Camel {
				return false // the names come first
			}
			known := &p.Properties[s.Field]
			sub = known.plan
			required |= known.bit
		} else if p.Closed {
			return false
		}
		if sub != nil && !sub.acceptChild(t, c) {
			return false
		}
	}
	return required == p.required
}
