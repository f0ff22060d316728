package client

import (
	"errors"
	"net/http"
	"slices"

	shape "github.com/completion-playground/playground/core/answer"
)

// Answer returns what came in the shape of package core/answer, which shares nothing with the Completion. c is nil where the
// answer never began, stream says whether a stream was asked for, and err is what ended the answer: nil, or an error of
// [Client.StreamBody].
//
// The status of a success is 200, whichever of them it was. Where no response came it is 0, and Error is the text of err.
func (c *Completion) Answer(stream bool, err error) shape.Answer {
	if c == nil {
		c = &Completion{}
	}
	a := shape.Answer{
		Status: statusOf(c, err), Complete: err == nil, Model: c.Model, Fingerprint: c.Fingerprint,
		Choices: make([]shape.Choice, 0, len(c.Choices)),
	}
	for _, n := range c.Notes {
		a.Notes = append(a.Notes, n.Code)
	}
	a.Streamed = slices.Contains(a.Notes, "stream-unasked") ||
		stream && a.Status == http.StatusOK && !slices.Contains(a.Notes, "one-piece")
	for _, choice := range c.Choices {
		a.Choices = append(a.Choices, shape.Choice{
			Index: choice.Index, Text: choice.Text, Reasoning: choice.Reasoning, Finish: choice.RawFinish,
			Tokens: tokenShapes(choice.Logprobs),
		})
	}
	if u := c.Usage; u != nil {
		a.Usage = &shape.Usage{
			PromptTokens: counted(u.PromptTokens), CompletionTokens: counted(u.CompletionTokens), TotalTokens: counted(u.TotalTokens),
		}
	}
	a.Error = messageOf(err, a.Status)
	return a
}

func tokenShapes(tokens []Token) []shape.Token {
	if tokens == nil {
		return nil
	}
	shapes := make([]shape.Token, len(tokens))
	for i, t := range tokens {
		shapes[i].Text = t.Text
		if t.Logprob.Set {
			shapes[i].Logprob = &t.Logprob.Value
		}
		if t.ID.Set {
			shapes[i].ID = &t.ID.Value
		}
		if t.Offset.Set {
			shapes[i].Offset = &t.Offset.Value
		}
		for _, candidate := range t.Top {
			shapes[i].Top = append(shapes[i].Top, shape.Candidate{Text: candidate.Text, Logprob: candidate.Logprob})
		}
	}
	return shapes
}

// counted returns a count, nil where it is not known.
func counted(n int) *int64 {
	if n == UnknownCount {
		return nil
	}
	count := int64(n)
	return &count
}

// statusOf returns the status that an answer came with.
func statusOf(c *Completion, err error) int {
	var refused *APIError
	var moved *RedirectError
	var failed *StreamError
	switch {
	case errors.As(err, &refused):
		return refused.Status
	case errors.As(err, &moved):
		return moved.Status
	case err == nil, errors.As(err, &failed), errors.Is(err, ErrEmpty), errors.Is(err, ErrEndedEarly), c.Choices != nil, c.ID != "":
		return http.StatusOK
	}
	return 0
}

// messageOf returns what the server says of a failure. Where no answer came it is what the Client says.
func messageOf(err error, status int) string {
	var refused *APIError
	var failed *StreamError
	switch {
	case errors.As(err, &refused):
		return refused.Problem.Message
	case errors.As(err, &failed):
		return failed.Problem.Message
	case err != nil && status != http.StatusOK:
		return err.Error()
	}
	return ""
}
