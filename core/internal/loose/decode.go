package loose

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// decode reads the content src[from:to] of s, and complains about what it should not contain.
func (r *reader) decode(s literal, from, to int, inner []finding.Edit) literal {
	var (
		b             strings.Builder
		loose         bool
		broken        = s.broken
		bad, controls = finding.NewRewrite(r.src[:to]), finding.NewRewrite(r.src[:to])
		wrong, breaks int          // how many escapes are none, and control characters
		wrongAt       int          // the first of those escapes
		first         finding.Edit // of a run of control characters
		what          byte
	)
	free := to // what is wrong before this place can be mended now, the rest once the quotes are
	if len(inner) == 1 && inner[0].End > inner[0].Start {
		free = inner[0].Start
	}
	size := to - from
	if !r.t.ASCII {
		size += 2 * invalidBytes(r.src[from:to]) // U+FFFD takes three
	}
	b.Grow(size)
	plain := from
	flush := func(i int) { b.Write(r.src[plain:i]) }
	i := from
	for i < to {
		c := r.src[i]
		if c >= ' ' && c != '\\' && c < utf8.RuneSelf && !(c == '$' && s.delim == '`') {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			_, n := utf8.DecodeRune(r.src[i:to])
			if n == 1 {
				flush(i)
				b.WriteRune(utf8.RuneError)
				broken = true
				plain = i + 1
			}
			i += n
			continue
		}
		flush(i)
		switch {
		case c == '$':
			b.WriteByte('$')
			s.template = s.template || i+1 < to && r.src[i+1] == '{'
			i++
		case c == '\\':
			text, n, kind := jsEscape(r.src[i:to])
			switch {
			case kind == escapeCut && s.missing:
				s.cut = append(s.cut, finding.Edit{Start: i, End: to, Text: ""})
			case kind == escapeBad || kind == escapeCut:
				n = 1
				text = `\`
				if wrong++; wrong == 1 {
					wrongAt = i
				}
				if i < free {
					bad.Add(finding.Edit{Start: i, End: i, Text: `\`})
				}
			case kind == escapeLoose:
				loose = true
			default:
				if s.escapes |= jsontape.Escaped; n >= 6 && jsontape.NamesSurrogate(r.src[i:]) {
					s.escapes |= jsontape.Surrogate
				}
			}
			b.WriteString(text)
			i += n
		default: // a control character
			end := i
			for end < to && r.src[end] < ' ' {
				c := r.src[end]
				if c == '\r' && end+1 < to && r.src[end+1] == '\n' {
					end++
					c = '\n'
				} else if c == '\r' && s.delim == '`' { // JavaScript reads every line break as one sign
					c = '\n'
				}
				if end++; breaks == 0 {
					what = c
				}
				breaks++
				b.WriteByte(c)
			}
			if s.delim == '`' {
				loose, breaks = true, 0
			} else {
				e := finding.Edit{Start: i, End: end, Text: escapedControls(r.src[i:end])}
				if first.End == 0 {
					first = e
				}
				if i < free {
					controls.Add(e)
				}
			}
			i = end
		}
		plain = i
	}
	if i < to || plain < to {
		flush(to)
	}
	s.text = b.String()
	if s.template {
		return s
	}
	for n := range inner {
		broken = true
		if n == 0 {
			r.report(finding.UnescapedQuote, inner[0].Start, inner[0].Start+1, `write \`+string(s.delim), inner, "a quote inside of the string ends it too early")
		}
	}
	if wrong > 0 {
		at, fix := wrongAt, bad.Edits()
		width := min(2, to-at)
		for at+width < to && utf.Continues(r.src[at+width]) {
			width++
		}
		if wrong <= 2 && len(fix) == wrong && r.maySlip(fix, from, to) {
			fix = nil
		} else {
			fix = joined(r.src, fix)
		}
		r.report(finding.BadEscape, at, at+width, `write \\`, fix, "%s is no escape", finding.Excerpt(r.src[at:at+width]))
	}
	if breaks > 0 {
		message := controlName(what) + " inside of a string"
		if breaks > 1 {
			message += fmt.Sprintf(" (and %d more)", breaks-1)
		}
		fix := joined(r.src, controls.Edits())
		if breaks == 1 && (first.Start == from || first.End == to) && utf.IsBreak(r.src[first.Start]) {
			fix = nil // the break may belong on the other side of the quote
		}
		r.report(finding.ControlCharacter, first.Start, first.End, "write "+finding.Quote(first.Text), fix, "%s", message)
	}
	clean := !broken && wrong == 0 && breaks == 0 && !s.missing
	s.strict = clean && !loose && s.delim == '"'
	if s.strict || s.missing && s.atEnd {
		return s
	}
	s.escapes = 0
	if r.src[s.start] == s.delim {
		switch {
		case s.delim != '"' && (clean || wrong+breaks > 0 || broken):
			r.relax(looseQuotes, finding.Edit{Start: s.start, End: s.end, Text: string(jsontape.AppendQuoted(nil, s.text))})
		case loose:
			r.relax(looseEscape, finding.Edit{Start: s.start, End: s.end, Text: string(jsontape.AppendQuoted(nil, s.text))})
		}
	}
	return s
}

// maySlip reports whether escapes that are none may come from one slip, a backslash doubled or on the wrong side of its
// neighbour, rather than from text whose backslashes were not doubled.
func (r *reader) maySlip(bad []finding.Edit, from, to int) bool {
	at := bad[0].Start
	switch len(bad) {
	case 1:
		const escapes = `nrtbfu"\/`
		return at > from && strings.IndexByte(escapes, r.src[at-1]) >= 0 || at+2 < to && strings.IndexByte(escapes, r.src[at+2]) >= 0
	case 2:
		return len(bytes.Trim(r.src[at+2:bad[1].Start], `\`)) == 0
	}
	return false
}

// joined makes one edit of very many within one string, so that hostile text does not cost megabytes of them.
func joined(src []byte, edits []finding.Edit) []finding.Edit {
	if len(edits) <= mostEdits {
		return edits
	}
	at := edits[0].Start
	var b strings.Builder
	for _, e := range edits {
		b.Write(src[at:e.Start])
		b.WriteString(e.Text)
		at = e.End
	}
	return one(edits[0].Start, at, b.String())
}

// escapeKind grades an escape sequence.
type escapeKind uint8

const (
	escapeStrict escapeKind = iota // JSON
	escapeLoose                    // JavaScript
	escapeBad                      // neither
	escapeCut                      // neither, because the text ends
)

// jsEscape decodes the escape that s starts with, and returns its length.
func jsEscape(s []byte) (text string, n int, k escapeKind) {
	if len(s) < 2 {
		return "", len(s), escapeCut
	}
	digits := func(from, count int) (rune, escapeKind) {
		for i := from; i < from+count; i++ {
			if i >= len(s) {
				return 0, escapeCut
			}
			if jsontape.HexDigit(s[i]) < 0 {
				return 0, escapeBad
			}
		}
		v, _ := jsontape.HexRune(s, from, count)
		return v, escapeStrict
	}
	switch c := s[1]; c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return string(jsontape.SimpleEscape(c)), 2, escapeStrict
	case 'u':
		if len(s) > 2 && s[2] == '{' {
			v := rune(0)
			for i := 3; ; i++ {
				switch {
				case i >= len(s):
					return "", len(s), escapeCut
				case s[i] == '}' && i > 3:
					return string(v), i + 1, escapeLoose
				case jsontape.HexDigit(s[i]) < 0 || v > unicode.MaxRune>>4:
					return "", 1, escapeBad
				}
				v = v<<4 | jsontape.HexDigit(s[i])
			}
		}
		if _, k := digits(2, 4); k != escapeStrict {
			return "", len(s), k
		}
		v, size := jsontape.SurrogateAware(s, 0)
		return string(v), size, escapeStrict
	case 'x':
		v, k := digits(2, 2)
		if k != escapeStrict {
			return "", len(s), k
		}
		return string(v), 4, escapeLoose
	case '0':
		if len(s) > 2 && s[2]-'0' < 10 {
			return "", 1, escapeBad
		}
		return "\x00", 2, escapeLoose
	case 'v':
		return "\v", 2, escapeLoose
	case '\'', '`', '$':
		return string(c), 2, escapeLoose
	case '\n':
		return "", 2, escapeLoose
	case '\r':
		if len(s) > 2 && s[2] == '\n' {
			return "", 3, escapeLoose
		}
		return "", 2, escapeLoose
	}
	return "", 1, escapeBad
}

var controlEscapes = func() (escapes [' ']string) {
	for c := range escapes {
		quoted := jsontape.AppendQuoted(nil, string(rune(c)))
		escapes[c] = string(quoted[1 : len(quoted)-1])
	}
	return escapes
}()

// escapedControls returns the escapes of control characters, one for both of those that break a line together.
func escapedControls(s []byte) string {
	if len(s) == 1 {
		return controlEscapes[s[0]] // there may be very many
	}
	size := 0
	for _, c := range s {
		size += len(controlEscapes[c])
	}
	var b strings.Builder
	b.Grow(size)
	for i, c := range s {
		if c != '\r' || i+1 == len(s) || s[i+1] != '\n' {
			b.WriteString(controlEscapes[c])
		}
	}
	return b.String()
}

func controlName(c byte) string {
	switch c {
	case '\n', '\r':
		return "a line break"
	case '\t':
		return "a tab"
	}
	return fmt.Sprintf("the control character U+%04X", c)
}
