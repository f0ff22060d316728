package main

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
)

// compare reads a Comparison and answers with a list of Difference.
func (s *session) compare(n int) []byte {
	var c struct {
		Profile  string         `json:"profile"`
		Body     string         `json:"body"`
		Answer   answer.Answer  `json:"answer"`
		Previous *answer.Answer `json:"previous"` // that of the same request, sent before
	}
	if err := json.Unmarshal(s.arguments(n), &c); err != nil {
		return s.fail(err)
	}
	v := s.validatorOf(c.Profile)
	found := append([]answer.Difference{}, answer.Compare([]byte(c.Body), v, c.Answer)...)
	if c.Previous != nil {
		found = append(found, answer.CompareRuns([]byte(c.Body), v, *c.Previous, c.Answer)...)
	}
	return s.reply(found)
}

// score reads a Scoring: a text without an answer gets the request to send, one with the answer its score. It answers
// with a Scored.
func (s *session) score(n int) []byte {
	var c struct {
		Profile string         `json:"profile"`
		Model   string         `json:"model"`
		Text    string         `json:"text"`
		Made    int64          `json:"made"` // max_tokens of the request
		Answer  *answer.Answer `json:"answer"`
	}
	if err := json.Unmarshal(s.arguments(n), &c); err != nil {
		return s.fail(err)
	}
	v := s.validatorOf(c.Profile)
	var reply struct {
		Body      string           `json:"body,omitempty"`
		Score     *answer.Score    `json:"score,omitempty"`
		Why       string           `json:"why,omitempty"` // there is no request, or no score
		Preflight answer.Preflight `json:"preflight"`
	}
	reply.Preflight = answer.PreflightOf(v, c.Text, c.Made, c.Answer)
	var err error
	if c.Answer == nil {
		var body []byte
		body, err = answer.ScoreRequest(c.Text, c.Model, v)
		reply.Body = string(body)
	} else if reply.Score, err = answer.ScoreOf(c.Text, c.Made, *c.Answer); err == nil {
		reply.Score.Tokens = nil // the page has them
	}
	var none *answer.ScoreError
	if errors.As(err, &none) {
		reply.Why = none.Message
	} else if err != nil {
		return s.fail(err)
	}
	return s.reply(reply)
}

// validatorFor returns that of a profile: of a name, with @ and a version where one is known, or of a profile as JSON, of
// which the last is kept; of "" that of the default.
func (s *session) validatorFor(profile string) (*core.Validator, error) {
	if profile == "" {
		profile = core.DefaultProfile
	}
	if !strings.HasPrefix(profile, "{") {
		return core.ForProfile(profile)
	}
	if s.own.text == profile {
		return s.own.validator, nil
	}
	p, err := core.ParseProfile([]byte(profile))
	if err != nil {
		return nil, err
	}
	v, err := core.Compile(nil, core.Options{Profile: p})
	if err == nil {
		s.own.text, s.own.validator = profile, v
	}
	return v, err
}

// validatorOf returns that of a profile; of a name that there is not, the one that checks the text.
func (s *session) validatorOf(profile string) *core.Validator {
	if v, err := s.validatorFor(profile); err == nil {
		return v
	}
	return s.validator
}

func (s *session) reply(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return s.fail(err)
	}
	return s.end(append(s.begin(), text...))
}
