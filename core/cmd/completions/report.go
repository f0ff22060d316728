package main

import (
	"fmt"
	"io"

	"github.com/completion-playground/playground/core"
)

// finding is an issue of a request, or a note on how it stands in another language, at its place in a file. Lines and
// columns are from 1, columns in code points; the end is behind the last character.
type finding struct {
	File      string        `json:"file"`
	Line      int           `json:"line"`
	Column    int           `json:"column"`
	EndLine   int           `json:"endLine"`
	EndColumn int           `json:"endColumn"`
	Request   int           `json:"request"` // the number of the request among all that were checked, from 1
	Severity  core.Severity `json:"severity"`
	Code      string        `json:"code"`  // a code of core/codes.md, or one of "completions codes" for a note
	Path      string        `json:"path"`  // as in core.Issue
	Field     string        `json:"field"` // as in core.Issue
	Message   string        `json:"message"`
	Fix       *core.Fix     `json:"fix,omitempty"` // its edits are in bytes of the request, not of the file
	text      string        // "error: temperature: got 3, want at most 2 [out-of-range]"
}

// checked is a request with what was found in it.
type checked struct {
	file   string
	at     place // where the request begins
	number int   // among all, from 1
	found  []finding
}

// reporter writes what was checked.
type reporter interface {
	file(name string) // a file begins
	request(r checked)
	end() error // of all; the error is the first one of the writer
}

// formats are the words for -format.
var formats = []string{"text", "json", "github", "sarif", "junit"}

// newReporter returns the reporter of a format.
func newReporter(format string, w io.Writer, colours bool) reporter {
	e := &errWriter{w: w}
	switch format {
	case "json":
		return &jsonReport{out: e}
	case "github":
		return &githubReport{out: e}
	case "sarif":
		return &sarifReport{out: e}
	case "junit":
		return &junitReport{out: e}
	}
	return &textReport{out: e, colours: colours}
}

// errWriter keeps the first error and writes nothing behind it.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) Write(p []byte) (int, error) {
	if e.err == nil {
		_, e.err = e.w.Write(p)
	}
	return len(p), nil
}

// silent reports nothing.
type silent struct{}

func (silent) file(string)     {}
func (silent) request(checked) {}
func (silent) end() error      { return nil }

// textReport writes a line for each finding, as compilers do, and a line for its fix.
type textReport struct {
	out     *errWriter
	colours bool
}

var severityColours = map[core.Severity]string{core.Error: red, core.Warning: yellow, core.Hint: cyan}

func (t *textReport) file(string) {}

func (t *textReport) request(r checked) {
	for _, f := range r.found {
		text := visible(f.text)
		word := f.Severity.String()
		fmt.Fprintf(t.out, "%s:%d:%d: %s%s\n", visible(f.File), f.Line, f.Column, paint(t.colours, severityColours[f.Severity], word), text[len(word):])
		if f.Fix != nil {
			fmt.Fprintf(t.out, "    fix: %s\n", visible(f.Fix.Title))
		}
	}
}

func (t *textReport) end() error { return t.out.err }
