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
	guessed bool // the end of body

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

// body is the member of that name.
func (s *skimmed) body() member { return s.known[len(s.known)-1] }

// any reports whether there is a member of an envelope.
func (s *skimmed) any() bool {
	return slices.ContainsFunc(s.known[:], func(m member) bool { return m.end > 0 })
}

// skim finds the members of the object that begins at text[i], without looking into their values further than it has to. It
// reports false for what is no object, and for a text that is no JSON it may report either. What is JSON, valid UTF-8 and an
// object is found right.
//
// With guess, a body that may be the last member is taken for it, unread, which is noted: it is right if what it then has is
// a JSON value.
func (s *skimmed) skim(text []byte, i int, guess bool) bool {
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
		if guess && string(m.name) == "body" {
			if m.end = guessedEnd(text, m.start); m.end > 0 {
				s.add(m)
				s.guessed = true
				return true
			}
		}
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

// guessedEnd returns where the object that begins at text[start] ends if it is the last member of another, which ends the
// text; 0 where that cannot be.
func guessedEnd(text []byte, start int) int {
	const space = " \t\r"
	rest := bytes.TrimRight(text[start:], space)
	if len(rest) < 3 || rest[0] != '{' || rest[len(rest)-1] != '}' {
		return 0
	}
	rest = bytes.TrimRight(rest[:len(rest)-1], space)
	if rest[len(rest)-1] != '}' {
		return 0
	}
	return start + len(rest)
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
	request, ok := w.open(l.Text, mark)
	if !ok {
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
	if !other { // what another endpoint takes is not for this one's rules
		l.Report = moved(request, l.Text, l.BodyStart, "/body")
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

// open finds the members of an envelope that begins at byte mark, and checks the request among them.
func (w *worker) open(text []byte, mark int) (request core.Report, ok bool) {
	s := &w.skimmed
	if !s.skim(text, mark, true) {
		return request, false
	}
	body := s.body()
	if body.end > 0 {
		request = w.options.Validator.Check(text[body.start:body.end])
	}
	if !s.guessed || len(request.Issues) == 0 && len(request.Changes) == 0 {
		return request, true // strict JSON has an end of its own
	}
	if !s.skim(text, mark, false) {
		return core.Report{}, false
	}
	if now := s.body(); now.start != body.start || now.end != body.end {
		request = w.options.Validator.Check(text[now.start:now.end])
	}
	return request, true
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
	if raw := e.line.Text[m.start:m.end]; len(raw) == len(want)+2 && raw[0] == '"' && string(raw[1:len(raw)-1]) == want {
		return false // without a copy
	}
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
	if raw = raw[1 : len(raw)-1]; bytes.IndexByte(raw, '\\') < 0 {
		return string(raw), true
	}
	return jsontape.Unescape(raw), true
}
