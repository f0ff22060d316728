package core

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostQuoted is how many characters of somebody's text a message shows.
const mostQuoted = 40

// quote shows a text in a message: in double quotes, cut to a readable length, control characters escaped.
func quote(s string) string {
	s, whole := cutTo(s, mostQuoted)
	q := strconv.Quote(s)
	if !whole {
		q = q[:len(q)-1] + `…"`
	}
	return q
}

// quoteRaw shows a token as typed, cut to a readable length.
func quoteRaw(raw []byte) string {
	s, whole := cutTo(string(raw[:min(len(raw), utf8.UTFMax*mostQuoted+1)]), mostQuoted)
	if s = strings.ToValidUTF8(s, "\ufffd"); !whole {
		s += "…"
	}
	return s
}

// cutTo returns the first characters of s, and whether these are all.
func cutTo(s string, most int) (string, bool) {
	n := 0
	for i := range s {
		if n == most {
			return s[:i], false
		}
		n++
	}
	return s, true
}

// describe says what stands at i, as the "got" of a message.
func (w *work) describe(i uint32) string {
	nd := &w.t.nodes[i]
	switch nd.kind {
	case kindNull:
		return "null"
	case kindTrue:
		return "true"
	case kindFalse:
		return "false"
	case kindNumber:
		return quoteRaw(w.t.raw(i))
	case kindString:
		return "the text " + quote(w.t.text(i))
	case kindArray:
		switch nd.n {
		case 0:
			return "an empty list"
		case 1:
			return "a list of one"
		}
		return fmt.Sprintf("a list of %d", nd.n)
	case kindObject:
		return "an object"
	}
	return "something unreadable"
}

// want says what p takes, as the "want" of a message: "a number from 0 to 2", "a list of texts".
func (p *plan) want() string {
	var words []string
	add := func(k kinds, s string) {
		if p.kinds&k == k {
			words = append(words, s)
		}
	}
	add(isString, "a text")
	switch {
	case p.kinds&isNumber != 0:
		words = append(words, "a number"+p.wantRange())
	case p.kinds&isInteger != 0:
		words = append(words, "a whole number"+p.wantRange())
	}
	add(isBool, "true or false")
	if p.kinds&isArray != 0 {
		list := "a list"
		switch {
		case p.items != nil && p.items.kinds == isString:
			list = "a list of texts"
		case p.items != nil && p.items.kinds == isInteger:
			list = "a list of whole numbers"
		case len(p.forms) > 0:
			list = "a list of texts or of token ids"
		}
		words = append(words, list)
	}
	add(isObject, "an object")
	if p.kinds == anyKind || len(words) == 0 {
		return "something else"
	}
	return strings.Join(words, " or ")
}

// wantRange adds the bounds of numbers, unless they are only those of the integer type.
func (p *plan) wantRange() string {
	s := p.schema
	low, high := s.Minimum, s.Maximum
	show := func(r *big.Rat) bool {
		return r != nil && new(big.Rat).Abs(r).Cmp(big.NewRat(1<<31-1, 1)) < 0
	}
	switch {
	case show(low) && show(high):
		return " from " + ratString(low) + " to " + ratString(high)
	case show(low):
		return " of at least " + ratString(low)
	case show(high):
		return " of at most " + ratString(high)
	}
	return ""
}

// ratString writes a bound as a person would: whole numbers plainly, others as short as they can be.
func ratString(r *big.Rat) string {
	if r.IsInt() {
		return strings.Replace(r.Num().String(), "-", "−", 1)
	}
	f, _ := r.Float64()
	return strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "-", "−", 1)
}

func byteSize(n int) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KiB", (n+1<<10-1)>>10)
	default:
		return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20)
	}
}
