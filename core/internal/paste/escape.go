package paste

import (
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// escape appends what the escape at p.src[p.i], a backslash, stands for in most languages, and reads it. It reports
// false, and reads nothing, where it knows none.
func (p *program) escape(b []byte) ([]byte, bool) {
	src, i := p.src, p.i+1
	if i >= len(src) {
		return b, false
	}
	c := src[i]
	digits := 0
	switch c {
	case '\\', '\'', '"':
		b = append(b, c)
	case 'b', 'f', 'n', 'r', 't':
		b = append(b, jsontape.SimpleEscape(c))
	case 'v':
		b = append(b, '\v')
	case '0', '1', '2', '3', '4', '5', '6', '7':
		r := rune(0)
		for n := 0; n < 3 && i < len(src) && src[i]&^7 == '0' && (p.indents || r*8 <= 255); n++ {
			r = r*8 + rune(src[i]-'0')
			i++
		}
		p.i = i
		return appendRune(b, r), true
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		return b, false
	}
	p.i = i + 1
	if digits == 0 {
		return b, true
	}
	r, ok := jsontape.HexRune(src, i+1, digits)
	if !ok || r > utf8.MaxRune || r < 0 {
		p.i = i - 1
		return b, false
	}
	p.i += digits
	return appendRune(b, r), true
}
