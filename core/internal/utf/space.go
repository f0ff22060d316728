package utf

import (
	"unicode"
	"unicode/utf8"
)

// SpaceLen returns the length of the white space character at i in the widest sense, 0 if there is none.
func SpaceLen(src []byte, i int) int {
	c := src[i]
	if c < utf8.RuneSelf {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return 1
		}
		return 0
	}
	ch, n := utf8.DecodeRune(src[i:])
	if unicode.IsSpace(ch) || ch == '\uFEFF' || ch >= '\u200B' && ch <= '\u200D' || ch == '\u2060' {
		return n
	}
	return 0
}

func HasPrefix(src []byte, word string) bool {
	return len(src) >= len(word) && string(src[:len(word)]) == word
}

// SkipBlank skips white space other than line breaks.
func SkipBlank(src []byte, i, end int) int {
	for i < end && src[i] != '\n' && src[i] != '\r' {
		n := SpaceLen(src[:end], i)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// BlankStart returns where the spaces and tabs that end at i start, and whether a line starts there.
func BlankStart(src []byte, i int) (start int, first bool) {
	for i > 0 && (src[i-1] == ' ' || src[i-1] == '\t') {
		i--
	}
	return i, i == 0 || src[i-1] == '\n' || src[i-1] == '\r'
}
