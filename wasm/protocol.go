package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/demo"
	"github.com/completion-playground/playground/core/snippet"
	"github.com/completion-playground/playground/schema"
)

// maxText is the most bytes of text that are taken: the default of core.Limits, which a test compares. Longer text is
// refused before memory is reserved for it, because WebAssembly memory never shrinks again.
const maxText = 16 << 20

// keptBuffer is the capacity up to which argument and result buffers are kept between calls.
const keptBuffer = 1 << 20

// session is all state of one WebAssembly instance. Its methods are the exported functions, without their addresses.
//
// Text and arguments arrive as UTF-8 in buffers that the caller fills; JavaScript's encoder has turned lone surrogates
// into U+FFFD. A result is valid until the next one. It is JSON: what the method promises, or {"error": "…"} with a message
// for people where the call makes no sense.
type session struct {
	validator *core.Validator
	inspector *core.Inspector
	text      []byte
	refused   bool // the text was longer than maxText; text is empty
	checked   bool // the inspector holds the text as it is
	args      []byte
	out       []byte // the memory of results
	answers   map[int32]*demo.Answer
	lastID    int32
	own       struct { // the profile last given as JSON
		text      string
		validator *core.Validator
	}
}

func newSession() *session {
	s := &session{answers: map[int32]*demo.Answer{}}
	s.use(core.Default())
	return s
}

// settle makes what the first calls need, and leaves the session as a new one.
func (s *session) settle() {
	for _, name := range []string{"demo", schema.DefaultProfile} {
		if v, err := core.ForProfile(name); err == nil {
			s.use(v)
			s.commitText(copy(s.reserveText(64), `{"model":"m","prompt":["x"],"n":0}`))
			s.check()
			s.members()
		}
	}
	*s = session{answers: s.answers, validator: s.validator}
	s.use(s.validator)
}

func (s *session) use(v *core.Validator) {
	s.validator, s.inspector, s.checked = v, v.NewInspector(), false
}

// reserveText returns a buffer of n bytes for a new text, or nil when that is more than maxText; the text counts as
// refused then. A second call in a row keeps what was written so far.
func (s *session) reserveText(n int) []byte {
	s.checked = false
	if n > maxText {
		s.text, s.refused = nil, true
		return nil
	}
	s.text, s.refused = s.text[:cap(s.text)], false
	if len(s.text) < n {
		s.text = slices.Grow(s.text, n-len(s.text))
		s.text = s.text[:cap(s.text)]
	}
	return s.text
}

// commitText makes the first n bytes of the reserved buffer the text. As everywhere here, an n that is out of bounds is
// brought within: a panic would end the instance.
func (s *session) commitText(n int) {
	s.text = s.text[:cap(s.text)]
	s.text = s.text[:within(n, s.text)]
	s.checked = false
}

func within(n int, b []byte) int { return max(0, min(n, len(b))) }

// arguments returns the first n bytes of the argument buffer.
func (s *session) arguments(n int) []byte { return s.args[:within(n, s.args)] }

// splice replaces the UTF-16 units [from16, to16) of the text by the first n bytes of the arguments. It reports false,
// and leaves the text alone, if there is no text, the places are not in it or cut a character in two, or the result
// would be longer than maxText.
func (s *session) splice(from16, to16, n int) bool {
	if s.refused || from16 > to16 {
		return false
	}
	from, ok := core.ByteOffset(s.text, from16)
	if !ok {
		return false
	}
	length, ok := core.ByteOffset(s.text[from:], to16-from16)
	insert := s.arguments(n)
	if !ok || len(s.text)-length+len(insert) > maxText {
		return false
	}
	s.text = slices.Replace(s.text, from, from+length, insert...)
	s.checked = false
	return true
}

// reserveArgs returns a buffer of at least n bytes for the arguments of the next call.
func (s *session) reserveArgs(n int) []byte {
	if cap(s.args) < n || cap(s.args) > keptBuffer {
		s.args = make([]byte, max(n, 1))
	}
	s.args = s.args[:cap(s.args)]
	return s.args
}

// check answers with a Verdict without its time, or with nothing where the text is strict JSON and there is nothing to
// say: of most texts at most keystrokes.
func (s *session) check() []byte {
	if s.refused {
		start := core.Position{Line: 1, Column: 1}
		return s.end(appendInspection(s.begin(), &core.Inspection{Dialect: "json", Issues: []core.Issue{{
			Code: core.CodeTooLarge, Severity: core.Error, Rule: "limits/bytes", Span: core.Span{Start: start, End: start},
			Message: fmt.Sprintf("got more than %d MiB of text, want at most %d MiB", maxText>>20, maxText>>20),
		}}}))
	}
	r := s.inspector.Inspect(s.text)
	s.checked = true
	if len(r.Issues) == 0 && len(r.Changes) == 0 && r.Dialect == "json" {
		return nil
	}
	return s.end(appendInspection(s.begin(), &r))
}

