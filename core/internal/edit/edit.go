// Package edit changes a text without touching what need not change: it sets and removes values by their pointer, lays a
// text out, and cuts and spells members for fixes. Edits are in bytes, sorted, and do not overlap. A text that is no strict
// JSON is read again with the edits made, and they are refused where anything but what was meant has changed.
package edit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/paste"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Set returns the edits that make the value at path the given one; see Validator.Set.
func Set(r *plan.Request, lim jsontape.Limits, src []byte, path string, value []byte) ([]finding.Edit, error) {
	var val jsontape.Tape
	if !val.Scan(value, lim) {
		if val.CrowdedAt >= 0 {
			return nil, ErrTooLarge.because("the new value is too large: want at most %d values", lim.Values)
		}
		return nil, ErrNotJSON.because("the new value is no JSON")
	}
	e, err := newEditor(r, lim, src, path)
	if err != nil {
		return nil, err
	}
	if err := e.set(&val); err != nil {
		return nil, err
	}
	return e.finish(&val)
}

// Unset returns the edits that remove what path points to; see Validator.Unset.
func Unset(r *plan.Request, lim jsontape.Limits, src []byte, path string) ([]finding.Edit, error) {
	e, err := newEditor(r, lim, src, path)
	if err != nil {
		return nil, err
	}
	if err := e.unset(); err != nil {
		return nil, err
	}
	return e.finish(nil)
}

// editor makes one edit of one text.
type editor struct {
	request *plan.Request
	limits  jsontape.Limits
	src     []byte
	t       *jsontape.Tape
	found   []finding.Finding // what keeps the text from being strict JSON; nil when nothing does
	steps   []string          // of the path, unescaped
	edits   []finding.Edit
	change  change
}

func newEditor(r *plan.Request, lim jsontape.Limits, src []byte, path string) (*editor, error) {
	e := &editor{request: r, limits: lim, t: new(jsontape.Tape), change: noChange}
	if path != "" {
		if !utf8.ValidString(path) {
			return nil, ErrPath.because("the path is not UTF-8")
		}
		if path[0] != '/' {
			return nil, ErrPath.because("the path %q does not start with a slash", path)
		}
		e.steps = strings.Split(path[1:], "/")
		for i, step := range e.steps {
			e.steps[i] = jsontape.UnescapeStep(step)
		}
	}
	return e, e.read(src)
}

func (e *editor) read(src []byte) error {
	if len(src) > e.limits.Bytes {
		return TooLarge(len(src), e.limits)
	}
	e.src = src
	if e.found = loose.Read(e.t, src, e.limits, e.request); len(e.found) > 0 && e.found[0].Code == finding.TooLarge {
		return ErrTooLarge.because("the text is too large: %s", e.found[0].Message)
	}
	if e.found != nil && !paste.BeginsAsJSON(src) {
		if d, ok := paste.Read(src); ok { // whose quotes and escapes an edit would break
			return ErrUnreadable.because("this is %s; put the request in its place first", d.Name)
		}
	}
	return nil
}

// finish proves the edits in a text that is no strict JSON.
func (e *editor) finish(val *jsontape.Tape) ([]finding.Edit, error) {
	if len(e.edits) == 0 {
		return nil, nil
	}
	if e.found != nil {
		if err := e.prove(val); err != nil {
			return nil, err
		}
	}
	return e.edits, nil
}

// unreadable says that the text at a byte does not let itself be edited, and which line to mend first: that of the
// last mistake up to there, else that of the first one.
func (e *editor) unreadable(at int) error {
	line := at
	for i, f := range e.found {
		if f.Severity == finding.Error && (i == 0 || f.Start <= at || line > at) {
			line = f.Start
		}
	}
	where := "the text"
	if len(e.steps) > 0 {
		where = "the text around " + e.name(e.steps)
	}
	return ErrUnreadable.because("%s cannot be read; fix line %d first", where, utf.Locate(e.src, line)[0].Line)
}

// noPlace says that the path cannot go on from where it leads.
func (e *editor) noPlace(to resolved, is string) error {
	return ErrPath.because("%s %s, so it has no place for %q", e.name(e.steps[:len(e.steps)-len(to.rest)]), is, to.rest[0])
}

// name returns steps as people read a path.
func (e *editor) name(steps []string) string {
	if len(steps) == 0 {
		return "the text"
	}
	return strconv.Quote(strings.Join(steps, "/"))
}

func TooLarge(size int, lim jsontape.Limits) error {
	return ErrTooLarge.because("the text is too large: got %s, want at most %s", finding.ByteSize(size), finding.ByteSize(lim.Bytes))
}
