package plan

import (
	"regexp/syntax"
	"slices"
)

// charRun is a pattern that is one repeated class of ASCII characters.
type charRun struct {
	class    [128]bool
	min, max int // max < 0: none
}

// simpleRun reads patterns such as ^[0-9]{1,19}$ and returns nil for all others.
func simpleRun(pattern string) *charRun {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || re.Op != syntax.OpConcat || len(re.Sub) != 3 ||
		re.Sub[0].Op != syntax.OpBeginText || re.Sub[2].Op != syntax.OpEndText {
		return nil
	}
	r := &charRun{min: 1, max: -1}
	switch rep := re.Sub[1]; rep.Op {
	case syntax.OpPlus:
	case syntax.OpStar:
		r.min = 0
	case syntax.OpRepeat:
		r.min, r.max = rep.Min, rep.Max
	default:
		return nil
	}
	class := re.Sub[1].Sub[0]
	if class.Op != syntax.OpCharClass {
		return nil
	}
	for pair := range slices.Chunk(class.Rune, 2) {
		if pair[1] >= 128 {
			return nil
		}
		for c := pair[0]; c <= pair[1]; c++ {
			r.class[c] = true
		}
	}
	return r
}

func (r *charRun) match(s []byte) bool {
	if len(s) < r.min || r.max >= 0 && len(s) > r.max {
		return false
	}
	for _, c := range s {
		if c >= 128 || !r.class[c] {
			return false
		}
	}
	return true
}
