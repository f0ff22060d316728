package main

import (
	"encoding/json"
	"time"

	"github.com/completion-playground/playground/core/probe"
)

// probed is how far a probe is, and what may be sent now.
type probed struct {
	Budget probe.Budget `json:"budget"`
	Limits limits       `json:"limits"`
	// PauseMs is how long to send nothing after the answer that was asked about.
	PauseMs int64 `json:"pauseMs"`
	// Next may have what is on its way already: the page knows that.
	Next    []question `json:"next"`
	Done    bool       `json:"done"`
	End     probe.End  `json:"end"`
	Account string     `json:"account"`
	Rows    []row      `json:"rows"`
	// Requests are those that were answered.
	Requests []question `json:"requests"`
	// Report is all of it as the file to keep, and Profile the one with what was found, each as JSON in a text, whose
	// numbers JavaScript would not hold; "" unless they were asked for.
	Report  string `json:"report,omitempty"`
	Profile string `json:"profile,omitempty"`
}

// limits are what whoever sends the requests holds to: probe.AtOnce and its like.
type limits struct {
	AtOnce int   `json:"atOnce"`
	TimeMs int64 `json:"timeMs"`
	WaitMs int64 `json:"waitMs"`
	Bytes  int   `json:"bytes"`
}

// question is a request of a probe, with a short form of the answer that it has got.
type question struct {
	ID     string `json:"id"`
	Why    string `json:"why"`
	Body   string `json:"body"`
	Stream bool   `json:"stream"`
	Answer string `json:"answer"`
}

type row struct {
	probe.Row
	Differs bool `json:"differs"`
}

// probe reads {"profile", "whole", "limited", "model", "options", "stopped", "answers"}, the last four as probe.Session
// writes them, and answers with a ProbeStep. It keeps nothing between calls, so that an instance that ended costs no answer.
func (s *session) probe(n int) []byte {
	var asked struct {
		Profile string `json:"profile"`
		Whole   bool   `json:"whole"` // with report and profile
		// Limited is an answer that may be a rate limit, as probe.Pause takes it.
		Limited struct {
			Status       int   `json:"status"`
			RetryAfterMs int64 `json:"retryAfterMs"`
			Waits        int   `json:"waits"`
		} `json:"limited"`
	}
	if err := json.Unmarshal(s.arguments(n), &asked); err != nil {
		return s.fail(err)
	}
	v, err := s.validatorFor(asked.Profile)
	if err != nil {
		return s.fail(err)
	}
	going, err := probe.Resume(v, s.arguments(n))
	if err != nil {
		return s.fail(err)
	}
	report := going.Report()
	out := probed{
		Budget: report.Budget,
		PauseMs: probe.Pause(asked.Limited.Status, time.Duration(asked.Limited.RetryAfterMs)*time.Millisecond,
			asked.Limited.Waits).Milliseconds(),
		Limits: limits{AtOnce: probe.AtOnce, TimeMs: probe.MostTime.Milliseconds(), WaitMs: probe.MostWait.Milliseconds(), Bytes: probe.MostBytes},
		Next:   []question{}, Done: report.Done, End: report.End, Account: report.Account,
		Rows: make([]row, len(report.Rows)), Requests: make([]question, len(report.Requests)),
	}
	for _, r := range going.Next() {
		out.Next = append(out.Next, question{ID: r.ID, Why: r.Why, Body: string(r.Body), Stream: r.Stream})
	}
	for i, r := range report.Rows {
		out.Rows[i] = row{r, r.Differs()}
	}
	for i, e := range report.Requests {
		out.Requests[i] = question{ID: e.ID, Why: e.Why, Body: string(e.Body), Answer: e.Answer}
	}
	if asked.Whole {
		whole, err := json.MarshalIndent(report, "", "  ")
		if err != nil {
			return s.fail(err)
		}
		profile, err := json.Marshal(report.Profile())
		if err != nil {
			return s.fail(err)
		}
		out.Report, out.Profile = string(whole), string(profile)
	}
	return s.reply(out)
}
