package batch

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// envelopeMembers are the members of a line of OpenAI's batch files, https://platform.openai.com/docs/api-reference/batch.
// All are required.
var envelopeMembers = []string{"custom_id", "method", "url", "body"}

// envelopeWants says what each of them wants.
var envelopeWants = [4]string{"a text that no other line has", strconv.Quote(method), strconv.Quote(endpoint), "the request"}

const (
	method   = "POST"
	endpoint = "/v1/completions"
)

// member is one member of an object.
type member struct {
	name       []byte // unescaped
	nameAt     int    // of its quotation mark
	start, end int    // its value
}

// mostOdd bounds what is said about the members of one envelope.
const mostOdd = 100

// skimmed is what stands in an envelope.
type skimmed struct {
	known [4]member // by envelopeMembers, the last of each name, which counts; without an end where there is none
	odd   []member  // that have another name, or whose name stands again further on; the first of them
	more  int       // how many others
}

func (s *skimmed) add(m member) {
	k := slices.Index(envelopeMembers, string(m.name))
	if k >= 0 {
		m, s.known[k] = s.known[k], m
		if m.end == 0 {
			return
		}
	}
	if len(s.odd) < mostOdd {
		s.odd = append(s.odd, m)
	} else {
		s.more++
	}
}

// any reports whether there is a member of an envelope.
func (s *skimmed) any() bool {
	return slices.ContainsFunc(s.known[:], func(m member) bool { return m.end > 0 })
}

// skim finds the members of the object that begins at text[i], without looking into their values further than it has to. It
// reports false for what is no object, and for a text that is no JSON it may report either. What is JSON, valid UTF-8 and an
// object is found right.
func (s *skimmed) skim(text []byte, i int) bool {
	*s = skimmed{odd: s.odd[:0]}
	i = jsontape.SkipSpace(text, i)
	if i == len(text) || text[i] != '{' {
		return false
	}
	i = jsontape.SkipSpace(text, i+1)
	if i < len(text) && text[i] == '}' {
		return jsontape.SkipSpace(text, i+1) == len(text)
	}
	for i < len(text) && text[i] == '"' {
		m := member{nameAt: i}
		end, flags, _ := jsontape.ScanString(text, i)
		if end < 0 {
			return false
		}
		if m.name = text[i+1 : end-1]; flags&jsontape.Escaped != 0 {
			m.name = []byte(jsontape.Unescape(m.name))
		}
		if i = jsontape.SkipSpace(text, end); i == len(text) || text[i] != ':' {
			return false
		}
		m.start = jsontape.SkipSpace(text, i+1)
		if m.end = skipValue(text, m.start); m.end < 0 {
			return false
		}
		s.add(m)
		if i = jsontape.SkipSpace(text, m.end); i == len(text) {
			return false
		}
		if text[i] == '}' {
			return jsontape.SkipSpace(text, i+1) == len(text)
		}
		if text[i] != ',' {
			return false
		}
		i = jsontape.SkipSpace(text, i+1)
	}
	return false
}

