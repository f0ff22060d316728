package loose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// mostEdits bounds the edits of a fix. One that needs more rewrites all from the first to the last of them.
const mostEdits = 300

// edits returns all that makes the structure of the text right, sorted.
func (f *finder) edits() (all []finding.Edit) {
	for _, m := range f.mends {
		for _, s := range m.slips {
			all = append(all, s.edits(f.src)...)
		}
	}
	for _, w := range f.wides {
		all = append(all, finding.Edit{Start: w.start, End: w.end, Text: string(w.plain)})
	}
	return finding.Tidy(all)
}

func (s *slip) edits(src []byte) []finding.Edit {
	switch s.kind {
	case slipQuotes:
		list := make([]finding.Edit, len(s.quotes))
		for n, at := range s.quotes {
			list[n] = finding.Edit{Start: at, End: at, Text: `\`}
		}
		return joined(src, list)
	case slipNothing:
		return nil
	case slipDoubled:
		return []finding.Edit{{Start: s.at, End: s.at + 1}, {Start: s.at + s.del - 1, End: s.at + s.del}}
	}
	if s.kind == slipMissing && (s.ins == "]" || s.ins == "}") && s.open >= 0 && s.open < s.at && src[s.at-1] > ' ' {
		return one(s.at, s.at, laidOut(src, s.open, s.at, s.ins[0]))
	}
	return one(s.at, s.at+s.del, s.ins)
}

// tell makes findings of the slips, about the values of t.
func (f *finder) tell(t *jsontape.Tape) (found []finding.Finding) {
	for _, m := range f.mends {
		for _, s := range m.slips {
			edits := s.edits(f.src)
			if k := len(found) - 1; k >= 0 && !m.doubt && found[k].Fix != nil && found[k].Fix.Edits[len(found[k].Fix.Edits)-1].End >= edits[0].Start {
				found[k].Fix.Edits = finding.Tidy(append(found[k].Fix.Edits, edits...)) // one place, one fix
				continue
			}
			n := f.describe(t, s)
			n.Severity, n.Rule = finding.Error, "syntax"
			empty := s.kind == slipMissing && strings.Contains("]}", s.ins) && s.open == s.at-1 && len(t.Nodes) > 0 && int(t.Nodes[0].Start) == s.open // nothing would be left
			if n.Node = containerAt(t, n.Start); !m.doubt && !empty {
				n.Fix.Edits = edits
			} else {
				n.Fix = nil
			}
			found = append(found, n)
		}
	}
	if len(f.wides) > 0 {
		slices.SortFunc(f.wides, func(a, b *wide) int { return cmp.Compare(a.start, b.start) })
		var edits []finding.Edit
		for _, w := range f.wides {
			edits = append(edits, finding.Edit{Start: w.start, End: w.end, Text: string(w.plain)})
		}
		first := f.wides[0]
		found = append(found, finding.Finding{Code: finding.WrongSeparator, Severity: finding.Error, Node: containerAt(t, first.start), Start: first.start, End: first.end, Rule: "syntax",
			Message: fmt.Sprintf("%s of full-width punctuation, the first is %s where %c belongs", finding.Plural(len(edits), "sign", "signs"), f.src[first.start:first.end], first.plain),
			Fix:     &finding.Fix{Title: "write plain punctuation", Edits: joined(f.src, edits)}})
	}
	return found
}

// distrust leaves the mends without a fix that an edit is a part of.
func (f *finder) distrust(e finding.Edit) {
	for n := range f.mends {
		m := &f.mends[n]
		m.doubt = m.doubt || slices.ContainsFunc(m.slips, func(s *slip) bool {
			return slices.ContainsFunc(s.edits(f.src), func(own finding.Edit) bool { return e.Start <= own.Start && own.End <= e.End })
		})
	}
}

// containerAt returns the innermost list or object around place i, -1 without one.
func containerAt(t *jsontape.Tape, i int) int32 {
	best := int32(-1)
	for n := 0; n < len(t.Nodes); {
		v := &t.Nodes[n]
		switch {
		case int(v.Start) > i:
			return best
		case int(v.End) < i || v.Kind != jsontape.Array && v.Kind != jsontape.Object:
			n = int(v.Next)
		default:
			best = int32(n)
			n++
		}
	}
	return best
}

// describe says what a slip is, with the title of its fix.
func (f *finder) describe(t *jsontape.Tape, s *slip) finding.Finding {
	n := finding.Finding{Start: s.at, End: min(s.at+max(1, s.del), len(f.src)), Fix: &finding.Fix{}}
	say := func(code finding.Code, title, format string, args ...any) {
		n.Code, n.Fix.Title, n.Message = code, title, fmt.Sprintf(format, args...)
	}
	got := string(f.src[s.at : s.at+s.del])
	what := "string"
	if s.want == wantKey {
		what = "key"
	}
	switch s.kind {
	case slipQuotes:
		n.Start, n.End = s.quotes[0], s.quotes[0]+1
		say(finding.UnescapedQuote, `write \`+string(f.src[n.Start]), "a quote inside of the string ends it too early")
	case slipDoubled:
		say(finding.UnescapedQuote, "remove the doubled quotes", "the quotes stand twice")
	case slipApart:
		n.End = min(n.End, len(f.src))
		if strings.Contains(got, "+") {
			say(finding.UnsupportedExpression, "join them", "two texts with a plus sign between, where JSON has one text")
		} else {
			say(finding.PythonLiteral, "join them", "two texts side by side, which Python reads as one")
		}
	case slipSwapped:
		code := finding.WrongSeparator
		switch {
		case strings.Contains(got, `\`):
			code = finding.BadEscape
		case strings.Contains(got, `"`):
			code = finding.UnclosedString
		case strings.ContainsAny(got, "[]{}"):
			code = finding.MismatchedBracket
		}
		say(code, "write "+s.ins, "two characters changed places: got %s, want %s", got, s.ins)
	case slipOther:
		code := finding.WrongSeparator
		if strings.ContainsAny(s.ins, "[]{}") {
			code = finding.MismatchedBracket
		} else if s.ins == `"` {
			code = finding.UnclosedString
		}
		if len(got) > 1 {
			code = finding.SmartQuote
		}
		say(code, "write "+s.ins, "got %s, want %s", got, s.ins)
		if strings.Contains("]}", s.ins) && strings.Contains("]}", got) {
			if at := containerAt(t, s.at); at >= 0 && t.Nodes[at].KeyEnd > 0 {
				n.Message += fmt.Sprintf(" for the %c of %s", s.ins[0]-2, finding.Quote(t.Key(uint32(at))))
			}
		}
	case slipExtra:
		code, format := finding.UnexpectedText, "%s fits nowhere here"
		switch got[0] {
		case ',':
			code, format = finding.ExtraComma, "no value stands before this comma"
		case '[', ']', '{', '}':
			code, format = finding.MismatchedBracket, "this %s is one too many"
			if got == "}" || got == "]" {
				format = "this %s closes too early or closes nothing"
			}
			if s.open == s.at { // all is in it
				code, format = finding.UnclosedBracket, "the text ends while this %s is open, and a request is an object"
			}
		case '"', '\'':
			code, format = finding.UnescapedQuote, "this %s is one too many"
		case '\\':
			if s.at != s.token {
				code, format = finding.BadEscape, "this %s is one too many"
			}
		}
		if strings.Contains(format, "%") {
			say(code, "remove it", format, got)
		} else {
			say(code, "remove it", "%s", format)
		}
	case slipMissing:
		f.describeMissing(t, s, &n, what, say)
	}
	return n
}

func (f *finder) describeMissing(t *jsontape.Tape, s *slip, n *finding.Finding, what string, say func(finding.Code, string, string, ...any)) {
	token := min(max(s.token, 0), len(f.src))
	switch {
	case s.ins == `\`:
		say(finding.BadEscape, `write \\`, `a backslash before this one is missing`)
	case strings.Contains("\"'", s.ins) && token >= s.at:
		end := max(f.wordEnd(s.at), s.at+1)
		if end < len(f.src) && string(f.src[end]) == s.ins {
			end++
		}
		n.End = min(end, len(f.src))
		say(finding.UnclosedString, "insert the quote", "the %s %s has no opening quote", what, finding.Quote(strings.Trim(string(f.src[s.at:n.End]), s.ins)))
	case strings.Contains("\"'", s.ins):
		n.Start, n.End = token, s.at
		say(finding.UnclosedString, "insert the quote", "the string %s is never closed", finding.Quote(string(f.src[min(token+1, s.at):s.at])))
	case s.ins == ",":
		n.End = token + 1
		for n.End < len(f.src) && f.src[n.End]&0xC0 == 0x80 {
			n.End++
		}
		n.End = min(n.End, len(f.src))
		say(finding.MissingComma, "insert a comma", "a comma is missing before %s", f.quoteAt(token))
	case s.ins == ":":
		key := f.keyBefore(s.at)
		n.Start = key
		n.End = s.at
		say(finding.MissingColon, "insert a colon", "a colon is missing after the key %s", finding.Quote(strings.Trim(string(f.src[key:s.at]), `"'`)))
	case s.ins == "]" || s.ins == "}":
		name := "of this value"
		if s.open >= 0 && s.open < len(f.src) {
			n.Start, n.End = s.open, s.open+1
			for i := range t.Nodes {
				if v := &t.Nodes[i]; int(v.Start) == s.open && v.KeyEnd > 0 {
					name = "of " + finding.Quote(t.Key(uint32(i)))
				} else if int(v.Start) > s.open {
					break
				}
			}
		}
		say(finding.UnclosedBracket, "insert "+s.ins, "the %c %s is never closed", s.ins[0]-2, name)
	default:
		say(finding.MismatchedBracket, "insert "+s.ins, "a %s is missing before %s", s.ins, f.quoteAt(token))
	}
}

// keyBefore returns where the key that ends at i begins.
func (f *finder) keyBefore(i int) int {
	at := i - 1
	if c := f.src[at]; c == '"' || c == '\'' {
		for at--; at > 0 && (f.src[at] != c || f.src[at-1] == '\\'); at-- {
			continue
		}
		return max(at, 0)
	}
	for at > 0 && wordByte(f.src[at-1]) {
		at--
	}
	return at
}
