package main

import (
	"encoding/json"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/probe"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProbe(t *testing.T) {
	h := newHost(t, valid)
	ask := func(args string) (got probed) {
		h.json(h.probe(h.argument(args)), &got)
		return got
	}
	got := ask(`{"profile":"demo","model":"m","options":{"seed":3},"answers":[]}`)
	require.Len(t, got.Next, 1, "nothing can be compared before the control is there")
	assert.Equal(t, "plain", got.Next[0].ID)
	assert.JSONEq(t, `{"model":"m","prompt":"Once upon a time, in a village near","max_tokens":4}`, got.Next[0].Body)
	assert.Empty(t, got.Report)
	assert.Positive(t, got.Budget.Requests)
	assert.Equal(t, limits{AtOnce: probe.AtOnce, TimeMs: 60_000, WaitMs: 120_000, Bytes: probe.MostBytes}, got.Limits)
	assert.Zero(t, got.PauseMs)
	assert.EqualValues(t, 4000, ask(`{"profile":"demo","limited":{"status":429,"waits":2}}`).PauseMs)
	assert.EqualValues(t, 1500, ask(`{"profile":"demo","limited":{"status":503,"retryAfterMs":1500}}`).PauseMs)

	const plain = `{"id":"plain","answer":{"status":200,"complete":true,"choices":[{"index":0,"text":" the sea","finish":"length"}]}}`
	got = ask(`{"profile":"demo","model":"m","answers":[` + plain + `]}`)
	require.Len(t, got.Next, probe.AtOnce)
	require.Len(t, got.Requests, 1)
	assert.Contains(t, got.Requests[0].Answer, `" the sea"`)
	assert.False(t, got.Done)

	assert.Equal(t, "1 request answered so far", got.Account)

	const hot = `{"id":"two","answer":{"status":400,"error":"too hot"}}`
	got = ask(`{"profile":"demo","model":"m","stopped":true,"whole":true,"answers":[` + plain + `,` + hot + `]}`)
	assert.Empty(t, got.Next)
	assert.Equal(t, probe.Stopped, got.End)
	assert.Contains(t, got.Account, "it ended after 2 requests: ")
	var report probe.Report
	require.NoError(t, json.Unmarshal([]byte(got.Report), &report))
	assert.Equal(t, 2, report.Asked)
	_, err := core.ParseProfile([]byte(got.Profile))
	require.NoError(t, err)

	assert.NotEmpty(t, h.refusal(h.probe(h.argument(`{"profile":"nobody"}`))))
	assert.NotEmpty(t, h.refusal(h.probe(h.argument(`{"profile":"demo","answers":[{"id":"nothing"}]}`))))
	assert.NotEmpty(t, h.refusal(h.probe(h.argument(`[]`))))
}

func TestProfileAsJSON(t *testing.T) {
	h := newHost(t, `{"model":"m","prompt":["a"],"best_of":2}`)
	own := `{"name":"own","title":"Mine","unknown":"ignored","fields":{"best_of":{"use":"refused","why":"mine has none"}}}`
	assert.Equal(t, "{}", string(h.profile(h.argument(own))))
	assert.Contains(t, string(h.check()), "mine has none")
	assert.NotEmpty(t, h.refusal(h.profile(h.argument(`{"name":"own","nonsense":1}`))))
	assert.Contains(t, string(h.check()), "mine has none", "a profile that is none changes nothing")
}

func TestVersions(t *testing.T) {
	h := newHost(t, valid)
	var bounds []string
	h.json(h.versions(h.argument("ollama")), &bounds)
	require.NotEmpty(t, bounds)
	assert.Equal(t, "0.2.6", bounds[0], "the oldest first")
	h.json(h.versions(h.argument("portable")), &bounds)
	assert.Empty(t, bounds)
}
