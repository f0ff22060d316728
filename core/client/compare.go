package client

import (
	"context"
	"encoding/json"

	"github.com/completion-playground/playground/core"
	shape "github.com/completion-playground/playground/core/answer"
)

// Compare tells in what an answer is not as its request asked, as package core/answer finds it. body is what was sent: of
// a CompletionRequest the JSON that it marshals to. v knows the server, nil where nobody does. err is what ended the
// answer, nil for a complete one; whoever left earlier gives context.Canceled. A refusal has no differences.
func Compare(body []byte, v *core.Validator, c *Completion, err error) []shape.Difference {
	return shape.Compare(body, v, c.Answer(askedFor(body).stream, err))
}

// A Scored is a text with what a model thinks of it.
type Scored struct {
	Text string
	// Score is nil where Err is not.
	Score *shape.Score
	// Err is a *answer.ScoreError where the text cannot be scored or the answer lacks what is needed, else an error of
	// Complete.
	Err error
	// Completion is the answer; nil if none began.
	Completion *Completion
	// Preflight says whether the server returns what an evaluation harness needs: by the answer where one came, else by
	// the server's profile.
	Preflight shape.Preflight
}

// Score asks a model for the log probabilities of texts, with one request for each, in turn, as the server of v takes it;
// nil stands for core.Default(). There is an entry for each text, in their order; nothing is sent for a text that the
// server's profile rules out. When the context ends, the texts that are left have its error.
func (c *Client) Score(ctx context.Context, v *core.Validator, model string, texts ...string) []Scored {
	list := make([]Scored, len(texts))
	for i, text := range texts {
		list[i] = c.score(ctx, v, model, text)
	}
	return list
}

func (c *Client) score(ctx context.Context, v *core.Validator, model, text string) Scored {
	s := Scored{Text: text}
	body, err := shape.ScoreRequest(text, model, v)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		s.Err, s.Preflight = err, shape.PreflightOf(v, text, 0, nil)
		return s
	}
	var sent struct {
		MaxTokens int64 `json:"max_tokens"`
	}
	_ = json.Unmarshal(body, &sent) // it was made a moment ago
	s.Completion, err = Collect(c.StreamBody(ctx, body))
	came := s.Completion.Answer(false, err)
	s.Preflight = shape.PreflightOf(v, text, sent.MaxTokens, &came)
	if err != nil {
		s.Err = err
		return s
	}
	s.Score, s.Err = shape.ScoreOf(text, sent.MaxTokens, came)
	return s
}
