package check

import (
	"strconv"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Int is for everybody who asks for the whole number that a field holds.
func (w *Work) Int(g *FieldState) (int64, bool) {
	if g.n.Kind == jsontape.Integer {
		return g.n.Int, true
	}
	return w.Integer(g.At)
}

// Float is the same for any number.
func (w *Work) Float(g *FieldState) (float64, bool) {
	if g.n.Kind != jsontape.Unread {
		return g.n.Float, true
	}
	return w.Double(g.At)
}

// Integer returns the whole number at i, if that is what stands there and 64 bits hold it.
func (w *Work) Integer(i uint32) (int64, bool) {
	if w.T.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if w.T.Nodes[i].Flags&jsontape.Loose == 0 {
		if n := jsontape.ReadNumeral(w.T.Raw(i)); n.Kind == jsontape.Integer {
			return n.Int, true
		}
	}
	token, whole := jsontape.IntegerToken(w.T.Number(i))
	n, err := strconv.ParseInt(token, 10, 64)
	return n, whole && err == nil
}

// Double returns the number at i as the nearest double, unless that is infinite.
func (w *Work) Double(i uint32) (float64, bool) {
	if w.T.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if w.T.Nodes[i].Flags&jsontape.Loose == 0 {
		if n := jsontape.ReadNumeral(w.T.Raw(i)); n.Kind != jsontape.Unread {
			return n.Float, true
		}
	}
	f, err := strconv.ParseFloat(w.T.Number(i), 64)
	return f, err == nil
}
