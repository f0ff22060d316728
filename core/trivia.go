package core

import "bytes"

// trivia is a piece of what stands between two tokens of a document.
type trivia uint8

const (
	triviaEnd   trivia = iota // nothing is left
	triviaSpace               // white space without line breaks
	triviaBreak               // one line break
	triviaLine                // a comment up to, but without, the line break
	triviaBlock               // a comment with an end of its own
	triviaComma
	triviaColon
	triviaOther // anything else: text that belongs to no value
)

// triviaAt returns the piece at src[i:end] and where it ends.
func triviaAt(src []byte, i, end int) (trivia, int) {
	if i >= end {
		return triviaEnd, end
	}
	switch src[i] {
	case '\n', '\r':
		return triviaBreak, i + breakLen(src[i:end])
	case ',':
		return triviaComma, i + 1
	case ':':
		return triviaColon, i + 1
	case '#':
		return triviaLine, i + lineLen(src[i:end])
	case '/':
		switch rest := src[i:end]; {
		case bytes.HasPrefix(rest, []byte("//")):
			return triviaLine, i + lineLen(src[i:end])
		case bytes.HasPrefix(rest, []byte("/*")):
			if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
				return triviaBlock, i + n + 4
			}
		}
		return triviaOther, end
	}
	if after := skipBlank(src, i, end); after > i {
		return triviaSpace, after
	}
	return triviaOther, end
}

// breakLen returns the length of the line break at the start of s: CRLF, LF or CR, else 0.
func breakLen(s []byte) int {
	switch {
	case len(s) > 1 && s[0] == '\r' && s[1] == '\n':
		return 2
	case len(s) > 0 && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// skipBlank skips white space other than line breaks.
func skipBlank(src []byte, i, end int) int {
	for i < end && src[i] != '\n' && src[i] != '\r' {
		n := spaceLen(src[:end], i)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// blankStart returns where the spaces and tabs that end at i start, and whether a line starts there.
func blankStart(src []byte, i int) (start int, first bool) {
	for i > 0 && (src[i-1] == ' ' || src[i-1] == '\t') {
		i--
	}
	return i, i == 0 || src[i-1] == '\n' || src[i-1] == '\r'
}

// newlineOf returns the line break that a document uses, that of its first line; LF where there is only one line.
func newlineOf(src []byte) string {
	switch i := bytes.IndexByte(src, '\n'); {
	case i > 0 && src[i-1] == '\r':
		return "\r\n"
	case i < 0 && bytes.IndexByte(src, '\r') >= 0:
		return "\r"
	}
	return "\n"
}
