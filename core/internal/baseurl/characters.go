package baseurl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkCharacters refuses what no part of a URL may hold: browsers drop or reinterpret it without a word.
func checkCharacters(base string) error {
	if !utf8.ValidString(base) {
		return errors.New("base URL is no valid UTF-8")
	}
	for _, r := range base {
		switch {
		case unicode.IsControl(r):
			return errors.New("base URL has a control character in it, such as a tab or a line break")
		case invisible(r):
			return fmt.Errorf("base URL has the invisible character U+%04X in it", r)
		case r == '\\':
			return errors.New("base URL has a backslash in it, want a slash")
		}
	}
	return nil
}

// invisible reports whether a character leaves no trace on the screen, or none but a gap. The space is judged where it
// stands.
func invisible(r rune) bool {
	return r != ' ' && (!strconv.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point,
		unicode.Variation_Selector))
}

// escape returns a part of a URL, one of whose bytes outside ASCII is percent-encoded as browsers do it. It reports false
// for a percent sign that begins no escape, and for an ASCII character that is neither a letter, a digit nor in more.
func escape(part, more string) (string, bool) {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(part) {
		c := part[i]
		switch {
		case c >= utf8.RuneSelf:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		case c == '%' && (i+2 >= len(part) || !isHex(part[i+1]) || !isHex(part[i+2])):
			return "", false
		case c == '%' || isAlphanumeric(c) || strings.IndexByte(more, c) >= 0:
			b.WriteByte(c)
		default:
			return "", false
		}
	}
	return b.String(), true
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isAlphanumeric(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
