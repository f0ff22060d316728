package main

import (
	"encoding/json"
	"testing"

	"github.com/completion-playground/playground/core/answer"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompare(t *testing.T) {
	h := newHost(t, valid)
	ask := func(args string) (found []answer.Difference) {
		h.json(h.compare(h.argument(args)), &found)
		return found
	}
	assert.Equal(t, "[]", string(h.compare(h.argument(`{"profile":"demo","body":"{}","answer":{"status":200,"complete":true,"choices":[{"index":0,"text":"x","finish":"stop"}]}}`))))

	found := ask(`{"profile":"ollama","body":"{\"model\":\"m\",\"prompt\":\"a\",\"n\":2,\"seed\":1}","answer":{"status":200,"complete":true,"choices":[{"index":0,"text":"x","finish":"stop"}]},
		"previous":{"status":200,"complete":true,"choices":[{"index":0,"text":"y","finish":"stop"}]}}`)
	require.Len(t, found, 2)
	assert.Equal(t, "choices-missing", found[0].Code)
	assert.Equal(t, []string{"Ollama makes one choice whatever n says"}, found[0].Known)
	assert.Equal(t, "seed-differs", found[1].Code)

	// A profile that there is not leaves the one that checks.
	assert.NotEmpty(t, ask(`{"profile":"nobody","body":"{\"n\":2,\"prompt\":\"a\"}","answer":{"status":200,"complete":true,"choices":[{"index":0,"text":"x","finish":"stop"}]}}`))
	assert.NotEmpty(t, h.refusal(h.compare(h.argument(`{"answer":7}`))))
}

func TestScore(t *testing.T) {
	h := newHost(t, valid)
	var got struct {
		Body, Why string
		Score     *answer.Score
		Preflight answer.Preflight
	}
	h.json(h.score(h.argument(`{"profile":"demo","model":"m","text":"ab"}`)), &got)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.Body), &body))
	assert.Equal(t, true, body["echo"])
	assert.Equal(t, "unsure", got.Preflight.Verdict)

	h.json(h.score(h.argument(`{"profile":"demo","text":"ab","made":0,"answer":{"status":200,"complete":true,"choices":[{"index":0,"text":"ab","finish":"length",
		"tokens":[{"text":"a","logprob":null},{"text":"b","logprob":-2}]}]}}`)), &got)
	require.NotNil(t, got.Score)
	assert.InDelta(t, -2, got.Score.Sum, 1e-12)
	assert.Empty(t, got.Score.Tokens)
	assert.Equal(t, "yes", got.Preflight.Verdict)

	got.Score = nil
	h.json(h.score(h.argument(`{"profile":"ollama","model":"m","text":"ab"}`)), &got)
	assert.Contains(t, got.Why, "Ollama cannot score a text")
	assert.Nil(t, got.Score)
	assert.NotEmpty(t, h.refusal(h.score(h.argument(`[]`))))
}
