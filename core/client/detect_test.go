package client_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
)

func TestDetectAsksFewPathsAndKeepsTheKeyToItself(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Api-Key"))
		switch r.URL.Path {
		case "/v1/models":
			_, _ = io.WriteString(w, `{"data":[{"id":"of `+canary+`","owned_by":"vllm","max_model_len":16}]}`)
		case "/version":
			_, _ = io.WriteString(w, `{"version":"0.12.0"}`)
		default:
			http.NotFound(w, r)
		}
	})
	c.Endpoint.Key = core.NewSecret(canary)
	c.Endpoint.Headers = []core.Header{{Name: "api-key", Value: core.NewSecret("k")}}
	found, err := c.Detect(t.Context(), false)
	require.NoError(t, err)
	assert.Equal(t, []string{"GET /v1/models Bearer " + canary + " k", "GET /version Bearer " + canary + " k"}, asked)
	assert.Equal(t, []any{"vLLM", "vllm", "0.12.0", 16}, []any{found.Title, found.Profile, found.Version, found.Context})
	assert.Equal(t, "of [redacted]", found.Models[0].ID)
}

func TestDetectTakesNoForAnAnswer(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://elsewhere.example", http.StatusFound)
	})
	found, err := c.Detect(t.Context(), true)
	require.NoError(t, err)
	assert.Zero(t, found)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Detect(ctx, false)
	assert.ErrorIs(t, err, context.Canceled)

	c.Endpoint.Key = core.NewSecret(canary + "\n")
	_, err = c.Detect(t.Context(), false)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), canary)
}
