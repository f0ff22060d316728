package plan

import (
	"math/big"
	"strconv"
	"strings"
)

// Want says what p takes, as the "want" of a message: "a number from 0 to 2", "a list of texts"; "" where that cannot be
// said in a few words.
func (p *Plan) Want() string {
	var words []string
	add := func(k kinds, s string) {
		if p.Kinds&k == k {
			words = append(words, s)
		}
	}
	add(IsString, "a text")
	switch {
	case p.Kinds&IsNumber != 0:
		words = append(words, "a number"+p.wantRange())
	case p.Kinds&IsInteger != 0:
		words = append(words, "a whole number"+p.wantRange())
	}
	add(IsBool, "true or false")
	if p.Kinds&IsArray != 0 {
		list := "a list"
		switch {
		case p.Items != nil && p.Items.Kinds == IsString:
			list = "a list of texts"
		case p.Items != nil && p.Items.Kinds == IsInteger:
			list = "a list of whole numbers"
		case len(p.Forms) > 0:
			list = "a list of texts or of token ids"
		}
		words = append(words, list)
	}
	add(IsObject, "an object")
	if p.Kinds == isNull {
		return "null"
	}
	if p.Kinds == anyKind || len(words) == 0 {
		return ""
	}
	return strings.Join(words, " or ")
}

// wantRange adds the bounds of numbers, unless they are only those of the integer type.
func (p *Plan) wantRange() string {
	s := p.Schema
	low, high := s.Minimum, s.Maximum
	show := func(r *big.Rat) bool {
		return r != nil && new(big.Rat).Abs(r).Cmp(big.NewRat(1<<31-1, 1)) < 0
	}
	switch {
	case show(low) && show(high):
		return " from " + RatString(low) + " to " + RatString(high)
	case show(low):
		return " of at least " + RatString(low)
	case show(high):
		return " of at most " + RatString(high)
	}
	return ""
}

// RatString writes a bound as a person would: whole numbers plainly, others as short as they can be.
func RatString(r *big.Rat) string {
	if r.IsInt() {
		return strings.Replace(r.Num().String(), "-", "−", 1)
	}
	f, _ := r.Float64()
	return strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "-", "−", 1)
}
