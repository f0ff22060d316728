package utf

import (
	"math"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowly finds a position rune by rune, as the definition says.
func slowly(src []byte, offset int) Position {
	p := Position{Line: 1, Column: 1}
	for p.Byte < len(src) {
		ch, n := utf8.DecodeRune(src[p.Byte:])
		if p.Byte+n > offset {
			break
		}
		p.Byte += n
		p.UTF16 += max(1, utf16.RuneLen(ch))
		p.Column++
		if ch == '\n' || ch == '\r' && !(p.Byte < len(src) && src[p.Byte] == '\n') {
			p.Line++
			p.Column = 1
		}
	}
	return p
}

func TestPositions(t *testing.T) {
	src := []byte("a\nbé\r\n😀x\r!\xff\xe2\x82z")
	for offset, want := range map[int]Position{
		0: {0, 0, 1, 1}, 1: {1, 1, 1, 2}, 2: {2, 2, 2, 1}, 3: {3, 3, 2, 2}, 4: {3, 3, 2, 2}, 5: {5, 4, 2, 3},
		6: {6, 5, 2, 4}, 7: {7, 6, 3, 1}, 9: {7, 6, 3, 1}, 11: {11, 8, 3, 2}, 13: {13, 10, 4, 1},
		15: {15, 12, 4, 3}, 16: {16, 13, 4, 4}, 17: {17, 14, 4, 5}, 18: {18, 15, 4, 6}, 99: {18, 15, 4, 6},
	} {
		assert.Equal(t, []Position{want}, Locate(src, offset), "offset %d", offset)
	}
	assert.Equal(t, []Position{{7, 6, 3, 1}, {2, 2, 2, 1}, {7, 6, 3, 1}}, Locate(src, 7, 2, 8), "offsets in any order")
}

func TestByteOffset(t *testing.T) {
	src := []byte("aé日😀\xff!")
	for units, want := range map[int]int{0: 0, 1: 1, 2: 3, 3: 6, 5: 10, 6: 11, 7: 12} {
		got, ok := ByteOffset(src, units)
		assert.True(t, ok, units)
		assert.Equal(t, want, got, units)
	}
	for _, units := range []int{-1, 4, 8, 1 << 40} {
		_, ok := ByteOffset(src, units)
		assert.False(t, ok, units)
	}
}

func TestPositionsGrowWithTheText(t *testing.T) {
	for name, src := range map[string]string{
		"ASCII": strings.Repeat("The keeper counted the steps. ", 1<<20/30),
		"CJK":   strings.Repeat("灯台守は階段を数えた。", 1<<20/33),
		"lines": strings.Repeat("  \"key\": 12345,\n", 1<<20/16),
	} {
		small, large := []byte(src), []byte(strings.Repeat(src, 4))
		effort.RequireLinear(t, name, func() { Locate(small, len(small)) }, func() { Locate(large, len(large)) })
	}
}

func FuzzLocate(f *testing.F) {
	for _, seed := range []string{"a\nb\r\nc\rd", "é日😀\U0010ffff", "\xff\xe2\x82\xf0\x9f\xed\xa0\x80\xe0\x80\x80\xc0\xafz", strings.Repeat("0123456789", 5) + "\r\n\nü", "\r\r\n\n\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 2048 {
			return
		}
		l := NewLocator(src)
		for offset := 0; offset <= len(src); offset++ {
			want := slowly(src, offset)
			require.Equal(t, want, l.Position(offset), "offset %d", offset)
			if offset%7 == 0 {
				require.Equal(t, want, NewLocator(src).Position(offset), "offset %d from the start", offset)
			}
			if want.Byte == offset {
				back, ok := ByteOffset(src, want.UTF16)
				require.True(t, ok)
				require.Equal(t, offset, back)
			}
		}
	})
}

// Bytes around the limits of UTF-8, in every combination of three and some of four.
func TestValidUTF8(t *testing.T) {
	edges := []byte{0, 'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF}
	check := func(s []byte) {
		for _, pad := range []int{0, 1, 7, 8, 31, 40} {
			text := append([]byte(strings.Repeat("x", pad)), s...)
			for _, tail := range []string{"", "xy", "0123456789"} {
				text := append(text[:len(text):len(text)], tail...)
				if Valid(text) != utf8.Valid(text) {
					t.Fatalf("%q", text)
				}
			}
		}
	}
	for _, a := range edges {
		for _, b := range edges {
			for _, c := range edges {
				check([]byte{a, b, c})
				for _, d := range []byte{'a', 0x80, 0xBF, 0xC0} {
					check([]byte{a, b, c, d})
				}
			}
		}
	}
}

func TestByteOffsetBeyondTheEnd(t *testing.T) {
	for _, units := range []int{-1, math.MinInt, 3, 1 << 40, math.MaxInt} {
		_, ok := ByteOffset([]byte("漢x"), units)
		assert.False(t, ok, units)
	}
}
