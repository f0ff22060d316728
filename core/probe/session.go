package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
)

// What whoever sends the requests holds to.
const (
	AtOnce    = 2               // requests on their way together
	MostTime  = time.Minute     // for an answer; one that takes longer is lost
	MostBytes = 1 << 20         // of an answer; the largest that is asked for has some kilobytes
	MostWait  = 2 * time.Minute // for rate limits, all together; beyond it the probe ends
)

// Pause returns how long to wait for a rate limit before anything else is sent: as long as the server says, or, where it
// names no time, twice as long as the time before, of which there were waits. It is 0 where an answer of this status,
// 0 for none, is no rate limit.
func Pause(status int, retryAfter time.Duration, waits int) time.Duration {
	const tooMany, unavailable = 429, 503 // package net/http is too large for the page
	switch {
	case (status == tooMany || status == unavailable) && retryAfter > 0:
		return retryAfter
	case status == tooMany:
		return time.Second << min(waits, 10)
	}
	return 0
}

// Options adjusts a probe. The zero Options works.
type Options struct {
	// Seed chooses the seeds that are sent: another one gives other draws, the verdicts should be the same.
	Seed uint64 `json:"seed,omitempty"`
	// Requests is how many requests may be sent in all, so that there are some left for the fields that the profile alone
	// knows: the most useful first. What the schema has is asked about in any case. 0 stands for 80.
	Requests int `json:"requests,omitempty"`
}

// A Request is one thing to ask.
type Request struct {
	// ID names it within the probe: "stop", or "hot.2" for the second of several draws.
	ID string `json:"id"`
	// Body is what to send, as it is.
	Body json.RawMessage `json:"body"`
	// Stream says that the body asks for a stream.
	Stream bool `json:"stream,omitempty"`
	// Why says in a few words what it is to show.
	Why string `json:"why"`
}

// A Budget is what a probe costs at most.
type Budget struct {
	Requests int `json:"requests"`
	// Tokens is how many tokens the completions have together, if the server keeps to max_tokens. Prompts, of some ten
	// tokens each, are not counted.
	Tokens int `json:"tokens"`
	// All is how many requests it would take to ask about everything that the profile knows: see Options.
	All int `json:"all"`
}

// A Session is one probe of one model. It is not safe for concurrent use.
type Session struct {
	check   *core.Validator
	model   string
	options Options

	steps     []step // in the order of sending
	questions []question

	answers map[string]answer.Answer
	order   []string        // ids in the order in which they were answered
	open    map[string]bool // ids that were handed out and not answered
	end     End
	account string
}

// New begins a probe of a model. v has the profile of what is thought of the server so far; nil stands for core.Default().
// The report says where the server differs, and its Profile is built upon that one.
func New(v *core.Validator, model string, o Options) *Session {
	if v == nil {
		v = core.Default()
	}
	s := &Session{check: v, model: model, options: o, answers: map[string]answer.Answer{}, open: map[string]bool{}}
	ownSteps, ownQuestions := s.ownTable()
	s.steps = slices.Concat(steps(), ownSteps)
	s.questions = slices.Concat(questions(), ownQuestions)
	return s
}

// limit is how many requests are sent in all, save that what the schema has is asked about in any case.
func (s *Session) limit() int {
	if s.options.Requests > 0 {
		return s.options.Requests
	}
	return mostRequests
}

// hasRoom reports whether one more request may be sent for the sake of the server's own fields.
func (s *Session) hasRoom() bool { return len(s.order)+len(s.open) < s.limit() }

// Next returns the requests that may be sent now, and takes them for sent: at most [AtOnce] are open at a time. None means
// that answers have to come first, or that the probe is done.
func (s *Session) Next() []Request {
	var next []Request
	for i := range s.steps {
		if s.end != "" || len(s.open) >= AtOnce {
			break
		}
		step := &s.steps[i]
		if step.own && (!s.hasRoom() || !s.schemaDone()) {
			break // they come last
		}
		if s.settled(step.id) || s.open[step.id] || !s.due(step) {
			continue
		}
		s.open[step.id] = true
		next = append(next, s.request(step))
	}
	return next
}