// members answers with a list of Member: the fields in the text that was checked last.
func (s *session) members() []byte {
	b := append(s.begin(), '[')
	if s.checked {
		for i, f := range s.inspector.Fields() {
			b = appendMember(appendComma(b, i), &f)
		}
	} else if !s.refused {
		return s.fail(fmt.Errorf("the text has not been checked"))
	}
	return s.end(append(b, ']'))
}

// body answers {"body": "…"}: the canonical body; with force also of a request with wrong values, and the text as typed
// where it cannot be read.
func (s *session) body(force bool) []byte {
	body, err := s.wireBody(force)
	if err != nil {
		return s.fail(err)
	}
	b := append(s.begin(), `{"body":`...)
	b = appendString(b, body)
	return s.end(append(b, '}'))
}

func (s *session) wireBody(force bool) ([]byte, error) {
	if s.refused {
		return nil, fmt.Errorf("the text is longer than %d MiB", maxText>>20)
	}
	if force {
		if body := s.validator.DraftBody(s.text); body != nil {
			return body, nil
		}
		return s.text, nil
	}
	if body := s.validator.Body(s.text); body != nil {
		return body, nil
	}
	return nil, fmt.Errorf("the request still has errors")
}

// profile makes the profile that the arguments' first n bytes name, or are as JSON, the one to check by. It answers {}.
func (s *session) profile(n int) []byte {
	v, err := s.validatorFor(string(s.arguments(n)))
	if err != nil {
		return s.fail(err)
	}
	s.use(v)
	return s.end(append(s.begin(), "{}"...))
}

// versions answers with the versions of a server where the rules of the profile that the arguments' first n bytes name
// change, oldest first.
func (s *session) versions(n int) []byte {
	bounds := []string{}
	for _, p := range schema.BuiltinProfiles() {
		if p.Name == string(s.arguments(n)) {
			bounds = append(bounds, p.Bounds()...)
		}
	}
	return s.reply(bounds)
}

// edit reads an EditOp and answers with a list of TextEdit.
func (s *session) edit(n int) []byte {
	var op struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value string `json:"value"`
	}
	if err := json.Unmarshal(s.arguments(n), &op); err != nil {
		return s.fail(err)
	}
	if s.refused {
		return s.fail(fmt.Errorf("the text is longer than %d MiB", maxText>>20))
	}
	var (
		edits []core.TextEdit
		err   error
	)
	switch op.Op {
	case "set":
		edits, err = s.validator.Set(s.text, op.Path, []byte(op.Value))
	case "unset":
		edits, err = s.validator.Unset(s.text, op.Path)
	case "fix-all":
		edits, err = s.validator.FixAll(s.text)
	case "format":
		edits, err = s.validator.Format(s.text)
	default:
		err = fmt.Errorf("unknown edit %q", op.Op)
	}
	if err != nil {
		return s.fail(err)
	}
	return s.end(appendEdits(s.begin(), edits))
}

// base answers what the arguments' first n bytes stand for as a typed base: with Addresses, or {"fault": "…"}, what is
// wrong with it for people, which is no failure of the call.
func (s *session) base(n int) []byte {
	a, err := core.ParseTypedBase(string(s.arguments(n)))
	if err != nil {
		b := append(s.begin(), `{"fault":`...)
		b = appendString(b, err.Error())
		return s.end(append(b, '}'))
	}
	b := append(s.begin(), `{"base":`...)
	b = appendString(b, a.Base)
	b = append(b, `,"completions":`...)
	b = appendString(b, a.Completions)
	b = append(b, `,"models":`...)
	b = appendString(b, a.Models)
	b = append(b, `,"origin":`...)
	b = appendString(b, a.Origin)
	b = append(b, `,"host":`...)
	b = appendString(b, a.Host)
	b = append(b, `,"notes":[`...)
	for i, note := range a.Notes {
		b = appendComma(b, i)
		b = appendString(b, note)
	}
	return s.end(append(b, `]}`...))
}

// endpoint is where a request is to go; its base is as it was typed. The key and the values of own headers stay with the
// page; hasKey says only that there is one, and headers has their names.
type endpoint struct {
	Base    string   `json:"base"`
	HasKey  bool     `json:"hasKey"`
	Headers []string `json:"headers"`
	Force   bool     `json:"force"`
}

func (s *session) request(n int) (core.HTTPRequest, error) {
	var e endpoint
	if err := json.Unmarshal(s.arguments(n), &e); err != nil {
		return core.HTTPRequest{}, err
	}
	body, err := s.wireBody(e.Force)
	if err != nil {
		return core.HTTPRequest{}, err
	}
	addresses, err := core.ParseTypedBase(e.Base)
	if err != nil {
		return core.HTTPRequest{}, err
	}
	to := core.Endpoint{Base: addresses.Base}
	if e.HasKey {
		to.Key = core.NewSecret("placeholder")
	}
	for _, name := range e.Headers {
		to.Headers = append(to.Headers, core.Header{Name: name, Value: core.NewSecret("placeholder")})
	}
	return core.Build(to, body)
}

