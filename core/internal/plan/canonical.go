package plan

import (
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// AnyCamel reports whether a member of object i is a property of p in the SDK's spelling.
func AnyCamel(t *jsontape.Tape, i uint32, p *Plan) bool {
	for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
		if s := p.spelt(t.KeyBytes(c)); s != nil && s.Camel {
			return true
		}
	}
	return false
}

// Canonical is any with the wire names of properties.
func Canonical(t *jsontape.Tape, p *Plan, i uint32) any {
	nd := &t.Nodes[i]
	switch {
	case nd.Kind == jsontape.Array && p.Items != nil:
		a := make([]any, 0, nd.N)
		for c := i + 1; c < nd.Next; c = t.Nodes[c].Next {
			a = append(a, Canonical(t, p.Items, c))
		}
		return a
	case nd.Kind == jsontape.Object && p.Camel:
		m := make(map[string]any, nd.N)
		for c := i + 1; c < nd.Next; c = t.Nodes[c].Next {
			key := p.WireName(t.Key(c))
			if sub := p.Property(key); sub != nil {
				m[key] = Canonical(t, sub, c)
			} else {
				m[key] = t.Value(c)
			}
		}
		return m
	}
	return t.Value(i)
}
