package utf

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Position is a place in a text; core.Position, which has the same fields, documents their units.
type Position struct {
	Byte   int
	UTF16  int
	Line   int
	Column int
}

// locator turns byte offsets into positions. Ascending offsets cost one sweep over the text in all; a smaller one than
// before starts over.
//
// An offset inside of a rune is moved back to the start of it, so all fields of a Position name one place; one past
// the end is moved to the end. A byte that is not part of valid UTF-8 counts as one code point and one UTF-16 unit, for
// the U+FFFD that a Go range loop shows in its place. The break of a line is LF, CR or CRLF, and belongs to the line it
// ends: between CR and LF the old line goes on.
type locator struct {
	src         []byte
	now         Position
	LongStrings []Stretch // where there is valid UTF-8 without line breaks, in order; what is not listed may be so too
	ASCII       bool      // the calm stretches are ASCII
}

// Stretch is a part of the source.
type Stretch struct{ Start, End int }

func NewLocator(src []byte) *locator {
	return &locator{src: src, now: Position{Line: 1, Column: 1}}
}

// Locate resolves offsets in any order.
func Locate(src []byte, offsets ...int) []Position {
	order := make([]int, len(offsets))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return offsets[a] - offsets[b] })
	l := NewLocator(src)
	places := make([]Position, len(offsets))
	for _, i := range order {
		places[i] = l.Position(offsets[i])
	}
	return places
}

// Position resolves one offset.
func (l *locator) Position(offset int) Position {
	offset = min(offset, len(l.src))
	if offset < l.now.Byte {
		l.now = Position{Line: 1, Column: 1}
	}
	for l.now.Byte < offset {
		moved, stop := l.leap(offset)
		if moved {
			continue
		}
		if n := PlainRun(l.src[l.now.Byte:stop], true); n > 0 {
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
		size, units := RuneAt(l.src, l.now.Byte)
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
	k, _ := slices.BinarySearchFunc(l.LongStrings, l.now.Byte, func(s Stretch, at int) int { return cmp.Compare(s.End, at+1) })
	switch {
	case k == len(l.LongStrings):
		return false, offset
	case l.LongStrings[k].Start > l.now.Byte:
		return false, min(offset, l.LongStrings[k].Start)
	}
	end := min(offset, l.LongStrings[k].End)
	for end > l.now.Byte && end < l.LongStrings[k].End && Continues(l.src[end]) {
		end-- // to the start of the rune
	}
	runes, units := end-l.now.Byte, end-l.now.Byte
	if !l.ASCII {
		runes, units = countUTF8(l.src[l.now.Byte:end])
	}
	moved = end > l.now.Byte
	l.now.Byte, l.now.UTF16, l.now.Column = end, l.now.UTF16+units, l.now.Column+runes
	return moved, offset
}
