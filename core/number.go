package core

import (
	"bytes"
	"math"
	"math/big"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// numeral is a number token, read.
type numeral struct {
	kind  numeralKind
	int   int64   // with numeralInteger
	float float64 // the nearest double
}

type numeralKind uint8

const (
	numeralUnread  numeralKind = iota // too long for a short way
	numeralInteger                    // up to 18 digits
	numeralDecimal                    // with a fraction or an exponent, whole or not
)

var pow10 = [...]float64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// readNumeral reads what most numbers are: up to 18 digits alone, or up to 15 with a fraction and an exponent within ±22,
// which is where one multiplication or division of doubles rounds correctly. Others stay unread.
func readNumeral(token []byte) numeral {
	i := 0
	if token[0] == '-' {
		i = 1
	}
	first := i
	mant := int64(0)
	for ; i < len(token) && token[i]-'0' < 10; i++ {
		mant = mant*10 + int64(token[i]-'0')
	}
	digits := i - first
	if i < len(token) {
		return readFraction(token, mant, digits)
	}
	switch {
	case digits > 18:
		return numeral{}
	case first == 0:
		return numeral{kind: numeralInteger, int: mant, float: float64(mant)}
	case mant == 0:
		return numeral{kind: numeralInteger, float: math.Copysign(0, -1)}
	}
	return numeral{kind: numeralInteger, int: -mant, float: -float64(mant)}
}

// readFraction goes on behind the whole part of a number, so many digits with the value mant.
func readFraction(token []byte, mant int64, digits int) numeral {
	i := digits
	if token[0] == '-' {
		i++
	}
	exp := 0
	if token[i] == '.' {
		for i++; i < len(token) && token[i]-'0' < 10; i++ {
			mant = mant*10 + int64(token[i]-'0')
			digits++
			exp--
		}
	}
	if digits > 15 {
		return numeral{}
	}
	if i < len(token) { // e or E
		i++
		sign, e := 1, 0
		if token[i] == '+' || token[i] == '-' {
			if token[i] == '-' {
				sign = -1
			}
			i++
		}
		for ; i < len(token); i++ {
			if e = e*10 + int(token[i]-'0'); e > 100 {
				return numeral{}
			}
		}
		exp += sign * e
	}
	if exp > 22 || exp < -22 {
		return numeral{}
	}
	n := numeral{kind: numeralDecimal, float: float64(mant)}
	if exp >= 0 {
		n.float *= pow10[exp]
	} else {
		n.float /= pow10[-exp]
	}
	if token[0] == '-' {
		n.float = -n.float
	}
	return n
}

// decimal is a number token with all its digits: ± 0.digits × 10^point. Zero has no digits; others start and end with
// one that is not '0', a '.' somewhere between them not counting.
type decimal struct {
	negative bool
	digits   []byte
	point    int
}

// readDecimal reads a JSON number whose exponent is within the limits.
func readDecimal(token []byte) decimal {
	var d decimal
	if token[0] == '-' {
		d.negative = true
		token = token[1:]
	}
	exponent := 0
	if e := bytes.IndexAny(token, "eE"); e >= 0 {
		exponent, _ = strconv.Atoi(string(token[e+1:])) // strict, and within the limits
		token = token[:e]
	}
	whole := bytes.IndexByte(token, '.')
	if whole < 0 {
		whole = len(token)
	}
	zeros := len(token) - len(bytes.TrimLeft(token, "0."))
	d.digits = bytes.TrimRight(token[zeros:], "0.")
	if len(d.digits) == 0 {
		return decimal{}
	}
	if zeros > whole {
		zeros-- // the point is no digit
	}
	d.point = whole - zeros + exponent
	return d
}

// whole reports whether d has no fraction.
func (d decimal) whole() bool {
	n := len(d.digits)
	if bytes.IndexByte(d.digits, '.') >= 0 {
		n--
	}
	return n <= d.point || n == 0
}

// compare returns a number below, equal to or above 0 as d is less than, equal to or more than e.
func (d decimal) compare(e decimal) int {
	switch {
	case d.negative != e.negative:
		if d.negative {
			return -1
		}
		return 1
	case d.negative:
		d, e = e, d // by magnitude, the other way round
	}
	switch {
	case len(d.digits) == 0 || len(e.digits) == 0:
		return len(d.digits) - len(e.digits) // zero is the least
	case d.point != e.point:
		return d.point - e.point
	}
	for i, k := 0, 0; ; {
		a, b := digitAt(d.digits, &i), digitAt(e.digits, &k)
		if a != b {
			return int(a) - int(b)
		}
		if a == 0 {
			return 0
		}
	}
}

// digitAt returns the digit at *i, 0 at the end, and moves *i behind it. A '.' is passed over.
func digitAt(digits []byte, i *int) byte {
	if *i < len(digits) && digits[*i] == '.' {
		*i++
	}
	if *i >= len(digits) {
		return 0
	}
	*i++
	return digits[*i-1]
}

// bound is an end of a range of numbers.
type bound struct {
	set  bool
	open bool // the end itself is outside
	at   decimal
}

// addBounds reads v5's rational bounds.
func (p *plan) addBounds(s *jsonschema.Schema) {
	// tighten is for lower bounds with the sign 1, for upper ones with -1.
	tighten := func(b *bound, r *big.Rat, open bool, sign int) bool {
		if r == nil {
			return false
		}
		at := exactly(r)
		if c := sign * at.compare(b.at); b.set && (c < 0 || c == 0 && !open) {
			return false
		}
		*b = bound{true, open, at}
		return true
	}
	least := func(r *big.Rat, open bool) {
		if tighten(&p.least, r, open, 1) {
			p.low, _ = r.Float64()
			p.lowInt = atLeast(r, open)
		}
	}
	most := func(r *big.Rat, open bool) {
		if tighten(&p.most, r, open, -1) {
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
func exactly(r *big.Rat) decimal {
	n, _ := r.FloatPrec()
	return readDecimal([]byte(r.FloatString(n)))
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

// acceptNumeral is exact: a number is valid if and only if p, as far as it knows its schema, accepts it. n is what
// readNumeral makes of the token.
func (p *plan) acceptNumeral(n numeral, token []byte) bool {
	if !p.acceptRange(n, token) {
		return false
	}
	for _, form := range p.forms {
		if form.acceptNumeral(n, token) {
			return true
		}
	}
	return len(p.forms) == 0
}

func (p *plan) acceptRange(n numeral, token []byte) bool {
	if n.kind == numeralInteger {
		return p.kinds&(isInteger|isNumber) != 0 && n.int >= p.lowInt && n.int <= p.highInt
	}
	// Rounding keeps the order, so a double on one side of a rounded bound was there before.
	switch {
	case n.kind == numeralUnread:
	case n.float < p.low || n.float > p.high:
		return false
	case n.float > p.low && n.float < p.high:
		// Numbers of up to 15 digits are doubles of their own: none that has a fraction is rounded to one that has none.
		return p.kinds&isNumber != 0 || p.kinds&isInteger != 0 && n.float == math.Trunc(n.float)
	}
	d := readDecimal(token)
	return (p.kinds&isNumber != 0 || p.kinds&isInteger != 0 && d.whole()) && p.within(d)
}

func (p *plan) within(d decimal) bool {
	low, high := 1, -1
	if p.least.set {
		low = d.compare(p.least.at)
	}
	if p.most.set {
		high = d.compare(p.most.at)
	}
	return (low > 0 || low == 0 && !p.least.open) && (high < 0 || high == 0 && !p.most.open)
}
