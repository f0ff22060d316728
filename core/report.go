package core

import (
	"encoding/json"
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
)

// Severity says what a server does with the mistake.
type Severity uint8

const (
	// Hint marks something worth knowing; the request works.
	Hint Severity = iota + 1
	// Warning marks something a server silently ignores or changes.
	Warning
	// Error marks something a server refuses, or text that cannot be read. While one remains there is no body.
	Error
)

// String returns "hint", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Hint:
		return "hint"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "unknown"
}

// MarshalText returns the same word as String.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(word []byte) error {
	known, ok := finding.ParseSeverity(string(word))
	if !ok && string(word) != known.String() {
		return fmt.Errorf("severity is %q, want error, warning or hint", word)
	}
	*s = Severity(known)
	return nil
}

// Position is a place in the checked text, in the units of its readers.
type Position struct {
	Byte   int `json:"byte"`   // offset in bytes, from 0
	UTF16  int `json:"utf16"`  // offset in UTF-16 code units, from 0; what JavaScript and editors count
	Line   int `json:"line"`   // line, from 1; LF, CR and CRLF each end one
	Column int `json:"column"` // column in code points, from 1
}

// Span is a half-open stretch of the checked text. An empty span marks a place between two characters.
type Span struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// TextEdit replaces the bytes [Start, End) of the text by Text. Start16 and End16 are the same places in UTF-16 units.
type TextEdit struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Start16 int    `json:"start16"`
	End16   int    `json:"end16"`
	Text    string `json:"text"`
}

// Fix is a remedy for one issue. After it the issue is gone, and there is no error that was not there before. Its edits do
// not overlap and are sorted by Start; all refer to the text as it was checked.
type Fix struct {
	Title string     `json:"title"` // what applying it does, as an imperative: "rename to temperature"
	Edits []TextEdit `json:"edits"`
	// Removes holds the words that the fix takes away or replaces by others, in their order; of many, the first and the
	// last. Of an option of a client library, which may be a secret, it is the name. "" where the fix keeps every word.
	Removes string `json:"removes,omitempty"`
}

// Safe reports whether the fix keeps every character of every name and value that a person could have meant: what goes is
// punctuation, white space, or a comment or wrapping that the title names. To spell a name right, or to write the same
// value as another type, is safe; to drop a member or to replace a value by another is not.
func (f *Fix) Safe() bool { return f.Removes == "" }

// Issue is one mistake, once.
type Issue struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	// Path is the RFC 6901 pointer of the member in the text as typed; "" is the whole document. Instead of a pointer
	// longer than 4 KiB it is that of the nearest parent with a shorter one.
	Path string `json:"path"`
	// Field is the wire name of the top-level field the issue belongs to; "" when it belongs to none.
	Field string `json:"field"`
	// Rule is a pointer into the schema ("#/properties/n/minimum"), or the name of a rule in code.
	Rule string `json:"rule"`
	Span Span   `json:"span"`
	// Message says got and want in words, without the remedy. It may change between versions; Code may not.
	Message string `json:"message"`
	Fix     *Fix   `json:"fix,omitempty"` // nil where nobody can tell what was meant
}

// Change is one step that canonicalization took from the text to the body, for people to read.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Path    string     `json:"path"` // as in Issue
	Field   string     `json:"field"`
	Message string     `json:"message"`
	Span    Span       `json:"span"`
}

// Report is the verdict on one text. As JSON it has a request or null, and lists that are never null; what was written so
// is read back as it was, though encoding/json may have escaped characters in the values of Extra.
type Report struct {
	// Request is the typed request; nil while an error remains.
	Request *CompletionRequest `json:"request"`
	// Issues is sorted by position, then severity (errors first), then code.
	Issues []Issue `json:"issues"`
	// Changes is sorted by position.
	Changes []Change `json:"changes"`
}

// MarshalJSON writes the members that the type's tags name.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	r.Issues, r.Changes = neverNil(r.Issues), neverNil(r.Changes)
	return json.Marshal(plain(r))
}

// UnmarshalJSON reads what MarshalJSON writes. It does not check the request: that was done when the report was made.
func (r *Report) UnmarshalJSON(text []byte) error {
	var p struct {
		Request json.RawMessage `json:"request"`
		Issues  []Issue         `json:"issues"`
		Changes []Change        `json:"changes"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	read := Report{Issues: neverEmpty(p.Issues), Changes: neverEmpty(p.Changes)}
	if len(p.Request) > 0 && string(p.Request) != "null" {
		read.Request = readRequest(p.Request)
	}
	*r = read
	return nil
}

// Valid reports whether no issue is an error.
func (r Report) Valid() bool {
	for i := range r.Issues {
		if r.Issues[i].Severity == Error {
			return false
		}
	}
	return true
}
