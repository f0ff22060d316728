package plan

import (
	"math"
	"math/big"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// bound is an end of a range of numbers.
type bound struct {
	Set  bool
	Open bool // the end itself is outside
	At   jsontape.Decimal
}

// addBounds reads v5's rational bounds.
func (p *Plan) addBounds(s *jsonschema.Schema) {
	// tighten is for lower bounds with the sign 1, for upper ones with -1.
	tighten := func(b *bound, r *big.Rat, open bool, sign int) bool {
		if r == nil {
			return false
		}
		at := exactly(r)
		if c := sign * at.Compare(b.At); b.Set && (c < 0 || c == 0 && !open) {
			return false
		}
		*b = bound{true, open, at}
		return true
	}
	least := func(r *big.Rat, open bool) {
		if tighten(&p.Least, r, open, 1) {
			p.low, _ = r.Float64()
			p.lowInt = atLeast(r, open)
		}
	}
	most := func(r *big.Rat, open bool) {
		if tighten(&p.Most, r, open, -1) {
			p.high, _ = r.Float64()
			p.highInt = -max(atLeast(new(big.Rat).Neg(r), open), -math.MaxInt64)
		}
	}
	least(s.Minimum, false)
	least(s.ExclusiveMinimum, true)
	most(s.Maximum, false)
	most(s.ExclusiveMaximum, true)
}

// exactly writes a rational that was read from a JSON number, and therefore has an end as a decimal.
func exactly(r *big.Rat) jsontape.Decimal {
	n, _ := r.FloatPrec()
	return jsontape.ReadDecimal([]byte(r.FloatString(n)))
}

// atLeast returns the smallest int64 that is not below r, or above it where open.
func atLeast(r *big.Rat, open bool) int64 {
	q := new(big.Int)
	m := new(big.Int)
	q.DivMod(r.Num(), r.Denom(), m)
	if m.Sign() != 0 || open {
		q.Add(q, big.NewInt(1))
	}
	switch {
	case q.IsInt64():
		return q.Int64()
	case q.Sign() < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// AcceptNumeral is exact: a number is valid if and only if p, as far as it knows its schema, accepts it. n is what
// readNumeral makes of the token.
func (p *Plan) AcceptNumeral(n jsontape.Numeral, token []byte) bool {
	if !p.acceptRange(n, token) {
		return false
	}
	for _, form := range p.Forms {
		if form.AcceptNumeral(n, token) {
			return true
		}
	}
	return len(p.Forms) == 0
}

func (p *Plan) acceptRange(n jsontape.Numeral, token []byte) bool {
	if n.Kind == jsontape.Integer {
		return p.Kinds&(IsInteger|IsNumber) != 0 && n.Int >= p.lowInt && n.Int <= p.highInt
	}
	// Rounding keeps the order, so a double on one side of a rounded bound was there before.
	switch {
	case n.Kind == jsontape.Unread:
	case n.Float < p.low || n.Float > p.high:
		return false
	case n.Float > p.low && n.Float < p.high:
		// Numbers of up to 15 digits are doubles of their own: none that has a fraction is rounded to one that has none.
		return p.Kinds&IsNumber != 0 || p.Kinds&IsInteger != 0 && n.Float == math.Trunc(n.Float)
	}
	d := jsontape.ReadDecimal(token)
	return (p.Kinds&IsNumber != 0 || p.Kinds&IsInteger != 0 && d.Whole()) && p.within(d)
}

func (p *Plan) within(d jsontape.Decimal) bool {
	low, high := 1, -1
	if p.Least.Set {
		low = d.Compare(p.Least.At)
	}
	if p.Most.Set {
		high = d.Compare(p.Most.At)
	}
	return (low > 0 || low == 0 && !p.Least.Open) && (high < 0 || high == 0 && !p.Most.Open)
}
