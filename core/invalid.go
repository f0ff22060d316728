package core

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
)

// InvalidError says that a text is no valid request.
type InvalidError struct {
	// Issues are the report's issues of severity Error, by position. There is at least one.
	Issues []Issue `json:"issues"`
}

// Err returns nil for a valid report and an *InvalidError otherwise.
func (r Report) Err() error {
	var issues []Issue
	for _, i := range r.Issues {
		if i.Severity == Error {
			issues = append(issues, i)
		}
	}
	if issues == nil {
		return nil
	}
	return &InvalidError{Issues: issues}
}

// Error lists the first issues with their fixes, one a line: "2 errors in the request:" and "3:17 n: got "2", want a whole
// number; fix: write the number 2". A single one stands on the same line.
func (e *InvalidError) Error() string {
	const most = 8
	if len(e.Issues) == 1 {
		return "1 error in the request: " + e.Issues[0].place()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d errors in the request:", len(e.Issues))
	for n, i := range e.Issues {
		if n == most {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Issues)-most)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(i.place())
	}
	return b.String()
}

// String returns the issue as compilers write theirs, "3:17: error: temperature: got 3, want at most 2 [out-of-range]".
// The line and column are those of its start; an issue of the whole document names no member.
func (i Issue) String() string {
	p := i.Span.Start
	s := fmt.Sprintf("%d:%d: %s: ", p.Line, p.Column, i.Severity)
	if m := i.member(); m != "" {
		s += m + ": "
	}
	return s + i.Message + " [" + string(i.Code) + "]"
}

// Format writes the issue as String returns it, and under %+v with the title of its fix in a second line. %#v is Go syntax.
func (i Issue) Format(f fmt.State, verb rune) {
	type plain Issue
	switch {
	case f.Flag('#') || verb != 'v' && verb != 's' && verb != 'q':
		fmt.Fprintf(f, fmt.FormatString(f, verb), plain(i))
	case f.Flag('+') && i.Fix != nil:
		fmt.Fprintf(f, "%s\n    fix: %s", i.String(), i.Fix.Title)
	default:
		fmt.Fprintf(f, strings.Replace(fmt.FormatString(f, verb), "v", "s", 1), i.String())
	}
}

// Format writes what Error returns, and under %+v all issues as Issue.Format does.
func (e *InvalidError) Format(f fmt.State, verb rune) {
	type plain InvalidError
	switch {
	case f.Flag('#') || e == nil || verb != 'v' && verb != 's' && verb != 'q':
		fmt.Fprintf(f, fmt.FormatString(f, verb), (*plain)(e))
	case f.Flag('+'):
		for n, i := range e.Issues {
			if n > 0 {
				io.WriteString(f, "\n")
			}
			fmt.Fprintf(f, "%+v", i)
		}
	default:
		fmt.Fprintf(f, strings.Replace(fmt.FormatString(f, verb), "v", "s", 1), e.Error())
	}
}

func (i Issue) place() string {
	s := fmt.Sprintf("%d:%d ", i.Span.Start.Line, i.Span.Start.Column)
	if m := i.member(); m != "" {
		s += m + ": "
	}
	s += i.Message
	if i.Fix != nil {
		s += "; fix: " + i.Fix.Title
	}
	return s
}

// member is the path for people: no leading slash, and cut to a readable length, and quoted where
// a key would break the line.
func (i Issue) member() string {
	m, whole := finding.CutTo(strings.TrimPrefix(i.Path, "/"), 2*finding.MostQuoted)
	if !whole {
		m += "…"
	}
	if strings.ContainsFunc(m, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(m)
	}
	return m
}
