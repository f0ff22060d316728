package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/paste"
)

// pasted says of a text that it holds a request in another language, in place of all that is wrong with it as JSON.
func (r *Reading) pasted(src []byte, out *finding.List) bool {
	d, ok := paste.Read(src)
	return ok && r.tell(src, &d, out)
}

// tell adds the one finding about a draft, and reports true.
func (r *Reading) tell(src []byte, d *paste.Draft, out *finding.List) bool {
	r.Reset(src)
	r.Syntax = true
	start := jsontape.SkipSpace(src, 0)
	end := start
	for end < len(src) && src[end] != '\n' && src[end] != '\r' {
		end++
	}
	f := finding.Finding{Code: finding.PastedRequest, Severity: finding.Error, Node: -1, Start: start, End: end, Rule: "syntax",
		Message: "this is " + d.Name + " that holds a request"}
	if d.Body == nil {
		f.Message = "this is " + d.Name + " without a request that can be read"
		if n := max(slices.IndexFunc(d.Notes, func(n paste.Note) bool { return n.Code == paste.Unreadable }), 0); n < len(d.Notes) {
			note := d.Notes[n]
			if f.Message += ": " + note.Message; note.End > note.Start {
				f.Start, f.End = note.Start, note.End
			}
		}
	} else {
		f.Fix = &finding.Fix{Title: lifting(d), Edits: []finding.Edit{{Start: 0, End: len(src), Text: string(d.Body)}}, Removes: d.Redact(prose(src, d))}
	}
	out.Add(f)
	return true
}

// prose returns what is lost of a request that only a program knows in full, or else what was written around it rather than
// as its wrapper: nobody can tell whether it is needed.
func prose(src []byte, d *paste.Draft) string {
	if d.Lost {
		for _, n := range d.Notes { // a value that the request is without
			if words := src[n.Start:n.End]; (n.Code == paste.NotLiteral || n.Code == paste.Left) && len(words) > 0 && !bytes.Contains(d.Body, words) {
				return finding.Removed(string(words))
			}
		}
	}
	switch d.Kind {
	case "log", "literal", "markdown":
	default:
		return ""
	}
	before, after, ok := strings.Cut(string(src), string(d.Body))
	if !ok {
		return finding.Removed(string(src))
	}
	around := strings.Trim(strings.TrimSpace(before)+" … "+strings.TrimSpace(after), " …")
	if !strings.ContainsFunc(around, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return "" // a slip of the hand rather
	}
	return finding.Removed(around)
}

// lifting says what taking the request out of a text does, and what goes.
func lifting(d *paste.Draft) string {
	what := strings.TrimPrefix(strings.TrimPrefix(d.Name, "a "), "an ")
	var gone []string
	if d.URL != "" {
		gone = append(gone, "the address")
	}
	if n := len(d.Headers); n > 0 {
		gone = append(gone, finding.Plural(n, "header", "headers"))
	}
	if d.Key != "" {
		gone = append(gone, "the key")
	}
	title := fmt.Sprintf("replace the %s by its request", what)
	if n := len(gone); n > 1 {
		title += ", without " + strings.Join(gone[:n-1], ", ") + " and " + gone[n-1]
	} else if n == 1 {
		title += ", without " + gone[0]
	}
	if n := len(d.Notes); n > 0 {
		title += "; " + finding.Plural(n, "place needs", "places need") + " a look"
	}
	return title
}

// exchanged does the same for JSON without any field of a request, which may be the record of an exchange.
func (w *Work) exchanged(src []byte) bool {
	before := w.Findings
	w.Findings.All = w.Findings.All[:0]
	if d, ok := paste.ReadRecord(src); ok && w.tell(src, &d, &w.Findings) {
		w.Fields.reset()
		return true
	}
	w.Findings = before
	return false
}
