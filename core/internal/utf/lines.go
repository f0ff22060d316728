package utf

import (
	"bytes"
)

func IsBreak(c byte) bool { return c == '\n' || c == '\r' }

// LineLen returns the length of the line that s starts with, without its break.
func LineLen(s []byte) int {
	if n := bytes.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

// BreakLen returns the length of the line break at the start of s: CRLF, LF or CR, else 0.
func BreakLen(s []byte) int {
	switch {
	case len(s) > 1 && s[0] == '\r' && s[1] == '\n':
		return 2
	case len(s) > 0 && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// Newline returns the line break that a document uses, that of its first line; LF where there is only one line.
func Newline(src []byte) string {
	switch i := bytes.IndexByte(src, '\n'); {
	case i > 0 && src[i-1] == '\r':
		return "\r\n"
	case i < 0 && bytes.IndexByte(src, '\r') >= 0:
		return "\r"
	}
	return "\n"
}
