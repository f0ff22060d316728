package core

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// locator turns byte offsets into positions. Ascending offsets cost one sweep over the text in all; a smaller one than
// before starts over.
//
// An offset inside of a rune is moved back to the start of it, so all fields of a Position name one place; one past
// the end is moved to the end. A byte that is not part of valid UTF-8 counts as one code point and one UTF-16 unit, for
// the U+FFFD that a Go range loop shows in its place. The break of a line is LF, CR or CRLF, and belongs to the line it
// ends: between CR and LF the old line goes on.
type locator struct {
	src   []byte
	now   Position
	calm  []stretch // where there is valid UTF-8 without line breaks, in order; what is not listed may be so too
	ascii bool      // the calm stretches are ASCII
}

// stretch is a part of the source.
type stretch struct{ start, end int }

// longString is the length in bytes from which on it is worth while to know that a string has no line breaks.
const longString = 256

// calm returns the strict strings from a length on.
func (t *tape) calm(long int) []stretch {
	if len(t.src) < 4*long {
		return nil
	}
	var list []stretch
	for i := range t.nodes {
		nd := &t.nodes[i]
		if nd.kind == kindString && int(nd.end-nd.start) >= long && nd.flags&flagLoose == 0 {
			list = append(list, stretch{int(nd.start), int(nd.end)})
		}
	}
	return list
}

func newLocator(src []byte) *locator {
	return &locator{src: src, now: Position{Line: 1, Column: 1}}
}

// locate resolves offsets in any order.
func locate(src []byte, offsets ...int) []Position {
	order := make([]int, len(offsets))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return offsets[a] - offsets[b] })
	l := newLocator(src)
	places := make([]Position, len(offsets))
	for _, i := range order {
		places[i] = l.position(offsets[i])
	}
	return places
}

// position resolves one offset.
func (l *locator) position(offset int) Position {
	offset = min(offset, len(l.src))
	if offset < l.now.Byte {
		l.now = Position{Line: 1, Column: 1}
	}
	for l.now.Byte < offset {
		moved, stop := l.leap(offset)
		if moved {
			continue
		}
		if n := plainRun(l.src[l.now.Byte:stop], true); n > 0 {
			l.now.Byte += n
			l.now.UTF16 += n
			l.now.Column += n
			continue
		}
		c := l.src[l.now.Byte]
		if c < utf8.RuneSelf {
			l.now.Byte++
			l.now.UTF16++
			l.now.Column++
			if c == '\n' || c == '\r' && !(l.now.Byte < len(l.src) && l.src[l.now.Byte] == '\n') {
				l.now.Line++
				l.now.Column = 1
			}
			continue
		}
		size, units := runeAt(l.src, l.now.Byte)
		if l.now.Byte+size > offset {
			break
		}
		l.now.Byte += size
		l.now.UTF16 += units
		l.now.Column++
	}
	return l.now
}

// leap crosses a calm stretch, or as much of it as lies before offset. Where it does not move it returns how far there is
// none, at most up to offset.
func (l *locator) leap(offset int) (moved bool, stop int) {
	k, _ := slices.BinarySearchFunc(l.calm, l.now.Byte, func(s stretch, at int) int { return cmp.Compare(s.end, at+1) })
	switch {
	case k == len(l.calm):
		return false, offset
	case l.calm[k].start > l.now.Byte:
		return false, min(offset, l.calm[k].start)
	}
	end := min(offset, l.calm[k].end)
	for end > l.now.Byte && end < l.calm[k].end && continues(l.src[end]) {
		end-- // to the start of the rune
	}
	runes, units := end-l.now.Byte, end-l.now.Byte
	if !l.ascii {
		runes, units = countUTF8(l.src[l.now.Byte:end])
	}
	moved = end > l.now.Byte
	l.now.Byte, l.now.UTF16, l.now.Column = end, l.now.UTF16+units, l.now.Column+runes
	return moved, offset
}

// countUTF8 counts the code points and the UTF-16 units of valid UTF-8.
func countUTF8(s []byte) (runes, units int) {
	inner, wide := 0, 0 // bytes that continue a rune, and first bytes of runes that take two units
	i := plainRun(s, false)
	for i+8 <= len(s) {
		x := binary.LittleEndian.Uint64(s[i:])
		inner += bits.OnesCount64(x &^ (x << 1) & highBits)
		wide += bits.OnesCount64(x & (x << 1) & (x << 2) & (x << 3) & highBits)
		i += 8
		i += plainRun(s[i:], false)
	}
	for ; i < len(s); i++ {
		if continues(s[i]) {
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
		if n := plainRun(src[i:min(len(src), i+left)], false); n > 0 {
			i += n
			left -= n
			continue
		}
		if i >= len(src) {
			return 0, false
		}
		size, units := runeAt(src, i)
		i += size
		if left -= units; left < 0 {
			return 0, false
		}
	}
	return i, true
}

// plainRun returns how many bytes at the start of s are ASCII and, with lines, no line break.
func plainRun(s []byte, lines bool) int {
	mask := uint64(0) // with lines, every lane is compared with the breaks
	if lines {
		mask = highBits
	}
	i := 0
	for ; !lines && i+32 <= len(s); i += 32 {
		w := s[i : i+32 : i+32]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|binary.LittleEndian.Uint64(w[16:])|
			binary.LittleEndian.Uint64(w[24:]))&highBits != 0 {
			break
		}
	}
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64(s[i:])
		breaks := ((x ^ lanes*'\n') - lanes) | ((x ^ lanes*'\r') - lanes)
		if (x|breaks&mask)&highBits != 0 {
			break
		}
	}
	for ; i < len(s) && s[i] < utf8.RuneSelf && !(lines && (s[i] == '\n' || s[i] == '\r')); i++ {
	}
	return i
}

// runeAt returns the length of the rune at src[i] in bytes and in UTF-16 units. Two- and three-byte runes, which are
// nearly all, are told apart here: a general decoder takes three times as long on a megabyte of CJK text.
func runeAt(src []byte, i int) (size, units int) {
	c := src[i]
	if i+2 < len(src) && continues(src[i+1]) {
		if c >= 0xE1 && c <= 0xEF && c != 0xED && continues(src[i+2]) {
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

func continues(c byte) bool { return c&0xC0 == 0x80 }
