package jsontape

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unescape decodes the content of a strict JSON string. Surrogate escapes pair up; a lone one becomes U+FFFD.
func Unescape(s []byte) string {
	var b strings.Builder
	b.Grow(len(s))
	UnescapeTo(&b, s)
	return b.String()
}

func UnescapeTo(b *strings.Builder, s []byte) {
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			n := bytes.IndexByte(s[i:], '\\')
			if n < 0 {
				n = len(s) - i
			}
			b.Write(s[i : i+n])
			i += n
			continue
		}
		if s[i+1] != 'u' {
			b.WriteByte(SimpleEscape(s[i+1]))
			i += 2
			continue
		}
		r, size := SurrogateAware(s, i)
		b.WriteRune(r)
		i += size
	}
}

// SimpleEscape returns what a backslash and c stand for in JSON; quotes, slashes and others stand for themselves.
func SimpleEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// SurrogateAware decodes the well-formed \uXXXX at s[i], together with a second one where both form a pair, and returns
// how many bytes that took.
func SurrogateAware(s []byte, i int) (rune, int) {
	r, _ := HexRune(s, i+2, 4)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if i+7 < len(s) && s[i+6] == '\\' && s[i+7] == 'u' {
		if low, ok := HexRune(s, i+8, 4); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return utf8.RuneError, 6
}
