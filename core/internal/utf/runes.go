// Package utf knows bytes, runes, UTF-16 units, white space and lines of any text, valid or not. It knows no JSON.
package utf

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// countUTF8 counts the code points and the UTF-16 units of valid UTF-8.
func countUTF8(s []byte) (runes, units int) {
	inner, wide := 0, 0 // bytes that continue a rune, and first bytes of runes that take two units
	i := PlainRun(s, false)
	for i+8 <= len(s) {
		x := binary.LittleEndian.Uint64(s[i:])
		inner += bits.OnesCount64(x &^ (x << 1) & HighBits)
		wide += bits.OnesCount64(x & (x << 1) & (x << 2) & (x << 3) & HighBits)
		i += 8
		i += PlainRun(s[i:], false)
	}
	for ; i < len(s); i++ {
		if Continues(s[i]) {
			inner++
		} else if s[i] >= 0xF0 {
			wide++
		}
	}
	return len(s) - inner, len(s) - inner + wide
}

// ByteOffset returns the byte offset of a place given in UTF-16 code units, as JavaScript counts them. It reports false
// for a place beyond the end or between the halves of a surrogate pair. Invalid bytes count as one unit each.
func ByteOffset(src []byte, utf16 int) (int, bool) {
	if utf16 < 0 || utf16 > len(src) { // no unit takes less than a byte
		return 0, false
	}
	i := 0
	for left := utf16; left > 0; {
		if n := PlainRun(src[i:min(len(src), i+left)], false); n > 0 {
			i += n
			left -= n
			continue
		}
		if i >= len(src) {
			return 0, false
		}
		size, units := RuneAt(src, i)
		i += size
		if left -= units; left < 0 {
			return 0, false
		}
	}
	return i, true
}

// PlainRun returns how many bytes at the start of s are ASCII and, with lines, no line break.
func PlainRun(s []byte, lines bool) int {
	mask := uint64(0) // with lines, every lane is compared with the breaks
	if lines {
		mask = HighBits
	}
	i := 0
	for ; !lines && i+32 <= len(s); i += 32 {
		w := s[i : i+32 : i+32]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|binary.LittleEndian.Uint64(w[16:])|
			binary.LittleEndian.Uint64(w[24:]))&HighBits != 0 {
			break
		}
	}
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64(s[i:])
		breaks := ((x ^ Lanes*'\n') - Lanes) | ((x ^ Lanes*'\r') - Lanes)
		if (x|breaks&mask)&HighBits != 0 {
			break
		}
	}
	for ; i < len(s) && s[i] < utf8.RuneSelf && !(lines && (s[i] == '\n' || s[i] == '\r')); i++ {
	}
	return i
}

// RuneAt returns the length of the rune at src[i] in bytes and in UTF-16 units. Two- and three-byte runes, which are
// nearly all, are told apart here: a general decoder takes three times as long on a megabyte of CJK text.
func RuneAt(src []byte, i int) (size, units int) {
	c := src[i]
	if i+2 < len(src) && Continues(src[i+1]) {
		if c >= 0xE1 && c <= 0xEF && c != 0xED && Continues(src[i+2]) {
			return 3, 1
		}
		if c >= 0xC2 && c <= 0xDF {
			return 2, 1
		}
	}
	if _, size = utf8.DecodeRune(src[i:]); size == 4 {
		return 4, 2
	}
	return size, 1
}

func Continues(c byte) bool { return c&0xC0 == 0x80 }

// FromUTF16 decodes UTF-16 text with or without a byte order mark.
func FromUTF16(src []byte, big bool) string {
	var order binary.ByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(src)/2)
	for i := 0; i+1 < len(src); i += 2 {
		units = append(units, order.Uint16(src[i:]))
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF")
}

// A word of eight bytes, treated as eight lanes.
const (
	Lanes    = 0x0101010101010101
	HighBits = Lanes * 0x80
)

// Valid is utf8.Valid for text in which what is not ASCII stands between stretches of it, or is mostly of two or
// three bytes a rune.
func Valid(s []byte) bool {
	for i := 0; i < len(s); {
		i += PlainRun(s[i:], false)
		for i < len(s) && s[i] >= utf8.RuneSelf {
			if i+4 <= len(s) {
				// One load tells most of three bytes: the first is 1110xxxx, the others are 10xxxxxx.
				if x := binary.LittleEndian.Uint32(s[i:]); x&0xC0C0F0 == 0x8080E0 && x&0x200F != 0 && x&0x200F != 0x200D {
					i += 3
					continue
				}
			}
			size, _ := RuneAt(s, i)
			if size == 1 {
				return false
			}
			i += size
		}
	}
	return true
}
