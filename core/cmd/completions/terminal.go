package main

import (
	"fmt"
	"io"
	"os"

	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isTerminal reports whether what is written there, or read from there, is seen or typed by a person. The null device is a
// character device too, and is none.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// colours reports whether a stream takes colours: it is a terminal that knows them, and nobody has turned them off.
func (c *console) colours(w io.Writer) bool {
	return isTerminal(w) && c.env("NO_COLOR") == "" && c.env("TERM") != "dumb"
}

// The colours of a terminal, as SGR parameters.
const (
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint returns a text in a colour, where colours are wanted.
func paint(wanted bool, colour, text string) string {
	if !wanted {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// visible returns a text in which whatever a terminal would obey, or show in another order, stands as an escape: control
// characters, line breaks and tabs among them, marks of direction, and bytes that are no UTF-8.
func visible(text string) string { return escaped(text, "") }

// escaped is visible but for the control characters in kept.
func escaped(text, kept string) string {
	if strings.IndexFunc(text, func(r rune) bool { return unsafe(r) || r == utf8.RuneError }) < 0 {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case unsafe(r) && !strings.ContainsRune(kept, r):
			fmt.Fprintf(&b, `\u%04x`, r) // as JSON has it
		default:
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// unsafe reports whether a character does something to a terminal beyond being shown.
func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// quoted returns a text between double quotes, with escapes for what a terminal would obey.
func quoted(text string) string { return strconv.QuoteToGraphic(text) }
