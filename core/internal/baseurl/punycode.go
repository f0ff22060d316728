package baseurl

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The parameters of RFC 3492, section 5.
const (
	punycodeBase        = 36
	punycodeTMin        = 1
	punycodeTMax        = 26
	punycodeSkew        = 38
	punycodeDamp        = 700
	punycodeInitialBias = 72
	punycodeInitialN    = 0x80
)

// maxDelta is more than the highest code point can ask for in a label of 63 characters.
const maxDelta = 1 << 27

const punycodeDigits = "abcdefghijklmnopqrstuvwxyz0123456789"

// encodePunycode is RFC 3492, section 6.3. The label has at most 63 characters, so nothing overflows.
func encodePunycode(label []rune) string {
	var out strings.Builder
	for _, r := range label {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
		}
	}
	basic := out.Len()
	handled := basic
	if basic > 0 {
		out.WriteByte('-')
	}
	n, delta, bias := rune(punycodeInitialN), 0, punycodeInitialBias
	for handled < len(label) {
		next := rune(utf8.MaxRune)
		for _, r := range label {
			if r >= n {
				next = min(next, r)
			}
		}
		delta += int(next-n) * (handled + 1)
		n = next
		for _, r := range label {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := punycodeBase; ; k += punycodeBase {
				t := threshold(k, bias)
				if q < t {
					break
				}
				out.WriteByte(punycodeDigits[t+(q-t)%(punycodeBase-t)])
				q = (q - t) / (punycodeBase - t)
			}
			out.WriteByte(punycodeDigits[q])
			bias = adapt(delta, handled+1, handled == basic)
			delta = 0
			handled++
		}
		delta++
		n++
	}
	return out.String()
}

// decodePunycode is RFC 3492, section 6.2, for text in lower case.
func decodePunycode(text string) ([]rune, bool) {
	basic := max(strings.LastIndexByte(text, '-'), 0)
	out := []rune(text[:basic])
	if basic > 0 {
		text = text[basic+1:]
	}
	n, i, bias := punycodeInitialN, 0, punycodeInitialBias
	for text != "" {
		start, weight := i, 1
		for k := punycodeBase; ; k += punycodeBase {
			if text == "" {
				return nil, false
			}
			digit := strings.IndexByte(punycodeDigits, text[0])
			text = text[1:]
			if digit < 0 || weight > maxDelta/max(digit, 1) {
				return nil, false
			}
			if i += digit * weight; i > maxDelta {
				return nil, false
			}
			t := threshold(k, bias)
			if digit < t {
				break
			}
			if weight > maxDelta/(punycodeBase-t) {
				return nil, false
			}
			weight *= punycodeBase - t
		}
		length := len(out) + 1
		bias = adapt(i-start, length, start == 0)
		n += i / length
		if n > utf8.MaxRune {
			return nil, false
		}
		out = slices.Insert(out, i%length, rune(n))
		i = i%length + 1
	}
	return out, true
}

func threshold(k, bias int) int { return min(max(k-bias, punycodeTMin), punycodeTMax) }

func adapt(delta, length int, first bool) int {
	if first {
		delta /= punycodeDamp
	} else {
		delta /= 2
	}
	delta += delta / length
	k := 0
	for delta > (punycodeBase-punycodeTMin)*punycodeTMax/2 {
		delta /= punycodeBase - punycodeTMin
		k += punycodeBase
	}
	return k + (punycodeBase-punycodeTMin+1)*delta/(delta+punycodeSkew)
}
