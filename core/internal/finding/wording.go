package finding

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MostQuoted is how many characters of somebody's text a message shows.
const MostQuoted = 40

// Quote shows a text in a message: in double quotes, cut to a readable length, control characters escaped.
func Quote(s string) string {
	s, whole := CutTo(s, MostQuoted)
	q := strconv.Quote(s)
	if !whole {
		q = q[:len(q)-1] + `…"`
	}
	return q
}

// QuoteRaw shows a token as typed, cut to a readable length.
func QuoteRaw(raw []byte) string {
	s, whole := CutTo(string(raw[:min(len(raw), utf8.UTFMax*MostQuoted+1)]), MostQuoted)
	if s = strings.ToValidUTF8(s, "\ufffd"); !whole {
		s += "…"
	}
	return s
}

// CutTo returns the first characters of s, and whether these are all.
func CutTo(s string, most int) (string, bool) {
	n := 0
	for i := range s {
		if n == most {
			return s[:i], false
		}
		n++
	}
	return s, true
}

func ByteSize(n int) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KiB", (n+1<<10-1)>>10)
	default:
		return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20)
	}
}

func Plural(n int, singular, many string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprint(n, " ", many)
}

// Excerpt quotes source text for a message, cut to a readable length.
func Excerpt(s []byte) string {
	return Quote(string(s[:min(len(s), utf8.UTFMax*MostQuoted+1)]))
}