// build reads an endpoint and answers with a WireRequest. Headers whose values it does not know are left out: the
// page adds them.
func (s *session) build(n int) []byte {
	r, err := s.request(n)
	if err != nil {
		return s.fail(err)
	}
	b := append(s.begin(), `{"method":`...)
	b = appendString(b, r.Method)
	b = append(b, `,"url":`...)
	b = appendString(b, r.URL)
	b = append(b, `,"headers":[`...)
	i := 0
	for name, value := range r.Headers() {
		if name != "Content-Type" && name != "Accept" {
			continue
		}
		b = appendComma(b, i)
		b = append(b, `{"name":`...)
		b = appendString(b, name)
		b = append(b, `,"value":`...)
		b = appendString(b, value)
		b = append(b, '}')
		i++
	}
	b = append(b, `],"body":`...)
	b = appendString(b, r.Body)
	return s.end(append(b, '}'))
}

// snippet reads an endpoint with a language and answers with a Snippet.
func (s *session) snippet(n int) []byte {
	r, err := s.request(n)
	if err != nil {
		return s.fail(err)
	}
	var of struct {
		Language string `json:"language"`
	}
	if err := json.Unmarshal(s.arguments(n), &of); err != nil {
		return s.fail(err)
	}
	code, err := snippet.Write(r, of.Language)
	if err != nil {
		return s.fail(err)
	}
	b := append(s.begin(), `{"text":`...)
	b = appendString(b, code.Text)
	b = append(b, `,"files":[`...)
	for i, f := range code.Files {
		b = appendComma(b, i)
		b = append(b, `{"name":`...)
		b = appendString(b, f.Name)
		b = append(b, `,"content":`...)
		b = appendString(b, f.Content)
		b = append(b, '}')
	}
	b = append(b, `],"notes":[`...)
	for i, note := range code.Notes {
		b = appendComma(b, i)
		b = appendString(b, note)
	}
	return s.end(append(b, "]}"...))
}

// importText reads the arguments' first n bytes as a text that holds a request in another language, and answers with an
// Imported, or with null for a text that is none. The key in it is for the page to put away at once.
func (s *session) importText(n int) []byte {
	r, ok := core.Import(s.arguments(n))
	if !ok {
		return s.end(append(s.begin(), "null"...))
	}
	return s.end(appendImported(s.begin(), &r))
}

// tokens splits the arguments' first n bytes as the demo model does and answers with a list of DemoToken.
func (s *session) tokens(n int) []byte {
	b := append(s.begin(), '[')
	for i, t := range demo.Tokenize(string(s.arguments(n))) {
		b = appendComma(b, i)
		b = fmt.Appendf(b, `{"id":%d,"text":`, t.ID)
		b = appendString(b, t.Text)
		b = append(b, '}')
	}
	return s.end(append(b, ']'))
}

// demoOpen starts an answer to a request body and answers {"id", "status", "headers": [[name, value], …]}. The entropy is
// the caller's: an instance that was frozen has the same random numbers each time.
func (s *session) demoOpen(n int, entropy uint64) []byte {
	options := demo.Options{Created: time.Now().Unix(), Entropy: entropy}
	answer := demo.Complete(slices.Clone(s.arguments(n)), options)
	s.lastID++
	s.answers[s.lastID] = answer
	b := fmt.Appendf(s.begin(), `{"id":%d,"status":%d,"headers":[`, s.lastID, answer.Status)
	for i, h := range answer.Header {
		b = appendComma(b, i)
		b = append(b, '[')
		b = appendString(b, h[0])
		b = append(b, ',')
		b = appendString(b, h[1])
		b = append(b, ']')
	}
	return s.end(append(b, `]}`...))
}

// Flags of a demo step.
const (
	stepCut  = 1 << iota // break the connection after the data
	stepDone             // the answer is over
)

// demoNext answers with the next step of an answer: not JSON, but flags and delay in milliseconds as two uint32 in
// little-endian order, and then the data.
func (s *session) demoNext(id int32) []byte {
	var flags, delay uint32
	var data []byte
	if answer, ok := s.answers[id]; !ok {
		flags = stepDone
	} else if step, ok := answer.Next(); !ok {
		flags = stepDone
	} else {
		if step.Cut {
			flags = stepCut
		}
		delay = uint32(min(max(step.Delay/time.Millisecond, 0), math.MaxInt32))
		data = step.Data
	}
	b := binary.LittleEndian.AppendUint32(s.begin(), flags)
	b = binary.LittleEndian.AppendUint32(b, delay)
	return s.end(append(b, data...))
}

// demoClose forgets an answer.
func (s *session) demoClose(id int32) { delete(s.answers, id) }

// begin starts a result.
func (s *session) begin() []byte {
	if cap(s.out) > keptBuffer {
		s.out = nil
	}
	return s.out[:0]
}

// end keeps a result's memory.
func (s *session) end(b []byte) []byte {
	s.out = b
	return b
}

func (s *session) fail(err error) []byte {
	b := append(s.begin(), `{"error":`...)
	b = appendString(b, err.Error())
	return s.end(append(b, '}'))
}
