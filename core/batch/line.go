package batch

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// checked is a line with what Check needs of it.
type checked struct {
	Line
	from, to int // of Text in the chunk's

	hasID          bool
	idStart, idEnd int // the value of custom_id in Text
	hash           idHash
}

// worker checks chunks, one after another.
type worker struct {
	options *Options
	tape    jsontape.Tape
	skimmed skimmed
}

func (w *worker) check(c *chunk) {
	for i := range c.lines {
		l := &c.lines[i]
		l.Text = c.text[l.from:l.to:l.to]
		w.line(l)
	}
}

// takeForm gives the lines their form. Without one yet it takes that of the first line that holds an object; those before it
// have none. It returns the form of the lines behind.
func (c *chunk) takeForm(form Form) Form {
	var s skimmed
	for i := range c.lines {
		l := &c.lines[i]
		if form == FormAuto {
			text := c.text[l.from:l.to]
			if mark := l.markLength(text); s.skim(text, mark, false) && json.Valid(text[mark:]) {
				if form = FormRequests; s.any() {
					form = FormOpenAI
				}
			}
		}
		l.Form = form
	}
	return form
}

// markLength returns the length of a byte order mark at the start of the line, which only the first can have.
func (l *Line) markLength(text []byte) int {
	if l.Offset == 0 && bytes.HasPrefix(text, []byte(byteOrderMark)) {
		return len(byteOrderMark)
	}
	return 0
}

// line checks one line.
func (w *worker) line(l *checked) {
	if l.Text == nil || l.from == l.to {
		l.Text = nil
		l.Report.Issues = []core.Issue{{Code: core.CodeTooLarge, Severity: core.Error, Rule: "max-line", Span: spanOf(nil, 0, 0),
			Message: fmt.Sprintf("the line has %s, want at most %s", finding.ByteSize(int(l.Length)), finding.ByteSize(w.options.MaxLine))}}
		return
	}
	mark := l.markLength(l.Text)
	if l.Form == FormOpenAI {
		w.envelope(l, mark)
	} else {
		l.Report = w.options.Validator.Check(l.Text[mark:])
		if l.Form == FormRequests {
			l.BodyStart, l.BodyEnd = mark, len(l.Text)
		}
	}
	if len(l.Report.Issues) > 0 || len(l.Report.Changes) > 0 {
		if err := w.strict(l.Text[mark:]); err != nil {
			l.ID, l.hasID, l.BodyStart, l.BodyEnd = "", false, 0, 0
			l.Report = notJSON(l.Text, mark, err)
		} else if l.Form != FormOpenAI {
			l.Report = moved(l.Report, l.Text, mark, "")
		}
	}
	if mark > 0 {
		l.add(core.Issue{Code: core.CodeByteOrderMark, Severity: core.Warning, Rule: "byte-order-mark", Span: spanOf(l.Text, 0, mark),
			Message: "the input starts with a byte order mark, which JSON does not allow",
			Fix:     &core.Fix{Title: "remove it", Edits: []core.TextEdit{{Start: 0, End: mark, Start16: 0, End16: 1}}}})
	}
}

// strict returns what is wrong with a text as JSON.
func (w *worker) strict(text []byte) error {
	read := w.tape.Scan(text, tapeLimits)
	if w.tape.Src = nil; cap(w.tape.Nodes) > keptNodes {
		w.tape = jsontape.Tape{}
	}
	if read {
		return nil
	}
	// It is no JSON, or beyond the limits, or not UTF-8, which the report tells of.
	var value json.RawMessage
	return json.Unmarshal(text, &value)
}

// keptNodes is the most room for values that is kept from line to line.
const keptNodes = 1 << 16

var tapeLimits = jsontape.Limits{}.WithDefaults()

// notJSON is the report on a text that is no JSON from byte mark on. It tells of the first mistake alone: what follows may be
// anything.
func notJSON(text []byte, mark int, err error) core.Report {
	at := mark
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = min(mark+max(int(syntax.Offset)-1, 0), len(text)-1)
	}
	_, size := utf8.DecodeRune(text[at:])
	return core.Report{Issues: []core.Issue{{Code: NotJSON, Severity: core.Error, Rule: "json-lines", Span: spanOf(text, at, at+size),
		Message: "the line is no JSON: " + err.Error()}}}
}

// add adds issues of the line to its report, in their places.
func (l *checked) add(list ...core.Issue) {
	if len(list) == 0 {
		return
	}
	r := &l.Report
	r.Issues = append(r.Issues, list...)
	sortIssues(r.Issues)
	if !r.Valid() {
		r.Request = nil
	}
}

func sortIssues(list []core.Issue) {
	slices.SortStableFunc(list, func(a, b core.Issue) int {
		return cmp.Or(cmp.Compare(a.Span.Start.Byte, b.Span.Start.Byte), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Code, b.Code))
	})
}

// repeats adds that an earlier line has the same custom_id.
func (l *checked) repeats(first int64) {
	l.add(core.Issue{Code: DuplicateID, Severity: core.Error, Path: "/custom_id", Rule: "duplicate-id", Span: spanOf(l.Text, l.idStart, l.idEnd),
		Message: fmt.Sprintf("line %d has this custom_id already", first)})
}

// spanOf resolves a stretch of a text.
func spanOf(text []byte, start, end int) core.Span {
	p := utf.Locate(text, start, end)
	return core.Span{Start: core.Position(p[0]), End: core.Position(p[1])}
}

// moved returns a report on text[by:] as one on the text, whose paths begin with a prefix.
func moved(r core.Report, text []byte, by int, prefix string) core.Report {
	if by == 0 && prefix == "" {
		return r
	}
	m := mover{by: utf.Locate(text, by)[0], prefix: prefix}
	for k := range r.Issues {
		i := &r.Issues[k]
		i.Span, i.Path = m.span(i.Span), prefix+i.Path
		if i.Fix != nil {
			for e := range i.Fix.Edits {
				m.edit(&i.Fix.Edits[e])
			}
		}
	}
	for k := range r.Changes {
		c := &r.Changes[k]
		c.Span, c.Path = m.span(c.Span), prefix+c.Path
	}
	return r
}

// mover moves places by what stands before a text.
type mover struct {
	by     utf.Position
	prefix string
}

func (m *mover) span(s core.Span) core.Span {
	return core.Span{Start: m.position(s.Start), End: m.position(s.End)}
}

func (m *mover) position(p core.Position) core.Position {
	if p.Line == 1 {
		p.Column += m.by.Column - 1
	}
	return core.Position{Byte: p.Byte + m.by.Byte, UTF16: p.UTF16 + m.by.UTF16, Line: p.Line + m.by.Line - 1, Column: p.Column}
}

func (m *mover) edit(e *core.TextEdit) {
	e.Start, e.End = e.Start+m.by.Byte, e.End+m.by.Byte
	e.Start16, e.End16 = e.Start16+m.by.UTF16, e.End16+m.by.UTF16
}
