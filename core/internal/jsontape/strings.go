package jsontape

import (
	"encoding/binary"
	"math/bits"

	"github.com/completion-playground/playground/core/internal/utf"
)

// special sets the high bit of lanes that hold a control character, a quote or a backslash. The lowest lane it sets is
// exact; borrows can make higher ones wrong. Flipping bit 1 maps '"' to 0x20 and leaves the control characters below
// it, so one comparison finds both.
func special(x uint64) uint64 {
	return (((x ^ utf.Lanes*0x02) - utf.Lanes*0x21) | ((x ^ utf.Lanes*'\\') - utf.Lanes)) &^ x & utf.HighBits
}

// pack gathers the high bits of the lanes, in their order, in the lowest byte.
func pack(m uint64) uint64 { return m >> 7 * 0x0102040810204080 >> 56 }

// suspicious sets the high bit of lanes that hold what special finds or what is not ASCII; borrows can set more. It is
// special without what tells these apart.
func suspicious(x uint64) uint64 {
	return ((x ^ utf.Lanes*0x02) - utf.Lanes*0x21) | ((x ^ utf.Lanes*'\\') - utf.Lanes) | x
}

// ScanString reads the string whose opening quote is src[i]. It returns the index after the closing quote, or -1,
// flagEscaped and flagSurrogate where they apply, and bits whose highBits are zero if the string is ASCII; those of what
// follows it in the source may be among them.
func ScanString(src []byte, i int) (end int, escapes Flag, high uint64) {
	start := i
	i++
	// Eight bytes at a time find the end of what is short.
	for n := 0; n < 3 && i+8 <= len(src); n++ {
		x := binary.LittleEndian.Uint64(src[i:])
		high |= x // what follows the string may be among it, which does no harm
		if m := special(x); m != 0 {
			i += bits.TrailingZeros64(m) >> 3
			goto found
		}
		i += 8
	}
run:
	// 32 at a time cross what is long.
	for i+32 <= len(src) {
		w := src[i : i+32 : i+32]
		a, b := binary.LittleEndian.Uint64(w), binary.LittleEndian.Uint64(w[8:])
		c, d := binary.LittleEndian.Uint64(w[16:]), binary.LittleEndian.Uint64(w[24:])
		if (suspicious(a)|suspicious(b)|suspicious(c)|suspicious(d))&utf.HighBits != 0 {
			high |= a | b | c | d
			a, b, c, d = special(a), special(b), special(c), special(d)
			if a|b|c|d != 0 {
				i += bits.TrailingZeros64(pack(a) | pack(b)<<8 | pack(c)<<16 | pack(d)<<24)
				goto found
			}
		}
		i += 32
	}
	for i < len(src) && src[i] >= ' ' && src[i] != '"' && src[i] != '\\' {
		high |= uint64(src[i])
		i++
	}
	if i >= len(src) {
		return -1, 0, 0
	}
found:
	switch src[i] {
	case '"':
		if high&utf.HighBits != 0 && !utf.Valid(src[start+1:i]) {
			return -1, 0, 0
		}
		return i + 1, escapes, high
	case '\\':
		n := escapeLen(src, i)
		if n < 0 {
			return -1, 0, 0
		}
		if escapes |= Escaped; n == 6 && NamesSurrogate(src[i:]) {
			escapes |= Surrogate
		}
		i += n
		goto run
	}
	return -1, 0, 0
}

// escapeLen returns the length of the strict JSON escape at src[i], a backslash, or -1.
func escapeLen(src []byte, i int) int {
	if i+1 >= len(src) {
		return -1
	}
	switch src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := HexRune(src, i+2, 4); ok {
			return 6
		}
	}
	return -1
}

// NamesSurrogate reports whether the strict escape \uXXXX at the start of s names half of a surrogate pair.
func NamesSurrogate(s []byte) bool { return s[2]|0x20 == 'd' && s[3] >= '8' }

// HexRune reads exactly n hexadecimal digits at src[i].
func HexRune(src []byte, i, n int) (r rune, ok bool) {
	if i+n > len(src) {
		return 0, false
	}
	for _, c := range src[i : i+n] {
		d := HexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}

func HexDigit(c byte) rune {
	switch {
	case c-'0' < 10:
		return rune(c - '0')
	case c|0x20-'a' < 6:
		return rune(c|0x20-'a') + 10
	}
	return -1
}
