package jsontape

import (
	"bytes"
	"strconv"
)

// Decimal is a number token with all its digits: ± 0.digits × 10^point. Zero has no digits; others start and end with
// one that is not '0', a '.' somewhere between them not counting.
type Decimal struct {
	negative bool
	digits   []byte
	point    int
}

// ReadDecimal reads a JSON number whose exponent is within the limits.
func ReadDecimal(token []byte) Decimal {
	var d Decimal
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
		return Decimal{}
	}
	if zeros > whole {
		zeros-- // the point is no digit
	}
	d.point = whole - zeros + exponent
	return d
}

// Whole reports whether d has no fraction.
func (d Decimal) Whole() bool {
	n := len(d.digits)
	if bytes.IndexByte(d.digits, '.') >= 0 {
		n--
	}
	return n <= d.point || n == 0
}

// Compare returns a number below, equal to or above 0 as d is less than, equal to or more than e.
func (d Decimal) Compare(e Decimal) int {
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
