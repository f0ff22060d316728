package paste

import (
	"strconv"
	"strings"
)

// numeral reads a number of any of these languages; its digits stay as they are, and it is spelled anew only where JSON
// knows no such spelling.
func (p *program) numeral() *value {
	start := p.i
	v := &value{form: aToken, start: start}
	digits := func(is func(c byte) bool) string {
		at := p.i
		for p.i < len(p.src) && (is(p.src[p.i]) || p.src[p.i] == '_') {
			p.i++
		}
		return strings.ReplaceAll(string(p.src[at:p.i]), "_", "")
	}
	decimal := func(c byte) bool { return c-'0' < 10 }
	if p.peek() == '0' && p.i+1 < len(p.src) {
		if base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[p.src[p.i+1]|0x20]; base > 0 {
			p.i += 2
			v.text = p.whole(v, digits(func(c byte) bool { return c|0x20-'a' < 6 || c-'0' < 10 }), base)
			return p.suffix(v)
		}
	}
	whole := digits(decimal)
	fraction, exponent := "", ""
	if p.peek() == '.' && !p.ahead("..") {
		p.i++
		if fraction = digits(decimal); fraction != "" {
			fraction = "." + fraction
		} else if p.indents {
			fraction = ".0" // a float, as Python writes it
		}
	}
	if p.peek()|0x20 == 'e' {
		at := p.i
		p.i++
		sign := ""
		if c := p.peek(); c == '+' || c == '-' {
			sign = string(rune(c))
			p.i++
		}
		if d := digits(decimal); d != "" {
			exponent = string(p.src[at:at+1]) + sign + d
		} else {
			p.i = at
		}
	}
	trimmed := strings.TrimLeft(whole, "0")
	if !p.indents && len(whole) > 1 && trimmed != whole && fraction+exponent == "" && strings.Trim(whole, "01234567") == "" {
		v.text = p.whole(v, whole, 8)
		return p.suffix(v)
	}
	if trimmed == "" {
		trimmed = "0"
	}
	v.text = trimmed + fraction + exponent
	return p.suffix(v)
}

//go:noinline
func (p *program) whole(v *value, digits string, base int) string {
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		v.form = opaque
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// suffix reads letters that say what type a number has. Imaginary numbers have no place in JSON.
func (p *program) suffix(v *value) *value {
	if n := p.word(p.i); n > 0 {
		if s := string(p.src[p.i : p.i+n]); len(s) == 1 && strings.Contains("nLlfFdDmM", s) {
			p.i++
		} else if s == "j" || s == "J" {
			p.i++
			v.form, v.text = opaque, ""
		}
	}
	v.end = p.i
	return v
}