func (s *Session) request(step *step) Request {
	b := step.body(s)
	i := b.index("stream")
	return Request{ID: step.id, Body: b.json(), Stream: i >= 0 && b[i].value == true, Why: step.why}
}

// schemaDone reports whether all has been answered that is asked of every server.
func (s *Session) schemaDone() bool {
	return !slices.ContainsFunc(s.steps, func(st step) bool { return !st.own && !s.settled(st.id) && !s.passed(st.id) })
}

// due reports whether a request can be made now and is wanted.
func (s *Session) due(step *step) bool {
	for _, id := range step.after {
		if !s.settled(id) && !s.passed(id) {
			return false
		}
	}
	return step.wanted == nil || step.wanted(s)
}

func (s *Session) settled(id string) bool {
	_, ok := s.answers[id]
	return ok
}

// passed reports whether a request will never be sent because nothing asks for it.
func (s *Session) passed(id string) bool {
	step := s.stepOf(id)
	if s.open[id] || s.settled(id) {
		return false
	}
	if step.own && !s.hasRoom() {
		return true
	}
	for _, before := range step.after {
		if !s.settled(before) && !s.passed(before) {
			return false
		}
	}
	return step.wanted != nil && !step.wanted(s)
}

// Answered takes the answer to a request. An answer to what was not asked, or is answered already, is an error and changes
// nothing. A refusal that will meet every request ends the probe: of the key, of the model, of the rate.
func (s *Session) Answered(id string, a answer.Answer) error {
	if !s.open[id] {
		return fmt.Errorf("no request %q is open", id)
	}
	delete(s.open, id)
	s.take(id, a)
	return nil
}

func (s *Session) take(id string, a answer.Answer) {
	s.answers[id] = a
	s.order = append(s.order, id)
	s.end, s.account = s.ending(id)
}

// Lost gives a request up that can have no answer now, so that Next hands it out again.
func (s *Session) Lost(id string) { delete(s.open, id) }

// Done reports whether the probe is over: nothing is open, and nothing more is to be asked.
func (s *Session) Done() bool {
	if len(s.open) > 0 {
		return false
	}
	return s.end != "" || !slices.ContainsFunc(s.steps, func(step step) bool {
		return !s.settled(step.id) && s.due(&step) && (!step.own || s.hasRoom())
	})
}

// Stop ends the probe: Next returns nothing any more. What is open may still be answered.
func (s *Session) Stop() {
	if s.end == "" && !s.Done() {
		s.end, s.account = Stopped, "it was stopped"
	}
}

// Budget returns what the whole probe costs at most.
func (s *Session) Budget() Budget {
	var tokens []int
	for _, step := range s.steps {
		tokens = append(tokens, step.tokens)
	}
	slices.Sort(tokens)
	b := Budget{Requests: min(len(tokens), max(s.limit(), len(steps()))), All: len(tokens)}
	for _, n := range tokens[len(tokens)-b.Requests:] { // those that cost most
		b.Tokens += n
	}
	return b
}

// state is a session as JSON: what was answered says all.
type state struct {
	Model   string     `json:"model"`
	Options Options    `json:"options"`
	Stopped bool       `json:"stopped,omitempty"`
	Answers []answered `json:"answers"`
}

type answered struct {
	ID     string        `json:"id"`
	Answer answer.Answer `json:"answer"`
}

// MarshalJSON writes the session down for Resume. What is open is not in it, and is asked again then.
func (s *Session) MarshalJSON() ([]byte, error) {
	st := state{Model: s.model, Options: s.options, Stopped: s.end == Stopped, Answers: []answered{}}
	for _, id := range s.order {
		st.Answers = append(st.Answers, answered{id, s.answers[id]})
	}
	return json.Marshal(st)
}

// Resume goes on with a session that MarshalJSON has written down, with the validator that it began with.
func Resume(v *core.Validator, text []byte) (*Session, error) {
	var st state
	if err := json.Unmarshal(text, &st); err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	s := New(v, st.Model, st.Options)
	for _, a := range st.Answers {
		if s.stepOf(a.ID) == nil {
			return nil, errors.New("probe: no request is called " + strconv.Quote(a.ID))
		}
		if !s.settled(a.ID) {
			s.take(a.ID, a.Answer)
		}
	}
	if st.Stopped {
		s.Stop()
	}
	return s, nil
}
