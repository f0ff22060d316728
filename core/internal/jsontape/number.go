package jsontape

import (
	"math"
	"strconv"
	"strings"
)

// Numeral is a number token, read.
type Numeral struct {
	Kind  numeralKind
	Int   int64   // with numeralInteger
	Float float64 // the nearest double
}

type numeralKind uint8

const (
	Unread   numeralKind = iota // too long for a short way
	Integer                     // up to 18 digits
	Fraction                    // with a fraction or an exponent, whole or not
)

var pow10 = [...]float64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// ReadNumeral reads what most numbers are: up to 18 digits alone, or up to 15 with a fraction and an exponent within ±22,
// which is where one multiplication or division of doubles rounds correctly. Others stay unread.
func ReadNumeral(token []byte) Numeral {
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
		return Numeral{}
	case first == 0:
		return Numeral{Kind: Integer, Int: mant, Float: float64(mant)}
	case mant == 0:
		return Numeral{Kind: Integer, Float: math.Copysign(0, -1)}
	}
	return Numeral{Kind: Integer, Int: -mant, Float: -float64(mant)}
}

// readFraction goes on behind the whole part of a number, so many digits with the value mant.
func readFraction(token []byte, mant int64, digits int) Numeral {
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
		return Numeral{}
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
				return Numeral{}
			}
		}
		exp += sign * e
	}
	if exp > 22 || exp < -22 {
		return Numeral{}
	}
	n := Numeral{Kind: Fraction, Float: float64(mant)}
	if exp >= 0 {
		n.Float *= pow10[exp]
	} else {
		n.Float /= pow10[-exp]
	}
	if token[0] == '-' {
		n.Float = -n.Float
	}
	return n
}

// ScanNumber returns the index after the number at src[i], or -1 if it is no JSON number or beyond lim.
func ScanNumber(src []byte, i int, lim *Limits) int {
	if src[i] == '-' {
		i++
	}
	first := i
	i = SkipDigits(src, i)
	digits := i - first
	if digits == 0 || digits > 1 && src[first] == '0' {
		return -1
	}
	if i < len(src) && src[i] == '.' {
		first = i + 1
		i = SkipDigits(src, first)
		if i == first {
			return -1
		}
		digits += i - first
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		first = i
		i = SkipDigits(src, i)
		if i == first || !exponentWithin(src[first:i], lim.Exponent) {
			return -1
		}
	}
	if digits > lim.Digits {
		return -1
	}
	return i
}

func SkipDigits(src []byte, i int) int {
	for i < len(src) && src[i]-'0' < 10 {
		i++
	}
	return i
}

// exponentWithin reports whether the decimal digits are at most limit, which is at most mostExponent.
const MostExponent = 1 << 30

func exponentWithin[T string | []byte](digits T, limit int) bool {
	e := 0
	for i := range len(digits) {
		if e = min(e*10+int(digits[i]-'0'), MostExponent); e > limit {
			return false
		}
	}
	return true
}

// IntegerToken writes a JSON number token whose value is an integer with plain digits alone: 1.0, 1e2 and 10e-1 become
// 1, 100 and 1, and -0 becomes 0. It reports false for other values and for integers of more than maxDigits+maxExponent
// digits, which the limits keep out anyway. Exact for any length: the digits are moved, never converted.
func IntegerToken(lit string) (string, bool) {
	sign, rest := "", lit
	if strings.HasPrefix(rest, "-") {
		sign, rest = "-", rest[1:]
	}
	mantissa, exponent := rest, 0
	if e := strings.IndexAny(rest, "eE"); e >= 0 {
		mantissa = rest[:e]
		n, err := strconv.Atoi(rest[e+1:])
		if err != nil {
			return "", false
		}
		exponent = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if exponent == 0 && fraction == "" && whole != "0" {
		return lit[:len(sign)+len(whole)], true
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0", true
	}
	exponent -= len(fraction)
	significant := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(significant)
	if exponent < 0 || exponent > maxDigits+maxExponent-len(significant) {
		return "", false
	}
	return sign + significant + strings.Repeat("0", exponent), true
}
