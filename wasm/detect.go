package main

import (
	"encoding/json"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/detect"
	"github.com/completion-playground/playground/schema"
)

// detected is what answers tell of a server, and what to ask next.
type detected struct {
	Title   string    `json:"title"`
	Profile string    `json:"profile"`
	Version string    `json:"version"`
	Older   bool      `json:"older"` // its rules are not those of the newest version
	Models  []string  `json:"models"`
	Context int       `json:"context"`
	Limits  []limit   `json:"limits"`
	Listed  bool      `json:"listed"`
	Refused bool      `json:"refused"`
	Next    []nextGet `json:"next"`
	// DeadlineMS is for all that is asked, in milliseconds.
	DeadlineMS int `json:"deadlineMs"`
}

type limit struct {
	Field string `json:"field"`
	Most  int    `json:"most"`
}

// nextGet is a GET to make: the path to hand back with its answer, where it is, and the most bytes of it that count.
type nextGet struct {
	Path  string `json:"path"`
	URL   string `json:"url"`
	Bytes int    `json:"bytes"`
}

// detect reads {"base", "all", "answers": [{"path", "status", "headers", "body"}]}, the base as it was typed, and answers
// with what is found. Paths whose place is not known are left out of what is next.
func (s *session) detect(n int) []byte {
	var asked struct {
		Base    string `json:"base"`
		All     bool   `json:"all"`
		Answers []struct {
			Path    string            `json:"path"`
			Status  int               `json:"status"`
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
		} `json:"answers"`
	}
	if err := json.Unmarshal(s.arguments(n), &asked); err != nil {
		return s.fail(err)
	}
	to, err := core.ParseTypedBase(asked.Base)
	if err != nil {
		return s.fail(err)
	}
	answers := make([]detect.Answer, len(asked.Answers))
	for i, a := range asked.Answers {
		answers[i] = detect.Answer{Path: a.Path, Status: a.Status, Headers: a.Headers, Body: []byte(a.Body)}
	}
	found := detect.Recognise(answers)
	out := detected{
		Title: found.Title, Profile: found.Profile, Version: found.Version, Models: []string{}, Context: found.Context,
		Limits: []limit{}, Listed: found.Listed, Refused: found.Refused, Next: []nextGet{},
	}
	for _, p := range schema.BuiltinProfiles() {
		out.Older = out.Older || p.Name == found.Profile && strings.Contains(p.RangesAt(found.Version), "1")
	}
	for _, m := range found.Models {
		out.Models = append(out.Models, m.ID)
	}
	for _, l := range found.Limits {
		out.Limits = append(out.Limits, limit(l))
	}
	most := schema.Servers().Limits
	out.DeadlineMS = most.DeadlineMS
	for _, path := range detect.Next(answers, asked.All) {
		get := nextGet{Path: path, URL: detect.URL(to, path), Bytes: most.Bytes}
		if path == detect.ModelsPath {
			get.Bytes = most.ListBytes
		}
		if get.URL != "" {
			out.Next = append(out.Next, get)
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return s.fail(err)
	}
	return s.end(append(s.begin(), b...))
}
