package client_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/client"
)

// An answer keeps all that a completion holds, and nothing that is not known becomes a number.
func TestAnswer(t *testing.T) {
	logprob, id, prompt := -0.5, int64(7), int64(3)
	c := &client.Completion{
		Model: "m", Fingerprint: "fp", Usage: &client.Usage{PromptTokens: 3, CompletionTokens: client.UnknownCount, TotalTokens: client.UnknownCount},
		Choices: []client.Choice{{
			Index: 1, Text: "a", Reasoning: "b", Finish: client.FinishStop, RawFinish: "eos",
			Logprobs: []client.Token{
				{Text: "x"},
				{Text: "a", ID: core.Some(id), Logprob: core.Some(logprob), Top: []client.Candidate{{Text: "a", Logprob: logprob}}},
			},
		}},
		Notes: []client.Note{{Code: "reasoning"}},
	}
	want := answer.Answer{
		Status: 200, Complete: true, Model: "m", Fingerprint: "fp", Usage: &answer.Usage{PromptTokens: &prompt}, Notes: []string{"reasoning"},
		Choices: []answer.Choice{{Index: 1, Text: "a", Reasoning: "b", Finish: "eos", Tokens: []answer.Token{
			{Text: "x"},
			{Text: "a", ID: &id, Logprob: &logprob, Top: []answer.Candidate{{Text: "a", Logprob: logprob}}},
		}}},
	}
	assert.Equal(t, want, c.Answer(false, nil))

	want.Streamed = true
	assert.Equal(t, want, c.Answer(true, nil))

	want.Complete = false
	assert.Equal(t, want, c.Answer(true, client.ErrEndedEarly))
}

func TestAnswerThatNeverBegan(t *testing.T) {
	var none *client.Completion
	for _, c := range []struct {
		err  error
		want answer.Answer
	}{
		{&client.APIError{Status: 429, Problem: client.Problem{Message: "slow down"}}, answer.Answer{Status: 429, Error: "slow down"}},
		{&client.RedirectError{Status: 302, Location: "/"}, answer.Answer{Status: 302, Error: `server answered 302 Found to "/"; redirects are not followed`}},
		{&client.StreamError{Problem: client.Problem{Message: "died"}}, answer.Answer{Status: 200, Streamed: true, Error: "died"}},
		{client.ErrEmpty, answer.Answer{Status: 200, Streamed: true}},
		{&client.TransportError{Op: "send the request", Err: errors.New("no route")}, answer.Answer{Error: "cannot send the request: no route"}},
	} {
		c.want.Choices = []answer.Choice{}
		assert.Equal(t, c.want, none.Answer(true, c.err))
	}
}

// What the notes say of the form outweighs what was asked for.
func TestAnswerStreamed(t *testing.T) {
	for code, streamed := range map[string][2]bool{"": {false, true}, "one-piece": {false, false}, "stream-unasked": {true, true}} {
		c := &client.Completion{Notes: []client.Note{{Code: code}}}
		assert.Equal(t, streamed, [2]bool{c.Answer(false, nil).Streamed, c.Answer(true, nil).Streamed}, code)
	}
}

func TestFingerprint(t *testing.T) {
	var a client.Accumulator
	a.Add(client.Chunk{Extra: raws("system_fingerprint", `"fp_1"`)})
	a.Add(client.Chunk{Extra: raws("system_fingerprint", `null`)})
	assert.Equal(t, "fp_1", a.Completion().Fingerprint)
}

func raws(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}
