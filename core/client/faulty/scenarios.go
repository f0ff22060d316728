package faulty

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// A Scenario is a script with what a client has to make of it.
type Scenario struct {
	Name  string `json:"name"`
	About string `json:"about"` // what the server does
	// Row is the behaviour of a real server, or the fault of a real client, that the scenario restates, with its
	// public source where there is one.
	Row     string          `json:"row"`
	Request json.RawMessage `json:"request"` // the body to send
	// Profile names the kind of server whose habits explain a failure, a file of schema/profiles; "" for none.
	Profile string `json:"profile,omitempty"`
	Script  Script `json:"script"`
	Want    Want   `json:"want"`
	// Browser is the outcome in a browser where that cannot see what other clients see.
	Browser *Want `json:"browser,omitempty"`
}

// Want is an outcome.
type Want struct {
	End string `json:"end"` // an outcome of schema/answers.json; with "stopped" the client has to leave
	// Texts are the choices' texts by index. Where Prefix is set, the last may have come in part only.
	Texts  []string `json:"texts,omitempty"`
	Prefix bool     `json:"prefix,omitempty"`
	// Length is the length of the only text where that is too long to list; it is all ASCII.
	Length int `json:"length,omitempty"`
	// Reasoning is the reasoning of the first choice.
	Reasoning string `json:"reasoning,omitempty"`
	// Finish are the finish reasons by index, in the kinds of schema/answers.json or "other"; "" for a choice that has
	// none.
	Finish []string `json:"finish,omitempty"`
	// Tokens are the tokens of the first choice that were told apart from its text.
	Tokens []string `json:"tokens,omitempty"`
	// Logprobs are the log probabilities of these tokens: a number, "-Infinity", or null for one that is not known. An
	// empty list leaves them open.
	Logprobs []any `json:"logprobs,omitempty"`
	// Top are the alternatives to these tokens, likeliest first. An empty list leaves them open.
	Top   [][]string `json:"top,omitempty"`
	Usage *Usage     `json:"usage,omitempty"` // nil if nothing was counted
	// Notes are codes of schema/answers.json that have to be among the notes.
	Notes []string `json:"notes,omitempty"`
	// Error is the kind of a failure: "api" for an answer that is no completion, "stream" for a failure after the
	// beginning, "redirect", "transport" for a connection that broke or an answer that was cut, "size" for an answer
	// too large to hold.
	Error string `json:"error,omitempty"`
	// Failure is the entry of schema/failures.json that explains the outcome; "" leaves it open.
	Failure    string `json:"failure,omitempty"`
	Status     int    `json:"status,omitempty"`
	Code       string `json:"code,omitempty"`
	Message    string `json:"message,omitempty"`    // a part of it
	RetryAfter int    `json:"retryAfter,omitempty"` // seconds
}

// Usage is what the server counted; nil for a count that is not known.
type Usage struct {
	Prompt     *int `json:"prompt"`
	Completion *int `json:"completion"`
	Total      *int `json:"total"`
}

// files are the scenarios as they are written, a list for each idea. scenarios/README.md tells how.
//
//go:embed scenarios/*.json
var files embed.FS

// Scenarios returns the table in full form. It is a new one each time.
func Scenarios() []Scenario {
	names, err := fs.Glob(files, "scenarios/*.json")
	if err != nil {
		panic(err) // the pattern is right
	}
	var table []Scenario
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err) // it was listed a moment ago
		}
		list, err := parseScenarios(text)
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err)) // the tests have read it before
		}
		table = append(table, list...)
	}
	return table
}

// one is the request of a scenario that names none.
var one = json.RawMessage(`{"model":"faulty","prompt":["Say hello"],"stream":true}`)

// written is a step as it stands in a file: beside the members of Step it has short forms for what most steps write.
// No step has more than one of them.
type written struct {
	Step
	Event json.RawMessage `json:"event"` // an event whose data is this JSON in one line
	Name  string          `json:"name"`  // of that event
	Done  bool            `json:"done"`  // the event [DONE]
	Body  json.RawMessage `json:"body"`  // this JSON in one line, and nothing around it
	Times int             `json:"times"` // how often Data is to be repeated within one write
}

func parseScenarios(text []byte) ([]Scenario, error) {
	var list []struct {
		Scenario
		Script struct {
			Script
			Steps []written `json:"steps"`
		} `json:"script"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, err
	}
	var table []Scenario
	for _, file := range list {
		s := file.Scenario
		s.Script = file.Script.Script
		for _, w := range file.Script.Steps {
			step, err := w.step()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			s.Script.Steps = append(s.Script.Steps, step)
		}
		if s.Request == nil {
			s.Request = one
		}
		table = append(table, s)
	}
	return table, nil
}

// step returns the step in its full form.
func (w written) step() (Step, error) {
	var line bytes.Buffer // JSON without the spaces that a file has for its readers; strings stay as they are spelled
	if text := cmp.Or(string(w.Event), string(w.Body)); text != "" {
		if err := json.Compact(&line, []byte(text)); err != nil {
			return Step{}, err
		}
	}
	forms := 0
	for _, there := range []bool{w.Event != nil, w.Body != nil, w.Done, w.Data != "", w.Raw != nil} {
		if there {
			forms++
		}
	}
	if forms > 1 || w.Name != "" && w.Event == nil || w.Times > 0 && w.Data == "" {
		return Step{}, fmt.Errorf("got a step with %d texts, a name %q and times %d, want one text", forms, w.Name, w.Times)
	}
	s := w.Step
	switch {
	case w.Event != nil:
		s.Data = "data: " + line.String() + "\n\n"
		if w.Name != "" {
			s.Data = "event: " + w.Name + "\n" + s.Data
		}
	case w.Body != nil:
		s.Data = line.String()
	case w.Done:
		s.Data = "data: [DONE]\n\n"
	case w.Times > 0:
		s.Data = strings.Repeat(w.Data, w.Times)
	}
	return s, nil
}
