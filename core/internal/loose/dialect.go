package loose

import (
	"bytes"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
)

// Describe names a dialect for people.
func (d Dialect) Describe() string {
	if d == JavaScript {
		return "a JavaScript object literal"
	}
	return "JSON with comments or trailing commas"
}

// Dialect is the smallest language that a text which could be read belongs to.
type Dialect uint8

const (
	JSON       Dialect = iota // RFC 8259, or too broken to tell
	JSONC                     // with comments or trailing commas
	JavaScript                // an object literal of JavaScript or TypeScript, or JSON inside of a program
)

// String returns "json", "jsonc" or "javascript".
func (d Dialect) String() string { return [...]string{"json", "jsonc", "javascript"}[d] }

// looseKind is a way in which text can be clear and yet not be strict JSON.
type looseKind uint8

const (
	looseComment looseKind = iota
	looseTrailingComma
	looseKey
	looseQuotes
	looseEscape
	looseNumber
	looseUndefined
	looseType
	looseWrapping
	looseKinds // how many there are
)

var looseNames = [looseKinds][2]string{
	{"comment", "comments"}, {"trailing comma", "trailing commas"}, {"unquoted key", "unquoted keys"},
	{"string in other quotes", "strings in other quotes"}, {"string with JavaScript escapes", "strings with JavaScript escapes"},
	{"JavaScript number", "JavaScript numbers"}, {"undefined value", "undefined values"}, {"type annotation", "type annotations"},
	{"piece of code around the value", "pieces of code around the value"},
}

// maxLooseEdits bounds what the hint about loose JSON carries; beyond, it comes without a fix.
const maxLooseEdits = 100_000

// relax notes something loose, and the edits that would make it strict.
func (r *reader) relax(k looseKind, edits ...finding.Edit) {
	r.counts[k]++
	want := JavaScript
	if k <= looseTrailingComma {
		want = JSONC
	}
	r.dialect = max(r.dialect, want)
	if len(r.loose) <= maxLooseEdits {
		r.loose = append(r.loose, edits...)
	}
}

// looseHint says once what the text is instead of strict JSON.
func (r *reader) looseHint() finding.Finding {
	language := "JSON with comments"
	if r.dialect == JavaScript {
		language = "a JavaScript object literal"
	}
	var parts []string
	for k, n := range r.counts {
		if n > 0 {
			parts = append(parts, finding.Plural(n, looseNames[k][0], looseNames[k][1]))
		}
	}
	start, end := 0, len(r.src)
	if len(r.t.Nodes) > 0 {
		start = int(r.t.Nodes[0].Start)
		end = min(start+1, end)
	}
	f := finding.Finding{Code: finding.LooseJSON, Severity: finding.Hint, Node: -1, Start: start, End: end, Rule: "syntax", Message: "read as " + language + ": " + strings.Join(parts, ", ")}
	// Strict JSON has no room for comments, and no fix takes away what a person wrote down.
	if r.counts[looseComment] == 0 && len(r.loose) <= maxLooseEdits && !r.brokenBefore && !r.brokenStructure() {
		slices.SortStableFunc(r.loose, finding.ByPlace)
		f.Fix = &finding.Fix{Title: "rewrite as strict JSON", Edits: r.loose, Removes: r.wrappedWords()}
	}
	return f
}

// wrappedWords returns the words of a call around the value that has texts or values of its own beside it: it is more than a
// wrapper.
func (r *reader) wrappedWords() string {
	if r.counts[looseWrapping] == 0 {
		return ""
	}
	for _, e := range r.loose {
		code := r.src[e.Start:e.End]
		imports := bytes.Contains(code, []byte("import")) || bytes.Contains(code, []byte("require")) || bytes.Contains(code, []byte("use strict"))
		if e.Text == "" && !imports && bytes.ContainsAny(code, "\"'{") {
			if words := removed(r.src, []finding.Edit{e}); words != "" {
				return finding.Removed(words)
			}
		}
	}
	return ""
}

// brokenStructure reports errors whose repair decides what belongs to the value and what stands around it.
func (r *reader) brokenStructure() bool {
	return slices.ContainsFunc(r.found, func(f finding.Finding) bool {
		switch f.Code {
		case finding.UnclosedBracket, finding.UnclosedString, finding.MismatchedBracket, finding.UnexpectedText, finding.StrayText, finding.MissingBraces, finding.TooDeep, finding.MissingKey, finding.UnsupportedExpression:
			return true
		}
		return false
	})
}