// skipValue returns where the value at i ends, -1 if it does not.
func skipValue(text []byte, i int) int {
	for depth := 0; i < len(text); {
		switch text[i] {
		case '"':
			end, _, _ := jsontape.ScanString(text, i)
			if end < 0 {
				return -1
			}
			i = end
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			if depth == 0 {
				return -1
			}
			depth--
			i++
		case ',', ':', ' ', '\t', '\r':
			if depth == 0 {
				return -1
			}
			i++
			continue
		default:
			for i < len(text) && !delimiter[text[i]] {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

// delimiter tells what ends a number or a word.
var delimiter = func() (is [256]bool) {
	for _, c := range "\"{}[],: \t\r\n" {
		is[c] = true
	}
	return is
}()

// envelope checks a line of an OpenAI file that begins at byte mark. Its report is about the whole line.
func (w *worker) envelope(l *checked, mark int) {
	if !w.skimmed.skim(l.Text, mark) {
		// No JSON, no object, or not UTF-8; the first of these is seen to by the caller.
		l.Report = unreadable(moved(w.options.Validator.Check(l.Text[mark:]), l.Text, mark, ""), l.Text, mark)
		return
	}
	e := envelopeCheck{line: l}
	other := false
	for k, name := range envelopeMembers {
		m := &w.skimmed.known[k]
		switch {
		case m.end == 0:
			at := bytes.LastIndexByte(l.Text, '}')
			e.issue(core.CodeMissingField, core.Error, "", at, at, "%s is missing; want %s", name, envelopeWants[k])
		case name == "custom_id":
			e.id(m)
		case name == "method":
			e.exact(m, OtherMethod, method)
		case name == "url":
			other = e.exact(m, OtherEndpoint, endpoint)
		default:
			l.BodyStart, l.BodyEnd = m.start, m.end
		}
	}
	// What another endpoint takes is not for this one's rules.
	if !other && l.BodyEnd > 0 {
		l.Report = moved(w.options.Validator.Check(l.Body()), l.Text, l.BodyStart, "/body")
	}
	for i := range w.skimmed.odd {
		m := &w.skimmed.odd[i]
		if name := string(m.name); slices.Contains(envelopeMembers, name) {
			e.issue(core.CodeDuplicateKey, core.Warning, pointer(name), m.nameAt, m.end, "%q stands again further on, and the last one counts", name)
		} else {
			e.issue(core.CodeUnknownField, core.Warning, pointer(name), m.nameAt, m.end, "%s is no member of a batch line; it has %s",
				finding.Quote(name), strings.Join(envelopeMembers, ", "))
		}
	}
	if w.skimmed.more > 0 {
		e.issue(core.CodeTooManyIssues, core.Warning, "", len(l.Text), len(l.Text), "and %d more members that do not count", w.skimmed.more)
	}
	e.settle()
}

// unreadable is the report on a line that is no envelope, from byte mark on; r is that on the same as a request.
func unreadable(r core.Report, text []byte, mark int) core.Report {
	r.Issues = slices.DeleteFunc(r.Issues, func(i core.Issue) bool { return i.Code != core.CodeInvalidUTF8 })
	if len(r.Issues) == 0 {
		start, value := jsontape.SkipSpace(text, mark), bytes.TrimRight(text, " \t\r")
		r.Issues = []core.Issue{{Code: core.CodeNotAnObject, Severity: core.Error, Rule: "envelope", Span: spanOf(text, start, len(value)),
			Message: fmt.Sprintf("got %s, want an object with %s", finding.QuoteRaw(value[start:]), strings.Join(envelopeMembers, ", "))}}
	}
	return core.Report{Issues: r.Issues}
}

func pointer(name string) string { return "/" + pointerEscaper.Replace(name) }

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// envelopeCheck collects what is wrong around a request.
type envelopeCheck struct {
	line   *checked
	issues []core.Issue
	places []int // the two ends of each
}

func (e *envelopeCheck) issue(code core.Code, severity core.Severity, path string, start, end int, format string, args ...any) {
	e.issues = append(e.issues, core.Issue{Code: code, Severity: severity, Path: path, Rule: "envelope", Message: fmt.Sprintf(format, args...)})
	e.places = append(e.places, start, end)
}

// settle adds the issues to the line's report.
func (e *envelopeCheck) settle() {
	for n, p := range utf.Locate(e.line.Text, e.places...) {
		span := &e.issues[n/2].Span
		if n%2 == 0 {
			span.Start = core.Position(p)
		} else {
			span.End = core.Position(p)
		}
	}
	e.line.add(e.issues...)
}

// id reads the custom_id.
func (e *envelopeCheck) id(m *member) {
	l := e.line
	id, ok := e.text(m)
	switch {
	case !ok:
	case id == "":
		e.issue(core.CodeTooShort, core.Error, "/custom_id", m.start, m.end, "got an empty text, want one that no other line has")
	default:
		l.ID, l.hasID, l.idStart, l.idEnd, l.hash = id, true, m.start, m.end, hashID(id)
	}
}

// exact reports whether a member is a text, but not the one that is wanted.
func (e *envelopeCheck) exact(m *member, code core.Code, want string) (other bool) {
	got, ok := e.text(m)
	if !ok || got == want {
		return false
	}
	e.issue(code, core.Error, pointer(string(m.name)), m.start, m.end, "got %s, want %s", finding.Quote(got), finding.Quote(want))
	return true
}

// text reads a member that has to be a text.
func (e *envelopeCheck) text(m *member) (string, bool) {
	raw := e.line.Text[m.start:m.end]
	if raw[0] != '"' {
		e.issue(core.CodeWrongType, core.Error, pointer(string(m.name)), m.start, m.end, "got %s, want a text", finding.QuoteRaw(raw))
		return "", false
	}
	return jsontape.Unescape(raw[1 : len(raw)-1]), true
}
