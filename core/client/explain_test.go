package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/schema"
)

// explained sends a request and explains what came of it.
func explained(t *testing.T, profile string, answer http.HandlerFunc) client.Explanation {
	t.Helper()
	_, _, err := drain(serve(t, answer), helloSSE)
	told, ok := client.Explain(err, profile)
	require.True(t, ok, "%v", err)
	return told
}

func refusing(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestExplainRefusals(t *testing.T) {
	for _, c := range []struct {
		profile string
		status  int
		body    string
		id      string
		ending  string
	}{
		{"", 400, `{"error":{"message":"no","param":"stop"}}`, "bad-request", " The server says: “no” (field stop)."},
		{"", 404, `{"error":{"message":"no such Model"}}`, "model-unknown", " The server says: “no such Model”."},
		{"", 404, `{"error":"no route"}`, "not-found", " The server says: “no route”."},
		{"", 418, "short and stout", "refused", " The server says: “short and stout”."},
		{"", 502, "<title>Bad &amp; gone</title>", "gateway-no-answer", " The answer is a web page. Its title is “Bad & gone”."},
		{"", 503, " \n", "not-available", " The answer has no body."},
		{"", 500, `{"other":1}`, "server-failed", "Something went wrong inside the server."},
		{"openrouter", 502, `{"error":{"message":"Provider returned error","metadata":{"raw":"{\"detail\":\"slow\"}"}}}`,
			"openrouter-provider", " The server says: “Provider returned error”. The provider behind it says: “slow”"},
		{"llamacpp", 400, `{"error":{"code":400,"message":"too long","type":"exceed_context_size_error"}}`, "llamacpp-context", "“too long”."},
		{"atoma", 402, `{"error":{"code":"BALANCE_ERROR","message":"x"}}`, "atoma-credit", "“x”."},
		{"ollama", 403, "", "ollama-origin", " The answer has no body."},
		{"", 304, "", "unexpected-status", ""},
	} {
		told := explained(t, c.profile, refusing(c.status, c.body))
		assert.Equal(t, c.id, told.ID, "%d %s", c.status, c.body)
		assert.Regexp(t, `^HTTP \d+\. `, told.Detail)
		assert.True(t, len(told.Detail) >= len(c.ending) && told.Detail[len(told.Detail)-len(c.ending):] == c.ending, told.Detail)
		assert.NotEmpty(t, told.Advice)
	}
}

// TestExplainEveryRefusal meets the conditions of each entry in turn.
func TestExplainEveryRefusal(t *testing.T) {
	for _, r := range schema.Failures().Refusals {
		if r.Status.From < 200 {
			continue // the last entry, which everything fits
		}
		profile, body, key := "", `{"error":{"message":"no","code":"x"}}`, "sk-test"
		if r.Profiles != nil {
			profile = r.Profiles[0]
		}
		switch {
		case r.Says != nil:
			body = `{"error":{"message":"no","code":"` + r.Says.String()[1:len(r.Says.String())-1] + `"}}`
		case r.Message != nil:
			body = `{"error":{"message":"no such model"}}`
		case r.Body == "html":
			body = "<html>"
		case r.Body == "empty":
			body = ""
		}
		if r.Key != nil && !*r.Key {
			key = ""
		}
		c := serve(t, refusing(r.Status.To, body))
		c.Endpoint.Key = core.NewSecret(key)
		_, _, err := drain(c, helloSSE)
		told, ok := client.Explain(err, profile)
		assert.True(t, ok)
		assert.Equal(t, r.ID, told.ID)
		assert.Equal(t, r.Title, told.Title)
	}
}

func TestExplainAnswers(t *testing.T) {
	told := explained(t, "atoma", says(`data: {"choices":[{"text":"a"}]}`+"\n\n"))
	assert.Equal(t, "ended-early", told.ID)
	assert.Contains(t, told.Detail, "the answer has no finish reason")
	assert.Contains(t, told.Advice[0], "relay")

	told = explained(t, "", says(`data: {"choices":[{"text":"a","finish_reason":"abort"}]}`+"\n\n"))
	assert.Equal(t, "aborted", told.ID)
	assert.Contains(t, told.Detail, "“abort”")

	told = explained(t, "", says(`{"error":{"message":"slow down","code":429}}`))
	assert.Equal(t, "error-in-answer", told.ID)
	assert.Equal(t, "The server answered with an error", told.Title)
	assert.Contains(t, told.Detail, "“slow down”. It gives the status 429.")

	told = explained(t, "", says(`data: {"choices":[{"text":"a"}]}`+"\n\n"+`data: {"error":"gone"}`+"\n\n"))
	assert.Equal(t, "The server failed in mid-answer", told.Title)

	c := serve(t, says(`{"choices":[{"text":"a long answer"}]}`))
	c.EventBytes = 10
	_, _, err := drain(c, helloSSE)
	told, _ = client.Explain(err, "")
	assert.Equal(t, "too-large", told.ID)
	assert.Contains(t, told.Detail, "10 bytes")

	c.Endpoint.Key = core.NewSecret("key\nkey")
	_, _, err = drain(c, helloSSE)
	told, _ = client.Explain(err, "")
	assert.Equal(t, "bad-key", told.ID)
	assert.Equal(t, "Key has a line break in it. Nothing was sent.", told.Detail)
	assert.NotNil(t, errors.Unwrap(err))
}

func TestExplainNothing(t *testing.T) {
	for _, err := range []error{nil, io.EOF, client.ErrEmpty, &client.APIError{}, &client.TransportError{Err: context.Canceled}} {
		told, ok := client.Explain(err, "vllm")
		assert.False(t, ok, "%v", err)
		assert.Zero(t, told)
	}
}
