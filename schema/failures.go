package schema

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"sync"
)

// FailuresJSON holds what failures mean and what to do about them, in words for people. README.md describes its
// members; Failures reads it.
//
//go:embed failures.json
var FailuresJSON []byte

// FailureFacts are the facts of failures.json.
type FailureFacts struct {
	Refusals []Refusal          `json:"refusals"` // the first that fits counts, and the last fits always
	Answers  map[string]Failure `json:"answers"`  // failures of another kind, by id
	Phrases  map[string]string  `json:"phrases"`  // parts of sentences, with {placeholders}
}

// A Failure tells of a failure. Detail may have {placeholders}.
type Failure struct {
	Title  string    `json:"title"`
	Detail string    `json:"detail"`
	Advice []string  `json:"advice"`
	More   []Variant `json:"more"`
}

// A Variant is what a failure says in addition where all its conditions hold.
type Variant struct {
	Profiles []string        `json:"profiles"` // any server without one
	When     map[string]bool `json:"when"`     // flags, all of which have to be as they are here
	Title    string          `json:"title"`    // in place of the title, if not ""
	Detail   string          `json:"detail"`   // after the detail
	Advice   []string        `json:"advice"`   // before the advice
}

// A Refusal tells of an answer whose status is no success, if its conditions fit.
type Refusal struct {
	ID       string   `json:"id"`
	Status   Statuses `json:"status"`
	Profiles []string `json:"profiles"` // any server without one
	Says     *Pattern `json:"says"`     // matches the server's code or type
	Message  *Pattern `json:"message"`  // matches the server's message or code
	Body     string   `json:"body"`     // "empty" or "html" for a body that is, "" for any
	Key      *bool    `json:"key"`      // whether a key was sent, nil for either
	Title    string   `json:"title"`
	Detail   string   `json:"detail"`
	Advice   []string `json:"advice"`
}

// Statuses is a range of statuses with its bounds: a number or a pair of numbers in JSON.
type Statuses struct{ From, To int }

// UnmarshalJSON reads a number or a pair of numbers.
func (s *Statuses) UnmarshalJSON(text []byte) error {
	if err := json.Unmarshal(text, &s.From); err == nil {
		s.To = s.From
		return nil
	}
	var pair [2]int
	if err := json.Unmarshal(text, &pair); err != nil {
		return err
	}
	s.From, s.To = pair[0], pair[1]
	return nil
}

// A Pattern is a regular expression that means the same in RE2 and in JavaScript.
type Pattern struct{ *regexp.Regexp }

// UnmarshalJSON compiles a text.
func (p *Pattern) UnmarshalJSON(text []byte) error {
	var source string
	if err := json.Unmarshal(text, &source); err != nil {
		return err
	}
	var err error
	p.Regexp, err = regexp.Compile(source)
	return err
}

// Failures returns the facts of failures.json. They are shared and must not be changed.
func Failures() *FailureFacts { return failures() }

var failures = sync.OnceValue(func() *FailureFacts {
	var facts FailureFacts
	mustParse(FailuresJSON, &facts)
	return &facts
})

// Phrase returns a part of a sentence with its placeholders filled in, as AnswerFacts.Note does.
func (f *FailureFacts) Phrase(name string, values ...string) string {
	return fill(f.Phrases[name], values)
}

// For returns the failure as it is for a server of a profile under the flags given, without variants and with the
// placeholders of its detail filled in. A flag that is not named is false.
func (f Failure) For(profile string, flags map[string]bool, values ...string) Failure {
	told := Failure{Title: f.Title, Detail: f.Detail}
	for _, v := range f.More {
		if v.Profiles != nil && !slices.Contains(v.Profiles, profile) || !v.holds(flags) {
			continue
		}
		if v.Title != "" {
			told.Title = v.Title
		}
		told.Detail += v.Detail
		told.Advice = append(told.Advice, v.Advice...)
	}
	told.Advice = append(told.Advice, f.Advice...)
	told.Detail = fill(told.Detail, values)
	return told
}

func (v Variant) holds(flags map[string]bool) bool {
	for flag, want := range v.When {
		if flags[flag] != want {
			return false
		}
	}
	return true
}
